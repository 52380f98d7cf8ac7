using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract partial class ReadingStoreContract
{
    private static readonly Duration Minute = Duration.FromMinutes(1);

    /// <summary>Batches that lie among what is there: close together, with much more between them than they have, and far apart.</summary>
    [Theory]
    [InlineData(30, 2, 1)]
    [InlineData(30, 60, 5)]
    [InlineData(30, 60, 60)]
    [InlineData(25, 2880, 720)]
    [InlineData(3, 1, 1)]
    public async Task A_batch_finds_the_readings_that_are_there_however_it_lies_among_them(int readings, int stepMinutes, int storedStepMinutes)
    {
        var end = readings * stepMinutes;
        var there = Enumerable.Range(0, end / storedStepMinutes).Select(i => At(i * storedStepMinutes, i * storedStepMinutes)).ToList();
        var batch = Enumerable.Range(0, readings)
            .Select(i => i * stepMinutes)
            .SelectMany(minute => new[] { At(minute, minute % 3 == 0 ? -1 : minute), At(minute + 0.5, minute) }).ToList();
        await _store.WriteAsync(new ReadingBatch(there, "ann"), Cancel);
        await _store.WriteAsync(new ReadingBatch([At(0.5, 99), At(stepMinutes + 0.5, 99)], "ann", JobId: "undone"), Cancel);
        await _store.UndoAsync("undone", "ann", Cancel);

        var outcomes = await _store.WriteAsync(new ReadingBatch(batch, "ann", JobId: "again"), Cancel);

        var minutes = there.Select(reading => reading.Start).ToHashSet();
        Assert.Equal(
            batch.Select(reading => !minutes.Contains(reading.Start) ? WriteOutcome.Stored
                : reading.Values[0].Value < 0 ? WriteOutcome.Changed : WriteOutcome.Duplicate),
            outcomes);
        var values = await _store.ReadAsync(new SeriesKey("m1", "active_power", Duration.Zero), Start, Start + (Minute * end), 0, Cancel);
        Assert.Equal(
            there.Concat(batch).GroupBy(reading => reading.Start).OrderBy(same => same.Key).Select(same => (same.Key, same.Last().Values[0].Value)),
            values.Select(sample => (sample.Start, sample.Value)));

        static Reading At(double minutes, double value) => Reading("m1", Start + (Minute * minutes), Duration.Zero, value);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 7)]
    [InlineData(10, 7)]
    public async Task Series_that_are_read_together_are_as_each_alone(int lengthMinutes, int neighbours)
    {
        var length = Minute * lengthMinutes;
        var day = Enumerable.Range(0, 144).Select(i => new Reading(
            "m1", Start + (Minute * 10 * i), length,
            [
                Value("active_power", i % 50), Value("voltage", 230 + (i % 7)), .. i % 30 == 0 ? [Value("temperature", i)] : Array.Empty<MetricValue>(),
            ]));
        await _store.WriteAsync(new ReadingBatch([.. day], "ann"), Cancel);
        await _store.WriteAsync(
            new ReadingBatch([new Reading("m1", Start + (Hour * 10), length, [Value("voltage", 7)], ReadingFlags.Estimated)], "bob"), Cancel);
        List<SeriesKey> keys = [new("m1", "active_power", length), new("m1", "voltage", length), new("m1", "temperature", length), new("m1", "none", length)];

        foreach (var (from, to) in new[] { (9.99, 10.5), (0, 24), (-5, 0), (23.9, 90), (12.2, 12.2), (15, 16) })
        {
            var (first, end) = (Start + (Hour * from), Start + (Hour * to));
            var together = await _store.ReadAsync(keys, first, end, neighbours, Cancel);
            foreach (var key in keys)
            {
                Assert.Equal(await _store.ReadAsync(key, first, end, neighbours, Cancel), together[key]);
            }
        }

        var all = await _store.ReadAsync(keys, Start, Start + (Hour * 48), 0, Cancel);
        Assert.Equal([144, 144, 5, 0], keys.Select(key => all[key].Count));
        Assert.Contains(all[keys[1]], sample => sample is { Value: 7, Flags: ReadingFlags.Estimated });
    }

    [Fact]
    public async Task Roll_ups_of_many_days_and_metrics_are_each_right_and_a_late_value_makes_its_day_alone_stale()
    {
        const int days = 34;
        var keys = await WriteMetricsAsync("m1", Duration.Zero, days);
        Assert.Equal(days * 3, await _store.RollUpAsync(1_000, Cancel));
        await AssertRolledUpAsync(keys, days);

        await _store.WriteAsync(
            new ReadingBatch([Reading("m1", Start + Duration.FromDays(20) + (Hour * 12) + Minute, Duration.Zero, 500)], "ann"), Cancel);

        await AssertRolledUpAsync(keys, days);
        Assert.Equal(1, await _store.RollUpAsync(1_000, Cancel));
        await AssertRolledUpAsync(keys, days);
    }

    [Fact]
    public async Task Roll_ups_that_are_made_while_values_come_are_right_in_the_end()
    {
        const int days = 6;
        var keys = await WriteMetricsAsync("m1", Duration.Zero, days);
        var late = Task.Run(
            async () =>
            {
                for (var i = 0; i < 12; i++)
                {
                    await _store.WriteAsync(
                        new ReadingBatch([Reading("m1", Start + (Hour * ((i * 11) + 1)) + Minute, Duration.Zero, 100 * i)], "ann"), Cancel);
                }
            },
            Cancel);
        while (!late.IsCompleted)
        {
            await _store.RollUpAsync(50, Cancel);
        }

        await late;
        _time.Advance(TimeSpan.FromMinutes(1));
        await _store.RollUpAsync(1_000, Cancel);
        Assert.Equal(0, await _store.RollUpAsync(1_000, Cancel));
        await AssertRolledUpAsync(keys, days);
    }

    /// <summary>A reading every ten minutes, with a metric that only every thirtieth has.</summary>
    private async Task<SeriesKey[]> WriteMetricsAsync(string equipment, Duration length, int days)
    {
        var readings = Enumerable.Range(0, days * 144).Select(i => new Reading(
            equipment, Start + (Minute * (10 * i)), length,
            [
                Value("active_power", i % 50), Value("voltage", 230 + (i % 7)), .. i % 30 == 0 ? [Value("temperature", i)] : Array.Empty<MetricValue>(),
            ]));
        foreach (var batch in readings.Chunk(1_000))
        {
            await _store.WriteAsync(new ReadingBatch(batch, "ann"), Cancel);
        }

        return [new(equipment, "active_power", length), new(equipment, "voltage", length), new(equipment, "temperature", length)];
    }

    private async Task AssertRolledUpAsync(SeriesKey[] keys, int days)
    {
        var edges = Enumerable.Range(0, (days * 4) + 1).Select(i => Start + (Hour * (6 * i))).ToList();
        foreach (var key in keys)
        {
            var values = await _store.ReadAsync(key, edges[0], edges[^1], 0, Cancel);
            var expected = SeriesArithmetic.Totals(QuantityKind.Level, values, edges);
            var totals = await _store.ReadTotalsAsync(key, edges, Cancel);
            Assert.All(totals.Zip(expected), pair => Assert.True(AreClose(pair.First, pair.Second), $"Expected {pair.Second}\nbut got  {pair.First}"));
        }
    }
}
