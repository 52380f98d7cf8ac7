using NodaTime;

namespace Ems.Core.Metering;

/// <summary>
/// Finds what is odd about the values of one series by comparing them with those around them. What is found about a value depends on
/// nothing farther away than <see cref="Reach"/> values from it, or from either end of the run of equal values that it is one of, so that
/// after a change only its surroundings have to be looked at again (<see cref="Affected"/>).
/// </summary>
public sealed class SeriesChecks
{
    /// <summary>How many values on either side have a say.</summary>
    public const int Reach = Outliers.Recurrence + 20;

    /// <summary>No run of equal values matters that is longer.</summary>
    public const int LongestRun = StuckRuns.MostValues;

    /// <summary>What is looked for.</summary>
    public const ReadingFlags Looked = ReadingFlags.Gap | ReadingFlags.Stuck | ReadingFlags.Spike | ReadingFlags.ImplausibleRate
        | ReadingFlags.RegisterReset | ReadingFlags.NegativeConsumption;

    private static readonly Duration Instantly = Duration.FromMilliseconds(1);
    private static readonly Duration LongestDay = Duration.FromHours(25);

    private readonly QuantityKind _kind;
    private readonly Func<Instant, bool> _mayBeNegative;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly GapFinder _gaps;

    /// <param name="kind">How the values add up.</param>
    /// <param name="mayBeNegative">Whether a value below zero is nothing odd at an instant.</param>
    /// <param name="samples">The values of one series in order of start.</param>
    public SeriesChecks(QuantityKind kind, Func<Instant, bool> mayBeNegative, IReadOnlyList<Sample> samples) =>
        (_kind, _mayBeNegative, _samples, _gaps) = (kind, mayBeNegative, samples, new GapFinder(samples));

    /// <summary>
    /// The indexes, from the first to before the end, of values about which something else may be found when those that start within
    /// [<paramref name="from"/>, <paramref name="to"/>] have changed: to the ends of runs that they reach into, as far as there are samples.
    /// </summary>
    public (int First, int End) Affected(Instant from, Instant to)
    {
        var first = Math.Max(0, _samples.CountBefore(from) - Reach);
        var end = Math.Min(_samples.Count, _samples.CountBefore(to + Instantly) + Reach);
        while (first > 0 && first < end && AreTogether(first - 1, first))
        {
            first--;
        }

        while (end < _samples.Count && first < end && AreTogether(end - 1, end))
        {
            end++;
        }

        return (first, end);
    }

    /// <summary>What is odd about the values with the indexes from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    /// <remarks>
    /// A gap lies in front of an interval that starts more than half its length after the last end, and in front of an instant
    /// farther away than the gap limit (<see cref="GapFinder"/>). Stuck values, spikes and rates: see <see cref="StuckRuns"/> and
    /// <see cref="Outliers"/>. Rates are those of registers, per hour, between a value and the one in front of it.
    /// </remarks>
    public ReadingFlags[] Check(int first, int end)
    {
        var flags = new ReadingFlags[Math.Max(0, end - first)];
        for (var i = first; i < end; i++)
        {
            flags[i - first] = (IsAfterGap(i) ? ReadingFlags.Gap : 0) | (_kind == QuantityKind.Register ? RegisterFlags(i) : SignFlags(i));
        }

        var isRegister = _kind == QuantityKind.Register;
        foreach (var i in isRegister ? [] : new StuckRuns(_samples).Find(first, end))
        {
            flags[i - first] |= ReadingFlags.Stuck;
        }

        var outliers = new Outliers(_samples, isRegister ? Rates() : [.. _samples.Select(Comparable)], downwards: !isRegister);
        foreach (var i in outliers.Find(first, end))
        {
            flags[i - first] |= isRegister ? ReadingFlags.ImplausibleRate : ReadingFlags.Spike;
        }

        return flags;
    }

    /// <summary>Values that start together are checked together, for flags are saved by start.</summary>
    private bool AreTogether(int a, int b) => _samples[a].Start == _samples[b].Start
        || (_kind != QuantityKind.Register && _samples[a].Value != 0 && _samples[a].Value == _samples[b].Value);

    private ReadingFlags RegisterFlags(int i) =>
        i > 0 && RegisterDifference.Between(_samples, i - 1).Restarted ? ReadingFlags.RegisterReset : ReadingFlags.None;

    private ReadingFlags SignFlags(int i) =>
        _samples[i].Value < 0 && !_mayBeNegative(_samples[i].Start) ? ReadingFlags.NegativeConsumption : ReadingFlags.None;

    private bool IsAfterGap(int i)
    {
        if (i == 0)
        {
            return false;
        }

        var (previous, sample) = (_samples[i - 1], _samples[i]);
        if (previous.Length == Duration.Zero)
        {
            return _gaps.IsGap(i - 1);
        }

        var covered = previous.End;
        for (var back = i - 2; back >= 0 && back >= i - SeriesArithmetic.Neighbours; back--)
        {
            covered = Instant.Max(covered, _samples[back].End);
        }

        return sample.Start - covered > previous.Length / 2;
    }

    /// <summary>Bills are of more days or fewer.</summary>
    private double Comparable(Sample sample) => _kind == QuantityKind.Interval && sample.Length > LongestDay ? sample.Value / sample.Length.TotalDays : sample.Value;

    /// <summary>NaN where there is none.</summary>
    private double[] Rates() => [.. Enumerable.Range(0, _samples.Count).Select(i => i == 0 ? double.NaN : RateBefore(i))];

    private double RateBefore(int i)
    {
        var hours = (_samples[i].Start - _samples[i - 1].Start).TotalHours;
        var difference = RegisterDifference.Between(_samples, i - 1);
        return hours > 0 && !difference.Restarted ? difference.Quantity / hours : double.NaN;
    }
}
