using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using NodaTime;

namespace Ems.Ingestion.Imports.Times;

/// <summary>Finds the columns of a table that say which time a row is of.</summary>
/// <param name="told">What the sender says about the columns.</param>
/// <param name="except">Columns that are something else.</param>
internal sealed partial class TimeColumnFinder(SheetTable table, MappedTable told, IReadOnlyCollection<int>? except = null)
{
    private const int LeapYear = 2000;
    private const int FewestOfSame = 10;
    private const int SmallPart = 4;

    /// <summary>Words of headers of days.</summary>
    public static readonly string[] Days = ["day", "tag", "jour", "día", "giorno", "dag", "dia"];

    private static readonly string[] Years = ["year", "jahr", "année", "annee", "año", "ano", "anno", "jaar", "år", "rok", "vuosi", "yıl", "yil", "aasta", "gads", "metai", "év", "leto", "godina", "год", "έτος", "anul", "年"];

    /// <summary>Words of headers of months.</summary>
    public static readonly string[] Months = ["month", "monat", "mois", "mes", "mês", "mese", "maand", "månad", "måned", "miesiąc", "měsíc", "mesiac", "kuukausi", "ay", "hónap", "mjesec", "mesec", "luna", "kuu", "mėnuo", "mēnesis", "месяц", "μήνας", "月"];

    private static readonly string[] OfYears = [.. Years, "calendar", "reporting", "kalenderjahr"];
    // When what was measured came in, or is paid.
    private static readonly string[] OfLater = ["received", "posted", "due", "created", "upload", "uploaded", "entered", "imported", "modified", "updated", "invoice", "invoiced"];

    private static readonly string[] MonthsOfBills = [.. Months, "rechnungsmonat", "abrechnungsmonat"];
    private static readonly string[] OfBills = ["bill", "billing", "billed", "statement", "date", "of", .. MonthsOfBills];
    private static readonly string[] Peaks = ["max", "maximum", "peak", "peaks", "highest", "spitze", "lastspitze", "spitzenlast", "höchstlast", "pointe", "punta", "picco", "piek", "szczyt", "md"];
    private static readonly string[] Periods = ["period", "période", "periode", "periodo"];
    private static readonly string[] PartsOfYears = ["quarter", "quartal", "trimestre", "kwartaal", "kvartal", "kwartał", "kvartál", "čtvrtletí", "negyedév", "semester", "semestre", "halbjahr", "bimestre", "week", "woche", "semaine", "semana", "season", "half", "from", "to", "start", "end", "begin"];

    private readonly Dictionary<int, HeaderWords> _words = table.Columns
        .Where(column => except?.Contains(column) != true && told.Allows(column, ColumnRole.Time, ColumnRole.End)
            // What is used per day is no day.
            && (told.Find(column) is not null || (HeaderReader.Read(table.HeaderOf(column)).Per is null && !AreOfPeaks(table, column))))
        .ToDictionary(column => column, column => new HeaderWords(table.HeaderOf(column)));

    private IReadOnlyDictionary<int, LabelMeaning>? _paired;

    /// <summary>Whether a header says when the greatest demand of the row was, beside others that say when the row is. The greatest date beside the least is where the row ends.</summary>
    private static bool AreOfPeaks(SheetTable table, int column)
    {
        return IsTime(column) && IsPeak(column) && table.Columns.Any(other => IsTime(other) && !IsPeak(other)) && !table.Columns.Any(other => IsTime(other) && new HeaderWords(table.HeaderOf(other)).Any("min", "minimum", "first", "lowest"));

        bool IsTime(int at) => new HeaderWords(table.HeaderOf(at)).NameTime;
        bool IsPeak(int at) => new HeaderWords(table.HeaderOf(at)).Any((IEnumerable<string>)Peaks);
    }

    /// <summary>Columns of whole times and dates, from the first row on.</summary>
    public IReadOnlyList<TimeColumn> Times() => IsTold
        ? [.. table.ToldAs(FileColumn.Date).Concat(table.ToldAs(FileColumn.End)).Select(TimeOf)]
        : [.. _words.Keys.Select(TimeAt).OfType<TimeColumn>()];

