using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Messaging;

namespace Ems.Analytics.Detection;

/// <summary>Notes which readings wait for detection.</summary>
internal sealed class DetectionConsumer(IDetectionBacklog backlog) : IEventConsumer
{
    public static readonly Subscription Subscription = new("analytics.detect", "ingestion", [ReadingsStored.EventName]);

    public Task<Action<IUnitOfWork>> HandleAsync(Event fact, CancellationToken cancellationToken)
    {
        var stored = JsonSerializer.Deserialize<ReadingsStored>(fact.Body, EmsJson.Options) ?? throw new JsonException("The body is empty.");
        return Task.FromResult<Action<IUnitOfWork>>(work => backlog.Add(work, stored));
    }
}
