using Ems.Core.Messaging;
using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ems.Core.Storage.Moving;

/// <summary>What a module keeps for itself besides its inbox, as something that can be moved.</summary>
public interface IModuleMove
{
    /// <summary>Takes over what the same module keeps in the other store; once more changes nothing.</summary>
    Task MoveFromAsync(IServiceProvider source, CancellationToken cancellationToken);
}

/// <param name="What">In words, such as <c>values moved</c>.</param>
public readonly record struct MoveProgress(string What, long Done, long All);

/// <summary>Moves everything from one store to another; begun again after a kill it goes on where it was.</summary>
public sealed class StoreMove
{
    private readonly IServiceProvider _from;
    private readonly IServiceProvider _to;
    private readonly IMovable _source;
    private readonly IMovable _target;

    /// <param name="from">Of a host over the store that is moved from, which stays as it is.</param>
    /// <param name="to">Of a host over the other one.</param>
    public StoreMove(IServiceProvider from, IServiceProvider to) => (_from, _to, _source, _target) = (from, to, Open(from), Open(to));

    /// <param name="source">The store that is moved from, in words: a move is gone on with only from the same one.</param>
    /// <param name="report">Told how far each step is.</param>
    /// <returns>What was moved: names with numbers.</returns>
    /// <exception cref="StartRefusedException">It must not be moved like this, or what arrived is not what was there.</exception>
    public async Task<IReadOnlyDictionary<string, long>> RunAsync(string source, Action<MoveProgress> report, CancellationToken cancellationToken)
    {
        if (await _source.FindHindranceAsync(cancellationToken) is { } hindrance)
        {
            throw new StartRefusedException(hindrance);
        }

        if (await _source.FindMarkAsync(cancellationToken) is { } half)
        {
            throw new StartRefusedException($"The store to move from holds a part of {half.Source} alone, the move of which has not ended: go on with that one first.");
        }

        await using var sourceClaim = await _source.ClaimAsync(cancellationToken);
        await using var targetClaim = await _target.ClaimAsync(cancellationToken);

        var mark = await _target.FindMarkAsync(cancellationToken);
        if (mark is null ? !await _target.IsEmptyAsync(cancellationToken) : mark.Source != source)
        {
            throw new StartRefusedException(mark is null
                ? "The store to move to is not empty: choose an empty one."
                : $"The store to move to holds an unfinished move from {mark.Source}: go on with that one, or choose an empty one.");
        }

        var state = await _source.ReadStateAsync(cancellationToken);
        var fingerprint = state.Fingerprint();
        if (mark is not null && mark.Fingerprint != fingerprint)
        {
            throw new StartRefusedException($"{source} has changed since this move began: empty the store to move to, and begin anew.");
        }

        mark ??= new MoveMark(source, fingerprint, null, 0);
        await _target.SaveMarkAsync(mark, cancellationToken);
        await _target.WriteStateAsync(state, cancellationToken);
        await MoveReadingsAsync(mark, state, report, cancellationToken);
        await MoveFilesAsync(ISharedFiles.Uploads, cancellationToken);
        await MoveFilesAsync(ISharedFiles.Rejected, cancellationToken);
        foreach (var module in _to.GetServices<IModuleMove>())
        {
            await module.MoveFromAsync(_from, cancellationToken);
        }

        var counts = await CompareAsync(fingerprint, report, cancellationToken);
        await _target.SaveMarkAsync(null, cancellationToken);
        return counts;
    }

    /// <summary>Why one of the stores did not answer, in a line.</summary>
    public string WhyAway(Exception away) =>
        (_to.GetService<MongoStore>() ?? _from.GetService<MongoStore>())?.WhyAway(away) ?? away.Message;

    private static IMovable Open(IServiceProvider services) => services.GetService<MongoStore>() is { } mongo
        ? new MongoMovable(mongo)
        : new SqliteMovable(
            services.GetRequiredService<IOptions<StoreOptions>>().Value,
            services.GetRequiredService<IngestionDatabase>().File,
            services.GetServices<InboxRegistration>().ToDictionary(inbox => inbox.Module, inbox => services.GetRequiredKeyedService<SqliteDatabase>(inbox.Module)));

