using System.Globalization;
using System.Runtime.InteropServices;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>
/// Finds a row from whose start to whose end it is one hour more or less than in the others, at a time when clocks are set forward or back: the times are then those
/// of a zone with summer time, and in another one its interval is of no length of the series, or of none at all.
/// </summary>
/// <param name="zone">That the times would be read in.</param>
internal sealed class ClockJumps(SheetFacts facts, DateTimeZone zone)
{
    // Of each way to set the clocks one.
    private static readonly DateTimeZone[] Known =
        [.. new[] { "Europe/Berlin", "Europe/London", "Europe/Athens", "America/New_York", "Australia/Sydney", "Pacific/Auckland" }.Select(name => DateTimeZoneProviders.Tzdb[name])];

    private static readonly Duration Hour = Duration.FromHours(1);
    private static readonly Duration Day = Duration.FromDays(1);

    private readonly Dictionary<Duration, long> _lengths = [];
    // By their row: the same of thousands of meters is one.
    private readonly Dictionary<(LocalDateTime Start, LocalDateTime End), int> _near = [];
    // What other days have too is no change of the clocks.
    private readonly HashSet<Duration> _elsewhere = [];
    private LocalDate? _date;
    private bool _isNear;

    /// <summary>What to ask for; null where no row shows it, or the zone is one of those that do so.</summary>
    public ImportFault? Find(string rowsPath)
    {
        if (facts.Layout is { Time.HasEnds: false } or { WholeFile: not null })
        {
            return null;
        }

        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, facts.Layout.Columns.Count))
        {
            if (row is { Time: { OffsetMinutes: null, Months: 0 } from, End: { OffsetMinutes: null, Months: 0 } to } && from.ToLocal(facts.Order) is { } start && to.ToLocal(facts.Order) is { } end)
            {
                Note(row.RowNumber, start, end);
            }
        }

        var (step, count) = _lengths.Count == 0 ? default : _lengths.MaxBy(entry => entry.Value);
        return step <= Duration.Zero || step >= Day || count * 2 <= _lengths.Values.Sum() ? null
            : _near.Select(row => Ask(row.Value, row.Key.Start, row.Key.End, step)).FirstOrDefault(fault => fault is not null);
    }

    private void Note(int number, LocalDateTime start, LocalDateTime end)
    {
        // Beside one date, what ends at an earlier time of day ends on the next.
        var length = Between(start, end);
        CollectionsMarshal.GetValueRefOrAddDefault(_lengths, length <= Duration.Zero && facts.Layout.Time.EndClock is not null ? length + Day : length, out _)++;
        if (_date != start.Date)
        {
            _date = start.Date;
            _isNear = Array.Exists(Known, known => known.AtStartOfDay(start.Date.PlusDays(1)).ToInstant() - known.AtStartOfDay(start.Date).ToInstant() != Day);
        }

        if (_isNear)
        {
            _near.TryAdd((start, end), number);
        }
        else
        {
            _elsewhere.Add(length);
        }
    }

    private ImportFault? Ask(int row, LocalDateTime start, LocalDateTime end, Duration step)
    {
        var isForward = Between(start, end) == step + Hour;
        if (_elsewhere.Contains(Between(start, end)) || (!isForward && Between(start, end) != step - Hour) || Jump(zone, end, isForward) || Known.Where(known => Jump(known, end, isForward)).Select(known => known.Id).ToList() is not { Count: > 0 } fitting)
        {
            return null;
        }

        return new ImportFault(
            ImportFault.AmbiguousMapping,
            string.Create(
                CultureInfo.InvariantCulture,
                $"This row goes from {start:uuuu'-'MM'-'dd HH':'mm} to {end:HH':'mm}, and most are of {step.TotalMinutes} minutes: clocks were set {(isForward ? "forward" : "back")} then, but those of {zone.Id} were not, which the times would be read in as neither the request nor the file says otherwise. ")
            + $"Send time_zone, the zone that they are written in, as {string.Join(" or ", fitting)}.",
            facts.Layout.Sheet, row, facts.Layout.Time.Header, fitting);
    }

    private static bool Jump(DateTimeZone zone, LocalDateTime end, bool isForward) => isForward ? zone.MapLocal(end.PlusMinutes(-1)).Count == 0 : zone.MapLocal(end).Count == 2;

    private static Duration Between(LocalDateTime start, LocalDateTime end) => end.InUtc().ToInstant() - start.InUtc().ToInstant();
}
