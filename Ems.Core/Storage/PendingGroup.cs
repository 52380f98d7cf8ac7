using Ems.Core.Metering;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>A value on its way into the file.</summary>
/// <param name="Reading">Index of its reading in the batch.</param>
internal readonly record struct PendingValue(int Reading, long Start, long Length, ReadingFlags Flags, MetricValue Value)
{
    public long End => Start + Length;
}

/// <summary>The values of one metric, in order of start and length.</summary>
internal sealed record PendingSeries(string Metric, List<PendingValue> Values);

/// <summary>The readings of one equipment and nominal length: those whose values lie side by side.</summary>
/// <param name="Readings">Their indexes in the batch, in order of start and length.</param>
/// <param name="Starts">Of each of them.</param>
internal sealed record PendingGroup(
    string EquipmentId, Duration Length, List<int> Readings, List<long> Starts, List<PendingSeries> Series)
{
    // Readings farther apart than this are looked up on their own rather than with all that lies between them.
    private static readonly Duration WidestStep = Duration.FromHours(4);

    /// <summary>By equipment, so that every writer goes through the file in the same direction.</summary>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static IReadOnlyList<PendingGroup> Of(ReadingBatch batch)
    {
        var members = new Dictionary<(string EquipmentId, Duration Length), List<int>>();
        for (var i = 0; i < batch.Readings.Count; i++)
        {
            var reading = batch.Readings[i];
            var key = (reading.EquipmentId, NominalLength.Of(reading.Length));
            (members.TryGetValue(key, out var indexes) ? indexes : members[key] = []).Add(i);
        }

        return
        [
            .. members.OrderBy(one => one.Key.EquipmentId, StringComparer.Ordinal).ThenBy(one => one.Key.Length)
                .Select(one => Of(batch, one.Key.EquipmentId, one.Key.Length, one.Value)),
        ];
    }

    /// <summary>Readings that lie close together: the index of the first one, and how many.</summary>
    public IEnumerable<(int First, int Count)> Runs()
    {
        var widest = Duration.Max(WidestStep, Length * 4).Milliseconds();
        for (int first = 0, next; first < Starts.Count; first = next)
        {
            next = first + 1;
            while (next < Starts.Count && Starts[next] - Starts[next - 1] <= widest)
            {
                next++;
            }

            yield return (first, next - first);
        }
    }

    private static PendingGroup Of(ReadingBatch batch, string equipmentId, Duration length, List<int> indexes)
    {
        indexes.Sort((a, b) =>
        {
            var (first, second) = (batch.Readings[a], batch.Readings[b]);
            var order = first.Start.CompareTo(second.Start);
            order = order != 0 ? order : first.Length.CompareTo(second.Length);
            return order != 0 ? order : a.CompareTo(b);
        });
        var group = new PendingGroup(equipmentId, length, indexes, new List<long>(indexes.Count), []);
        foreach (var index in indexes)
        {
            group.Add(index, batch.Readings[index]);
        }

        return group;
    }

    private void Add(int index, Reading reading)
    {
        var (start, length) = (reading.Start.ToUnixTimeMilliseconds(), reading.Length.Milliseconds());
        Starts.Add(start);
        for (var i = 0; i < reading.Values.Count; i++)
        {
            var value = reading.Values[i];
            if (!double.IsFinite(value.Value))
            {
                throw new ArgumentException($"{EquipmentId} {value.Metric} at {reading.Start} is not a number.", nameof(reading));
            }

            var values = SeriesOf(value.Metric, i).Values;
            if (values.Count > 0 && (values[^1].Start, values[^1].Length) == (start, length))
            {
                // Two names of one meter: as if the later reading had been written after the other.
                values.RemoveAt(values.Count - 1);
            }

            values.Add(new PendingValue(index, start, length, reading.Flags, value));
        }
    }

    /// <summary>Metrics mostly come in the same order in every reading.</summary>
    private PendingSeries SeriesOf(string metric, int likely)
    {
        if (likely < Series.Count && Series[likely].Metric == metric)
        {
            return Series[likely];
        }

        var found = Series.Find(one => one.Metric == metric);
        if (found is null)
        {
            Series.Add(found = new PendingSeries(metric, []));
        }

        return found;
    }
}
