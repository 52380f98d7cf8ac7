namespace Ems.Core.Storage;

/// <summary>Where values of one series changed, as ranges of whole UTC days that lie close together.</summary>
internal sealed class TouchedRanges
{
    public const long DayMs = 86_400_000;

    private readonly List<(long Start, long End)> _ranges = [];

    public bool IsEmpty => _ranges.Count == 0;

    /// <summary>Start of the first changed value.</summary>
    public long First { get; private set; } = long.MaxValue;

    /// <summary>Start of the last changed value.</summary>
    public long Last { get; private set; } = long.MinValue;

    /// <summary>End of the changed value that ends last.</summary>
    public long End { get; private set; } = long.MinValue;

    public IReadOnlyList<(long Start, long End)> Ranges => _ranges;

    public static long DayOf(long instantMs) => (instantMs - (((instantMs % DayMs) + DayMs) % DayMs)) / DayMs;

    /// <summary>Values come in order of start.</summary>
    public void Add(long start, long end)
    {
        First = Math.Min(First, start);
        Last = Math.Max(Last, start);
        End = Math.Max(End, end);
        if (_ranges.Count > 0 && start - _ranges[^1].End <= DayMs)
        {
            _ranges[^1] = (_ranges[^1].Start, Math.Max(end, _ranges[^1].End));
        }
        else
        {
            _ranges.Add((start, end));
        }
    }
}