    /// <summary>Whether the rows are of a file that told which columns have its times, and nobody says otherwise now.</summary>
    private bool IsTold => table.ToldColumns is { } columns && told.Of(ColumnRole.Time).Concat(told.Of(ColumnRole.End)).All(column => column < columns.Count && IsTime(columns[column]))
        && Enumerable.Range(0, columns.Count).All(column => !IsTime(columns[column]) || _words.ContainsKey(column));

    private static bool IsTime(FileColumn column) => column is >= FileColumn.Date and <= FileColumn.EndClock;

    /// <summary>A column of years.</summary>
    public int? YearColumn() => IsTold ? Told(FileColumn.Year) : _words.Keys.Cast<int?>().FirstOrDefault(column => HoldsNumbers(column!.Value, 1900, 2199));

    /// <summary>A column of months without years.</summary>
    public int? MonthColumn() => IsTold ? Told(FileColumn.Month) : _words.Keys.Cast<int?>().FirstOrDefault(column => HoldsMonths(column!.Value) || HoldsAllMonths(column.Value));

    /// <summary>A column of days without years, or of those of one year, which stands for any.</summary>
    public int? YearDayColumn() => IsTold ? Told(FileColumn.YearDay) : _words.Keys.Cast<int?>().FirstOrDefault(column => HoldsYearDays(column!.Value));

    /// <summary>The column of days of the file that the rows are of; null where no file told it.</summary>
    public int? ToldDay => IsTold ? Told(FileColumn.Day) : null;

    /// <summary>The columns that may be of times, where no file told it.</summary>
    public IEnumerable<int> Open => IsTold ? [] : _words.Keys;

    /// <summary>A column of times of day in a sheet whose headers have the dates.</summary>
    public ClockColumn? FindClock() => IsTold ? ToldClock(FileColumn.Clock, table.Told!.Clock) : FindClocks(null, []).Clock;

    /// <summary>Null when no column says it.</summary>
    /// <exception cref="ImportFaultException">More than one can.</exception>
    public TimeColumns? Find()
    {
        if (IsTold)
        {
            return FindAgain();
        }

        var times = WithoutMonthsOfOthers(Times());
        if (times.Count == 0)
        {
            return FindNumbers();
        }

        if (told.Of(ColumnRole.Time).Any() && !times.Any(IsMapped) && told.Of(ColumnRole.Time).Cast<int?>().FirstOrDefault(column => !ShowsTimesOfDay(column!.Value)) is { } other)
        {
            if (FindNumbers() is { } numbers)
            {
                return numbers;
            }

            // Hours and their minutes stand beside a date that nobody names.
            if (!told.Of(ColumnRole.Time).All(column => (ClockAt(column) is not null && _words[column].NameTime) || MinuteColumn.Of(table, column) is not null))
            {
                throw NoTimes(other);
            }
        }

        var (date, end) = Choose(times);
        end ??= EndWithin(date);
        var (clock, endClock) = IsDateOnly(date) && date.Range == RangeEnd.None ? FindClocks(date.Index, []) : default;
        clock ??= end is null && endClock is null && IsDateOnly(date) ? ClockByRows(date.Index) : null;
        date = end is null && clock is null ? WithMonthsTo(date) : date;
        endClock = end is { } last && !IsDateOnly(last) ? null : endClock;
        return new TimeColumns(table.HeaderOf(date.Index))
        {
            Date = date,
            End = end,
            Clock = clock,
            EndClock = endClock,
            Days = clock is null && IsDateOnly(date) ? DayCounts.Find(table) : null,
            Offset = OffsetOf(date.Index) ?? (clock is { } hours ? OffsetOf(hours.Index) : null),
            // Days, months and ends farther on may lie behind a change of the clock.
            Offsets = end is null && endClock is null && (clock is not null || !IsDateOnly(date)) ? OffsetColumn.Find(table, told) : null,
            Zone = ZoneOf(date.Index) ?? (clock is { } ofDay ? ZoneOf(ofDay.Index) : null),
            ZoneId = _words[date.Index].ZoneId ?? (clock is { } inZone ? _words[inZone.Index].ZoneId : null),
            Label = date.MonthsTo > 0 ? (LabelMeaning.Start, $"the header {table.HeaderOf(date.Index)} says how long the rows are") : LabelOf(date.Index, clock, endClock?.Index ?? end?.Index),
            IsLabelledByNumbers = endClock is null && end is null && IsLabelledByNumbers(clock),
            DateFillsDown = clock is not null && FillsDown(date.Index),
        };
    }

