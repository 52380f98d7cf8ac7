using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Mappings;

/// <summary>Weighs what name, unit and values of a column say about it.</summary>
/// <param name="time">By which rows are put in order, where it is known.</param>
internal sealed partial class ColumnEvidence(SheetTable table, TimeColumns? time = null)
{
    private const int FewestStates = 6;
    private const int FewestLargeStates = 4;
    private const double LeastLargeState = 1_000;
    private const double MostRise = 0.25;
    private const double LeastRise = 0.01;
    private const double Rounding = 0.02;
    private const int FewestSteps = 10;

    private static readonly SearchValues<char> Currencies = SearchValues.Create("$€£¥");

    /// <summary>A proposal for a column whose metric was found.</summary>
    /// <param name="told">What the sender says about it.</param>
    public MappedColumn Propose(ValueColumn column, MappedColumn? told)
    {
        var proposal = new MappedColumn(column.Header)
        {
            Role = ColumnRole.Value,
            Metric = column.Metric,
            Unit = column.HasUnitOfRow ? null : column.SourceUnit,
            Kind = column.Kind,
            EquipmentId = column.EquipmentId,
            Export = column.IsExport ? true : column.IsDirectionTold ? false : null,
        };
        if (column.IsSaidByRow)
        {
            var kind = column.Kind == QuantityKind.Register ? "; amounts are states of registers" : "";
            return new MappedColumn(column.Header) { Role = ColumnRole.Value, Unit = told?.Unit, Kind = column.IsKindTold ? column.Kind : null, Export = proposal.Export, Confidence = 0.8, Reason = $"other columns say, row by row, what its values are{kind}" };
        }

        if (told is { Metric: not null })
        {
            return proposal with { Kind = told.IsGuess ? told.Kind : proposal.Kind, Confidence = told.Confidence ?? 1, Reason = told.Reason ?? "the mapping says so" };
        }

        var (confidence, reason) = OfName(column);
        var (fit, values) = OfValues(column);
        return proposal with { Confidence = Math.Round(confidence * fit, 2), Reason = $"{reason}{values}" };
    }

    /// <summary>The likeliest meaning of a column whose header names no metric, from its values. It is never taken without the sender's word.</summary>
    public MappedColumn Guess(int column, Unit? headerUnit)
    {
        var name = table.HeaderOf(column);
        var values = Numbers(column);
        var guess = new MappedColumn(name) { Role = ColumnRole.Value };
        if (headerUnit is { Dimension: Dimension.Volume })
        {
            return guess with { Metric = "gas_volume", Unit = headerUnit.Symbol, Confidence = 0.3, Reason = "its unit is one of volume; whether of gas or of water, nothing says" };
        }

        if (headerUnit is null && OfLevels(values) is { } level)
        {
            return guess with { Metric = level.Metric, Unit = MetricCatalogue.Find(level.Metric)!.Unit, Confidence = level.Confidence, Reason = level.Reason };
        }

        return headerUnit is null && OnlyGrows(values)
            ? guess with { Metric = "energy_import_register", Unit = "kWh", Confidence = 0.3, Reason = "its values only grow, as those of a register do; the unit is a guess" }
            : guess with
            {
                Metric = OwnName(name),
                Unit = headerUnit?.Symbol ?? "1",
                Kind = QuantityKind.Level,
                Confidence = 0.1,
                Reason = "neither its header nor its values say what it measures: it would be kept under its own name",
            };
    }

    /// <summary>Whether the values of a meter fall almost as often as they rise, as no register's do.</summary>
    /// <param name="subject">The columns that tell meters apart, and what a register may count from what it may not.</param>
    /// <param name="fewest">How often it has to go either way; once, a reset of a register or a mistyped number may.</param>
    public bool GoesUpAndDown(int column, SubjectColumns subject, int fewest = 1)
    {
        var steps = StepsOf(column, subject);
        var turns = Math.Min(steps.Count(step => step < 0), steps.Count(step => step > 0));
        return table.Told?.ReadingsAreAmounts == true || (turns >= fewest && turns * 4 > steps.Count);
    }

    /// <summary>Whether the numbers of each meter never fall, over some rows.</summary>
    public bool OnlyGrows(int column, SubjectColumns subject) => StepsOf(column, subject) is { Count: >= FewestSteps } steps && steps.TrueForAll(step => step > 0);

    /// <summary>Whether the numbers of each meter rise and never fall.</summary>
    public bool NeverFalls(int column, SubjectColumns subject) => StepsOf(column, subject) is { Count: > 0 } steps && steps.TrueForAll(step => step > 0);

    /// <summary>Whether the numbers of each meter rise but for a few falls, as those of a register do that was replaced, or not read for once.</summary>
    public bool Rises(int column, SubjectColumns subject) => StepsOf(column, subject) is { Count: >= FewestSteps } steps && steps.Count(step => step < 0) * FewestSteps <= steps.Count;

    /// <summary>Whether the numbers of each meter rise most of the time, as those do that begin at 0 again each day.</summary>
    public bool MostlyRises(int column, SubjectColumns subject) => StepsOf(column, subject) is { Count: >= FewestSteps } steps && steps.Count(step => step < 0) * 4 <= steps.Count;

