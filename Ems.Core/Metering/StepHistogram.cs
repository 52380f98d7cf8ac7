using NodaTime;

namespace Ems.Core.Metering;

/// <summary>
/// Finds the nominal step of a source's labels, read one after the other, and which way they go. Its memory does not grow with
/// their number.
/// </summary>
public sealed class StepHistogram
{
    // More different steps than this are no grid; the ones found by then decide.
    private const int MaxSteps = 4096;

    // What is in no order is put into order from its earliest labels on, as far as this.
    private const int MaxEarliest = 256;

    // Labels that go one way may have one step in ten that goes the other.
    private const int StepsPerExcursion = 10;

    private const long HourMs = 3_600_000;
    private const long FinestGridMs = 10_000;

    private readonly Dictionary<long, long> _counts = [];
    private readonly SortedSet<long> _earliest = [];
    private long? _last;

    /// <summary>Pairs of different neighbours among the labels.</summary>
    public long Count { get; private set; }

    /// <summary>Whether all steps are of one nominal length: as months are.</summary>
    public bool AreEqual => _counts.Keys.Select(step => NominalLength.Of(Duration.FromMilliseconds(Math.Abs(step)))).Distinct().Count() == 1;

    public void Note(LocalDateTime label)
    {
        var now = label.InUtc().ToInstant().ToUnixTimeMilliseconds();
        if (_last is { } last && Rounded(now - last) is not 0 and var step && (_counts.Count < MaxSteps || _counts.ContainsKey(step)))
        {
            _counts[step] = _counts.GetValueOrDefault(step) + 1;
            Count++;
        }

        _last = now;
        KeepEarliest(now);
    }

    /// <summary>The median distance of different neighbours, as a nominal length; null with fewer than two different labels.</summary>
    public Duration? Step()
    {
        var ms = Order() == LabelOrder.Unknown
            ? Median(_earliest.Zip(_earliest.Skip(1), (a, b) => (Rounded(b - a), 1L)).Where(step => step.Item1 > 0))
            : MedianOfNeighbours();
        return ms is { } step ? NominalLength.Of(Duration.FromMilliseconds(step)) : null;
    }

    /// <summary>Which way the labels go, but for a few and for the step back that the clocks make in autumn.</summary>
    public LabelOrder Order()
    {
        var clock = HourMs - (MedianOfNeighbours() ?? HourMs);
        var excused = clock > 0 ? (Up: _counts.GetValueOrDefault(clock), Down: _counts.GetValueOrDefault(-clock)) : default;
        var ups = _counts.Where(entry => entry.Key > 0).Sum(entry => entry.Value);
        var downs = _counts.Where(entry => entry.Key < 0).Sum(entry => entry.Value);
        return ups + downs == 0 ? LabelOrder.Unknown
            : ups >= downs ? ((downs - excused.Down) * StepsPerExcursion <= ups ? LabelOrder.Ascending : LabelOrder.Unknown)
            : (ups - excused.Up) * StepsPerExcursion <= downs ? LabelOrder.Descending
            : LabelOrder.Unknown;
    }

    private long? MedianOfNeighbours() => Median(_counts.Select(entry => (Math.Abs(entry.Key), entry.Value)));

    private static long? Median(IEnumerable<(long Step, long Count)> steps)
    {
        var sorted = steps.OrderBy(entry => entry.Step).ToList();
        var left = (sorted.Sum(entry => entry.Count) + 1) / 2;
        foreach (var (step, count) in sorted)
        {
            left -= count;
            if (left <= 0)
            {
                return step;
            }
        }

        return null;
    }

    private void KeepEarliest(long label)
    {
        if (_earliest.Count < MaxEarliest || label < _earliest.Max)
        {
            _earliest.Add(label);
            if (_earliest.Count > MaxEarliest)
            {
                _earliest.Remove(_earliest.Max);
            }
        }
    }

    /// <summary>Dates stored as fractions of a day are some milliseconds off the grid.</summary>
    private static long Rounded(long ms) =>
        Math.Abs(ms) < FinestGridMs ? ms : (long)Math.Round(ms / 1000.0, MidpointRounding.AwayFromZero) * 1000;
}
