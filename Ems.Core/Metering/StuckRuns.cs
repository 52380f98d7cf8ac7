using NodaTime;

namespace Ems.Core.Metering;

/// <summary>
/// Finds values that repeat themselves for so long that the meter, and not what it measures, stands still: at least
/// <see cref="FewestValues"/> equal ones over at least <see cref="Shortest"/>, where fewer than one in five of the values around
/// equals the one in front of it. Where there are none around that differ, nothing is known of what is usual. Zero is no stuck
/// value, nor is a register that does not advance: much stands still at times.
/// </summary>
internal sealed class StuckRuns(IReadOnlyList<Sample> samples)
{
    public const int FewestValues = 24;

    private const double UsualRepeats = 0.2;
    private const int Around = SeriesChecks.Reach - 1;

    private readonly int[] _repeatsUntil = CountRepeats(samples);

    /// <summary>How long values must stay the same.</summary>
    public static readonly Duration Shortest = Duration.FromHours(6);

    /// <summary>The indexes from <paramref name="first"/> to before <paramref name="end"/> of values that are stuck.</summary>
    public IEnumerable<int> Find(int first, int end)
    {
        for (var i = first; i < end;)
        {
            var (start, stop) = RunAround(i);
            if (IsLong(start, stop) && samples[i].Value != 0)
            {
                foreach (var stuck in Enumerable.Range(i, Math.Min(stop, end) - i).Where(index => RepeatsAround(index, start, stop) < UsualRepeats))
                {
                    yield return stuck;
                }
            }

            i = stop;
        }
    }

    private (int Start, int Stop) RunAround(int index)
    {
        var (start, stop) = (index, index + 1);
        while (start > 0 && samples[start - 1].Value == samples[index].Value)
        {
            start--;
        }

        while (stop < samples.Count && samples[stop].Value == samples[index].Value)
        {
            stop++;
        }

        return (start, stop);
    }

    private bool IsLong(int start, int stop) =>
        stop - start >= FewestValues && samples[stop - 1].End - samples[start].Start >= Shortest;

    /// <summary>How often values around, but for the run itself, equal the one in front of them; always where the run is all there is.</summary>
    private double RepeatsAround(int index, int start, int stop)
    {
        var (first, last) = (Math.Max(1, index - Around), Math.Min(samples.Count - 1, index + Around));
        var (before, after) = (Math.Min(start - 1, last), Math.Max(stop + 1, first));
        var pairs = Math.Max(0, before - first + 1) + Math.Max(0, last - after + 1);
        return pairs == 0 ? 1 : (double)(RepeatsIn(first, before) + RepeatsIn(after, last)) / pairs;
    }

    /// <summary>How many of the values with the indexes from first to last equal the one in front of them.</summary>
    private int RepeatsIn(int first, int last) => last < first ? 0 : _repeatsUntil[last] - _repeatsUntil[first - 1];

    private static int[] CountRepeats(IReadOnlyList<Sample> samples)
    {
        var counts = new int[samples.Count];
        for (var i = 1; i < counts.Length; i++)
        {
            counts[i] = counts[i - 1] + (samples[i].Value == samples[i - 1].Value ? 1 : 0);
        }

        return counts;
    }
}
