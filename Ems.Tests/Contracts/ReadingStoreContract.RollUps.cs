using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract partial class ReadingStoreContract
{
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    [Theory]
    [InlineData(QuantityKind.Register, 0, 1)]
    [InlineData(QuantityKind.Register, 0, 2)]
    [InlineData(QuantityKind.Level, 0, 3)]
    [InlineData(QuantityKind.Level, 5, 4)]
    [InlineData(QuantityKind.Interval, 5, 5)]
    [InlineData(QuantityKind.Interval, 10, 6)]
    [InlineData(QuantityKind.Interval, 1, 7)]
    [InlineData(QuantityKind.Interval, 0, 8)]
    public async Task Totals_from_roll_ups_are_those_of_the_values_after_late_and_corrected_writes(QuantityKind kind, int lengthMinutes, int seed)
    {
        var random = new Random(seed);
        var length = Duration.FromMinutes(lengthMinutes);
        var key = new SeriesKey("m1", "active_power", length);
        var step = lengthMinutes == 0 ? 7 : lengthMinutes;
        var all = Enumerable.Range(0, 6 * 24 * 60 / step).Where(_ => random.Next(40) > 0)
            .Select(i => new Reading("m1", Start + Duration.FromMinutes(i * step), length, [Value("active_power", NextValue(i), kind)])).ToList();
        var late = all.Where(_ => random.Next(20) == 0).ToList();

        await _store.WriteAsync(new ReadingBatch([.. all.Except(late)], "ann"), Cancel);
        await AssertTotalsMatch(key, kind, random);
        Assert.True(await _store.RollUpAsync(100, Cancel) > 0);
        await AssertTotalsMatch(key, kind, random);

        foreach (var (reading, i) in late.OrderBy(_ => random.Next()).Take(12).Select((reading, i) => (reading, i)))
        {
            await _store.WriteAsync(new ReadingBatch([reading], "ann", JobId: $"j{i}"), Cancel);
            var corrected = all[random.Next(all.Count)];
            await _store.WriteAsync(
                new ReadingBatch([corrected with { Values = [Value("active_power", NextValue(i), kind)] }], "ann", JobId: $"j{i}"), Cancel);
            await AssertTotalsMatch(key, kind, random);
            await _store.RollUpAsync(random.Next(4), Cancel);
            await AssertTotalsMatch(key, kind, random);
        }

        await _store.UndoAsync("j3", "ann", Cancel);
        await AssertTotalsMatch(key, kind, random);
        await _store.RollUpAsync(100, Cancel);
        await AssertTotalsMatch(key, kind, random);
        Assert.Equal(0, await _store.RollUpAsync(100, Cancel));

        double NextValue(int i) => kind == QuantityKind.Register ? 1000 + i + (random.Next(50) == 0 ? -500 : 0) : random.NextDouble() * 10 - 3;
    }

    private async Task AssertTotalsMatch(SeriesKey key, QuantityKind kind, Random random)
    {
        var days = Duration.FromDays(7);
        var values = await _store.ReadAsync(key, Start - days, Start + (days * 2), 0, Cancel);
        var offGrid = Duration.FromSeconds(421);
        foreach (var bucket in new[] { Quarter, Hour, Duration.FromHours(24), Duration.FromHours(37) + offGrid, days })
        {
            var from = Start - Hour + (Quarter * random.Next(100)) + (offGrid * random.Next(2));
            var edges = Enumerable.Range(0, (int)((days - Duration.FromDays(1)) / bucket) + 2).Select(i => from + (bucket * i)).ToList();
            var expected = SeriesArithmetic.Totals(kind, values, edges);

            var totals = await _store.ReadTotalsAsync(key, edges, Cancel);

            Assert.Equal(expected.Length, totals.Length);
            for (var i = 0; i < totals.Length; i++)
            {
                Assert.True(AreClose(expected[i], totals[i]), $"Expected {expected[i]}\nbut got  {totals[i]}");
            }
        }
    }
}
