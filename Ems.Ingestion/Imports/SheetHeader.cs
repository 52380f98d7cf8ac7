using Ems.Ingestion.Files;

namespace Ems.Ingestion.Imports;

/// <summary>Finds the row of headers and the column of times in the first rows of a sheet.</summary>
/// <param name="Below">The rows after the header.</param>
/// <param name="TimeColumns">Columns that hold times; the sheet is no table of readings without one.</param>
internal sealed record SheetHeader(
    string Sheet, SampleRow Header, IReadOnlyList<SampleRow> Below, IReadOnlyList<int> TimeColumns)
{
    private const int DeepestHeader = 50;

    public string HeaderOf(int column) => Header[column] switch
    {
        { Kind: CellKind.Text } cell => cell.Text!,
        { Kind: CellKind.Number } cell => cell.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    };

    public static SheetHeader? Find(SheetSample sample, int? headerRow)
    {
        for (var i = 0; i < sample.Rows.Count && i < DeepestHeader; i++)
        {
            var row = sample.Rows[i];
            if (headerRow is null ? !CouldBeHeader(row) : row.Number != headerRow)
            {
                continue;
            }

            var found = new SheetHeader(sample.Name, row, [.. sample.Rows.Skip(i + 1)], []);
            var times = Enumerable.Range(0, row.Cells.Length).Where(found.HoldsTimes).ToList();
            if (times.Count > 0)
            {
                return found with { TimeColumns = times };
            }
        }

        return null;
    }

    /// <summary>Whether most of the column's cells are numbers; null when the sample has none.</summary>
    public bool? HoldsNumbers(int column)
    {
        var cells = Below.Select(row => row[column]).Where(cell => cell.Kind != CellKind.Empty).ToList();
        return cells.Count == 0 ? null : cells.Count(IsNumber) * 2 > cells.Count;
    }

    private static bool IsNumber(Cell cell) =>
        cell.Kind == CellKind.Number || (cell.Kind == CellKind.Text && DecimalColumn.LooksNumeric(cell.Text!));

    private static bool CouldBeHeader(SampleRow row) =>
        row.Cells.Count(cell => cell.Kind == CellKind.Text) >= 2
        && !row.Cells.Any(cell => cell.Kind == CellKind.Time || (cell.Kind == CellKind.Text && TimeText.TryParse(cell.Text!, out _)));

    private bool HoldsTimes(int column)
    {
        if (HeaderOf(column).Length == 0)
        {
            return false;
        }

        var cells = Below.Select(row => row[column]).Where(cell => cell.Kind != CellKind.Empty).ToList();
        var serials = HeaderWords.NamesTime(HeaderOf(column));
        var times = cells.Count(cell => cell.Kind switch
        {
            CellKind.Time => true,
            CellKind.Text => TimeText.TryParse(cell.Text!, out _),
            CellKind.Number => serials && ExcelSerial.IsPlausible(cell.Number),
            _ => false,
        });
        return times > 0 && times * 10 >= cells.Count * 8;
    }
}

/// <summary>Dates that Excel keeps as days since 1899-12-30.</summary>
internal static class ExcelSerial
{
    private static readonly DateTime Epoch = new(1899, 12, 30);

    /// <summary>1954 to 2119.</summary>
    public static bool IsPlausible(double serial) => serial is > 20_000 and < 80_000;

    /// <summary>To the millisecond, as precise as a serial is.</summary>
    public static DateTime ToTime(double serial) => Epoch.AddMilliseconds(Math.Round(serial * 86_400_000));
}
