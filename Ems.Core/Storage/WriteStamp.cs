using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Messaging;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>Who changes values, for what and when.</summary>
internal sealed record WriteStamp(string Actor, string? JobId, Instant At, string? TraceParent)
{