    /// <summary>Whether the numbers of each meter fall too seldom for amounts, be it that they stand still, and are not all 0.</summary>
    public bool MayBeRegister(int column, SubjectColumns subject) => StepsOf(column, subject) is var steps && steps.Count(step => step < 0) is var falls && (falls < 2 || falls * 4 <= steps.Count)
        && NumbersOf(column, subject).Any(numbers => numbers.Exists(number => number != 0));

    /// <summary>Whether the numbers of each meter rise and never fall, and are too many or rise too little for amounts that do so by chance.</summary>
    public bool AreStates(int column, SubjectColumns subject) => NumbersOf(column, subject).Where(numbers => numbers.Count > 1).ToList() is { Count: > 0 } meters
        && meters.TrueForAll(numbers => numbers.Zip(numbers.Skip(1)).All(pair => pair.First <= pair.Second) && numbers[^1] > numbers[0]
            && (numbers[^1] - numbers[0] < numbers[0] * LeastRise || (numbers.Count >= FewestStates && numbers[^1] < numbers[0] * 2)));

    /// <summary>Whether the few numbers of each meter are large and rise by little of what they are.</summary>
    public bool AreFewStates(int column, SubjectColumns subject) => NumbersOf(column, subject).Where(numbers => numbers.Count > 1).ToList() is { Count: > 0 } meters
        && meters.TrueForAll(numbers => numbers.Count >= FewestLargeStates && numbers[0] >= LeastLargeState && numbers[^1] < numbers[0] * (1 + MostRise) && numbers.Zip(numbers.Skip(1)).All(pair => pair.First < pair.Second));

    /// <summary>Whether the numbers of a column are, row by row of each meter, what those of another one have grown by since the row before.</summary>
    public bool AreSteps(int column, int states, SubjectColumns subject)
    {
        // Beside the first reading there need be no amount.
        var rows = NumbersOf(column, subject).Zip(NumbersOf(states, subject)).Where(meter => meter.Second.Count - meter.First.Count is 0 or 1)
            .SelectMany(meter => meter.First.TakeLast(meter.Second.Count - 1).Zip(meter.Second.Zip(meter.Second.Skip(1), (a, b) => b - a))).ToList();
        return rows.Count >= FewestSteps && rows.Exists(row => row.First != 0)
            && rows.Count(row => Math.Abs(row.First - row.Second) <= Math.Max(Math.Abs(row.First), 1) * Rounding) * 10 >= rows.Count * 9;
    }

    /// <summary>Whether the rows of meters are neither in the order of time nor in its reverse: from row to row, nothing is seen of how their values go on.</summary>
    public bool AreMixed(SubjectColumns subject)
    {
        if (time?.OrderIn(table.Rows) is not { } order)
        {
            return false;
        }

        var steps = RowsOf(subject).Select(rows => rows.Select(row => time.LocalOf(row, order)).OfType<LocalDateTime>().ToList())
            .SelectMany(times => times.Zip(times.Skip(1), (a, b) => b.CompareTo(a))).Where(step => step != 0).ToList();
        return Math.Min(steps.Count(step => step > 0), steps.Count(step => step < 0)) * 4 > steps.Count;
    }

    /// <summary>The steps from row to row of each meter, but for those of no height.</summary>
    private List<double> StepsOf(int column, SubjectColumns subject) =>
        [.. NumbersOf(column, subject).SelectMany(numbers => numbers.Zip(numbers.Skip(1), (a, b) => b - a)).Where(step => step != 0)];

    /// <summary>The numbers of each meter in order of time.</summary>
    private IEnumerable<List<double>> NumbersOf(int column, SubjectColumns subject)
    {
        var decimalComma = table.Rows.Any(row => DecimalColumn.NumberIn(row[column], decimalComma: false) is null && DecimalColumn.NumberIn(row[column], decimalComma: true) is not null);
        return RowsOf(subject).Select(rows => InOrder([.. rows]).Select(row => DecimalColumn.NumberIn(row[column], decimalComma)).OfType<double>().ToList());
    }

    /// <summary>Those of each meter that may be of a register, in the order of the file.</summary>
    private IEnumerable<IEnumerable<SampleRow>> RowsOf(SubjectColumns subject)
    {
        int?[] apart = [subject.Equipment, subject.Part, subject.Type, subject.Metric, subject.Unit];
        return table.Rows.Where(MayBeCounted).GroupBy(row => string.Join('\n', apart.OfType<int>().Select(index => HeaderTexts.TextOf(row[index]))));

        bool MayBeCounted(SampleRow row) => subject.Unit is not { } index || !Units.TryParse(HeaderTexts.TextOf(row[index]), out var unit) || unit.Dimension is Dimension.Energy or Dimension.Volume;
    }

    private IEnumerable<SampleRow> InOrder(List<SampleRow> rows)
    {
        // Of dates that may be read either way only the order of the file is known.
        if (time?.OrderIn(table.Rows) is not { } order)
        {
            return rows;
        }

        var timed = rows.ConvertAll(row => (Row: row, Time: time.LocalOf(row, order)));
        return timed.Exists(row => row.Time is null) ? rows : timed.OrderBy(row => row.Time).Select(row => row.Row);
    }

