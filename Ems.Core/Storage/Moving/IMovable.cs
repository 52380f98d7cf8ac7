using System.Security.Cryptography;
using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Messaging;
using Ems.Core.Metering;
using Ems.Core.Storage.Mongo;
using MongoDB.Bson;

namespace Ems.Core.Storage.Moving;

/// <summary>A store as something whose content can be moved to another one.</summary>
internal interface IMovable
{
    /// <summary>Why it cannot be moved from now, and what to do; null when it can.</summary>
    Task<string?> FindHindranceAsync(CancellationToken cancellationToken);

    /// <summary>Keeps others out until it is disposed of.</summary>
    /// <exception cref="StartRefusedException">Ems runs on it.</exception>
    Task<IAsyncDisposable> ClaimAsync(CancellationToken cancellationToken);

    Task<bool> IsEmptyAsync(CancellationToken cancellationToken);

    /// <summary>How far a move to it has come; null when there is none that has not ended.</summary>
    Task<MoveMark?> FindMarkAsync(CancellationToken cancellationToken);

    /// <param name="mark">Null when the move has ended.</param>
    Task SaveMarkAsync(MoveMark? mark, CancellationToken cancellationToken);

    Task<MovedState> ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>Takes in all but readings; once more changes nothing.</summary>
    Task WriteStateAsync(MovedState state, CancellationToken cancellationToken);

    /// <summary>Some readings with all their versions, in an order of their own, and the place behind them; null behind the last.</summary>
    Task<(IReadOnlyList<StoredReading> Readings, ReadingPlace? Next)> ReadReadingsAsync(ReadingPlace? after, CancellationToken cancellationToken);

    /// <summary>Takes readings in; once more changes nothing.</summary>
    Task WriteReadingsAsync(IReadOnlyList<StoredReading> readings, MovedState state, CancellationToken cancellationToken);

    /// <param name="kind">A key of <see cref="ISharedFiles"/>.</param>
    Task<IReadOnlyList<string>> ListFilesAsync(string kind, CancellationToken cancellationToken);

    Task ReadFileAsync(string kind, string name, Stream to, CancellationToken cancellationToken);

    Task WriteFileAsync(string kind, string name, Stream from, CancellationToken cancellationToken);
}

/// <summary>All readings of this equipment and nominal length that start up to this time, and those before them, are dealt with.</summary>
internal sealed record ReadingPlace(string EquipmentId, long NominalMs, long Start);

/// <param name="Source">What is moved from, in words.</param>
/// <param name="Fingerprint">Of its <see cref="MovedState"/> when the move began.</param>
/// <param name="Moved">Values up to <paramref name="After"/>.</param>
internal sealed record MoveMark(string Source, string Fingerprint, ReadingPlace? After, long Moved);

/// <summary>What one write, or one undoing, was; <paramref name="Id"/> is that of the versions it left.</summary>
internal sealed record MovedWrite(ObjectId Id, string? Job, string Actor, long At);

/// <summary>An undoing that left versions; of others, as of a job that stored nothing, only the state of the job tells.</summary>
/// <param name="Write">Of the undoing.</param>
internal sealed record MovedUndo(string Job, ObjectId Write, string Actor, long At, long Changed);

internal sealed record MovedMerge(string Job, string From, string Into, long Changed);

internal sealed record MovedRange(string Job, SeriesKey Key, long First, long Last, KnownExtent Known);

internal sealed record MovedUnchecked(SeriesKey Key, long Block, long First, long Last);

internal sealed record MovedFlagCount(string EquipmentId, ReadingFlags Flags, long Readings);

/// <param name="State">waiting, handled or parked.</param>
internal sealed record MovedMessage(string Subscription, Event Fact, string State, long StateAt, int Attempts, string? Error);

/// <summary>Everything in a store but readings and what modules keep for themselves. Writes are in order.</summary>
internal sealed record MovedState(
    IReadOnlyList<Site> Sites, IReadOnlyList<Equipment> Equipment, IReadOnlyList<StoredProfile> Profiles, IReadOnlyList<StoredJob> Jobs,
    IReadOnlyList<SeriesDocument> Series, IReadOnlyList<MovedWrite> Writes, IReadOnlyList<MovedUndo> Undos, IReadOnlyList<MovedMerge> Merges,
    IReadOnlyList<MovedRange> Ranges, IReadOnlyList<MovedUnchecked> Unchecked, IReadOnlyList<MovedFlagCount> FlagCounts,
    IReadOnlyList<Event> Outbox, IReadOnlyList<MovedMessage> Inbox)
{
    /// <summary>Another one after every change, also of readings: the revisions of their series tell.</summary>
    public string Fingerprint()
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            JsonSerializer.Serialize(
                stream,
                new
                {
                    Sites,
                    Equipment,
                    Profiles,
                    Jobs,
                    Series = Series.Select(one => new { one.Key, one.Count, one.Revision }),
                    Undos = Undos.Select(one => new { one.Job, one.At, one.Changed }),
                    Merges,
                    Ranges,
                    Unchecked,
                    FlagCounts,
                    Outbox,
                    Inbox,
                },
                EmsJson.Options);
        }

        return Convert.ToHexString(hash.Hash!);
    }

    /// <summary>How many there are of each.</summary>
    public IReadOnlyDictionary<string, long> Counts => new Dictionary<string, long>
    {
        ["sites"] = Sites.Count,
        ["equipment"] = Equipment.Count,
        ["profiles"] = Profiles.Count,
        ["jobs"] = Jobs.Count,
        ["series"] = Series.Count,
        ["undone jobs"] = Undos.Count,
        ["merges"] = Merges.Count,
        ["events on their way"] = Outbox.Count,
        ["messages"] = Inbox.Count,
    };
}
