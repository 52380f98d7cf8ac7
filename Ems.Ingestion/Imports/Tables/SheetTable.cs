using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>A table of a sheet: the headers of its columns, and the first of its rows.</summary>
/// <param name="HeaderRow">Number of the row of headers, of the last one where there are several; 0 where there is none.</param>
/// <param name="Headers">One for each column; the rows of headers joined, a unit in brackets.</param>
internal sealed record SheetTable(string Sheet, int HeaderRow, IReadOnlyList<string> Headers, IReadOnlyList<SampleRow> Rows)
{
    private const int MaxHeaderRows = 4;

    // Where each says in front what it has.
    private const int MostHeaderRows = 8;
    private const int LongestShown = 60;

    /// <summary>The first ones, by which columns are known.</summary>
    public const int EnoughRows = 100;

    private int? First { get; init; }

    public int FirstRow => First ?? Rows[0].Number;

    /// <summary>Whether there may be more rows than these.</summary>
    public bool IsCut { get; init; }

    /// <summary>Whether there are more rows than the first ones that columns are known by.</summary>
    public bool GoesOn => IsCut || Rows.Count > EnoughRows;

    /// <inheritdoc cref="ITableSource.Is1904"/>
    public bool Is1904 { get; init; }

    /// <inheritdoc cref="SheetSample.Named"/>
    public NamedDate? Named { get; init; }

    /// <summary>Whether a header that says metric and unit makes values of a column that holds any number.</summary>
    public bool AnyNumberDoes { get; init; }

    /// <summary>Columns whose headers are what a legend above them says instead, or that are those of points.</summary>
    public IReadOnlySet<int> Legend { get; init; } = new HashSet<int>();

    /// <summary>Headers of columns to the right of all values.</summary>
    public IReadOnlyList<string> BlankAtEnd { get; init; } = [];

    /// <summary>Those of them that stand in the last row of headers: a title farther up is none of a column.</summary>
    public IReadOnlyList<string> HeadersOfBlanks { get; init; } = [];

    /// <summary>The column of values whose cells have their units with them, which are not the same in all rows; null where there is none.</summary>
    public int? WithUnits { get; init; }

    /// <summary>Columns that say the unit of one of values each, where there are several.</summary>
    public IReadOnlyList<UnitBeside> UnitsBeside { get; init; } = [];

    /// <summary>The device of each column that a row of numbers above headers tells apart which several columns share.</summary>
    public IReadOnlyDictionary<int, string> Devices { get; init; } = new Dictionary<int, string>();

    /// <summary>What a row of headers says that the readings below are multiplied by, and what that row is called; null where none does.</summary>
    public (string Header, IReadOnlyDictionary<int, double> ByColumn)? Multipliers { get; init; }

    /// <inheritdoc cref="SheetSample.Told"/>
    public WholeFile? Told { get; init; }

    /// <summary>What the columns were in the file that these rows are of; null where nothing says it, or they stand above those rows.</summary>
    public IReadOnlyList<FileColumn>? ToldColumns => Told is { Columns: { } columns } told && FirstRow > told.Row ? columns : null;

    public IEnumerable<int> ToldAs(FileColumn was) => ToldColumns is { } columns ? Enumerable.Range(0, columns.Count).Where(column => columns[column] == was) : [];

    private bool HeldValues(int column) => ToldColumns is { } columns && column < columns.Count && FileColumns.IsValue(columns[column]);

