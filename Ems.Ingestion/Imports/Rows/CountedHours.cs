using System.Runtime.InteropServices;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Days of 23 or 25 hours whose rows number these hours: the numbers then go on through the clock change. A day that has 24 of them
/// names them by the clock.
/// </summary>
internal sealed class CountedHours
{
    private readonly Dictionary<(string Series, LocalDate Date), uint> _hours = [];
    private readonly Dictionary<LocalDate, int> _lengths = [];
    private readonly ClockCells _cells;
    private readonly DateTimeZone _zone;

    private CountedHours(ClockCells cells, DateTimeZone zone) => (_cells, _zone) = (cells, zone);

    /// <summary>The facts with the days that are counted so.</summary>
    public static SheetFacts Find(SheetFacts facts, DateTimeZone zone, string rowsPath, CancellationToken cancellationToken)
    {
        if (facts.Layout.Time.Clock is not { Cells: { Numbers: ClockNumbers.HourEnding or ClockNumbers.HourStarting } cells })
        {
            return facts;
        }

        var counted = new CountedHours(cells, zone);
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, facts.Layout.Columns.Count))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (row.Time is { } time && time.DateIn(facts.Order) is { } date)
            {
                counted.Note(facts.LabelsOf(row), date, time.OfDay);
            }
        }

        return facts with { CountedDays = counted.Days };
    }

    private HashSet<(string Series, LocalDate Date)> Days =>
        [.. _hours.Where(entry => entry.Value == (1u << _lengths[entry.Key.Date]) - 1).Select(entry => entry.Key)];

    private void Note(string series, LocalDate date, TimeSpan ofDay)
    {
        ref var length = ref CollectionsMarshal.GetValueRefOrAddDefault(_lengths, date, out var isKnown);
        length = isKnown ? length : (int)Math.Round((_zone.AtStartOfDay(date.PlusDays(1)).ToInstant() - _zone.AtStartOfDay(date).ToInstant()).TotalHours);
        if (length != 24 && _cells.HourOf(ofDay) is >= 0 and var hour)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_hours, (series, date), out _) |= 1u << hour;
        }
    }
}
