using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Rejections;

/// <summary>
/// The header of the column of reasons in a workbook of rejected rows. It carries what the whole file told, and what was settled for it,
/// so that a single corrected row becomes what it would have been among its neighbours. What only some rows have stands in their reasons.
/// </summary>
internal static partial class RejectedHeader
{
    private const string Title = "Rejected because";
    private const string NoClock = "none";
    private const string MidnightOfEnd = "24:00";
    private const string WholePeriods = "periods";
    private const string YearsFrom = "years from month";
    private const string NextDay = "next day";
    private const string MoreDays = "days more";
    private const string PeriodsFrom0 = "from 0 ";
    private const string Whole = "whole";
    private const string OfSheet = "place of sheet";
    private const string ByPlace = "apart by place";
    private const string ByCarrier = "apart by carrier";
    private const string ByExport = "apart by export";
    private const string ByUnit = "one by unit";

    // Together with all else they fit into a cell.
    private const int MostOfNames = 9_000;

    private static readonly Dictionary<ClockNumbers, string> Clocks = new()
    {
        [ClockNumbers.Clock] = "times",
        [ClockNumbers.HourStarting] = "hours from 0",
        [ClockNumbers.HourEnding] = "hours from 1",
        [ClockNumbers.HourMinute] = "hhmm",
    };

    private static readonly Dictionary<DateOrder, string> Orders = new() { [DateOrder.DayMonthYear] = "dmy", [DateOrder.MonthDayYear] = "mdy", [DateOrder.YearMonthDay] = "ymd" };

    private static readonly Dictionary<string, LabelMeaning> Labels = Enum.GetValues<LabelMeaning>().ToDictionary(label => label.ToString().ToLowerInvariant());

    /// <param name="column">Where it stands.</param>
    public static string Of(SheetFacts facts, ImportJob job, int column)
    {
        var layout = facts.Layout;
        var (file, sheet) = layout.WholeFile is { File: { } name } told ? (name, told.Sheet ?? "") : (job.FileName, layout.Sheet);
        List<string?> said =
        [
            Quoted("file", file),
            Quoted("sheet", sheet),
            Quoted("name", layout.FileName == EquipmentNames.FromSheetOrFile(sheet, file) ? null : layout.FileName),
            Quoted("equipment", layout.NamesItsOwnEquipment ? layout.EquipmentId : null),
            Quoted("site", layout.Site),
            Quoted(layout.PlaceIsSheet ? OfSheet : "place", layout.Shared.ByPlace.Count > 0 ? layout.Place : null),
            .. AllQuoted(ByPlace, layout.Shared.ByPlace),
            .. AllQuoted(ByCarrier, layout.Shared.ByCarrier),
            .. AllQuoted(ByExport, layout.Shared.ByExport),
            .. AllQuoted(ByUnit, layout.Shared.ByUnit),
            job.Form.EquipmentId is not null || layout.IsOfDevice || layout.WholeFile is { HasParts: true } ? "values: parts" : null,
            Quoted("meters", layout.Proposal.FirstOrDefault(column => column.Role == ColumnRole.Equipment)?.Column),
            Quoted("profile", job.Profile),
            Quoted("zone", job.TimeZone),
            Quoted("columns", FileColumns.Write(facts, column)),
            Quoted(Whole, layout.Columns.FirstOrDefault(whole => whole is { EquipmentId: null, Part: null } && layout.Columns.Any(part => part.Whole == "" && part.Metric == whole.Metric))?.Header),
            .. facts.TotalColumns.Order().Select(total => Quoted("total", layout.Columns[total].Header)),
            .. AllQuoted("own", layout.Subject.Own),
            .. layout.Columns.Where(column => column is { Metric: Carriers.Heat, Kind: QuantityKind.Register } or { IsRegisterByValues: true }).Select(column => Quoted("register", column.Header)),
            layout.WholeFile?.Order is { } before ? $"dates: {Orders[before]}" : facts.HasOpenDates ? $"dates: {Orders[facts.Order]}" : null,
            layout.Time.Clock is { } clock ? $"clock: {Name(clock.Cells)}" : HasNoClock(facts) ? $"clock: {NoClock}" : null,
            layout.Time.EndClock is { } end ? $"end clock: {Name(end.Cells)}" : null,
            layout.Time is { Date: { IsOfMonths: true } } and ({ End: null } or { End: { IsOfMonths: true } }) ? $"years: {WholePeriods}" : null,
            facts.Spool.Form.HasRanges ? "times: ranges" : facts.Spool.Form.HyphensAreMinutes || layout.WholeFile is { HyphensAreMinutes: true } ? "times: hyphens" : null,
            facts.Spool.Form.MidnightEndsDay || layout.WholeFile is { MidnightEndsDay: true } ? $"midnight: {MidnightOfEnd}" : null,
            facts.Spool.Form.NextDayBefore is var start && start > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{NextDay}: before {start.TotalSeconds:0} s") : null,
            facts.Label is { } label ? $"labels: {label.ToString().ToLowerInvariant()}" : null,
            RejectedReasons.StepOfMost(facts) is { } step ? RejectedReasons.Interval(step) : null,
            facts.EndsAfter != Duration.Zero ? RejectedReasons.Ends(facts.EndsAfter) : null,
            facts.MoreDays is { } more ? string.Create(CultureInfo.InvariantCulture, $"{MoreDays}: {more}") : null,
            facts.RepeatsEnds ? "repeats: ends" : null,
            facts.FillsSkipped ? "skipped hour: filled" : null,
            layout.Time.Given is { } given ? $"given: {given.Written}" : null,
            layout.Time is { FirstMonth: > 1 and var first } ? string.Create(CultureInfo.InvariantCulture, $"{YearsFrom}: {first}") : null,
            layout.ReadsAtEnd ? "read: at ends" : null,
            layout.Columns.Any(RegisterReadings.AreAmounts) ? "readings: amounts" : null,
            layout.Subject.Metric is not null && job.Form.Metric is not null && Quantities.AreAsSent(layout, facts.Subjects) ? "measured: as sent" : null,
        ];
        return $"{Title} ({string.Join(", ", said.OfType<string>())})";
    }

