using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>Knows rows that have no time and are no readings: sums and means of others, repeated headers, notes.</summary>
internal sealed partial class RowFilter(Layout layout)
{
    public const int MostShown = 5;
    private const int LongestTitle = 60;

    private readonly int[] _values = [.. ValuesOf(layout)];
    private readonly int[] _given = [.. ValuesOf(layout), .. layout.Columns.Select(column => column.Substitute).OfType<int>()];

    // What the decimal sign is shows only later: a sum is one with either.
    private readonly double[][] _sums = [.. Enumerable.Range(0, 2).Select(_ => new double[layout.Matrix.Count > 0 ? layout.Matrix.Count : layout.Columns.Count])];
    private readonly List<int> _totals = [];
    private readonly List<int> _reactive = [];
    private readonly List<int> _charges = [];
    private int _readings;
    private int _totalCount;
    private int _reactiveCount;
    private int _chargeCount;

    // Of another table below, that has no times.
    private readonly List<(string Headers, int First, int Last)> _others = [];
    private readonly HashSet<string> _headers = [.. layout.Proposal.Select(column => column.Column)];
    private (string Headers, int First)? _other;
    private HeldRow? _held;
    private bool _hasNumbers;
    private int _lastRow;

    public IReadOnlyList<ImportAssumption> LeftOut =>
    [
        .. AssumeLeftOut(_totals, _totalCount),
        .. _others.Select(other => new ImportAssumption(
            "left_out", $"rows {other.First} to {other.Last}", $"they are a table of their own without times: {other.Headers}")),
        .. _reactiveCount == 0 ? [] : (ImportAssumption[])[new ImportAssumption("left_out", NameRows(_reactive, _reactiveCount), layout.Reactive!.Why)],
        .. _chargeCount == 0 ? [] : (ImportAssumption[])[new ImportAssumption("left_out", NameRows(_charges, _chargeCount), InvoiceLines.Why)],
    ];

    /// <param name="rows">The first of them.</param>
    public static IReadOnlyList<ImportAssumption> AssumeLeftOut(IReadOnlyCollection<int> rows, int count) => count == 0 ? [] :
        [new ImportAssumption("left_out", NameRows(rows, count), "sums or means of other rows")];

    /// <param name="rows">The first of them.</param>
    public static string NameRows(IReadOnlyCollection<int> rows, int count) =>
        $"{(count == 1 ? "row" : "rows")} {string.Join(", ", rows.Take(MostShown))}{(count > MostShown ? " …" : "")}";

    /// <summary>Whether a text is the title of a sum or a mean.</summary>
    public static bool NamesTotal(string text) => text.Length <= LongestTitle && TotalTitle().IsMatch(text);

    /// <summary>Whether a text may speak of a sum, a mean, a plan or a price, wherever it says so: <c>Day total</c>, <c>Budget</c>.</summary>
    public static bool MayNameNoReading(string text) => NamesTotal(text) || SumWord().IsMatch(text) || OtherAmounts.AreNamedIn(text) || new HeaderWords(text).NamePrice;

    /// <summary>Whether a meter is called as totals are, and no more. A meter may be called after Max Planck: only a name that says nothing else is that of a total, and a subtotal says what of.</summary>
    public static bool IsTotalName(string name) => TotalName().IsMatch(name) || Subtotal().IsMatch(name);

    /// <summary>Whether such a name is that of what meters below others count together.</summary>
    public static bool IsTotalOfSubMeters(string name) => IsTotalName(name) && SubMeters().IsMatch(name);

    /// <summary>The last row that was left out, where it is clear since that it is one of this table that lacks its time; null where there is none.</summary>
    public HeldRow? Returned { get; private set; }

