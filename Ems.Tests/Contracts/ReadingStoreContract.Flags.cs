using Ems.Core.Metering;
using Ems.Core.Storage;

namespace Ems.Tests.Contracts;

public abstract partial class ReadingStoreContract
{
    [Fact]
    public async Task Readings_are_counted_once_by_their_flags()
    {
        MetricValue[] values = [Value("active_power", 1), Value("voltage", 230)];
        await _store.WriteAsync(
            new ReadingBatch(
                [
                    new Reading("m1", Start, Hour, values, ReadingFlags.Estimated | ReadingFlags.MissingTemperature),
                    new Reading("m1", Start + Hour, Hour, values, ReadingFlags.Estimated),
                    new Reading("m2", Start, Hour, values),
                ],
                "ann"),
            Cancel);

        var counts = await _store.CountFlagsAsync(Cancel);

        Assert.Equal(2, counts.Count);
        Assert.Equal(
            new Dictionary<ReadingFlags, long> { [ReadingFlags.Estimated | ReadingFlags.MissingTemperature] = 1, [ReadingFlags.Estimated] = 1 },
            counts["m1"]);
        Assert.Equal(new Dictionary<ReadingFlags, long> { [ReadingFlags.None] = 1 }, counts["m2"]);
    }

    [Fact]
    public async Task What_is_stored_of_all_equipment_adds_up()
    {
        Assert.Equal(0, (await _store.SumUpAsync(Cancel)).Values);
        Assert.Null((await _store.SumUpAsync(Cancel)).FirstAt);
        MetricValue[] values = [Value("active_power", 1), Value("voltage", 230)];
        await _store.WriteAsync(
            new ReadingBatch([new Reading("m1", Start, Hour, values, ReadingFlags.Estimated), new Reading("m1", Start + Hour, Hour, values)], "ann"), Cancel);
        await _store.WriteAsync(new ReadingBatch([new Reading("m2", Start - Hour, Hour, values)], "ann"), Cancel);
        await _store.WriteAsync(new ReadingBatch([new Reading("m3", Start + (Hour * 9), Hour, values)], "ann", JobId: "mistake"), Cancel);
        await _store.UndoAsync("mistake", "ann", Cancel);

        var amounts = await _store.SumUpAsync(Cancel);

        Assert.Equal((6, Start - Hour, Start + Hour), (amounts.Values, amounts.FirstAt, amounts.LastAt));
        Assert.Equal(new Dictionary<ReadingFlags, long> { [ReadingFlags.Estimated] = 1, [ReadingFlags.None] = 2 }, amounts.Readings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Counts_by_flags_are_those_of_the_values_whatever_was_written_flagged_and_undone(int seed)
    {
        var random = new Random(seed);
        string[] metrics = ["active_power", "voltage", "temperature"];
        ReadingFlags[] incoming = [ReadingFlags.None, ReadingFlags.Estimated, ReadingFlags.PowerExceedsApparent, ReadingFlags.MissingAirflow];
        ReadingFlags[] found = [ReadingFlags.Spike, ReadingFlags.Stuck, ReadingFlags.Gap];
        var undone = 0;
        for (var i = 0; i < 40; i++)
        {
            var job = random.Next(3) == 0 ? null : $"job{undone + random.Next(5)}";
            var readings = Enumerable.Range(0, random.Next(1, 30))
                .Select(_ => (Id: $"m{random.Next(2)}", At: Start + (Hour * random.Next(60))))
                .Distinct()
                .Select(one => new Reading(
                    one.Id, one.At, Hour,
                    [.. metrics.Where(_ => random.Next(3) > 0).DefaultIfEmpty("voltage").Select(metric => Value(metric, random.Next(3)))],
                    incoming[random.Next(incoming.Length)]))
                .ToList();
            await _store.WriteAsync(new ReadingBatch(readings, "ann", JobId: job), Cancel);
            if (random.Next(3) == 0)
            {
                var from = Start + (Hour * random.Next(60));
                await _quality.SaveFlagsAsync(
                    new SeriesKey("m1", metrics[random.Next(3)], Hour), from, from + (Hour * 9), ReadingFlags.Spike | ReadingFlags.Stuck,
                    Enumerable.Range(0, 5).Select(_ => from + (Hour * random.Next(10))).Distinct()
                        .ToDictionary(at => (at, Hour), _ => found[random.Next(found.Length)]),
                    Current, Cancel);
            }

            if (random.Next(8) == 0)
            {
                await _store.UndoAsync($"job{undone++}", "bob", Cancel);
            }

            Assert.Equal(await RecountFlags(), await _store.CountFlagsAsync(Cancel));
        }
    }

    [Fact]
    public async Task A_value_that_comes_between_known_ones_is_late_and_a_file_in_any_order_is_not()
    {
        await Write("a", (9, 1), (8, 1), (7, 1));
        await Write("a", (3, 1), (2, 1), (0, 1));
        Assert.Empty(await Late());

        await Write("b", (20, 1), (5, 1));
        await Write("b", (6, 1), (-5, 1), (15, 1));

        Assert.Equal([5, 6], await Late());
        await Write(null, (1, 1), (21, 1));
        await Write("b", (7, 2));
        Assert.Equal([1, 5, 6], await Late());

        async Task<IEnumerable<int>> Late() =>
            (await _store.ReadAsync(Power, Start - (Hour * 100), Start + (Hour * 100), 0, Cancel))
            .Where(sample => sample.Flags == ReadingFlags.Late)
            .Select(sample => (int)(sample.Start - Start).TotalHours);
    }

    [Fact]
    public async Task A_value_that_is_no_longer_estimated_is_a_change()
    {
        var estimated = new Reading("m1", Start, Hour, [Value("active_power", 4)], ReadingFlags.Estimated);
        await _store.WriteAsync(new ReadingBatch([estimated], "ann"), Cancel);

        Assert.Equal([WriteOutcome.Duplicate], await _store.WriteAsync(new ReadingBatch([estimated], "ann"), Cancel));
        Assert.Equal([WriteOutcome.Changed], await _store.WriteAsync(new ReadingBatch([estimated with { Flags = ReadingFlags.None }], "ann", JobId: "j"), Cancel));

        Assert.Equal(0, (await _store.ReadTotalsAsync(Power, [Start, Start + Hour], Cancel))[0].EstimatedFraction);
        Assert.Equal(1, await _store.UndoAsync("j", "ann", Cancel));
        Assert.Equal(1, (await _store.ReadTotalsAsync(Power, [Start, Start + Hour], Cancel))[0].EstimatedFraction);
    }
}