    /// <summary>The table whose first row of values is the sample's row of this index.</summary>
    public static SheetTable From(SheetSample sample, int first)
    {
        // Below the headers, the name of the times may have a row of its own.
        var bottom = first > 1 && NamesTimesAlone(sample.Rows[first - 1]) && sample.Rows[first - 2].Number + 1 == sample.Rows[first - 1].Number && MayHoldHeaders(sample.Rows[first - 2]) ? first - 1 : first;
        var top = bottom;
        while (top > 0 && bottom - top < (HeaderTexts.NamesPoints(sample.Rows[top - 1]) ? MostHeaderRows : MaxHeaderRows) && sample.Rows[top - 1].Number + 1 == sample.Rows[top].Number && MayHoldHeaders(sample.Rows[top - 1])
            && !(top < bottom && (SaysOneThing(sample.Rows[top - 1], sample.Rows[bottom - 1]) || MeterLines.FindSerial([sample.Rows[top - 1]]) is not null)))
        {
            top--;
        }

        top = bottom - top > 1 && PivotTables.ValuesIn(sample.Rows[bottom - 2]) is not null ? bottom - 1 : top;
        // Empty rows between the headers and the values.
        if (top == bottom && first > 0 && MayHoldHeaders(sample.Rows[first - 1]))
        {
            top--;
        }

        var rows = sample.Rows.Skip(first).ToList();
        // Columns on the right may begin farther down.
        var width = rows.Concat(sample.IsCut ? sample.Rows.Take(first).Skip(top) : []).Max(row => row.Cells.Length);
        List<SampleRow> above = [.. sample.Rows.Take(bottom).Skip(top)];
        var multipliers = above.Count > 1 ? above.Select(Subjects.Multipliers.FindIn).FirstOrDefault(found => found is not null) : null;
        above = multipliers is null ? above : above.FindAll(row => Subjects.Multipliers.FindIn(row) is null);
        var headers = top == first ? HeaderTexts.Letters(width) : HeaderTexts.Join(above, width);
        // Nothing need head the times.
        headers[0] = bottom < first ? sample.Rows[bottom][0].Text! : headers[0].Length == 0 && TimeCells.TryRead(sample.Rows[first][0], NumberTimes.None, out _) ? HeaderTexts.Letters(1)[0] : headers[0];
        var devices = top > 0 && top < first ? MeterLines.TellApart(headers, sample.Rows[top - 1]) : [];
        var legend = top == first ? [] : HeaderTexts.AreOfPoints(above) ? [.. Enumerable.Range(1, width - 1)] : HeaderLegend.Apply(headers, sample.Rows.Take(top));
        var blank = above.Select(row => row.Cells.Length).DefaultIfEmpty().Max() is var all && all > width ? HeaderTexts.Join(above, all)[width..] : [];
        return UnitBeside.Take(WithPlainNumbers(new SheetTable(sample.Name, top == first ? 0 : sample.Rows[first - 1].Number, headers, rows)
        {
            IsCut = sample.IsCut,
            Is1904 = sample.Is1904,
            Told = sample.Told,
            Named = sample.Named,
            Legend = legend,
            Devices = devices,
            Multipliers = multipliers,
            BlankAtEnd = blank,
            HeadersOfBlanks = [.. blank.Where((header, i) => header.Length > 0 && above[^1][width + i].Kind == CellKind.Text)],
        }));
    }

    /// <summary>The table below one row of headers, which may hold times, or below the row of what stands under them, as their units.</summary>
    public static SheetTable Below(SheetSample sample, int header, bool hasSubHeaders)
    {
        var last = hasSubHeaders ? header + 1 : header;
        var rows = sample.Rows.Skip(last + 1).ToList();
        List<SampleRow> above = [.. sample.Rows.Take(last + 1).Skip(header)];
        var headers = HeaderTexts.Join(above, rows.Concat(above).Max(row => row.Cells.Length));
        headers[0] = headers[0].Length == 0 && rows.Exists(row => row[0].Kind != CellKind.Empty) ? HeaderTexts.Letters(1)[0] : headers[0];
        return new SheetTable(sample.Name, sample.Rows[last].Number, headers, rows) { IsCut = sample.IsCut, Is1904 = sample.Is1904, Told = sample.Told, Named = sample.Named };
    }