    /// <param name="badTime">What stands in the place of the time when it is no time.</param>
    public bool LeavesOut(ITableSource source, bool hasTime, string? badTime)
    {
        var isBehindGap = _lastRow > 0 && source.RowNumber > _lastRow + 1;
        _lastRow = source.RowNumber;
        Returned = null;
        if (layout.Reactive?.Have(source.Cells) == true)
        {
            _reactiveCount++;
            Note(_reactive, source);
            return true;
        }

        if (hasTime && layout.Invoice?.Have(source.Cells) == true)
        {
            _chargeCount++;
            Note(_charges, source);
            return true;
        }

        if (IsInOther(source, hasTime, badTime, isBehindGap))
        {
            return true;
        }

        if (!hasTime && IsTotal(source, badTime))
        {
            _totalCount++;
            Note(_totals, source);
            return true;
        }

        if (hasTime)
        {
            Add(source);
            return false;
        }

        // A note, or the headers once more.
        var isText = !HoldsNumbers(source);
        if (isText && isBehindGap && layout.WholeFile is null && OtherHeaders(source) is { } headers)
        {
            _other = (headers, source.RowNumber);
            _hasNumbers = false;
        }

        return isText;
    }

    /// <summary>Whether a row goes on with a table without times. One that may have a time does not.</summary>
    /// <exception cref="ImportFaultException">Rows of this table go on below some of it.</exception>
    private bool IsInOther(ITableSource source, bool hasTime, string? badTime, bool isBehindGap)
    {
        if (isBehindGap || _other is not var (headers, first))
        {
            (_other, _held) = (null, null);
            return false;
        }

        var isKnown = _others.Count > 0 && _others[^1].First == first;
        if (hasTime || MayHaveTime(source, badTime))
        {
            _other = null;
            (Returned, _held) = (_held, null);
            if (Returned is not null)
            {
                _others.RemoveAll(other => other.First == first);
                return false;
            }

            return !hasTime || !_hasNumbers ? false : throw new ImportFaultException(new ImportFault(
                ImportFault.DataValidationFailed, $"Row {first} heads another table: {headers}. Put each table on a sheet or in a file of its own.", layout.Sheet, first, layout.Time.Header));
        }

        // One row makes no table.
        var isFirst = !isKnown && _others.Count < MostShown && HoldsNumbers(source);
        _held = isFirst && !IsTotal(source, badTime) ? new HeldRow(source.RowNumber, [.. source.Cells]) : null;
        _hasNumbers |= HoldsNumbers(source);
        if (isKnown)
        {
            _others[^1] = _others[^1] with { Last = source.RowNumber };
        }
        else if (_others.Count < MostShown)
        {
            _others.Add((headers, first, source.RowNumber));
        }

        return true;
    }

    /// <summary>The texts of a row behind an empty one that are headers of no column of this table; null for other rows.</summary>
    private string? OtherHeaders(ITableSource source)
    {
        var filled = source.Cells.Where(cell => cell.Kind != CellKind.Empty).ToList();
        return filled.Count > 1 && filled.TrueForAll(cell => cell.Kind == CellKind.Text && !DecimalColumn.LooksNumeric(cell.Text!) && !MissingMarkers.IsMissing(cell) && !_headers.Contains(cell.Text!))
            ? ImportFault.Shorten(string.Join(", ", filled.Select(cell => cell.Text))) : null;
    }

    /// <summary>Whether a row below other headers may have a time all the same, if a broken one: it is rejected then, and not lost.</summary>
    private static bool MayHaveTime(ITableSource source, string? badTime) => (badTime is [>= '0' and <= '9', ..] && !DecimalColumn.LooksNumeric(badTime))
        // A time of day is a time of 1899.
        || source.Cells.Any(cell => cell is { Kind: CellKind.Time, Time.Year: >= 1900 } || (cell.Kind == CellKind.Text && !DecimalColumn.LooksNumeric(cell.Text!) && TimeText.TryParse(cell.Text, out _)));

    /// <summary>Of many rows the first ones are enough.</summary>
    private static void Note(List<int> rows, ITableSource source)
    {
        if (rows.Count < MostShown)
        {
            rows.Add(source.RowNumber);
        }
    }

    private static IEnumerable<int> ValuesOf(Layout layout) => layout.Matrix.Count > 0 ? layout.Matrix.Select(column => column.Index) : layout.Columns.Select(column => column.Index);

    private bool IsTotal(ITableSource source, string? badTime)
    {
        for (var column = 0; column < source.Cells.Count; column++)
        {
            if (source.Cells[column] is { Kind: CellKind.Text } cell && NamesTotal(cell.Text!))
            {
                return true;
            }
        }

        // What equals the only value so far is a reading without its time, and beside a text in its place any value is, unless the text speaks of a sum.
        return _readings > 1 && (!IsText(badTime) || SumWord().IsMatch(badTime!)) && (IsBareSum(source, decimalComma: false) || IsBareSum(source, decimalComma: true));
    }