    /// <summary>The columns that had the times of the file that the rows are of, whatever a few of them hold.</summary>
    private TimeColumns? FindAgain()
    {
        var (date, end, year, given) = (Told(FileColumn.Date), Told(FileColumn.End), Told(FileColumn.Year), table.Told!.Given);
        if ((date ?? year ?? (given is null ? null : Told(FileColumn.Month) ?? Told(FileColumn.Day))) is not { } first)
        {
            return null;
        }

        var (clock, endClock) = (ToldClock(FileColumn.Clock, table.Told.Clock), ToldClock(FileColumn.EndClock, table.Told.EndClock));
        var day = date ?? Told(FileColumn.Day);
        return new TimeColumns(table.HeaderOf(first))
        {
            Date = date is { } column ? end is null && clock is null ? WithMonthsTo(TimeOf(column)) : TimeOf(column) : null,
            Year = year,
            Month = Told(FileColumn.Month),
            NumbersQuarters = Told(FileColumn.Month) is { } quarters && NumbersQuarters(quarters),
            FirstMonth = table.Told.FirstMonth ?? 1,
            Day = Told(FileColumn.Day),
            Week = Told(FileColumn.Week),
            Given = given,
            Clock = clock,
            End = end is { } last ? TimeOf(last) : date is { } both ? EndWithin(TimeOf(both)) : null,
            EndClock = endClock,
            Days = Told(FileColumn.Days),
            Offset = OffsetOf(first) ?? (clock is { } hours ? OffsetOf(hours.Index) : null),
            Offsets = Told(FileColumn.Offset) is not null ? OffsetColumn.Find(table, told) : null,
            Zone = ZoneOf(first) ?? (clock is { } ofDay ? ZoneOf(ofDay.Index) : null),
            Label = day is { } labelled ? LabelOf(labelled, clock, endClock?.Index ?? end ?? EndWithin(TimeOf(labelled))?.Index) : null,
        };
    }

    private int? Told(FileColumn was) => table.ToldAs(was).Cast<int?>().FirstOrDefault();

    private TimeColumn TimeOf(int column)
    {
        var time = new TimeColumn(column, NumbersOf(column)) { Range = HoldDateRanges(column) ? RangeEnd.First : RangeEnd.None };
        return time with { IsOfMonths = time.Numbers == NumberTimes.None && (table.Told is { YearsArePeriods: true } || NamesMonths(column, time)) };
    }

    private ClockColumn? ToldClock(FileColumn was, ClockCells? cells) =>
        Told(was) is { } column && (cells ?? ClockCells.Of([.. table.Filled(column)])) is { } clock ? new ClockColumn(column, table.HeaderOf(column), clock)
        {
            Minutes = was == FileColumn.Clock && Told(FileColumn.Minute) is { } minutes ? MinuteColumn.Of(table, minutes) : null,
        } : null;

    private NumberTimes NumbersOf(int column)
    {
        if (HoldsShortMonths(column))
        {
            return NumberTimes.ShortMonths;
        }

        // Day (kWh) is a tariff.
        var named = (_words[column].NameTime && HeaderReader.Read(table.HeaderOf(column)).Unit is null) || told.Find(column) is not null || (table.HeaderRow == 0 && column == 0 && AreDates(column));
        return named && table.Filled(column).Select(cell => TimeCells.NumberIn(cell)).FirstOrDefault(number => number is not null) is { } number
            ? TimeCells.MeaningOf(number, table.Is1904) : NumberTimes.None;
    }

