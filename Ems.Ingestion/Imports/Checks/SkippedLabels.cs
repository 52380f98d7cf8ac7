using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>
/// Tells whether rows whose labels are ends have values for the hour that the clocks skip in spring, as forms with as many rows or columns for
/// every day do. The label at the end of that hour is then of its last part; else it is the clock at the end of what begins before the hour.
/// </summary>
internal sealed class SkippedLabels(DateTimeZone zone)
{
    private readonly Dictionary<(string Key, LocalDate Date), (bool Before, bool At)> _values = [];
    private LocalDate? _date;
    private (LocalDateTime Start, LocalDateTime End)? _skipped;

    /// <summary>Whether what ends as the hour begins has a value of its own beside what ends with the hour, more often than not.</summary>
    public bool AreFilled => _values.Values.Count(found => found is (true, true)) > _values.Values.Count(found => found is (false, true));

    /// <summary>Takes note of the label of a row.</summary>
    public void Note(string key, LocalDateTime label, SpooledRow row, CellReader cells)
    {
        if (_date != label.Date)
        {
            _date = label.Date;
            _skipped = SkippedOn(label.Date);
        }

        if (_skipped is not var (start, end) || Meant(label) is var meant && meant != start && meant != end)
        {
            return;
        }

        var (before, at) = _values.GetValueOrDefault((key, meant.Date));
        // A zero before may be what was filled in.
        _values[(key, meant.Date)] = (before || (meant == start && cells.HasAmount(row)), at || (meant == end && !cells.IsEmpty(row)));
    }

    /// <summary>Whether the clocks skip what lies right before this time.</summary>
    public static bool IsAtEnd(DateTimeZone zone, LocalDateTime label) => zone.MapLocal(Meant(label).PlusTicks(-1)).Count == 0 && zone.MapLocal(Meant(label)).Count > 0;

    /// <summary>Dates stored as fractions of a day are some milliseconds off.</summary>
    private static LocalDateTime Meant(LocalDateTime label) => label.PlusMilliseconds(500).With(TimeAdjusters.TruncateToSecond);

    private (LocalDateTime Start, LocalDateTime End)? SkippedOn(LocalDate date)
    {
        var intervals = zone.GetZoneIntervals(date.PlusDays(-1).AtMidnight().InUtc().ToInstant(), date.PlusDays(2).AtMidnight().InUtc().ToInstant()).ToList();
        foreach (var (before, after) in intervals.Zip(intervals.Skip(1)))
        {
            if (after.WallOffset > before.WallOffset && after.IsoLocalStart.Date == date)
            {
                return (before.IsoLocalEnd, after.IsoLocalStart);
            }
        }

        return null;
    }
}