    /// <summary>How far most rows of different times are apart, to the second; null where the times are not known.</summary>
    public Duration? StepOfRows()
    {
        // What numbers count is known from the whole file.
        if (time is { Clock.Cells.Numbers: ClockNumbers.Undecided })
        {
            return null;
        }

        // Dates that may be read either way go on by days one way, and by months the other.
        DateOrder[] orders = time?.OrderIn(table.Rows) is { } known ? [known] : [DateOrder.DayMonthYear, DateOrder.MonthDayYear];
        return orders.Select(StepIn).Min();
    }

    private Duration? StepIn(DateOrder order)
    {
        var times = table.Rows.Select(row => time?.LocalOf(row, order)).OfType<LocalDateTime>()
            .Select(local => Instant.FromUnixTimeSeconds(local.PlusMilliseconds(500).InUtc().ToInstant().ToUnixTimeSeconds())).Distinct().Order().ToList();
        return times.Zip(times.Skip(1), (first, second) => second - first).GroupBy(step => step).MaxBy(steps => steps.Count())?.Key;
    }

    /// <summary>What a column holds that has no numbers.</summary>
    public string ContentOf(int column)
    {
        var isPriced = new HeaderWords(table.HeaderOf(column)).NamePrice;
        return table.Mostly(column, IsTime) ? "times, and another column has those of the rows"
            : table.HoldsTexts(column, text => text.Any(char.IsDigit) && (isPriced || text.AsSpan().ContainsAny(Currencies))) ? "money, which no meter measures"
            : "no numbers";
    }

    private static bool IsTime(Cell cell) =>
        cell.Kind == CellKind.Time || (cell.Kind == CellKind.Text && (TimeText.TryParse(cell.Text, out _) || new ClockCells(ClockNumbers.Clock).TryRead(cell, out _)));

    private static (double Confidence, string Reason) OfName(ValueColumn column)
    {
        var reading = HeaderReader.Read(column.Header);
        return MetricCatalogue.Find(column.Metric) is null ? (0.9, "the header names one phase of what it measures, which is kept under a name of its own")
            : reading.IsCode && reading.Metric!.Name != column.Metric ? (0.8, "the header has the code of a register, but the values go up and down, as amounts do")
            : reading is { Sure: true, Metric.Kind: QuantityKind.Register } && reading.Metric.Name != column.Metric ? (0.8, "the header is one of registers too, but the values are amounts of intervals")
            : reading.Metric?.Name != column.Metric ? (0.9, "the request names the metric")
            : column.HasUnitOfRow ? (0.9, "the header names the metric, and another column its unit")
            : reading is { Sure: true, Unit: not null } ? (0.95, $"the header names the metric and the unit {column.SourceUnit}")
            : reading.Sure ? (0.7, "the header names the metric, but no unit")
            : (0.8, $"the header names the unit {column.SourceUnit}");
    }

    private (double Fit, string Text) OfValues(ValueColumn column)
    {
        var numbers = Numbers(column.Index);
        if (numbers.Count == 0 || MetricCatalogue.Find(column.Metric) is not { } metric || !Units.TryParse(column.SourceUnit, out var unit))
        {
            return (1, "");
        }

        var odd = numbers.Count(number => !metric.IsPlausible(unit.ToCanonical(number)));
        return odd > 0
            ? (0.5, $"; {odd} of {numbers.Count} values looked at are out of its range")
            : (1, string.Create(CultureInfo.InvariantCulture, $"; its values, {numbers.Min():G6} to {numbers.Max():G6}, fit"));
    }

    private static (string Metric, double Confidence, string Reason)? OfLevels(List<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        var (least, greatest) = (values.Min(), values.Max());
        return least >= 48 && greatest <= 62 && greatest - least < 3 && values.Any(value => value % 1 != 0)
                ? ("frequency", 0.5, "its values lie around a frequency of the grid")
            : (least >= 90 && greatest <= 135) || (least >= 190 && greatest <= 270) || (least >= 340 && greatest <= 510)
                ? ("voltage", 0.4, "its values lie around a voltage of the grid")
            : least >= -1 && greatest <= 1 && values.Any(value => value % 1 != 0)
                ? ("power_factor", 0.4, "its values lie between -1 and 1")
            : null;
    }

    private static bool OnlyGrows(List<double> values)
    {
        var steps = values.Zip(values.Skip(1), (a, b) => b - a).ToList();
        return steps.Count >= FewestSteps && steps.TrueForAll(step => step >= 0) && steps.Count(step => step > 0) * 2 > steps.Count;
    }

    private List<double> Numbers(int column) =>
    [
        .. table.Filled(column)
            .Select(cell => DecimalColumn.NumberIn(cell, decimalComma: false))
            .OfType<double>(),
    ];

    private static string OwnName(string header)
    {
        var name = Signs().Replace(HeaderReader.Read(header).Rest.ToLowerInvariant(), "_").Trim('_');
        return name.Length == 0 ? "value" : name[..Math.Min(name.Length, 64)];
    }

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();
}