    /// <summary>Whether numbers without a header have the digits of dates, of which each is after the one before.</summary>
    private bool AreDates(int column)
    {
        var cells = table.Filled(column).ToList();
        return cells.Count > 1 && cells.TrueForAll(cell => cell.Kind == CellKind.Number && TimeCells.MeaningOf(cell.Number, table.Is1904) == NumberTimes.Digits)
            && cells.Zip(cells.Skip(1)).All(pair => pair.Second.Number > pair.First.Number);
    }

    private TimeColumn? TimeAt(int column)
    {
        var time = TimeOf(column);
        return (table.Told is not null || IsTime(table.Rows[0][column])) && table.Mostly(column, IsTime) ? time : null;

        // A time of day is a time of 1899.
        bool IsTime(Cell cell) => time.TryRead(cell, out _) && cell is not { Kind: CellKind.Time, Time.Year: 1899 };
    }

    /// <summary>What the header says about its labels, alone or beside the one of another column of times.</summary>
    private LabelMeaning? LabelIn(int column) => _words[column].Label ?? (Paired.TryGetValue(column, out var label) ? label : null);

    private IReadOnlyDictionary<int, LabelMeaning> Paired => _paired ??= PairedHeaders.Find(
        _words.Where(column => TimeAt(column.Key) is not null || ClockCells.Of([.. table.Filled(column.Key)]) is { Numbers: ClockNumbers.Clock }).ToDictionary());

    private bool IsMapped(TimeColumn time) => told.Find(time.Index)?.Purpose == ColumnRole.Time;

    private (TimeColumn Date, TimeColumn? End) Choose(IReadOnlyList<TimeColumn> times)
    {
        if (times.Any(IsMapped))
        {
            return (times.First(IsMapped), EndOf(times));
        }

        IReadOnlyList<TimeColumn> left = times.Where(time => !_words[time.Index].AreAdministrative && (_words[time.Index].NameTime || !CustomerColumn.AreNamedBy(_words[time.Index]))).ToList() is { Count: > 0 } metered ? metered : times;
        left = left.Where(time => OffsetOf(time.Index) is not null).ToList() is { Count: > 0 } utc ? utc : left;
        left = WithoutAgain(WithoutQuery(left));
        // Some write the same times beside each of their columns.
        left = [.. left.DistinctBy(time => string.Join('\n', table.Rows.Select(row => HeaderTexts.TextOf(row[time.Index])).Prepend(MappedColumn.Normal(table.HeaderOf(time.Index)).ToUpperInvariant())))];
        // So do others under another name, as of each of their values.
        left = left.All(time => LabelIn(time.Index) is null) && table.Rows.Count >= FewestOfSame
            && left.Select(time => string.Join('\n', table.Rows.Select(row => HeaderTexts.TextOf(row[time.Index])))).Distinct().Count() == 1 ? [left[0]] : left;
        var starts = left.Where(time => LabelIn(time.Index) == LabelMeaning.Start).ToList();
        var ends = left.Where(time => LabelIn(time.Index) == LabelMeaning.End).ToList();
        // Beside both ends of what a bill is for, its own date or month says nothing; beside those of a contract, which have several months within them, the month does.
        var isBill = (starts.Count, ends.Count) is (1, 1);
        var month = isBill ? left.Except(starts).Except(ends).Where(time => NamesMonths(time.Index, time) && AreWithin(time, starts[0], ends[0])).Cast<TimeColumn?>().FirstOrDefault() : null;
        left = isBill && month is null && left.Where(time => _words[time.Index].Except(NamesMonths(time.Index, time) ? [.. OfBills, .. Periods] : OfBills).Count > 0).ToList() is { Count: 2 } period && period.Contains(starts[0]) && period.Contains(ends[0]) ? period : left;
        var prior = left.Where(time => _words[time.Index].Any("prior", "previous", "prev", "alt", "alte", "altes", "alter", "old", "vorher", "vorig", "voriges", "letztes", "oud", "oude", "vorige", "poprzednia", "poprzedni", "předchozí", "föregående", "forrige", "edellinen", "önceki", "precedente", "vorherige", "vorheriges", "précédente", "précédent", "ancien", "ancienne", "anterior")).ToList();
        if (starts.Count == 0 && prior.Count == 1 && left.Count == 2)
        {
            // Two readings of a meter are the ends of what was used between them.
            return (prior[0], left.Single(time => time != prior[0]));
        }

        (TimeColumn Time, TimeColumn? End) guess = month is { } within ? (within, null) : isBill ? (starts[0], ends[0]) : ReadBefore(left) is { } read ? (read, null)
            : left is [var one, var other] && (EndsAfter(one, other) || EndsAfter(other, one)) ? EndsAfter(one, other) ? (one, other) : (other, one) : (left[0], null);
        var shared = left.GroupBy(time => table.HeaderOf(time.Index)).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet();
        return left.Count == 1 ? (left[0], null)
            : starts.Count == 1 && ends.Count == 1 && left.Count == 2 ? (starts[0], ends[0])
            : StandSideBySide(left) ? throw new ImportFaultException(new ImportFault(
                ImportFault.DataValidationFailed,
                $"The columns {string.Join(" and ", left.Select(time => table.HeaderOf(time.Index)))} have times, each with values behind it: these are tables side by side. Put each on a sheet or into a file of its own.",
                table.Sheet, table.HeaderRow, table.HeaderOf(left[0].Index)))
            : throw SeveralTimes([.. left.Select(time => new MappedColumn(table.HeaderOf(time.Index))
            {
                Position = shared.Contains(table.HeaderOf(time.Index)) ? time.Index + 1 : null,
                Role = time == guess.Time ? ColumnRole.Time : time == guess.End ? ColumnRole.End : ColumnRole.Ignored,
                Confidence = 0.4, Reason = "more than one column holds timestamps; this is a guess",
            })]);
    }

