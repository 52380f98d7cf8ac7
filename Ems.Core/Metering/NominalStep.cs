using NodaTime;

namespace Ems.Core.Metering;

/// <summary>The usual distance between the values of a stored series, found from the values around one.</summary>
internal static class NominalStep
{
    // One less than the neighbours: the pair that straddles an edge has already used one of them up.
    private const int StepsPerSide = SeriesArithmetic.Neighbours - 1;

    private static readonly Duration LongestGapLimit = Duration.FromHours(2);

    /// <summary>
    /// The longest distance between the value at <paramref name="index"/> and the next one that is no gap: 3 nominal steps, at
    /// most 2 h, at least 1.5 nominal steps. The pair itself has no say in it, unless there is no other.
    /// </summary>
    public static Duration GapLimit(IReadOnlyList<Sample> samples, int index)
    {
        var (first, last) = StepsAround(samples, index);
        var nominal = Median(samples, first, last, without: index);
        var step = nominal > Duration.Zero ? nominal : samples[index + 1].Start - samples[index].Start;
        return Duration.Max(Duration.Min(step * 3, LongestGapLimit), step * 1.5);
    }

    /// <summary>The steps by which <see cref="GapLimit"/> goes, the one itself among them; step i leads from value i to the next one.</summary>
    public static (int First, int Last) StepsAround(IReadOnlyList<Sample> samples, int index) =>
        (Math.Max(index - StepsPerSide, 0), Math.Min(index + StepsPerSide, samples.Count - 2));

    /// <summary>The nominal step around one value; zero when it is alone.</summary>
    public static Duration Around(IReadOnlyList<Sample> samples, int index) =>
        Median(samples, Math.Max(index - StepsPerSide, 0), Math.Min(index + StepsPerSide - 1, samples.Count - 2), without: -1);

    /// <summary>The lower median of the steps numbered first to last.</summary>
    private static Duration Median(IReadOnlyList<Sample> samples, int first, int last, int without)
    {
        Span<long> steps = stackalloc long[(2 * StepsPerSide) + 1];
        var count = 0;
        for (var i = first; i <= last; i++)
        {
            var step = (samples[i + 1].Start - samples[i].Start).BclCompatibleTicks;
            if (i != without && step > 0)
            {
                steps[count++] = step;
            }
        }

        steps = steps[..count];
        steps.Sort();
        return count == 0 ? Duration.Zero : Duration.FromTicks(steps[(count - 1) / 2]);
    }
}