    private async Task MoveReadingsAsync(MoveMark mark, MovedState state, Action<MoveProgress> report, CancellationToken cancellationToken)
    {
        var all = state.Series.Sum(series => series.Count);
        var (place, moved) = (mark.After, mark.Moved);
        do
        {
            var (readings, next) = await _source.ReadReadingsAsync(place, cancellationToken);
            await _target.WriteReadingsAsync(readings, state, cancellationToken);
            place = next;
            moved += readings.Sum(reading => reading.Metrics.LongCount());
            if (place is not null)
            {
                await _target.SaveMarkAsync(mark with { After = place, Moved = moved }, cancellationToken);
            }

            report(new MoveProgress("values moved", moved, all));
        }
        while (place is not null);
    }

    private async Task MoveFilesAsync(string kind, CancellationToken cancellationToken)
    {
        foreach (var name in await _source.ListFilesAsync(kind, cancellationToken))
        {
            var path = Path.GetTempFileName();
            await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            await _source.ReadFileAsync(kind, name, file, cancellationToken);
            file.Position = 0;
            await _target.WriteFileAsync(kind, name, file, cancellationToken);
        }
    }

    private async Task<IReadOnlyDictionary<string, long>> CompareAsync(string fingerprint, Action<MoveProgress> report, CancellationToken cancellationToken)
    {
        var source = await _source.ReadStateAsync(cancellationToken);
        if (source.Fingerprint() != fingerprint)
        {
            throw new StartRefusedException("The store to move from has changed during the move: end every Ems on it, empty the other one, and begin anew.");
        }

        var target = await _target.ReadStateAsync(cancellationToken);
        var faults = source.Counts.Where(one => target.Counts[one.Key] != one.Value).Select(one => $"{one.Value} {one.Key} became {target.Counts[one.Key]}").ToList();
        var all = source.Series.Sum(series => series.Count);
        var before = await ReadingSums.OfAsync(_source, summed => Report(summed), cancellationToken);
        var after = await ReadingSums.OfAsync(_target, summed => Report(all + summed), cancellationToken);
        faults.AddRange(before.DifferencesFrom(after));
        return faults.Count == 0
            ? new Dictionary<string, long>(source.Counts) { ["values"] = before.Values, ["versions"] = before.Versions }
            : throw new StartRefusedException($"The move is not right, and not ended: {string.Join("; ", faults.Take(3))}.");

        void Report(long summed) => report(new MoveProgress("values compared", summed, 2 * all));
    }
}

/// <summary>Count and sum of the values of each series, and the number of all versions.</summary>
internal sealed class ReadingSums
{
    private readonly Dictionary<SeriesKey, (long Count, double Sum, double Absolute)> _series = [];

    public long Values => _series.Values.Sum(series => series.Count);

    public long Versions { get; private set; }

    /// <param name="report">Told how many values are summed up.</param>
    public static async Task<ReadingSums> OfAsync(IMovable store, Action<long> report, CancellationToken cancellationToken)
    {
        var sums = new ReadingSums();
        ReadingPlace? place = null;
        do
        {
            (var readings, place) = await store.ReadReadingsAsync(place, cancellationToken);
            foreach (var reading in readings)
            {
                sums.Add(reading);
            }

            report(sums.Values);
        }
        while (place is not null);

        return sums;
    }

    public IEnumerable<string> DifferencesFrom(ReadingSums other)
    {
        foreach (var key in _series.Keys.Union(other._series.Keys))
        {
            var (mine, its) = (_series.GetValueOrDefault(key), other._series.GetValueOrDefault(key));
            if (mine.Count != its.Count || Math.Abs(mine.Sum - its.Sum) > 1e-9 * mine.Absolute)
            {
                yield return FormattableString.Invariant($"{key.EquipmentId}/{key.Metric} had {mine.Count} values with the sum {mine.Sum:R}, now {its.Count} with {its.Sum:R}");
            }
        }

        if (Versions != other.Versions)
        {
            yield return FormattableString.Invariant($"{Versions} versions became {other.Versions}");
        }
    }

    private void Add(StoredReading reading)
    {
        foreach (var metric in reading.Metrics)
        {
            var key = new SeriesKey(reading.EquipmentId, metric, NodaTime.Duration.FromMilliseconds(reading.NominalMs));
            var (value, series) = (reading.Find(metric)!.Value.Value, _series.GetValueOrDefault(key));
            _series[key] = (series.Count + 1, series.Sum + value, series.Absolute + Math.Abs(value));
        }

        Versions += reading.Versions.Where(version => !version.IsUndo).Sum(version => version.Values.Count);
    }
}
