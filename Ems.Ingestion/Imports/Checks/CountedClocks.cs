using System.Runtime.InteropServices;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>
/// Days of 23 or 25 hours whose times of day go on through the clock change, as on no clock: 00:00 to 24:00 or 01:00 to 25:00 where other days have 24 hours, or
/// 00:00 to 22:00 with the hour that the clocks skip.
/// </summary>
internal sealed class CountedClocks
{
    private const int QuartersOfHour = 4;
    private const int HoursOfDay = 24;

    // A time that no counting has: a day that has it goes by the clock.
    private static readonly UInt128 OfNone = UInt128.One << 127;

    private static readonly int[] Steps = [QuartersOfHour, 2, 1];
    private static readonly UInt128[] StartsOfDay = [.. Steps.Select(step => Times(HoursOfDay, step, isEnd: false))];
    private static readonly UInt128[] EndsOfDay = [.. Steps.Select(step => Times(HoursOfDay, step, isEnd: true))];

    private readonly Dictionary<string, Run> _runs = [];
    private readonly Dictionary<(string Series, LocalDate Date), UInt128> _changed = [];
    private readonly DateTimeZone _zone;
    private (LocalDate Date, int Hours) _length;

    private CountedClocks(DateTimeZone zone) => _zone = zone;

    /// <summary>The facts with the days that are counted so.</summary>
    public static SheetFacts Find(SheetFacts facts, DateTimeZone zone, string rowsPath, CancellationToken cancellationToken)
    {
        if (zone.MinOffset == zone.MaxOffset || facts.Layout.Time.HasEnds || !facts.HasClockInRows)
        {
            return facts;
        }

        var counted = new CountedClocks(zone);
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, facts.Layout.Columns.Count))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (row.Time is { OffsetMinutes: null, IsElapsed: false, IsMonth: false, IsWeek: false } time && time.DateIn(facts.Order) is { } date && RowTimes.IsTimely(date.AtMidnight()))
            {
                counted.Note(facts.LabelsOf(row), date, time);
            }
        }

        return facts with { CountedDays = counted.Days };
    }

    private HashSet<(string Series, LocalDate Date)> Days =>
        [.. _changed.Where(entry => entry.Value is var times && AreCounted(times, LengthOf(entry.Key.Date), entry.Key.Date, _runs[entry.Key.Series].Closed())).Select(entry => entry.Key)];

    private static bool AreCounted(UInt128 times, int hours, LocalDate date, Run run) =>
        hours > HoursOfDay
            ? Array.Exists(Steps, step => times == Times(hours, step, isEnd: true) || (times == Times(hours, step, isEnd: false) && !run.HaveBothMidnights))
            // A clock that stays on winter time has 24 hours on this day, too.
            : run.Latest > date && Array.Exists(Steps, step => (times == Times(hours, step, isEnd: false) && run.Starts == step) || (times == Times(hours, step, isEnd: true) && run.Ends == step));

    /// <summary>All times of a day in quarters of hours, by a step.</summary>
    private static UInt128 Times(int hours, int step, bool isEnd)
    {
        UInt128 all = 0;
        for (var at = isEnd ? step : 0; at <= (hours * QuartersOfHour) - (isEnd ? 0 : step); at += step)
        {
            all |= UInt128.One << at;
        }

        return all;
    }

    private int LengthOf(LocalDate date)
    {
        if (_length.Date != date)
        {
            _length = (date, (int)Math.Round((_zone.AtStartOfDay(date.PlusDays(1)).ToInstant() - _zone.AtStartOfDay(date).ToInstant()).TotalHours));
        }

        return _length.Hours;
    }

    private void Note(string series, LocalDate date, in WrittenTime time)
    {
        ref var run = ref CollectionsMarshal.GetValueRefOrAddDefault(_runs, series, out var isKnown);
        if (!isKnown || run.Date != date)
        {
            run = (isKnown ? run.Closed() : run) with { Date = date, Times = 0, IsChanged = LengthOf(date) != HoursOfDay, Latest = isKnown && run.Latest > date ? run.Latest : date };
        }

        var quarters = time.OfDay.Ticks / (TimeSpan.TicksPerHour / QuartersOfHour);
        var isOdd = time.IsMarked || time.IsOfNextDay || time.OfDay.Ticks % (TimeSpan.TicksPerHour / QuartersOfHour) != 0;
        var bit = isOdd ? OfNone : UInt128.One << (int)quarters;
        if (!run.IsChanged)
        {
            run = run with { Times = run.Times | bit };
            return;
        }

        ref var times = ref CollectionsMarshal.GetValueRefOrAddDefault(_changed, (series, date), out _);
        var isAgain = (times & bit) != 0 && _zone.MapLocal(date.AtMidnight().PlusTicks(time.OfDay.Ticks)).Count == 2;
        times |= isAgain ? OfNone : bit;
    }

    /// <summary>What the days of 24 hours of a series have.</summary>
    /// <param name="Starts">The step of those that have all times from 00:00 on; zero where none have.</param>
    /// <param name="Ends">The step of those that have all times up to 24:00.</param>
    private readonly record struct Run(LocalDate Date, UInt128 Times, bool IsChanged, LocalDate Latest, int Starts, int Ends, bool HaveBothMidnights)
    {
        private const int LastMidnight = HoursOfDay * QuartersOfHour;

        public Run Closed()
        {
            var (starts, ends) = (Array.IndexOf(StartsOfDay, Times), Array.IndexOf(EndsOfDay, Times));
            return this with
            {
                Starts = starts >= 0 ? Steps[starts] : Starts,
                Ends = ends >= 0 ? Steps[ends] : Ends,
                HaveBothMidnights = HaveBothMidnights || ((Times & 1) != 0 && ((Times >> LastMidnight) & 1) != 0),
            };
        }
    }
}
