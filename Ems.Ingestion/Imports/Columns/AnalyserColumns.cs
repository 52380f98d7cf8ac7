using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>
/// The columns of a table that an analyser of one three-phase line has exported under its symbols (<c>U1</c>, <c>I2</c>, <c>Ptot</c>). A symbol says nothing alone:
/// three columns, one for each phase, and their values or units do, beside a power or an energy.
/// </summary>
internal sealed partial class AnalyserColumns
{
    private const double LeastVoltage = 80;
    private const double GreatestVoltage = 500;

    // A grid keeps its voltage closer than that, and so do its three phases; a meter of energy does not.
    private const double MostApart = 0.2;

    // Total and phases are rounded, and often measured one after the other.
    private const double Tolerance = 0.03;

    private static readonly string[][] Triples = [["l1", "l2", "l3"], ["a", "b", "c"], ["l1_n", "l2_n", "l3_n"], ["a_n", "b_n", "c_n"], ["l1_l2", "l2_l3", "l3_l1"], ["l1_l2", "l1_l3", "l2_l3"], ["a_b", "b_c", "c_a"]];

    private readonly Dictionary<int, AnalyserName> _found = [];
    private readonly SheetTable _table;
    private readonly List<int> _all;
    private readonly bool _isUnitAbove;
    private readonly bool _haveEnergy;

    /// <param name="columns">Those that may hold values.</param>
    /// <param name="isUnitAbove">Whether a line above the table says the unit of columns that say none.</param>
    public AnalyserColumns(SheetTable table, IEnumerable<int> columns, bool isUnitAbove = false)
    {
        _table = table;
        _all = [.. columns];
        _isUnitAbove = isUnitAbove;
        var all = _all;
        var named = all.Select(column => (Column: column, Name: AnalyserNames.Read(table.HeaderOf(column)))).Where(entry => entry.Name is not null).ToDictionary(entry => entry.Column, entry => entry.Name!);
        foreach (var (column, name) in named.Where(entry => entry.Value.IsSure || entry.Value.Metric.Length == 0))
        {
            _found[column] = name;
        }

        var families = named.Where(entry => entry.Value.Metric.Length > 0).GroupBy(entry => (entry.Value.Metric, entry.Value.Symbol)).SelectMany(FamiliesOf).ToList();
        if (isUnitAbove || all.Exists(column => AnalyserNames.IsOfOtherLetter(table.HeaderOf(column))))
        {
            families.RemoveAll(AreLetters);
        }

        // Of two of one symbol, be it at two places, nothing says which is of the others.
        if (families.Count == 0 || families.GroupBy(family => (family.Metric, family.Form)).Any(same => same.Skip(1).Any()))
        {
            return;
        }

        var currents = families.FindAll(family => family.Metric == "current");
        var powers = families.FindAll(family => family.Metric == "active_power");
        var haveUse = powers.Count > 0 || currents.Count > 0 || all.Exists(column => HeaderReader.Read(table.HeaderOf(column)).Metric is { Dimension: Dimension.Energy or Dimension.ActivePower });
        _haveEnergy = all.Exists(column => HeaderReader.Read(table.HeaderOf(column)) is { Metric.Dimension: Dimension.Energy, Unit: not null });
        // A family of letters is one beside what only analysers call so: V L1-N, kW SYS.
        var areLettersSure = _found.Values.Any(name => name.IsSure);
        var voltages = haveUse ? families.FindAll(family => family.Metric == "voltage" && (HaveUnit(family) || (areLettersSure && AreLetters(family)) || AreVoltages(family))) : [];
        var isAnalyser = voltages.Count > 0;
        voltages.ForEach(Take);
        currents.FindAll(family => isAnalyser || (areLettersSure && AreLetters(family))).ForEach(Take);
        families.FindAll(family => family.Metric is "active_power" or "reactive_power" or "apparent_power" && (isAnalyser || (areLettersSure && AreLetters(family)) || IsSumOf(family, named))).ForEach(Take);
        families.FindAll(family => family.Metric == "power_factor" && (isAnalyser || haveUse) && AreWithin(family.Columns, -1, 1)).ForEach(Take);
        var taken = _found.Values.Select(name => (name.Metric, name.Symbol)).ToHashSet();
        var metrics = taken.Select(name => name.Metric).ToHashSet();
        foreach (var (column, name) in named.Where(entry => !_found.ContainsKey(entry.Key)))
        {
            var isOfTaken = name.Phase is "" or "n" or AnalyserNames.BetweenLines && (taken.Contains((name.Metric, name.Symbol)) || (name.Metric is "voltage" or "current" && metrics.Contains(name.Metric)));
            if (isOfTaken || (isAnalyser && name is { Metric: "frequency", Phase: "" } && AreWithin([column], 45, 65) && AreNear(column)))
            {
                _found[column] = name;
            }
        }
    }

