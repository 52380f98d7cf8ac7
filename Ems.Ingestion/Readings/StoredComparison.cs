using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Ingestion.Readings;

/// <summary>Says what writing readings would do, without writing.</summary>
internal sealed class StoredComparison(IReadingStore store)
{
    public async Task<IReadOnlyList<WriteOutcome>> CompareAsync(IReadOnlyList<Reading> readings, CancellationToken cancellationToken)
    {
        if (readings.Count == 0)
        {
            return [];
        }

        HashSet<string> equipmentIds = [.. readings.Select(reading => reading.EquipmentId)];
        var known = (await store.ListSeriesAsync(equipmentIds, null, cancellationToken))
            .Select(series => (series.Key.EquipmentId, series.Key.Metric))
            .ToHashSet();
        var outcomes = new WriteOutcome[readings.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = await CompareAsync(readings[i], known, cancellationToken);
        }

        return outcomes;
    }

    private async Task<WriteOutcome> CompareAsync(
        Reading reading, HashSet<(string EquipmentId, string Metric)> series, CancellationToken cancellationToken)
    {
        var outcome = WriteOutcome.Duplicate;
        foreach (var value in reading.Values)
        {
            var stored = series.Contains((reading.EquipmentId, value.Metric))
                ? await FindAsync(reading, value.Metric, cancellationToken)
                : null;
            if (stored is { } known && !SameValue.Is((known.Value, known.Flags), (value.Value, reading.Flags)))
            {
                return WriteOutcome.Changed;
            }

            outcome = stored is null ? WriteOutcome.Stored : outcome;
        }

        return outcome;
    }

    private async Task<Sample?> FindAsync(Reading reading, string metric, CancellationToken cancellationToken)
    {
        var series = new SeriesKey(reading.EquipmentId, metric, reading.Length);
        var samples = await store.ReadAsync(
            series, reading.Start, reading.Start + Duration.FromMilliseconds(1), 0, cancellationToken);
        foreach (var sample in samples)
        {
            if (sample.Start == reading.Start && sample.Length == reading.Length)
            {
                return sample;
            }
        }

        return null;
    }
}
