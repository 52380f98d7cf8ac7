using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>As much of the ports as live intake uses.</summary>
internal sealed class MemoryStore : IReadingStore, ICatalogue
{
    private readonly SortedDictionary<string, Site> _sites = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Equipment> _equipment = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, Instant, Duration), Reading> _readings = [];

    public IReadOnlyCollection<Reading> Readings => _readings.Values;

    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(ReadingBatch batch, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<WriteOutcome>>([.. batch.Readings.Select(Write)]);

    public Task<IReadOnlyList<SeriesInfo>> ListSeriesAsync(
        IReadOnlyCollection<string>? equipmentIds, IReadOnlyCollection<string>? metrics, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SeriesInfo>>([.. _readings.Values
            .SelectMany(reading => reading.Values.Select(value => (Reading: reading, Value: value)))
            .Where(pair => equipmentIds?.Contains(pair.Reading.EquipmentId) != false && metrics?.Contains(pair.Value.Metric) != false)
            .GroupBy(pair => (new SeriesKey(pair.Reading.EquipmentId, pair.Value.Metric, pair.Reading.Length), pair.Value.Kind, pair.Value.Unit))
            .Select(group => new SeriesInfo(
                group.Key.Item1, group.Key.Kind, group.Key.Unit, group.Min(pair => pair.Reading.Start),
                group.Max(pair => pair.Reading.Start), group.Count()))]);

    public Task<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>> CountFlagsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>>(_readings.Values
            .GroupBy(reading => reading.EquipmentId)
            .ToDictionary(
                group => group.Key,
                IReadOnlyDictionary<ReadingFlags, long> (group) => group.CountBy(reading => reading.Flags)
                    .ToDictionary(pair => pair.Key, pair => (long)pair.Value)));

    public Task<IReadOnlyList<Site>> ListSitesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Site>>([.. _sites.Values]);

    public Task<Site?> FindSiteAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_sites.GetValueOrDefault(id));

    public Task SaveSiteAsync(Site site, CancellationToken cancellationToken)
    {
        _sites[site.Id] = site;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Equipment>> ListEquipmentAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Equipment>>([.. _equipment.Values]);

    public Task<Equipment?> FindEquipmentAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult(_equipment.GetValueOrDefault(id));

    public Task SaveEquipmentAsync(Equipment equipment, CancellationToken cancellationToken)
    {
        _equipment[equipment.Id] = equipment;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Sample>> ReadAsync(
        SeriesKey series, Instant from, Instant to, int neighbours, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<BucketTotal[]> ReadTotalsAsync(
        SeriesKey series, IReadOnlyList<Instant> edges, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RollUpAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> UndoAsync(string jobId, string actor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ValueChange>> ReadHistoryAsync(
        string equipmentId, string? metric, Instant from, Instant to, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private WriteOutcome Write(Reading reading)
    {
        _equipment.TryAdd(reading.EquipmentId, new Equipment { Id = reading.EquipmentId, Name = reading.EquipmentId });
        var key = (reading.EquipmentId, reading.Start, reading.Length);
        if (!_readings.TryGetValue(key, out var known))
        {
            _readings.Add(key, reading);
            return WriteOutcome.Stored;
        }

        var before = known.Values.ToDictionary(value => value.Metric);
        var outcome = WriteOutcome.Duplicate;
        foreach (var value in reading.Values)
        {
            if (!before.TryGetValue(value.Metric, out var old))
            {
                outcome = outcome == WriteOutcome.Duplicate ? WriteOutcome.Stored : outcome;
            }
            else if (old.Value != value.Value)
            {
                outcome = WriteOutcome.Changed;
            }

            before[value.Metric] = value;
        }

        _readings[key] = known with { Values = [.. before.Values] };
        return outcome;
    }
}
