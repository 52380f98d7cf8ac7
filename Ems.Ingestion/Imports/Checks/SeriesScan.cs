using System.Globalization;
using System.Runtime.InteropServices;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Pass over the spooled rows of a sheet: how the labels of each meter and metric follow each other, and what is missing.</summary>
/// <param name="toldEnd">From the written ends of intervals to the real ones as the mapping says it, where the file leaves it open.</param>
internal sealed class SeriesScan(SheetFacts facts, DateTimeZone zone, Duration? toldEnd)
{
    private const int MostNamed = 5;

    // More are no bills, but what meters say every day.
    private const int MostReadDates = 200_000;

    private readonly Dictionary<string, SeriesLabels> _labels = [];
    private readonly Dictionary<string, SeriesLabels> _ofEquipment = [];
    private readonly Dictionary<string, OwnInterval> _told = [];
    private readonly IntervalEnds _ends = new(toldEnd is not null);
    private readonly RepeatedLabels _repeated = new(zone);
    private readonly SkippedLabels _skipped = new(zone);
    private readonly CellReader _cells = new(facts);
    private readonly DeliveredMetrics _delivered = new(facts);
    private readonly BlankVolumes _blank = new(facts);
    private readonly Dictionary<string, long> _gaps = [];
    private readonly Dictionary<string, SortedSet<LocalDate>> _readDates = [];
    private int _readDateCount;
    private bool _keepsReadDates = true;
    private readonly BillDays _days = new();
    private readonly bool _mayBeRead = facts.Layout.LastReading is not null || NamesReadDates(facts);
    // The columns of a matrix have marked the second of two equal times.
    private readonly bool _isOfClocks = facts.Layout.Matrix is [{ Part.Clock: not null }, ..];
    private readonly bool _isOfDates = facts.Layout is { Matrix: [{ Part.Date: not null }, ..], Time.Clock: not null };
    private bool _haveMarks;
    private long _marked;
    private long _markedOnce;
    private bool _all24;
    private short _fewestMonths;
    private short _mostMonths;
    private bool _namesDays;
    private bool _namesWeeks;
    private bool _hasRanges;

    public IReadOnlyDictionary<string, long> Gaps => _gaps;

    /// <summary>Which equipment delivers what a reading may miss.</summary>
    public IEnumerable<(string EquipmentId, string Metric)> Delivered => _delivered.Found;

    /// <summary>The facts with what the rows say, and the assumptions that this takes.</summary>
    /// <param name="told">What the labels stand for, when the request says it.</param>
    public (SheetFacts Facts, IReadOnlyList<ImportAssumption> Assumptions) Run(string rowsPath, LabelMeaning? told, CancellationToken cancellationToken)
    {
        foreach (var row in RowSpoolReader.Scan(rowsPath, facts.Spool, facts.Layout.Columns.Count))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (facts.TimeOf(row) is { } time && time.ToLocal(facts.Order) is { } local)
            {
                Note(row, time, local);
            }
        }

        var areReadOnce = AreReadOnce;
        var series = _labels.ToDictionary(entry => entry.Key, entry => new SeriesFacts(
            _mostMonths > 0 && !(entry.Value.Step is { } step && !NominalLength.IsMonths(step)) ? entry.Value.StepOfDates(_fewestMonths) ?? (NominalLength.Month * (entry.Value.Months > 0 ? entry.Value.Months : _fewestMonths))
                : areReadOnce ? NominalLength.Month
                : facts.Layout.IsOfDays ? Duration.FromDays(1)
                : _told.GetValueOrDefault(entry.Key).Interval ?? facts.Layout.WholeFile?.Step ?? entry.Value.Step ?? Duration.Zero,
            entry.Value.Order,
            entry.Value.DayOfMonth));
        var assumptions = new List<ImportAssumption>(areReadOnce
            ? [new("interval", "one month", "each meter has one read date, and nothing says when it was read before: what was used is taken to be of the month before it")] : []);
        var areLastDays = AreLastDays(series.Values);
        var areReadDates = AreReadDates(series.Values);
        var label = LabelOf(told ?? facts.Layout.WholeFile?.Label, areLastDays, areReadDates, assumptions);
        var ends = facts.Layout.WholeFile?.EndsAfter
            ?? (facts.Layout.Time.HasEnds ? EndsAfter(assumptions) : label != LabelMeaning.End ? null
                : areLastDays ? EndOfLastDay("every label is the last day of a month, which belongs to it", assumptions)
                : AreLastDaysOfWeeks(series.Values) ? EndOfLastDay($"the header {facts.Layout.Time.Header} names last days of weeks, which belong to them", assumptions)
                : AreReadOnLastDays(series.Values) ? EndOfLastDay("the labels are ends, and every one is the last day of a month: registers were read when it was over", assumptions)
                : null);
        series = series.ToDictionary(entry => entry.Key, entry => entry.Value with { EndsAfter = EndsAfter(entry.Key) ?? ends ?? Duration.Zero });