    /// <summary>What an analyser calls the column so; null where nothing says that one does.</summary>
    public AnalyserName? Find(int column) => _found.GetValueOrDefault(column);

    /// <summary>Why a column of an analyser is left out that nothing tells a metric or a unit of; null where it need not be.</summary>
    /// <param name="isUnitTold">Whether the sender says the unit.</param>
    public string? WhyNot(int column, bool isUnitTold) => Find(column) is not { } name ? null
        : name.Metric.Length == 0 ? "it is the distortion of a voltage or a current, for which there is no metric; map it to one of your own to keep it"
        : name is not { Unit: null, Metric: "active_power" or "reactive_power" or "apparent_power" } ? null
        : name.Phase.Length > 0 && _found.Where(entry => entry.Value.Metric == name.Metric && entry.Value.Phase.Length == 0).Take(2).ToList() is [var total] ? MeterColumns.WhyPhase(_table.HeaderOf(total.Key))
        : _haveEnergy && !isUnitTold ? "it is a power whose unit nothing says, beside an energy that has one; map it with its unit to keep it" : null;

    /// <summary>What the header of such a column says; the reading as it is of all others, and where it says so much itself.</summary>
    public HeaderReading Read(int column, HeaderReading reading) =>
        Find(column) is { Metric.Length: > 0 } name && MetricCatalogue.Find(name.Metric) is { } metric && reading.Metric != metric
            ? new HeaderReading(metric, name.Unit, "", Sure: true) : reading;

    /// <summary>The phases of one symbol: each of three once, and no fourth, which a line has not.</summary>
    private IEnumerable<Family> FamiliesOf(IGrouping<(string Metric, string Symbol), KeyValuePair<int, AnalyserName>> same)
    {
        var phases = same.Where(entry => entry.Value.Phase is not ("" or "n" or AnalyserNames.BetweenLines)).ToList();
        var triples = Array.FindAll(Triples, triple => Array.TrueForAll(triple, phase => phases.Count(entry => entry.Value.Phase == phase) == 1));
        return phases.Count == triples.Sum(triple => triple.Length) && phases.TrueForAll(entry => _table.HoldsNumbers(entry.Key))
            ? triples.Select(triple => new Family(same.Key.Metric, triple[0].Length > 2 ? triple[0] : "", [.. phases.Where(entry => triple.Contains(entry.Value.Phase)).Select(entry => (entry.Key, entry.Value))])) : [];
    }

    private void Take(Family family) => family.Members.ForEach(member => _found[member.Column] = member.Name);

    private static bool HaveUnit(Family family) => family.Members.TrueForAll(member => member.Name is { Unit: not null, IsLetter: false });

    private static bool AreLetters(Family family) => family.Members.Exists(member => member.Name.IsLetter);

    private bool AreVoltages(Family family)
    {
        // Meters of ventilation use as much each day, and their total is none of voltages.
        if (_isUnitAbove || AreOfDays() || HaveSum(family))
        {
            return false;
        }

        var numbers = family.Columns.ConvertAll(column => NumbersIn(column).Where(number => number != 0).Order().ToList());
        // Rows that are sent again tell what their file had told.
        if (_table.Told is null && numbers.Exists(some => some.Count == 0))
        {
            return false;
        }

        var middles = numbers.FindAll(some => some.Count > 0).ConvertAll(some => some[some.Count / 2]);
        return middles.Count == 0 || (middles.TrueForAll(middle => middle is >= LeastVoltage and <= GreatestVoltage) && middles.Max() - middles.Min() <= MostApart * middles.Max()
            && numbers.Zip(middles).All(pair => pair.First.Count(number => Math.Abs(number - pair.Second) > MostApart * pair.Second) * 20 <= pair.First.Count));
    }