    /// <summary>Whether the times of the one are never after those of the other in their rows, and so far before them as what lasts is: when a value came in says nothing of its length.</summary>
    private bool EndsAfter(TimeColumn start, TimeColumn end) => !_words[end.Index].Any((IEnumerable<string>)OfLater) && Array.Exists([DateOrder.DayMonthYear, DateOrder.MonthDayYear], order =>
    {
        var rows = table.Rows.Where(row => row[start.Index].Kind != CellKind.Empty && row[end.Index].Kind != CellKind.Empty).Select(row => (Start: LocalOf(row, start, order), End: LocalOf(row, end, order))).ToList();
        return rows.Count > 0 && rows.TrueForAll(row => row.Start <= row.End) && rows.Count(row => row.Start < row.End) * 2 > rows.Count
            && rows.Sum(row => DaysBetween(row.Start, row.End)) * SmallPart >= DaysBetween(rows.Min(row => row.Start), rows.Max(row => row.Start));
    });

    /// <summary>When a meter was read, where all others are the dates of what was billed then; null where they are not.</summary>
    private TimeColumn? ReadBefore(IReadOnlyList<TimeColumn> times) =>
        times.Where(time => _words[time.Index] is { NameBills: false, NameReadings: true }).ToList() is [var only] && times.All(time => time == only || _words[time.Index].NameBills || _words[time.Index].Any("rechnungsdatum", "fakturadatum")) ? only : null;

    private static double DaysBetween(LocalDateTime? start, LocalDateTime? end) => (end!.Value.ToDateTimeUnspecified() - start!.Value.ToDateTimeUnspecified()).TotalDays;

    private static LocalDateTime? LocalOf(SampleRow row, TimeColumn column, DateOrder order) => column.TryRead(row[column.Index], out var time) ? time.ToLocal(order) : null;

