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
        ((string EquipmentId, Duration Length) Key, List<int> Indexes)? last = null;
        for (var i = 0; i < batch.Readings.Count; i++)
        {
            var reading = batch.Readings[i];
            var key = (reading.EquipmentId, NominalLength.Of(reading.Length));
            if (last is not { } before || before.Key != key)
            {
                last = before = (key, members.TryGetValue(key, out var known) ? known : members[key] = []);
            }

            before.Indexes.Add(i);
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
        Comparison<int> inTime = (a, b) =>
        {
            var (first, second) = (batch.Readings[a], batch.Readings[b]);
            var order = first.Start.CompareTo(second.Start);
            order = order != 0 ? order : first.Length.CompareTo(second.Length);
            return order != 0 ? order : a.CompareTo(b);
        };
        if (Enumerable.Range(1, indexes.Count - 1).Any(i => inTime(indexes[i - 1], indexes[i]) > 0))
        {
            indexes.Sort(inTime);
        }

        var group = new PendingGroup(equipmentId, length, indexes, new List<long>(indexes.Count), []);
        group.MakeRoom(batch);
        foreach (var index in indexes)
        {
            group.Add(index, batch.Readings[index]);
        }

        return group;
    }

    /// <summary>Lists of this size are dear to enlarge.</summary>
    private void MakeRoom(ReadingBatch batch)
    {
        var counts = new List<int>();
        foreach (var index in Readings)
        {
            var values = batch.Readings[index].Values;
            for (var i = 0; i < values.Count; i++)
            {
                var series = SeriesOf(values[i].Metric, i);
                if (series == counts.Count)
                {
                    counts.Add(0);
                }

                counts[series]++;
            }
        }

        for (var i = 0; i < counts.Count; i++)
        {
            Series[i].Values.EnsureCapacity(counts[i]);
        }
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

            var values = Series[SeriesOf(value.Metric, i)].Values;
            if (values.Count > 0 && (values[^1].Start, values[^1].Length) == (start, length))
            {
                // Two names of one meter: as if the later reading had been written after the other.
                values.RemoveAt(values.Count - 1);
            }

            values.Add(new PendingValue(index, start, length, reading.Flags, value));
        }
    }

    /// <summary>Metrics mostly come in the same order in every reading.</summary>
    private int SeriesOf(string metric, int likely) =>
        likely < Series.Count && Series[likely].Metric == metric ? likely : FindOrAdd(metric);

    private int FindOrAdd(string metric)
    {
        var found = Series.FindIndex(one => one.Metric == metric);
        if (found < 0)
        {
            found = Series.Count;
            Series.Add(new PendingSeries(metric, []));
        }

        return found;
    }
}
