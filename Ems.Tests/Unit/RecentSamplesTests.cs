using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using FsCheck.Xunit;
using NodaTime;

namespace Ems.Tests.Unit;

public sealed class RecentSamplesTests
{
    private static readonly Instant Start = Instant.FromUtc(2024, 3, 1, 0, 0);
    private static readonly Duration Quarter = Duration.FromMinutes(15);
    private static readonly SeriesKey Key = new("main", "energy", Quarter);

    private long _revision;

    /// <summary>Whatever is remembered is all that the series has there.</summary>
    [Property(MaxTest = 200)]
    public bool What_is_known_is_what_the_whole_has_there(int seed)
    {
        var random = new Random(seed);
        var all = random.Next(2) == 0 ? [] : Values(random, Start, random.Next(1, 10));
        var recent = new RecentSamples(most: random.Next(100, 400));
        var series = Series(all, revision: all.Count == 0 ? 0 : ++_revision);
        for (var batches = random.Next(1, 8); batches > 0; batches--)
        {
            var more = Values(random, all.Count == 0 ? Start : all[^1].Start + Quarter, random.Next(1, 30));
            recent.Add([new NewestSamples(Key, all.Count == 0 ? null : series, ++_revision, [.. more])]);
            all.AddRange(more);
            series = Series(all, _revision);
        }

        Assert.Equal([all[^1]], recent.FindBetween(series, all[^1].Start, all[^1].End));
        return Enumerable.Range(0, 100).All(_ =>
        {
            var from = Start + (Quarter * random.Next(-5, 300)) + Duration.FromMinutes(random.Next(15));
            var (to, neighbours) = (from + (Quarter * random.Next(0, 100)), random.Next(0, 5));
            if (recent.Find([series], from, to, neighbours) is not { } known)
            {
                return true;
            }

            var since = Instant.Max(from, known.Since);
            return known.Between(Key, since, to).SequenceEqual(all.Where(one => one.Start >= since && one.Start < to))
                && known.Between(Key, to, Instant.MaxValue).SequenceEqual(all.Where(one => one.Start >= to).Take(neighbours))
                && known.Before(Key, from, neighbours)?.SequenceEqual(all.Where(one => one.Start < from).TakeLast(neighbours)) != false;
        });
    }

    [Fact]
    public void All_of_a_new_series_is_known()
    {
        var recent = new RecentSamples();
        var samples = Values(new Random(1), Start, 20);
        recent.Add([new NewestSamples(Key, null, 7, samples)]);

        var known = recent.Find([Series(samples, 7)], Start - Duration.FromDays(400), Start + Duration.FromDays(400), 4)!;
        Assert.Equal(samples, known.Samples[Key]);
        Assert.Empty(known.Before(Key, Start, 4)!);
    }

    [Fact]
    public void What_somebody_else_wrote_since_is_not_passed_over()
    {
        var recent = new RecentSamples();
        var samples = Values(new Random(1), Start, 20);
        recent.Add([new NewestSamples(Key, null, 7, samples)]);

        Assert.NotNull(recent.Find([Series(samples, 7)], Start, samples[^1].End, 0));
        Assert.Null(recent.Find([Series(samples, 8)], Start, samples[^1].End, 0));
        Assert.Null(recent.Find([Series(samples, 7) with { FoundRevision = 1 }], Start, samples[^1].End, 0));

        // Behind what they wrote, only what follows is known.
        var more = Values(new Random(2), samples[^1].End, 5);
        recent.Add([new NewestSamples(Key, Series(samples, 8), 9, more)]);
        var known = recent.Find([Series([.. samples, .. more], 9)], Start, more[^1].End, 0)!;
        Assert.Equal(more[0].Start, known.Since);
        Assert.Equal(more, known.Samples[Key]);
        Assert.Null(known.Before(Key, more[1].Start, 2));
    }

    [Fact]
    public void What_is_found_about_a_value_is_known_from_then_on()
    {
        var recent = new RecentSamples();
        var samples = Values(new Random(1), Start, 20);
        recent.Add([new NewestSamples(Key, null, 7, [.. samples])]);
        var before = Series(samples, 7);

        recent.SetFound(before, 5, [(samples[3].Start, Quarter, ReadingFlags.Spike), (samples[4].Start, Quarter * 2, ReadingFlags.Spike)]);
        samples[3] = samples[3] with { Flags = samples[3].Flags | ReadingFlags.Spike };

        Assert.Equal(samples[2..5], recent.FindBetween(before with { FoundRevision = 5 }, samples[2].Start, samples[4].Start));
        Assert.Null(recent.FindBetween(before, samples[2].Start, samples[4].Start));

        // It was found about other values.
        recent.SetFound(before with { Revision = 8, FoundRevision = 5 }, 6, []);
        Assert.Null(recent.FindBetween(before with { FoundRevision = 6 }, samples[2].Start, samples[4].Start));
    }

    [Fact]
    public void Series_that_nobody_asks_for_are_forgotten_first()
    {
        var recent = new RecentSamples(most: 400);
        var samples = Values(new Random(1), Start, 20);
        SeriesDocument Of(int i) => Series(samples, 7) with { Key = Key with { EquipmentId = $"meter {i}" } };
        bool Knows(int i) => recent.Find([Of(i)], Start, samples[^1].End, 0) is not null;
        for (var i = 0; i < 14; i++)
        {
            recent.Add([new NewestSamples(Of(i).Key, null, 7, [.. samples])]);
            Assert.True(Knows(0));
        }

        Assert.True(Knows(0));
        recent.Add([new NewestSamples(Of(14).Key, null, 7, [.. samples])]);

        Assert.Equal([0, 9, 10, 11, 12, 13, 14], Enumerable.Range(0, 15).Where(Knows));
    }

    private static List<Sample> Values(Random random, Instant from, int count)
    {
        var samples = new List<Sample>(count);
        for (var at = from; samples.Count < count; at += Quarter * random.Next(1, 4))
        {
            samples.Add(new Sample(at, Quarter, random.Next(100), random.Next(5) == 0 ? ReadingFlags.Estimated : ReadingFlags.None));
        }

        return samples;
    }

    private static SeriesDocument Series(List<Sample> samples, long revision) => new(
        Key, QuantityKind.Interval, "kWh", samples.Count, samples.Count == 0 ? null : samples[0].Start.ToUnixTimeMilliseconds(),
        samples.Count == 0 ? null : samples[^1].Start.ToUnixTimeMilliseconds(), samples.Count == 0 ? null : samples[^1].End.ToUnixTimeMilliseconds(), revision);
}