        if ((areReadDates || UsesDays || facts.Layout.WholeFile is not null) && label == LabelMeaning.End && !areLastDays)
        {
            series = series.ToDictionary(entry => entry.Key, entry => entry.Value with { ReadDates = _readDates.GetValueOrDefault(entry.Key)?.ToArray() });
        }

        if (label != LabelMeaning.End && !_haveMarks)
        {
            AssumeWhichHour(series, assumptions);
        }

        if (LengthsAreOpen(areReadDates))
        {
            series = series.ToDictionary(entry => entry.Key, entry => entry.Value with { Change = _told.ContainsKey(entry.Key) ? null : _labels[entry.Key].OnlyChange });
            assumptions.AddRange(SayChanges(series));
        }

        var totals = _mostMonths > _fewestMonths || (_mostMonths > 0 && _namesDays) ? PeriodTotals.Find(facts, series, rowsPath, cancellationToken) : PeriodTotals.None;
        assumptions.AddRange(totals.Assumptions);
        return (
            facts with
            {
                PeriodTotals = totals,
                BlankVolumes = _blank.Found,
                Series = series,
                Extent = _labels.Count == 0 ? null : (_labels.Values.Min(labels => labels.First), _labels.Values.Max(labels => labels.Last)),
                Label = label,
                EndsAfter = ends ?? Duration.Zero,
                MoreDays = UsesDays ? facts.Layout.WholeFile?.MoreDays ?? _days.MoreThanSaid(label) : null,
                MarksAreOfSummer = !_isOfClocks && ((_markedOnce > 0 && _markedOnce * 2 >= _marked) || _repeated.MarkTheFirst(key => series[key].Order)),
                RepeatsEnds = label == LabelMeaning.End && (facts.Layout.WholeFile?.RepeatsEnds ?? RepeatsEnds(series, assumptions)),
                FillsSkipped = label == LabelMeaning.End && (facts.Layout.WholeFile?.FillsSkipped ?? _skipped.AreFilled),
            },
            assumptions);
    }

    private void Note(SpooledRow row, in WrittenTime time, LocalDateTime local)
    {
        var key = facts.LabelsOf(row);
        ref var labels = ref CollectionsMarshal.GetValueRefOrAddDefault(_labels, key, out _);
        (labels ??= Begin(key, facts.KeyOf(row))).Note(local, time.IsMonth);
        if (facts.Subjects[row.Subject].Own is { Interval: not null } own)
        {
            _told[key] = own;
        }

        if (time.IsMonth)
        {
            _fewestMonths = _mostMonths == 0 ? time.Months : Math.Min(_fewestMonths, time.Months);
            _mostMonths = Math.Max(_mostMonths, time.Months);
            labels.NoteMonths(time.Months);
        }
        else
        {
            _namesDays = true;
            _namesWeeks |= time.IsWeek;
        }

        _hasRanges |= time.IsRange;
        _all24 |= time.OfDay == (time.IsElapsed ? ClockTime.Longest : ClockTime.Day);
        if (time is { OffsetMinutes: null, IsElapsed: false })
        {
            _repeated.Note(key, local, time.IsMarked);
            _skipped.Note(key, local, row, _cells);
        }

        _haveMarks |= time.IsMarked;
        if (time.IsMarked && !_isOfClocks)
        {
            _marked++;
            _markedOnce += zone.MapLocal(local).Count == 1 && zone.MapLocal(local.PlusHours(-1)).Count == 1 ? 1 : 0;
        }

        // A time of day that is earlier is of the next day.
        if (row.End?.ToLocal(facts.Order) is { } end && (facts.Layout.Time.EndClock is null || end > local))
        {
            _ends.Note(key, local, end, row.End.Value.Months, row.Days, !_cells.IsEmpty(row));
        }

        if (row is { Days: > 0, End: null } && local.TimeOfDay == LocalTime.Midnight)
        {
            _days.Note(key, local.Date, row.Days);
        }

        NoteReadDate(key, local, facts.Subjects[row.Subject].Own.Since);
        CountGaps(row);
        _delivered.Note(row);
        _blank.Note(row);
    }

    private void NoteReadDate(string key, LocalDateTime local, LocalDate? before)
    {
        if (!_keepsReadDates || local.TimeOfDay != LocalTime.Midnight || !(facts.Layout.WholeFile is null ? _mayBeRead || _days.AreSaid : before is not null))
        {
            return;
        }

        ref var dates = ref CollectionsMarshal.GetValueRefOrAddDefault(_readDates, key, out _);
        _readDateCount += (dates ??= []).Add(local.Date) ? 1 : 0;
        if (before is { } read)
        {
            _readDateCount += dates.Add(read) ? 1 : 0;
        }

        if (_readDateCount > MostReadDates)
        {
            _keepsReadDates = false;
            _readDates.Clear();
        }
    }

    private SeriesLabels Begin(string series, string equipment)
    {
        if (series == equipment)
        {
            return new SeriesLabels(null, _isOfDates);
        }

        ref var all = ref CollectionsMarshal.GetValueRefOrAddDefault(_ofEquipment, equipment, out _);
        return new SeriesLabels(all ??= new SeriesLabels(null, _isOfDates), _isOfDates);
    }

    private void CountGaps(SpooledRow row)
    {
        for (var i = 0; i < row.Values.Length; i++)
        {
            var cell = row.Values[i];
            if (!facts.TotalColumns.Contains(i) && _cells.IsMissing(row, i))
            {
                var kind = cell.Kind == CellKind.Number
                    ? cell.Number.ToString(CultureInfo.InvariantCulture) : MissingMarkers.KindOf(cell);
                _gaps[kind] = _gaps.GetValueOrDefault(kind) + 1;
            }
        }
    }

    private LabelMeaning? LabelOf(LabelMeaning? told, bool areLastDays, bool areReadDates, List<ImportAssumption> assumptions)
    {
        // The name of a month, or both ends of an interval, leave nothing to say.
        var (meaning, why) = _mostMonths > 0 ? (LabelMeaning.Start, "the labels name whole months")
            : _namesWeeks && !facts.Layout.Time.HasEnds ? (LabelMeaning.Start, "the labels name whole weeks")
            : _hasRanges || facts.Layout.Time.HasEnds ? (LabelMeaning.Start, facts.Layout.Time.Label?.Why ?? "the labels have both ends of the intervals")
            : told is { } said ? (said, null)
            : facts.Layout.Time.Label is { } header ? (header.Meaning, header.Why)
            : areReadDates ? facts.Layout.LastReading is { } last && !NamesReadDates(facts) ? RegisterReadings.LabelOf(last)
                : (LabelMeaning.End, $"the header {facts.Layout.Time.Header} names when meters were read: what was used lies before")
            : UsesDays ? (_days.Meaning, _days.Meaning == LabelMeaning.End
                ? "the days that the rows say lie before their dates" : "the days that the rows say begin with their dates")
            : _all24 ? (LabelMeaning.End, "a label is 24:00, which only ends a day")
            : facts.Layout.WholeFile is null && _labels.Count > 0 && _labels.Values.Select(labels => labels.OfEquipment).Distinct().All(labels => labels.EndWholeDays)
                ? (LabelMeaning.End, "so the rows are whole days: they begin one interval after midnight and end at midnight")
            : areLastDays ? (LabelMeaning.End, "every label is the last day of a month")
            : ((LabelMeaning?)null, "neither the file nor the request says it");
        if (why is not null)
        {
            assumptions.Add(new ImportAssumption("timestamp_label", meaning switch
            {
                LabelMeaning.End => "end",
                LabelMeaning.Start => "start",
                _ => "instant for levels, start for intervals",
            }, why));
        }

        return meaning;
    }

    /// <summary>Whether months, or several together, are labelled with their last days. What a register shows on such a day is no month's.</summary>
    private bool AreLastDays(IReadOnlyCollection<SeriesFacts> series) =>
        facts.Layout.WholeFile is null && _labels.Values.All(labels => labels.AreLastDays) && series.Any(one => NominalLength.IsMonths(one.Step))
        && series.All(one => one.Step == Duration.Zero || NominalLength.IsMonths(one.Step))
        && HasAmounts;

    /// <summary>Whether registers alone are labelled with the last days of months, whose ends they are said to be. A single one may be any day, unless the header says that it is of a month.</summary>
    private bool AreReadOnLastDays(IReadOnlyCollection<SeriesFacts> series) =>
        facts.Layout.WholeFile is null && !_all24 && _labels.Count > 0 && _labels.Values.All(labels => labels.AreLastDays) && HasRegisters && !HasAmounts
        && (series.Any(one => NominalLength.IsMonths(one.Step)) || (new HeaderWords(facts.Layout.Time.Header) is { Label: LabelMeaning.End } header && (header.Any((IEnumerable<string>)TimeColumnFinder.Months) || header.Any("monats"))))
        && series.All(one => one.Step == Duration.Zero || NominalLength.IsMonths(one.Step));

    /// <summary>Whether weeks are labelled with their last days, as a header says.</summary>
    private bool AreLastDaysOfWeeks(IReadOnlyCollection<SeriesFacts> series) =>
        new HeaderWords(facts.Layout.Time.Header) is { Label: LabelMeaning.End } header && header.Any("week", "wk", "woche", "semaine", "semana", "settimana")
        && _labels.Values.All(labels => labels.MayBeLastDaysOfWeeks) && series.All(one => one.Step == Duration.Zero || one.Step == Duration.FromDays(7)) && (HasAmounts || HasRegisters);

    /// <summary>Whether bills are labelled with the days on which meters were read.</summary>
    private bool AreReadDates(IReadOnlyCollection<SeriesFacts> series) =>
        facts.Layout.WholeFile is null && _mayBeRead && series.Any(one => one.Step > Duration.FromDays(1))
        && series.All(one => one.Step == Duration.Zero || one.Step > Duration.FromDays(1))
        && HasAmounts;

    /// <summary>Whether each meter has but the date of one reading, and what was used since the one before.</summary>
    private bool AreReadOnce => facts.Layout is { WholeFile: null, HasReadingBefore: true, Time: { Label: null, HasEnds: false } } && _mayBeRead && !_days.AreSaid && _mostMonths == 0 && _labels.Count > 0
        && _labels.Values.All(labels => labels.First == labels.Last && labels.First.TimeOfDay == LocalTime.Midnight) && HasAmounts;

    /// <summary>Whether rows of one date say how many days their amounts are of.</summary>
    private bool UsesDays => _days.AreSaid && HasAmounts && (facts.Layout.WholeFile is not null || _days.GoWithDates || ((_mayBeRead || facts.Layout.Time.Label is not null) && !_days.AreOfOthers));

    private static bool NamesReadDates(SheetFacts facts) => new HeaderWords(facts.Layout.Time.Header).NameReadDate;

    private bool HasAmounts => FileScan.MappingOf(facts).Any(column => column.Kind == QuantityKind.Interval);

    private bool HasRegisters => FileScan.MappingOf(facts).Any(column => column.Kind == QuantityKind.Register);

    private static Duration EndOfLastDay(string why, List<ImportAssumption> assumptions)
    {
        assumptions.Add(new ImportAssumption("interval_end", "inclusive", why));
        return Duration.FromDays(1);
    }

    private bool RepeatsEnds(Dictionary<string, SeriesFacts> series, List<ImportAssumption> assumptions)
    {
        if (_repeated.Find(key => series[key].Step) is not { } found)
        {
            return false;
        }

        assumptions.Add(new ImportAssumption("repeated_hour", found.Ends ? "the clock at the end" : "the clock at the start, one interval on", found.Why));
        return found.Ends;
    }

    private bool LengthsAreOpen(bool areReadDates) =>
        facts.Layout is { WholeFile: null, Time.HasEnds: false, IsOfDays: false } && !areReadDates && !UsesDays && _mostMonths == 0 && !_namesWeeks && HasAmounts;

    /// <summary>Meters whose rows are farther apart in one part of the file than in another, though nothing says how long each of them is.</summary>
    private IEnumerable<ImportAssumption> SayChanges(Dictionary<string, SeriesFacts> series) =>
        from entry in _labels
        where !_told.ContainsKey(entry.Key) && entry.Value.Change is not null
        let change = entry.Value.Change!.Value
        let taken = series[entry.Key].Change is not null
            ? "each amount is taken to be as long as the rows of its part are apart; if those of one part are of another length, undo this import, and send that part as a file of its own"
            : $"all amounts are taken to be of {Shown(series[entry.Key].Step)}: undo this import, and send both parts as files of their own"
        group SheetFacts.MeterOf(entry.Key) is { Length: > 0 } named ? named : facts.Layout.EquipmentId by string.Create(
            CultureInfo.InvariantCulture,
            $"its rows are {Shown(change.Before)} apart as far as {change.From:uuuu-MM-dd HH:mm}, and {Shown(change.After)} behind it; {taken}") into meters
        select new ImportAssumption("interval", string.Join(", ", meters.Distinct().Take(MostNamed)), meters.Key);

    private static string Shown(Duration length) =>
        length < Duration.FromHours(2) ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalMinutes:0.##} minutes")
        : length < Duration.FromDays(2) ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalHours:0.##} hours")
        : $"{Math.Round(length.TotalDays)} days";

    private void AssumeWhichHour(Dictionary<string, SeriesFacts> series, List<ImportAssumption> assumptions)
    {
        foreach (var (label, order) in _repeated.FindLone(key => series[key]).DistinctBy(lone => lone.Order))
        {
            assumptions.Add(new ImportAssumption(
                "repeated_hour", order == LabelOrder.Descending ? "the second of the two" : "the first of the two",
                $"{label.ToString("uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture)} comes twice by the clock and once in the file; the other one is a gap"));
        }
    }

    private Duration? EndsAfter(List<ImportAssumption> assumptions)
    {
        if (_ends.LoneFirstDay is { } day)
        {
            return toldEnd ?? throw new ImportFaultException(new ImportFault(
                ImportFault.AmbiguousMapping,
                string.Create(CultureInfo.InvariantCulture, $"All intervals begin and end on {day:uuuu-MM-dd}, the first day of a month, and nothing says whether it stands for the month. Send mapping={{\"interval_end\":\"month\"}} (until {day.PlusMonths(1).PlusDays(-1):uuuu-MM-dd}) if it does, else mapping={{\"interval_end\":\"day\"}} (until {day.PlusDays(1):uuuu-MM-dd}); a profile keeps it for the next files."),
                facts.Layout.Sheet, facts.Layout.FirstRow, facts.Layout.Time.Header, ["day", "month"])
            {
                Guess = new ImportMapping { IntervalEnd = "day" },
            });
        }

        var found = _ends.Find();
        var after = found?.After ?? toldEnd;
        assumptions.Add(new ImportAssumption("interval_end", NameOf(after), found?.Why ?? (toldEnd is null ? "nothing in the file says it" : "the mapping says it, and nothing in the file")));
        foreach (var others in _labels.Keys.GroupBy(_ends.Find).Where(group => group.Key is { } own && own != after))
        {
            assumptions.Add(new ImportAssumption(
                "interval_end", $"{NameOf(others.Key)}: {string.Join(", ", others.Take(MostNamed).Select(key => key.Split('\n')[0]).Distinct())}", "so each interval of these begins where the one before ends"));
        }

        return after;
    }

    /// <summary>What the rows of a series say for themselves, or what its intervals tell; null where neither does.</summary>
    private Duration? EndsAfter(string series) =>
        _told.GetValueOrDefault(series).EndsAfter ?? (facts.Layout.WholeFile is null && _ends.LoneFirstDay is null && facts.Layout.Time.HasEnds ? _ends.Find(series) : null);

    private static string NameOf(Duration? after) => after > Duration.Zero ? "inclusive" : "exclusive";
}