    /// <summary>The table with plain numbers in columns whose numbers have their units or marks with them: their header then has the unit, unless it is another one in other rows.</summary>
    private static SheetTable WithPlainNumbers(SheetTable table)
    {
        var headers = table.Headers.ToArray();
        var rows = table.Rows;
        List<List<MarkedNumber>> cells =
            [.. headers.Select((_, column) => table.Filled(column).Select(cell => cell.Kind == CellKind.Text ? MarkedNumber.Find(cell.Text!) : null).OfType<MarkedNumber>().ToList())];
        var measured = cells.SelectMany(marked => marked).Select(number => number.Unit).OfType<Unit>().Where(unit => unit.Symbol.Length > 1).Select(unit => unit.Dimension).ToHashSet();
        var withUnits = UnitsInCells.Find(table);
        for (var column = 0; column < headers.Length; column++)
        {
            var marked = cells[column];
            var units = marked.Select(number => number.Unit).OfType<Unit>().ToList();
            var header = HeaderReader.Read(headers[column]);
            var ofHeader = header.Unit;
            // Where the header does not say that they are values, few numbers are those of the equipment, as its capacity is.
            var isSaid = ofHeader is not null || header.Sure || DescribedColumns.NameAnyValue(headers[column]);
            // Letters behind numbers may be those of rooms and sizes, unless the header or numbers beside them have to do with what they measure.
            var mayBeNames = units.TrueForAll(unit => unit.Symbol.Length == 1 && unit.Dimension != header.Metric?.Dimension && !measured.Contains(unit.Dimension));
            var index = column;
            if (column == withUnits)
            {
                rows = [.. rows.Select(row => row.With(index, MarkedNumber.WithoutUnit(row[index])))];
                continue;
            }

            if (marked.Count == 0 || headers[column].Length == 0
                || (!table.HeldValues(column) && (marked.Select(number => number.Number).Distinct().Count() * 2 < (isSaid ? Math.Min(marked.Count, 4) : marked.Count)
                    || (ofHeader is null && units.Count > 0 && (mayBeNames || !UnitsInCells.AreOfOne(units, header, headers[column]))))))
            {
                continue;
            }

            var unit = ofHeader ?? units.GroupBy(found => found).MaxBy(group => group.Count())?.Key;
            headers[column] = ofHeader is null && unit is not null ? $"{headers[column]} ({unit.Symbol})" : headers[column];
            rows = [.. rows.Select(row => row.With(index, MarkedNumber.Plain(row[index], unit?.Symbol)))];
        }

        return ReferenceEquals(rows, table.Rows) ? table : table with { Headers = headers, Rows = rows, WithUnits = withUnits };
    }

    /// <summary>The table without some of its rows; null where none is left.</summary>
    public SheetTable? Without(Func<SampleRow, bool> leave) =>
        Rows.Where(row => !leave(row)).ToList() is { Count: > 0 } rows ? this with { Rows = rows, First = FirstRow } : null;

    public string HeaderOf(int column) => column < Headers.Count ? Headers[column] : "";

    public IEnumerable<int> Columns => Enumerable.Range(0, Headers.Count).Where(column => HeaderOf(column).Length > 0);

    /// <summary>A text as messages show it.</summary>
    public static string Shown(string text) => text.Length <= LongestShown ? text : $"{text.AsSpan(0, LongestShown)}…";

    /// <summary>Cells of the column that are not empty, in the first rows.</summary>
    public IEnumerable<Cell> Filled(int column) =>
        Rows.Take(EnoughRows).Select(row => row[column]).Where(cell => cell.Kind != CellKind.Empty);

    /// <summary>Columns with a header of which no row that is known has a value.</summary>
    public IEnumerable<int> Blank => Columns.Where(column => Rows.All(row => MissingMarkers.IsMissing(row[column])));

    /// <summary>Those of them whose headers have a unit: they may have values farther down.</summary>
    public IEnumerable<int> NotBegun => Blank.Where(HasUnit);

    /// <summary>Whether most of the column's cells that hold anything hold what is asked for; false when none does.</summary>
    public bool Mostly(int column, Func<Cell, bool> holds)
    {
        var cells = Filled(column).Where(cell => !MissingMarkers.IsMissing(cell)).ToList();
        return cells.Count > 0 && cells.Count(holds) * 10 >= cells.Count * 6;
    }

    /// <summary>Whether they are values, if only by what their file was taken for: a few of them need not be corrected yet.</summary>
    public bool HoldsNumbers(int column) => HeldValues(column) || column == WithUnits || Mostly(column, cell => DecimalColumn.IsNumber(cell)) || BeginsLate(column)
        || (AnyNumberDoes && HeaderReader.Read(HeaderOf(column)) is { Metric: not null, Unit: not null, IsRatio: false } && Filled(column).Any(cell => DecimalColumn.IsNumber(cell)));

    /// <summary>Whether the first rows have no value below a header with a unit, and those that have one hold numbers.</summary>
    private bool BeginsLate(int column) => Rows.Count > EnoughRows && HasUnit(column) && Filled(column).All(cell => MissingMarkers.IsMissing(cell))
        && Rows.Skip(EnoughRows).Select(row => row[column]).Where(cell => !MissingMarkers.IsMissing(cell)).ToList() is { Count: > 0 } later && later.TrueForAll(cell => DecimalColumn.IsNumber(cell));

    private bool HasUnit(int column) => HeaderReader.Read(HeaderOf(column)).Unit is not null;

    public bool HoldsTexts(int column, Func<string, bool> holds) => Mostly(column, cell => cell.Kind == CellKind.Text && holds(cell.Text!));

