using Ems.Core.Messaging;
using NodaTime;

namespace Ems.Analytics.Detection;

/// <summary>A range [Start, End) in which readings are new or changed.</summary>
public sealed record WaitingRange(Instant Start, Instant End)
{
    /// <summary>Ranges closer than this become one: live readings would otherwise leave a range each.</summary>
    public static readonly Duration Joined = Duration.FromHours(1);
}

/// <summary>What the module was told of one equipment.</summary>
/// <param name="Readings">New or changed readings; one that was corrected counts again.</param>
/// <param name="Waiting">Ranges that no detection has seen yet.</param>
public sealed record ReceivedReadings(
    string EquipmentId, string? Site, long Events, long Readings, Instant FirstAt, Instant LastAt, IReadOnlyList<WaitingRange> Waiting);

/// <summary>What all equipment together was told of.</summary>
/// <param name="Revision">Another number after every event, and also where a copy of the data was put back.</param>
internal sealed record BacklogState(long Revision, long Events, long Readings);

/// <summary>What arrived and waits for detection, by equipment.</summary>
internal interface IDetectionBacklog
{
    void Add(IUnitOfWork work, ReadingsStored stored);

    Task<BacklogState> ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>Takes the place of what was there.</summary>
    Task RestoreAsync(IReadOnlyList<ReceivedReadings> received, CancellationToken cancellationToken);

    /// <summary>By equipment id.</summary>
    Task<IReadOnlyList<ReceivedReadings>> ListAsync(CancellationToken cancellationToken);
}
