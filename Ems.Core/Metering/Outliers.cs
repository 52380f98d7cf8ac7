using NodaTime;

namespace Ems.Core.Metering;

/// <summary>
/// Finds single numbers that lie far outside of what is usual around them: farther beyond the 96 % in the middle of the
/// <see cref="Around"/> numbers on either side than <see cref="Width"/> times their width. More than
/// <see cref="MostInARow"/> in a row are no outliers but another state of what is measured, and what comes again at about that time of
/// another day within a week, alike in height and length, is a habit of it: this shows in values of at most an hour. Where most numbers around are zero, nothing is known of what is usual when
/// it is not.
/// </summary>
/// <param name="samples">Where the numbers come from, one each.</param>
/// <param name="numbers">NaN where there is none.</param>
internal sealed class Outliers(IReadOnlyList<Sample> samples, double[] numbers, bool downwards)
{
    public const int Around = 196;

    /// <summary>How far away the same may come again: a week of quarters of an hour, and one hour.</summary>
    public const int Recurrence = (7 * 96) + 4;

    private const double Width = 4;
    private const int MostInARow = 3;
    private const int FewestAround = 48;

    // Of values of a day or longer, as bills are, there are never many.
    private const int FewestDays = 12;
    private const int ShareOutside = 50;
    private const int AtOnce = 64;

    private const int MostDays = 7;
    private const double LikeHeight = 0.75;
    private const double JitterHours = 1;
    private const double ShortestDayHours = 23;

    // Where numbers hardly differ, the width is at least this part of them.
    private const double LeastWidth = 0.1;

    /// <summary>The indexes from <paramref name="first"/> to before <paramref name="end"/> of outliers.</summary>
    public IEnumerable<int> Find(int first, int end)
    {
        var from = Math.Max(0, first - MostInARow);
        var far = FarOut(from, Math.Min(numbers.Length, end + MostInARow));
        for (var i = first; i < end; i++)
        {
            if (!far[i - from])
            {
                continue;
            }

            var (start, stop) = RowAround(far, i - from);
            if (stop - start <= MostInARow && !Recurs(from + start, from + stop))
            {
                yield return i;
            }
        }
    }

    private static (int Start, int Stop) RowAround(bool[] far, int index)
    {
        var (start, stop) = (index, index + 1);
        while (start > 0 && far[start - 1])
        {
            start--;
        }

        while (stop < far.Length && far[stop])
        {
            stop++;
        }

        return (start, stop);
    }

    /// <summary>Whether a row like the one from start to before stop lies around it, whole days away.</summary>
    private bool Recurs(int start, int stop)
    {
        if (!TellTheTimeOfDay(start))
        {
            return false;
        }

        var around = SortedAround(start, start);
        var usual = around[around.Length / 2];
        var height = Enumerable.Range(start, stop - start).Select(i => numbers[i] - usual).MaxBy(Math.Abs);
        var length = Enumerable.Range(start, stop - start).Count(i => IsLikeHeight(numbers[i]));
        var limit = Math.Min(numbers.Length, start + Recurrence + MostInARow + 2);
        for (var i = Math.Max(0, start - Recurrence); i < Math.Min(limit, start + Recurrence + 1);)
        {
            var end = i;
            while (end < limit && IsLikeHeight(numbers[end]))
            {
                end++;
            }

            if (end > i && Math.Abs(end - i - length) <= 1 && IsSomeDays(samples[i].Start - samples[start].Start))
            {
                return true;
            }

            i = Math.Max(end, i + 1);
        }

        return false;

        bool IsLikeHeight(double number) => (number - usual) / height is >= LikeHeight and <= 1 / LikeHeight;
    }

    /// <summary>Values of whole days have no time of day at which something could come again.</summary>
    private bool TellTheTimeOfDay(int index) => HoursAround(index) <= JitterHours;

    private double HoursAround(int index) =>
        Math.Min(index > 0 ? Hours(index - 1) : double.MaxValue, index + 1 < samples.Count ? Hours(index) : double.MaxValue);

    private double Hours(int index) => (samples[index + 1].Start - samples[index].Start).TotalHours;

    private static bool IsSomeDays(Duration distance)
    {
        var hours = Math.Abs(distance.TotalHours);
        var days = Math.Round(hours / 24);
        return days is >= 1 and <= MostDays && Math.Abs(hours - (24 * days)) <= JitterHours;
    }

    private bool[] FarOut(int from, int to)
    {
        var far = new bool[Math.Max(0, to - from)];
        for (var first = from; first < to; first += AtOnce)
        {
            var end = Math.Min(first + AtOnce, to);
            var (lower, upper) = SurelyUsual(SortedAround(first, end - 1));
            for (var i = first; i < end; i++)
            {
                far[i - from] = (numbers[i] < lower || numbers[i] > upper) && IsFarOut(i, SortedAround(i, i));
            }
        }

        return far;
    }

    private Span<double> SortedAround(int first, int last)
    {
        var around = numbers[Math.Max(0, first - Around)..Math.Min(numbers.Length, last + Around + 1)];
        Array.Sort(around);

        // NaN is sorted before all numbers.
        var none = 0;
        while (none < around.Length && double.IsNaN(around[none]))
        {
            none++;
        }

        return around.AsSpan(none);
    }

    /// <summary>
    /// Bounds within which none of the numbers that share <paramref name="around"/> is far out: what is around one of them alone lacks
    /// less than <see cref="AtOnce"/> of these.
    /// </summary>
    private static (double Lower, double Upper) SurelyUsual(Span<double> around)
    {
        var outside = AtOnce + 1 + (around.Length / ShareOutside);
        return outside * 2 < around.Length
            ? Bounds(around[outside], around[^(outside + 1)])
            : (double.MaxValue, double.MinValue);
    }

    private bool IsFarOut(int index, Span<double> around)
    {
        var number = numbers[index];
        if (around.Length < (HoursAround(index) >= ShortestDayHours ? FewestDays : FewestAround) || around.Count(0d) * 2 > around.Length)
        {
            return false;
        }

        var outside = 1 + (around.Length / ShareOutside);
        var (lower, upper) = Bounds(around[outside], around[^(outside + 1)]);
        return lower < upper && (number > upper || (downwards && number < lower));
    }

    private static (double Lower, double Upper) Bounds(double low, double high)
    {
        var width = Math.Max(high - low, LeastWidth * Math.Max(Math.Abs(low), Math.Abs(high)));
        return (low - (Width * width), high + (Width * width));
    }
}
