using NodaTime;

namespace Ems.Core.Metering;

/// <summary>
/// Finds values that repeat themselves for so long that the meter, and not what it measures, stands still: at least
/// <see cref="FewestValues"/> equal ones over at least <see cref="Shortest"/>, where fewer than one in five of the values in front of
/// the first, or behind the last of them, equals the one in front of it. Where there are none around that differ, nothing is known of
/// what is usual. Zero is no stuck value, nor is a register that does not advance, nor what is far below the usual: much stands still
/// at times.
/// </summary>
internal sealed class StuckRuns(IReadOnlyList<Sample> samples)
{
    public const int FewestValues = 24;

    /// <summary>More values than these are another state of what is measured.</summary>
    public const int MostValues = 10_000;

    private const int Around = 199;

    private const double UsualRepeats = 0.2;

    // A machine that waits for its season draws a small part of what it draws at work.
    private const double Standby = 0.25;

    private static readonly Duration Shortest = Duration.FromHours(6);

    /// <summary>The indexes from <paramref name="first"/> to before <paramref name="end"/> of values that are stuck.</summary>
    public IEnumerable<int> Find(int first, int end)
    {
        for (var i = first; i < end;)
        {
            var (start, stop) = RunAround(i);
            if (IsLong(start, stop) && samples[i].Value != 0 && IsOdd(start, stop))
            {
                foreach (var stuck in Enumerable.Range(i, Math.Min(stop, end) - i))
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
        stop - start is >= FewestValues and <= MostValues && samples[stop - 1].End - samples[start].Start >= Shortest;

    /// <summary>Whether values around the run change, and are not of another size altogether.</summary>
    private bool IsOdd(int start, int stop)
    {
        double[] before = [.. Enumerable.Range(Math.Max(0, start - Around), Math.Min(Around, start)).Select(i => samples[i].Value)];
        double[] after = [.. Enumerable.Range(stop, Math.Min(Around, samples.Count - stop)).Select(i => samples[i].Value)];

        // One end is enough: behind a single other value a meter that stands still goes on as before.
        if (!Changes(before) && !Changes(after))
        {
            return false;
        }

        var value = samples[start].Value;
        double[] others = [.. before.Concat(after).Where(other => other != value).Order()];
        return value < 0 || value >= Standby * others[others.Length / 2];
    }

    private static bool Changes(double[] values) =>
        values.Zip(values.Skip(1)).Count(pair => pair.First == pair.Second) < UsualRepeats * (values.Length - 1);
}
