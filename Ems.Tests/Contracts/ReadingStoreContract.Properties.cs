using Ems.Core.Metering;
using Ems.Core.Storage;
using FsCheck;
using FsCheck.Xunit;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract partial class ReadingStoreContract
{
    private static readonly Duration[] Lengths = [Duration.Zero, Duration.FromMinutes(1), Duration.FromMinutes(5), Quarter, Hour];

    private int _cases;

    /// <summary>
    /// Readings arrive in any order and in batches of any size, some wrong at first, many twice, some by a job that is undone; roll-ups are
    /// made at any time. In the end totals are those of the right values in order, from roll-ups and from values.
    /// </summary>
    [Property(MaxTest = 25)]
    public async Task<bool> Totals_are_those_of_the_sorted_whole_whatever_came_in_between(int seed)
    {
        var random = new Random(seed);
        var kind = (QuantityKind)random.Next(3);
        var length = kind == QuantityKind.Register ? Duration.Zero : Lengths[random.Next(Lengths.Length)];
        var key = new SeriesKey($"case {_cases++}", "active_power", length);
        var right = RandomReadings(random, key, kind);
        await ArriveAsync(random, key, kind, right);

        var values = right.SelectMany(one => one.Values.Select(value => new Sample(one.Start, length, value.Value))).ToList();
        var whole = await CompareAsync(random, key, kind, values);
        while (await _store.RollUpAsync(50, Cancel) > 0)
        {
        }

        return whole && await CompareAsync(random, key, kind, values);
    }

    /// <summary>Bills of one series that overlap, in any order and batches, count no time twice.</summary>
    [Property(MaxTest = 10)]
    public async Task Bills_that_overlap_have_one_total_however_they_came(int seed)
    {
        var random = new Random(seed);
        var key = new SeriesKey($"case {_cases++}", "energy", NominalLength.Month);
        var bills = Enumerable.Range(0, 20)
            .Select(_ => new Reading(
                key.EquipmentId, Start + Duration.FromDays(random.Next(120)), Duration.FromDays(random.Next(26, 37)),
                [Value(key.Metric, random.Next(1000), QuantityKind.Interval)]))
            .DistinctBy(bill => (bill.Start, bill.Length)).ToList();
        foreach (var batch in bills.OrderBy(_ => random.Next()).Chunk(random.Next(1, 8)))
        {
            await _store.WriteAsync(new ReadingBatch(batch, "ann"), Cancel);
        }

        var values = bills.Select(bill => new Sample(bill.Start, bill.Length, bill.Values[0].Value)).OrderBy(bill => (bill.Start, bill.Length)).ToList();
        var read = await _store.ReadAsync(key, Start, values.Max(bill => bill.End), 0, Cancel);
        Assert.Equal(values, read.Select(bill => bill with { Flags = ReadingFlags.None }));
        Assert.True(await CompareAsync(random, key, QuantityKind.Interval, values));
    }

    private static List<Reading> RandomReadings(Random random, SeriesKey key, QuantityKind kind)
    {
        var step = key.Length > Duration.Zero ? key.Length : Duration.FromMinutes(random.Next(1, 20));
        var at = Start;
        var register = 90_000d;
        List<Reading> readings = [];
        for (var i = random.Next(20, 600); i > 0; i--)
        {
            register = random.Next(60) == 0 ? random.Next(100) : register + random.Next(30);
            readings.Add(ReadingOf(key, kind, at, kind == QuantityKind.Register ? register : random.Next(-50, 1000)));
            at += step * (random.Next(25) == 0 ? random.Next(1, 40) : 1);
        }

        return readings;
    }

    private static Reading ReadingOf(SeriesKey key, QuantityKind kind, Instant at, double value) =>
        new(key.EquipmentId, at, key.Length, [Value(key.Metric, value, kind)]);

    private async Task ArriveAsync(Random random, SeriesKey key, QuantityKind kind, List<Reading> right)
    {
        var wrong = right.Where(_ => random.Next(8) == 0).Select(one => ReadingOf(key, kind, one.Start, random.Next(5_000))).ToList();
        var first = right.Where(one => wrong.TrueForAll(other => other.Start != one.Start)).Concat(wrong);
        var junk = right.Where(_ => random.Next(6) == 0).Select(one => ReadingOf(key, kind, one.Start, random.Next(9_000)))
            .Concat(Enumerable.Range(0, random.Next(40)).Select(i => ReadingOf(key, kind, Start - (Hour * (i + 1)), random.Next(9_000))));

        await WriteAsync(random, first.Concat(right.Where(one => wrong.TrueForAll(other => other.Start != one.Start) && random.Next(3) == 0)), null);
        var undone = $"{key.EquipmentId} undone";
        await WriteAsync(random, junk, undone);
        await _store.RollUpAsync(random.Next(6), Cancel);
        await WriteAsync(random, right.Where(one => random.Next(3) == 0 || wrong.Exists(other => other.Start == one.Start)), $"{key.EquipmentId} fix");
        await _store.RollUpAsync(random.Next(6), Cancel);
        await _store.UndoAsync(undone, "bob", Cancel);
    }

    private async Task WriteAsync(Random random, IEnumerable<Reading> readings, string? job)
    {
        foreach (var batch in readings.OrderBy(_ => random.Next()).Chunk(random.Next(1, 200)))
        {
            await _store.WriteAsync(new ReadingBatch([.. batch.DistinctBy(one => one.Start)], "ann", JobId: job), Cancel);
            foreach (var again in batch.GroupBy(one => one.Start).SelectMany(same => same.Skip(1)))
            {
                await _store.WriteAsync(new ReadingBatch([again], "ann", JobId: job), Cancel);
            }
        }
    }

    private async Task<bool> CompareAsync(Random random, SeriesKey key, QuantityKind kind, List<Sample> values)
    {
        var quarters = (int)((values[^1].End - Start) / Quarter) + 8;
        var edges = Enumerable.Range(0, 12).Select(_ => random.Next(-8, quarters)).Append(-9).Append(quarters).Distinct().Order()
            .Select(i => Start + (Quarter * i)).ToList();
        var totals = await _store.ReadTotalsAsync(key, edges, Cancel);
        var expected = SeriesArithmetic.Totals(kind, values, edges);
        var whole = SeriesArithmetic.Totals(kind, values, [edges[0], edges[^1]])[0];
        return totals.Zip(expected).All(pair => AreClose(pair.First, pair.Second))
            && AreClose(totals.Aggregate((sum, total) => sum.Merge(total)), whole)
            && AreClose((await _store.ReadTotalsAsync(key, [edges[0], edges[^1]], Cancel))[0], whole);
    }

    private static bool AreClose(BucketTotal a, BucketTotal b) =>
        IsClose(a.Quantity, b.Quantity) && IsClose(a.AbsoluteQuantity, b.AbsoluteQuantity) && IsClose(a.EstimatedQuantity, b.EstimatedQuantity)
        && IsClose(a.Cuts.Quantity, b.Cuts.Quantity) && IsClose(a.Sum, b.Sum)
        && (a with { Quantity = 0, AbsoluteQuantity = 0, EstimatedQuantity = 0, Cuts = CutIntervals.None, Sum = 0 })
            == (b with { Quantity = 0, AbsoluteQuantity = 0, EstimatedQuantity = 0, Cuts = CutIntervals.None, Sum = 0 });

    private static bool IsClose(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(1, Math.Abs(a) + Math.Abs(b));
}
