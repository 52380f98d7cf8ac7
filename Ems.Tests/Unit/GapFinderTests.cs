using Ems.Core.Metering;
using FsCheck.Xunit;
using NodaTime;

namespace Ems.Tests.Unit;

/// <summary>What is known of a run of equal steps never hides a gap, in whatever order pairs are asked for.</summary>
public sealed class GapFinderTests
{
    // Minutes; in runs of up to 20, so that some are longer and some shorter than what is looked at on either side.
    private static readonly int[] Steps = [0, 1, 2, 3, 15, 60, 240, 1440];

    [Property(MaxTest = 500)]
    public bool A_pair_is_a_gap_when_it_is_farther_apart_than_the_limit(int seed)
    {
        var random = new Random(seed);
        var samples = SamplesOf(random);
        var finder = new GapFinder(samples);
        var inOrder = Enumerable.Range(0, samples.Count - 1).ToArray();
        var shuffled = inOrder.ToArray();
        random.Shuffle(shuffled);
        return inOrder.Concat(shuffled).All(i =>
            finder.IsGap(i) == samples[i + 1].Start - samples[i].Start > NominalStep.GapLimit(samples, i));
    }

    [Fact]
    public void The_first_step_after_a_long_run_is_a_gap()
    {
        List<Sample> samples = [.. Enumerable.Range(0, 100).Select(i => At(15 * (i < 50 ? i : i + 3)))];
        var finder = new GapFinder(samples);
        Assert.Equal([49], Enumerable.Range(0, 99).Where(finder.IsGap));
    }

    private static List<Sample> SamplesOf(Random random)
    {
        var (samples, at) = (new List<Sample> { At(0) }, 0);
        for (var runs = random.Next(1, 8); runs > 0; runs--)
        {
            var step = Steps[random.Next(Steps.Length)];
            for (var count = random.Next(1, 20); count > 0; count--)
            {
                at += step;
                samples.Add(At(at));
            }
        }

        return samples;
    }

    private static Sample At(int minute) => new(Instant.FromUnixTimeSeconds(60L * minute), Duration.Zero, 1);
}