    /// <summary>Whether another column is what these come to.</summary>
    private bool HaveSum(Family family) => _all.Except(family.Columns).Any(column =>
    {
        double all = 0, apart = 0;
        foreach (var row in _table.Rows.Take(SheetTable.EnoughRows))
        {
            var parts = family.Columns.ConvertAll(part => NumberIn(row, part));
            if (NumberIn(row, column) is { } whole && !parts.Contains(null))
            {
                all += Math.Abs(whole);
                apart += Math.Abs(whole - parts.Sum()!.Value);
            }
        }

        return all > 0 && apart <= Tolerance * all;
    });

    /// <summary>Whether each row is of a day or longer, for which analysers are not read.</summary>
    private bool AreOfDays() => _table.Columns.Except(_all).Any(column =>
    {
        var times = _table.Rows.Take(SheetTable.EnoughRows).Select(row => row[column]).Where(cell => cell.Kind != CellKind.Empty).Select(DayIn).ToList();
        return times.TrueForAll(time => time is not null) && times.Distinct().Count() == times.Count
            && times.Select(time => time!.Value.Clock).Distinct().ToList() is [var only] && (times.Count > 1 || (_table.Told is not null && only.Length == 0));
    });

    /// <summary>A date and the time of day behind it, as they are written; null of what is none, or may have another time.</summary>
    private static (string Day, string Clock)? DayIn(Cell cell) => cell.Kind switch
    {
        CellKind.Time when cell.Time.Date != Cell.DayZero => (cell.Time.ToString("yyyyMMdd", CultureInfo.InvariantCulture), cell.Time.TimeOfDay == TimeSpan.Zero ? "" : cell.Time.ToString("HHmmss", CultureInfo.InvariantCulture)),
        CellKind.Text when Days().Match(cell.Text!) is { Success: true } match => (match.Groups["day"].Value, match.Groups["clock"].Value),
        _ => null,
    };

    /// <summary>As a frequency is, and no temperature.</summary>
    private bool AreNear(int column) => NumbersIn(column).Where(number => number != 0).DefaultIfEmpty().ToList() is var numbers && numbers.Max() - numbers.Min() < 3;

    private bool AreWithin(IEnumerable<int> columns, double least, double greatest) => columns.All(column => NumbersIn(column).All(number => number == 0 || (number >= least && number <= greatest)));

    /// <summary>Whether the total of the same symbol is what the phases come to, and all have one unit of power.</summary>
    private bool IsSumOf(Family family, Dictionary<int, AnalyserName> named)
    {
        var symbol = family.Members[0].Name.Symbol;
        if (!HaveUnit(family) || named.Where(entry => entry.Value.Metric == family.Metric && entry.Value.Symbol == symbol && entry.Value is { Phase: "", Unit: not null }).ToList() is not [var total])
        {
            return false;
        }

        double all = 0, apart = 0;
        foreach (var row in _table.Rows.Take(SheetTable.EnoughRows))
        {
            var parts = family.Members.ConvertAll(member => NumberIn(row, member.Column) is { } number ? member.Name.Unit!.ToCanonical(number) : (double?)null);
            if (NumberIn(row, total.Key) is { } there && !parts.Contains(null))
            {
                var whole = total.Value.Unit!.ToCanonical(there);
                all += Math.Abs(whole);
                apart += Math.Abs(whole - parts.Sum()!.Value);
            }
        }

        return (all > 0 || _table.Told is not null) && apart <= Tolerance * all;
    }

    private IEnumerable<double> NumbersIn(int column) => _table.Rows.Take(SheetTable.EnoughRows).Select(row => NumberIn(row, column)).OfType<double>();

    private static double? NumberIn(SampleRow row, int column) => DecimalColumn.NumberIn(row[column], decimalComma: false) ?? DecimalColumn.NumberIn(row[column], decimalComma: true);

    [GeneratedRegex(
        @"^(?<day>\d{4}[-./]\d{1,2}|\d{1,2}[-./]\d{4}|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\d{8}|\d{1,2}[-. ]+\p{L}{3,9}[-., ]+\d{2,4}|\p{L}{3,9}[-., ]+\d{2,4})([T ,]+(?<clock>\d{1,2}:\d{2}(:\d{2})?( ?[AaPp]\.?[Mm])?).*)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Days();

    /// <param name="Form">What tells phases to neutral from those to each other; empty where neither is said.</param>
    private sealed record Family(string Metric, string Form, List<(int Column, AnalyserName Name)> Members)
    {
        public List<int> Columns { get; } = Members.ConvertAll(member => member.Column);
    }
}
