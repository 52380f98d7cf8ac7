using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>Recognises columns of values whose unit, metric or carrier stands beside them, row by row.</summary>
internal sealed class DescribedColumns
{
    private static readonly string[] Values = ["value", "reading", "measurement", "wert", "ablesewert", "valeur", "valor", "valore", "waarde"];

    private readonly SheetTable _table;
    private readonly SubjectColumns _subject;
    private readonly ColumnEvidence _evidence;
    private readonly StatisticColumns? _statistics;
    private readonly HashSet<int> _columns;

    /// <param name="columns">Those that hold numbers, and of which nobody says what they are.</param>
    /// <param name="statistics">What was counted of whatever, if any was.</param>
    public DescribedColumns(SheetTable table, SubjectColumns subject, ColumnEvidence evidence, IReadOnlyList<int> columns, StatisticColumns? statistics)
    {
        (_table, _subject, _evidence, _statistics) = (table, subject, evidence, statistics);
        _columns = [.. columns.Where(AreValues)];
        // Beside a type of meter, several amounts of energy are those that their headers say.
        if (_columns.Count(HaveEnergy) > 1)
        {
            _columns.RemoveWhere(HaveEnergy);
        }

        var registers = columns.Where(column => subject.HasUnitsOf(column) && HeaderReader.Read(table.HeaderOf(column)) is { Unit: null, Metric.Kind: QuantityKind.Register }).ToList();
        if (_columns.Count > 0 || registers.Count == 1)
        {
            _columns.UnionWith(registers);
        }

        if (_columns.Count == 0)
        {
            _columns.UnionWith(columns.Where(column => subject.HasUnitsOf(column) && HeaderReader.Read(table.HeaderOf(column)) is { Unit: null } && new HeaderWords(table.HeaderOf(column)) is { Count: 1 } words && words.Any("messwert")));
        }
    }

    /// <summary>The column whose cells are the units of values that their headers say all else of; null where it describes others.</summary>
    public int? Units => _columns.Count == 0 ? _subject.Unit : null;

    /// <summary>Whether a header calls its column values or readings, of whatever.</summary>
    public static bool NameAnyValue(string header) => new HeaderWords(header).Any((IEnumerable<string>)Values);

    public bool Have(int column) => _columns.Contains(column);

    /// <param name="told">What the sender says about it.</param>
    /// <param name="wanted">What the request says that values are.</param>
    /// <param name="unit">What it says of those whose rows have no unit.</param>
    public ValueColumn Take(int column, MappedColumn? told, Metric? wanted, string? unit)
    {
        var header = _table.HeaderOf(column);
        var words = new HeaderWords(header);
        var isRegister = (HeaderReader.Read(header).Metric is { Kind: QuantityKind.Register } || RegisterReadings.AreNamedFirmly(words) || _statistics is { IsRegister: true })
            && !RegisterReadings.NameAmounts(words) && !_evidence.GoesUpAndDown(column, _subject);
        return ValueColumn.SaidByRow(column, header, told?.Kind, isRegister) with { Metric = wanted?.Name ?? "", SourceUnit = unit ?? "", IsDirectionTold = told?.Export is not null };
    }

    private bool HaveEnergy(int column) => HeaderReader.Read(_table.HeaderOf(column)).Unit?.Dimension == Dimension.Energy;

    private bool AreValues(int column)
    {
        var reading = HeaderReader.Read(_table.HeaderOf(column));
        var words = new HeaderWords(_table.HeaderOf(column));
        var mayBeAny = words.Any((IEnumerable<string>)Values) || RegisterReadings.NameAmounts(words) || InvoiceLines.NameQuantities(words) || column == _statistics?.Kept;
        return !words.NameMoney && !words.Any("count", "anzahl") && (((_subject.Metric is not null || _subject.HasUnitsOf(column)) && (reading is { Unit: null, IsRatio: false } || column == _statistics?.Kept) && (mayBeAny || reading is { Sure: true, Metric.Kind: QuantityKind.Interval }))
            || (_subject.Type is { } type && (reading.Unit?.Dimension == Dimension.Energy || (reading.Unit?.Dimension == Dimension.Volume && !IsOfHeat(type))) && (!reading.Sure || mayBeAny)));
    }

    /// <summary>Whether nothing but heat or cold flows through the meters: a volume is that of the water which brings it.</summary>
    private bool IsOfHeat(int type) => _table.HoldsTexts(type, _ => true)
        && _table.Filled(type).All(cell => Carriers.Find(HeaderTexts.TextOf(cell)) is Carriers.Heat or Carriers.Cooling);
}