    /// <summary>A line of a name and its value (<c>Meter: 12</c>) is no row of headers, nor is one that holds a time.</summary>
    private static bool MayHoldHeaders(SampleRow row)
    {
        var filled = row.Cells.Where(cell => cell.Kind != CellKind.Empty).ToList();
        return !IsOfLogger(row[0]) && !filled.Exists(cell => cell.Kind == CellKind.Time || (cell.Kind == CellKind.Text && (cell.Text![^1] == ':' || TimeText.TryParse(cell.Text, out _))))
            && filled.Exists(cell => cell.Kind == CellKind.Text)
            && (filled.Count > 1 || row[0].Kind == CellKind.Empty);
    }

    /// <summary>Whether a row right above headers is of two cells, the name of a meter or a title and what it is: <c>Meter;222013</c>, <c>Trend log;Server: 1</c>.</summary>
    private static bool SaysOneThing(SampleRow row, SampleRow headers) => row is { Filled: 2 } && headers.Filled > 2
        && row[0] is { Kind: CellKind.Text, Text: { } name } && HeaderTexts.TextOf(row[1]) is { Length: > 0 } value
        && headers[0] is { Kind: CellKind.Text, Text: { } first } && new HeaderWords(first).NameTime && !new HeaderWords(name).NameTime
        && (SubjectFinder.NamesSubjectAlone(name) || value.Contains(": ", StringComparison.Ordinal));

    private static bool NamesTimesAlone(SampleRow row) => row is { Filled: 1 } && row[0] is { Kind: CellKind.Text, Text: { } text } && new HeaderWords(text) is { NameTime: true, Count: <= 2 };

    /// <summary>Loggers begin a file with its format, and beside it say what they are themselves.</summary>
    private static bool IsOfLogger(Cell first) => first is { Kind: CellKind.Text, Text: "TOA5" or "TOACI1" };
}

/// <summary>Joins rows of headers into one header for each column.</summary>
internal static class HeaderTexts
{
    // A value as it was at the time, which is no statistic.
    private const string Sample = "smp";

    /// <summary>What columns are called whose rows say what they hold.</summary>
    public static readonly string[] Values = ["value", "values", "wert", "werte", "valeur", "valor", "valore", "waarde"];

    // Inverters say so what their values are.
    private static readonly string[] Statistics = [Sample, "avg", "tot", "max", "min", "std", "counter", "counters", "analog"];

