using NodaTime;

namespace Ems.Core.Storage;

/// <summary>Times as the stores keep them.</summary>
internal static class StoredTime
{
    public static long Milliseconds(this Duration duration) => (long)duration.TotalMilliseconds;
}