    private ImportFaultException SeveralTimes(IReadOnlyList<MappedColumn> guess) => new(new ImportFault(
        ImportFault.AmbiguousMapping, $"More than one column holds timestamps. Give one the role time, and the others another, as with {ImportMapping.Written(guess)}.",
        table.Sheet, table.HeaderRow, guess[0].Column, [.. guess.Select(column => column.Column)])
    {
        Guess = new ImportMapping { Columns = guess },
    });

    /// <summary>Without a start and an end that all rows share beside the time of each: they are those of a query. Beside the date of a bill they are its period.</summary>
    private IReadOnlyList<TimeColumn> WithoutQuery(IReadOnlyList<TimeColumn> times)
    {
        var same = times.Where(time => LabelIn(time.Index) is not null && table.Filled(time.Index).Distinct().Count() == 1).ToList();
        var left = times.Except(same).ToList();
        return left.Count > 0 && left.TrueForAll(time => _words[time.Index].Any("time", "timestamp", "datetime", "zeit", "zeitstempel", "horodate", "horodatage") && table.Filled(time.Index).Distinct().Count() > 1)
            && same.DistinctBy(time => LabelIn(time.Index)).Count() == 2 ? left : times;
    }

    /// <summary>The column of ends that the mapping names; null when it names none, or one of times of day.</summary>
    private TimeColumn? EndOf(IReadOnlyList<TimeColumn> times)
    {
        var ends = told.Of(ColumnRole.End).ToList();
        return times.Where(time => ends.Contains(time.Index)).Cast<TimeColumn?>().FirstOrDefault()
            ?? (ends.TrueForAll(column => ClockAt(column) is not null) ? null : throw NoTimes(ends.Find(column => ClockAt(column) is null)));
    }

    private ImportFaultException NoTimes(int column) => new(new ImportFault(
        ImportFault.MissingRequiredColumns, $"{told.Source} says that the column {table.HeaderOf(column)} has times, but most of its cells have none{(table.Filled(column).FirstOrDefault() is { Kind: CellKind.Text, Text: { } first } ? $": the first is '{SheetTable.Shown(first)}'" : "")}.",
        table.Sheet, table.HeaderRow, table.HeaderOf(column)));

    /// <summary>Whether no cell of the column has a time of day.</summary>
    public bool IsDateOnly(TimeColumn column) => table.Filled(column.Index).All(cell =>
        !column.TryRead(cell, out var time) || (time.OfDay == TimeSpan.Zero && !time.IsMonth));

    private (LabelMeaning Meaning, string Why)? LabelOf(int date, ClockColumn? clock, int? end) =>
        end == date ? (LabelMeaning.Start, $"the column {table.HeaderOf(date)} has both ends of the intervals")
        : end is { } last ? (LabelMeaning.Start, $"the columns {table.HeaderOf(clock?.Index ?? date)} and {table.HeaderOf(last)} have both ends of the intervals")
        : (clock is { } hours ? LabelOf(hours.Index) : null) ?? LabelOf(date);

    private bool IsLabelledByNumbers(ClockColumn? clock) => clock is { Cells.Numbers: ClockNumbers.Undecided } hours && LabelOf(hours.Index) is null;

    private (short Minutes, string Header)? OffsetOf(int column) =>
        _words[column].OffsetMinutes is { } minutes ? (minutes, table.HeaderOf(column)) : null;

    private (string Name, string Header)? ZoneOf(int column) => _words[column].Zone is { } zone ? (zone, table.HeaderOf(column)) : null;

    /// <summary>What the header of a column says about the labels; null when it does not.</summary>
    public (LabelMeaning Meaning, string Why)? LabelOf(int column) =>
        LabelIn(column) is { } said ? (said, $"the header {table.HeaderOf(column)} says so") : null;