    /// <summary>Takes the column of reasons off a sheet; without one the sheet stays as it is.</summary>
    public static SheetSample TakeOff(SheetSample sample)
    {
        foreach (var row in sample.Rows)
        {
            var column = Array.FindIndex(row.Cells, cell => cell.Kind == CellKind.Text && Header().IsMatch(cell.Text!));
            if (column >= 0)
            {
                return sample with
                {
                    Rows = [.. sample.Rows.Select(other => other.Number < row.Number ? other : Without(other, column))],
                    Told = Read(row.Cells[column].Text!, row.Number, column),
                };
            }
        }

        return sample;
    }

    private static SampleRow Without(SampleRow row, int column) =>
        row with { Cells = [.. row.Cells.Select((cell, i) => i == column ? Cell.Empty : cell)] };

    private static WholeFile Read(string header, int row, int column)
    {
        var match = Header().Match(header);
        var facts = match.Groups["fact"].Captures.Zip(match.Groups["value"].Captures, (fact, value) => (Fact: fact.Value, Value: Plain(value.Value)))
            .ToLookup(told => told.Fact, told => told.Value);

        string? Told(string fact) => facts[fact].FirstOrDefault();

        return new WholeFile(row, column)
        {
            File = Told("file"),
            Sheet = Told("sheet"),
            Name = Told("name") is { } name ? EquipmentNames.ToId(name) : null,
            EquipmentId = Told("equipment") is { } id ? EquipmentNames.ToId(id) : null,
            Site = Told("site"),
            Place = Told("place") ?? Told(OfSheet),
            PlaceIsSheet = Told(OfSheet) is not null,
            Shared = new SharedNames { ByPlace = facts[ByPlace].ToHashSet(), ByCarrier = facts[ByCarrier].ToHashSet(), ByExport = facts[ByExport].ToHashSet(), ByUnit = facts[ByUnit].ToHashSet() },
            HasParts = Told("values") == "parts",
            MeterColumn = Told("meters"),
            Columns = FileColumns.Read(Told("columns"), column),
            Profile = Told("profile"),
            TimeZone = Told("zone") is { } zone ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)?.Id : null,
            Whole = Told(Whole),
            TotalColumns = [.. facts["total"]],
            Registers = [.. facts["register"]],
            Own = facts["own"].ToHashSet(),
            Order = Told("dates") is { } order && Orders.ContainsValue(order) ? Orders.First(entry => entry.Value == order).Key : null,
            Clock = ClockOf(Told("clock")),
            HasNoClock = Told("clock") == NoClock,
            EndClock = ClockOf(Told("end clock")),
            YearsArePeriods = Told("years") == WholePeriods,
            HasRanges = Told("times") == "ranges",
            HyphensAreMinutes = Told("times") == "hyphens",
            MidnightEndsDay = Told("midnight") == MidnightOfEnd,
            NextDayBefore = SecondsIn(Told(NextDay))?.ToTimeSpan() ?? TimeSpan.Zero,
            Label = Told("labels") is { } label && Labels.TryGetValue(label, out var meaning) ? meaning : null,
            Step = SecondsIn(Told("interval")),
            EndsAfter = SecondsIn(Told("ends")) ?? Duration.Zero,
            MoreDays = int.TryParse(Told(MoreDays), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var more) ? more : null,
            RepeatsEnds = Told("repeats") == "ends",
            FillsSkipped = Told("skipped hour") == "filled",
            Given = NamedDate.Parse(Told("given")),
            FirstMonth = int.TryParse(Told(YearsFrom), NumberStyles.None, CultureInfo.InvariantCulture, out var from) && from is > 1 and <= 12 ? from : null,
            ReadsAtEnd = Told("read") == "at ends",
            ReadingsAreAmounts = Told("readings") == "amounts",
            RowsAreAsSent = Told("measured") == "as sent",
        };
    }

    private static bool HasNoClock(SheetFacts facts) => facts.Spool.Form.IsOfDates || facts.Layout.WholeFile is { HasNoClock: true }
        || facts.Layout.Proposal.Any(column => column.Role is not (ColumnRole.Time or ColumnRole.End) && new HeaderWords(column.Column).NameTime);

    private static string Name(ClockCells clock) =>
        Clocks.GetValueOrDefault(clock.Numbers) ?? string.Create(CultureInfo.InvariantCulture, $"periods {(clock.First == 0 ? PeriodsFrom0 : "")}of {clock.Length.TotalSeconds:0} s");

    private static ClockCells? ClockOf(string? name) => name is null ? null
        : Clocks.ContainsValue(name) ? new ClockCells(Clocks.First(entry => entry.Value == name).Key)
        : SecondsIn(name) is { } length ? new ClockCells(ClockNumbers.Period, length.ToTimeSpan()) { First = name.Contains(PeriodsFrom0, StringComparison.Ordinal) ? 0 : 1 }
        : null;

    private static Duration? SecondsIn(string? text) =>
        text is not null && Seconds().Match(text) is { Success: true } match ? Duration.FromSeconds(int.Parse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture)) : null;

    private static IEnumerable<string?> AllQuoted(string fact, IEnumerable<string> values)
    {
        var length = 0;
        return values.Order(StringComparer.Ordinal).Select(value => Quoted(fact, value)).TakeWhile(said => (length += said?.Length ?? 0) <= MostOfNames);
    }

    private static string? Quoted(string fact, string? value) => string.IsNullOrEmpty(value) ? null : $"{fact}: \"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Plain(string value) => value[0] == '"' ? value[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : value;

    [GeneratedRegex(
        """^Rejected because( \(((?<fact>[a-z ]+): (?<value>"([^"]|"")*"|[^",()]+)(, |(?=\)$)))+\))?$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"\b(?<seconds>\d{1,8}) s$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Seconds();
}
