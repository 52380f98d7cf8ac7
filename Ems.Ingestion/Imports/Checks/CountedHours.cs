using System.Runtime.InteropServices;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>
/// Days of 23 or 25 hours whose rows number these hours: the numbers then go on through the clock change. A day that has 24 of them
/// names them by the clock. As some files have as many rows for every day, hours that it may lack count with a value.
/// </summary>
internal sealed class CountedHours
{
    private readonly Dictionary<(string Series, LocalDate Date), (uint Rows, uint Values)> _hours = [];
    private readonly Dictionary<LocalDate, int> _lengths = [];
    private readonly ClockCells _clock;
    private readonly CellReader _cells;
    private readonly DateTimeZone _zone;

    private CountedHours(ClockCells clock, CellReader cells, DateTimeZone zone) => (_clock, _cells, _zone) = (clock, cells, zone);

    /// <summary>The facts with the days that are counted so.</summary>
    public static SheetFacts Find(SheetFacts facts, DateTimeZone zone, string rowsPath, CancellationToken cancellationToken)
    {
        if (facts.Layout.Time.Clock is not { Cells: { Numbers: ClockNumbers.HourEnding or ClockNumbers.HourStarting } clock })
        {
            return CountedClocks.Find(facts, zone, rowsPath, cancellationToken);
        }

        var counted = new CountedHours(clock, new CellReader(facts), zone);
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, facts.Layout.Columns.Count))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (row.Time is { } time && time.DateIn(facts.Order) is { } date)
            {
                counted.Note(facts.LabelsOf(row), date, time.OfDay, row);
            }
        }

        return facts with { CountedDays = counted.Days };
    }

    private HashSet<(string Series, LocalDate Date)> Days =>
        [.. _hours.Where(entry => AreCounted(entry.Value.Rows, entry.Value.Values, _lengths[entry.Key.Date])).Select(entry => entry.Key)];

    private static bool AreCounted(uint rows, uint values, int length)
    {
        var all = (1u << length) - 1;
        return values == all || (rows == all && (length < 24 || values >> (length - 1) != 0));
    }

    private void Note(string series, LocalDate date, TimeSpan ofDay, SpooledRow row)
    {
        ref var length = ref CollectionsMarshal.GetValueRefOrAddDefault(_lengths, date, out var isKnown);
        length = isKnown ? length : (int)Math.Round((_zone.AtStartOfDay(date.PlusDays(1)).ToInstant() - _zone.AtStartOfDay(date).ToInstant()).TotalHours);
        if (length != 24 && _clock.HourOf(ofDay) is >= 0 and var hour)
        {
            ref var hours = ref CollectionsMarshal.GetValueRefOrAddDefault(_hours, (series, date), out _);
            hours.Rows |= 1u << hour;
            hours.Values |= _cells.IsEmpty(row) ? 0 : 1u << hour;
        }
    }
}