    /// <summary>A date in columns of year, month and day.</summary>
    private TimeColumns? FindNumbers()
    {
        int? year = null, month = null, day = null;
        foreach (var (column, words) in _words)
        {
            year ??= (words.Any((IEnumerable<string>)Years) || words.Any("fy")) && HoldsNumbers(column, 1900, 2199) ? column : null;
            month ??= (words.Any((IEnumerable<string>)Months) && (HoldsNumbers(column, 1, 12) || HoldsMonths(column))) ? column : null;
            day ??= (words.Any(Days) || (table.Named?.Month is not null && words.Any("date", "datum"))) && HoldsNumbers(column, 1, 31) ? column : null;
        }

        // Beside months their quarters say nothing more.
        month ??= day is null && !_words.Keys.Any(HoldsNamesOfMonths) && !_words.Values.Any(words => words.Any(TimeWords.WeeksOfMondays.Append("week"))) ? _words.Keys.Where(column => HoldsPartsOfYear(column) || NumbersQuarters(column)).Cast<int?>().FirstOrDefault() : null;
        if (day is null && table.Named is null && MonthAndYear(year, month) is var (byName, itsYear))
        {
            (month, year) = (byName, itsYear);
        }

        if (year is { } ofWeeks && month is null && day is null && _words.Keys.Where(column => HoldsNumbers(column, 1, 53) && WeekNumbers.Are(table, column, ofWeeks)).Cast<int?>().FirstOrDefault() is { } week)
        {
            return new TimeColumns(table.HeaderOf(ofWeeks)) { Year = year, Week = week, YearFillsDown = FillsDown(ofWeeks), Label = (LabelMeaning.Start, "the rows name whole weeks") };
        }

        var financial = year is null && month is not null && day is null ? FinancialYearColumn() : null;
        var firstMonth = financial is { } both ? table.Told?.FirstMonth ?? MonthOrder.OfFinancialYear(table, both, month!.Value) : 1;
        year ??= financial;
        month ??= year is null && table.Named is not null ? MonthColumn() : null;
        var given = year is not null && month is not null ? null : month is { } named ? table.Named?.For(MonthOrder.In(table, named)) : table.Named;
        if (!IsYearAlone(year, month ?? day) && ((year is null && given is null) || (month is null && (day is null || given?.Month is null))))
        {
            return null;
        }

        if (year is { } ofMonths && month is { } within && day is null && financial is null)
        {
            MonthOrder.RefuseWithin(table, ofMonths, within);
        }

        var (clock, endClock) = day is { } date ? FindClocks(date, [year, month]) : default;
        return new TimeColumns(table.HeaderOf(year ?? month ?? day!.Value))
        {
            Year = year,
            Month = month,
            NumbersQuarters = month is { } quarters && NumbersQuarters(quarters),
            FirstMonth = firstMonth,
            Day = day,
            YearFillsDown = year is { } years && FillsDown(years),
            MonthFillsDown = day is not null && month is { } months && FillsDown(months),
            Given = given,
            Clock = clock,
            EndClock = endClock,
            Label = clock is { } hours ? LabelOf(day!.Value, hours, endClock?.Index) : null,
            IsLabelledByNumbers = endClock is null && IsLabelledByNumbers(clock),
        };
    }

    private bool HoldsNumbers(int column, int least, int greatest) => table.Mostly(column, cell =>
        cell.Kind == CellKind.Number && cell.Number % 1 == 0 && cell.Number >= least && cell.Number <= greatest);

    private bool HoldsAllMonths(int column) => HoldsNumbers(column, 1, 12) && (table.Told is not null || table.Filled(column).Select(cell => cell.Number).Distinct().Count() == 12);

    private bool HoldsYearDays(int column) => (_words[column].NameTime || told.Find(column) is not null)
        && table.Mostly(column, cell => YearDays.TryRead(cell, LeapYear, out _))
        && table.Rows.Select(row => row[column]).Where(cell => cell.Kind == CellKind.Time).Select(cell => cell.Time.Year).Distinct().Count() <= 1;

    private bool HoldsMonths(int column) => HoldsNamesOfMonths(column) || HoldsPartsOfYear(column)
        || (_words[column].Any((IEnumerable<string>)Months) && table.HoldsTexts(column, text => MonthNames.FindRoman(text) > 0) && table.Filled(column).Distinct().Count() > 2);

    private bool HoldsNamesOfMonths(int column) => table.HoldsTexts(column, text => MonthNames.Find(text) > 0);
}