    private static bool IsText(string? time) => time is { Length: > 0 } && !DecimalColumn.LooksNumeric(time) && !MissingMarkers.IsMissing(new Cell(CellKind.Text, Text: time));

    /// <summary>A row without a name that has the sum of the rows above in every column.</summary>
    private bool IsBareSum(ITableSource source, bool decimalComma)
    {
        var sums = Sums(decimalComma);
        var found = 0;
        for (var i = 0; i < _values.Length; i++)
        {
            if (DecimalColumn.NumberIn(At(source, _values[i]), decimalComma) is { } number)
            {
                found++;
                if (Math.Abs(number - sums[i]) > 1e-6 * Math.Abs(sums[i]) || sums[i] == 0)
                {
                    return false;
                }
            }
        }

        return found > 0;
    }

    private void Add(ITableSource source)
    {
        // Whether it is a sum itself shows only later.
        if (layout.Subject.Equipment is { } equipment && At(source, equipment) is { Kind: CellKind.Text } named && IsTotalName(named.Text!))
        {
            return;
        }

        _readings++;
        for (var i = 0; i < _values.Length; i++)
        {
            var cell = At(source, _values[i]);
            Sums(decimalComma: false)[i] += DecimalColumn.NumberIn(cell, decimalComma: false) ?? 0;
            Sums(decimalComma: true)[i] += DecimalColumn.NumberIn(cell, decimalComma: true) ?? 0;
        }
    }

    private double[] Sums(bool decimalComma) => _sums[decimalComma ? 1 : 0];

    private bool HoldsNumbers(ITableSource source) => Array.Exists(_given, column =>
        At(source, column) is var cell && (DecimalColumn.IsNumber(cell) || (cell.Kind == CellKind.Text && MarkedNumber.Find(cell.Text!) is not null)));

    private static Cell At(ITableSource source, int column) => column < source.Cells.Count ? source.Cells[column] : Cell.Empty;

    // Whether rows of these names are sums, their numbers say.
    private const string Totals =
        "totals?|totale|totali|totaux|totalt|totaal|eindtotaal|sums?|sum total|overall|summe|summa|gesamt|gesamtsumme|gesamtergebnis|gesamtverbrauch|insgesamt|zusammen|somme|ensemble|suma|razem|ogółem|łącznie"
        + "|celkem|spolu|yht|kokku|kopā|iš viso|totalsumma|i alt|yhteensä|loppusumma|összesen|végösszeg|toplam|ukupno|skupaj|итого|всего|разом|общо|общий итог|σύνολο|γενικό σύνολο|総計|合計|总计|合计|합계|총계|총합계"
        + @"|combined|all (sub-?\s?)?meters|alle zähler|tous les compteurs|todos los contadores|tutti i contatori|alle meters";

    private const string OfAll = @"g[eé]n[eé]ral|geral|generale|complessivo|końcowa|site|building|gebäude|standort|liegenschaft|verbrauch|consumption|usage|(of (all )?(the )?)?(sub-?\s?)?meters|(sub-?\s?)?metered|der zähler|aller zähler|des compteurs|de contadores|dei contatori";

    [GeneratedRegex($@"^\W*(grand\s+|genel\s+|celkový\s+|sub-?\s*|(site|building|invoice|bill|account|portfolio|campus|plant|overall|monthly)\s+|(sub-?\s?)?meters?\s+)?({Totals}|součet)(\s+({OfAll}))?\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TotalName();

    [GeneratedRegex(@"sub-?\s?meter", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SubMeters();

    [GeneratedRegex(@"^\W*(sub-?\s?total[ei]?s?|sous-?\s?total|subtotaal|zwischensumme|teilsumme|delsumma?)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Subtotal();

    [GeneratedRegex(
        @"^\W*(grand\s+|sub-?\s*)?(totals?|totale|sums?|summe|gesamt|gesamtsumme|somme|suma|totaal|averages?|avg|mean|mittelwert|durchschnitt|moyenne|promedio|media|min|max|minimum|maximum|count)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TotalTitle();

    [GeneratedRegex("total|summe|gesamt|somme|suma|totaal|totale|sum(s|med)?\\b|cumul", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex SumWord();
}
