using Ems.Core.Metering;

namespace Ems.Core.Storage.Sqlite;

/// <summary>A value on its way into the file.</summary>
/// <param name="Reading">Index of its reading in the batch.</param>
internal readonly record struct PendingValue(int Reading, long Start, long Length, MetricValue Value, ReadingFlags Flags)
{
    public long End => Start + Length;
}

/// <summary>The values of a batch by series, each in order of time.</summary>
internal sealed record PendingValues(SeriesKey Series, List<PendingValue> Values)
{
    public static IReadOnlyList<PendingValues> Of(ReadingBatch batch)
    {
        var series = new Dictionary<SeriesKey, PendingValues>();
        for (var i = 0; i < batch.Readings.Count; i++)
        {
            var reading = batch.Readings[i];
            var nominal = NominalLength.Of(reading.Length);
            var start = reading.Start.ToUnixTimeMilliseconds();
            foreach (var value in reading.Values)
            {
                if (!double.IsFinite(value.Value))
                {
                    throw new ArgumentException($"{reading.EquipmentId} {value.Metric} at {reading.Start} is not a number.", nameof(batch));
                }

                var key = new SeriesKey(reading.EquipmentId, value.Metric, nominal);
                if (!series.TryGetValue(key, out var values))
                {
                    series.Add(key, values = new PendingValues(key, []));
                }

                values.Values.Add(new PendingValue(i, start, reading.Length.Milliseconds(), value, reading.Flags));
            }
        }

        foreach (var values in series.Values)
        {
            values.Values.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Length.CompareTo(b.Length));
        }

        return [.. series.Values.OrderBy(one => one.Series.EquipmentId, StringComparer.Ordinal)];
    }
}