    public static string TextOf(Cell cell) => cell.Kind switch
    {
        CellKind.Text => cell.Text!,
        CellKind.Number when cell.Text is { } written => written,
        // Digits only: an id has no exponent.
        CellKind.Number when Math.Abs(cell.Number) is >= 1e15 and < 1e28 => ((decimal)cell.Number).ToString(CultureInfo.InvariantCulture),
        CellKind.Number => cell.Number.ToString(CultureInfo.InvariantCulture),
        CellKind.Time when cell.Time.Date == Cell.DayZero => cell.Time.ToString("HH:mm", CultureInfo.InvariantCulture),
        CellKind.Time => cell.Time.ToString(cell.Time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <summary>What to call columns without headers.</summary>
    public static string[] Letters(int width) => [.. Enumerable.Range(0, width).Select(column => $"Column {Letter(column)}")];

    public static string[] Join(IReadOnlyList<SampleRow> rows, int width)
    {
        if (rows.SkipLast(1).FirstOrDefault(AreLabelledUnits) is { } units)
        {
            return JoinLabelled(rows, units, width);
        }

        var headers = new string[width];
        Array.Fill(headers, "");
        var hasStatistics = rows.Count > 2 && HoldStatistics(rows[^1]) && HoldAnyUnit(rows[^2]);
        // Loggers have them below the units.
        rows = hasStatistics ? [.. rows.SkipLast(2), rows[^1], rows[^2]] : rows;
        var hasUnits = hasStatistics || HoldsUnits(rows[^1]);
        for (var i = 0; i < rows.Count; i++)
        {
            var isLast = i == rows.Count - 1;
            var isUnits = isLast && hasUnits;
            var isStatistics = hasStatistics && i == rows.Count - 2;
            var isTitle = i < rows.Count - (hasUnits ? 2 : 1) && IsTitle(rows[i]);
            var group = "";
            for (var column = 0; column < width; column++)
            {
                var text = isTitle && rows[i][column].Kind == CellKind.Number ? "" : Clean(TextOf(rows[i][column]));
                if (isStatistics)
                {
                    text = text.Equals(Sample, StringComparison.OrdinalIgnoreCase) || headers[column].EndsWith(text, StringComparison.OrdinalIgnoreCase) ? "" : text;
                }

                // Value stands below names that have their unit with them.
                if (i > 0 && Values.Contains(text, StringComparer.OrdinalIgnoreCase) && HeaderReader.Read(headers[column]).Unit is not null)
                {
                    continue;
                }

                // A group's name stands over its first column: its cells are merged.
                group = isLast || isStatistics || isTitle ? text : text.Length > 0 ? text : rows.Skip(i + 1).Any(row => row[column].Kind != CellKind.Empty) ? group : "";
                headers[column] = isUnits && text.Length > 0 && headers[column].Length > 0 ? $"{headers[column]} ({text.Trim('(', ')', '[', ']')})"
                    : headers[column].Length == 0 || headers[column] == group ? group
                    : group.Length == 0 ? headers[column] : $"{headers[column]} {group}";
            }
        }

        return headers;
    }

    /// <summary>Whether a row says in front that it has names of points.</summary>
    public static bool NamesPoints(SampleRow row) => row.Filled > 2 && row[0] is { Kind: CellKind.Text, Text: { } label } && SubjectFinder.NamesPoints(label);

    /// <summary>Whether rows of headers say in front that they have the names and the units of points, each of which is a meter.</summary>
    public static bool AreOfPoints(IReadOnlyList<SampleRow> rows) => rows.SkipLast(1).Any(AreLabelledUnits) && rows.SkipLast(1).Any(NamesPoints);

    private static bool AreLabelledUnits(SampleRow row) => row.Filled > 1 && row[0] is { Kind: CellKind.Text, Text: { } label } && SubjectFinder.NameUnitsAlone(new HeaderWords(label)) && HoldsUnits(row);

    /// <summary>Headers whose rows say in front what they have, as names, descriptions and units of points; what says something else of them is none of a header.</summary>
    private static string[] JoinLabelled(IReadOnlyList<SampleRow> rows, SampleRow units, int width)
    {
        var names = rows.SkipLast(1).Where(NamesPoints).ToList();
        return [.. Enumerable.Range(0, width).Select(column =>
        {
            var last = Clean(TextOf(rows[^1][column]));
            var own = names.Select(row => Clean(TextOf(row[column]))).Where(text => text.Length > 0).ToList();
            var name = string.Join(' ', own.Append(own.Count > 0 && Values.Contains(last, StringComparer.OrdinalIgnoreCase) ? "" : last).Where(text => text.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase));
            var unit = TextOf(units[column]).Trim('(', ')', '[', ']');
            return column == 0 ? last : name.Length > 0 && unit.Length > 0 ? $"{name} ({unit})" : $"{name}{unit}";
        })];
    }

    /// <summary>Texts side by side from the first column on, with a number among them that is a year or a page. Names of groups leave blanks.</summary>
    private static bool IsTitle(SampleRow row) =>
        row.Cells.Count(cell => cell.Kind == CellKind.Number) == 1 && !SubjectFinder.NamesSubjectAlone(TextOf(row[0])) && row.Cells.SkipWhile(cell => cell.Kind != CellKind.Empty).All(cell => cell.Kind == CellKind.Empty);

    private static bool HoldStatistics(SampleRow row) =>
        row.Filled > 0 && row.Cells.All(cell => cell.Kind == CellKind.Empty || (cell.Kind == CellKind.Text && Statistics.Contains(cell.Text!, StringComparer.OrdinalIgnoreCase)));

    private static bool HoldAnyUnit(SampleRow row) => row.Cells.Any(cell => cell.Kind == CellKind.Text && !Units.IsNameToo(cell.Text) && Units.TryParse(cell.Text, out _));

    private static bool HoldsUnits(SampleRow row)
    {
        var texts = row.Cells.Where(cell => cell.Kind == CellKind.Text).ToList();
        // A lone letter is a name as often as a unit.
        return texts.Exists(cell => cell.Text!.Length > 1 && !Units.IsNameToo(cell.Text) && Units.TryParse(cell.Text, out _))
            && texts.Count(cell => Units.TryParse(cell.Text, out _)) * 2 > texts.Count - 1;
    }

    private static string Letter(int column) => column < 26 ? ((char)('A' + column)).ToString() : Letter((column / 26) - 1) + Letter(column % 26);

    private static string Clean(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
