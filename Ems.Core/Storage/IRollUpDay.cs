using Ems.Core.Metering;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>The roll-up of one series and UTC day, as a store keeps it.</summary>
internal interface IRollUpDay
{
    Instant Start { get; }

    /// <summary>Length of each of its buckets.</summary>
    Duration Bucket { get; }

    /// <summary>The total of the whole day.</summary>
    BucketTotal Total();

    IEnumerable<(Instant Start, BucketTotal Total)> Buckets();
}
