using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>A column that says how far from UTC the times of its rows are: <c>+02:00</c>, <c>120</c>, <c>2</c>.</summary>
/// <param name="SecondsOfOne">How much a number of it stands for.</param>
internal readonly partial record struct OffsetColumn(int Index, int SecondsOfOne)
{
    private const int MostMinutes = 14 * 60;
    private const int MostHours = 14;
    private const int Step = 15;

    /// <summary>Null where there is none. A number needs a header that speaks of UTC or times: sensors have offsets too.</summary>
    public static OffsetColumn? Find(SheetTable table, IReadOnlyCollection<int> times)
    {
        foreach (var column in table.Columns.Where(column => !times.Contains(column)))
        {
            var header = new HeaderWords(table.HeaderOf(column));
            if (header.Any("offset", "utcoffset", "gmtoffset", "tzoffset", "utc-offset") && table.Filled(column).ToList() is { Count: > 0 } cells
                && (header.NameTime || header.NameTimeZone || header.Any("utc", "gmt", "tz", "utcoffset", "gmtoffset", "tzoffset") || cells.TrueForAll(cell => cell.Kind == CellKind.Text && Written().IsMatch(cell.Text!)))
                && new OffsetColumn(column, SecondsIn(header, cells)) is var found && cells.TrueForAll(cell => found.MinutesOf(cell) is not null))
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Null where the cell says none.</summary>
    public short? MinutesIn(ITableSource source) => Index < source.Cells.Count ? MinutesOf(source.Cells[Index]) : null;

    private short? MinutesOf(in Cell cell)
    {
        if (cell.Kind == CellKind.Text && Written().Match(cell.Text!) is { Success: true } match)
        {
            var minutes = (Number(match.Groups["hours"]) * 60) + Number(match.Groups["minutes"]);
            return minutes > MostMinutes ? null : (short)(match.Groups["sign"].ValueSpan is "-" or "−" ? -minutes : minutes);
        }

        return DecimalColumn.NumberIn(cell, decimalComma: false) * SecondsOfOne / 60 is { } number && number % Step == 0 && Math.Abs(number) <= MostMinutes ? (short)number : null;
    }

    private static int SecondsIn(HeaderWords header, List<Cell> cells)
    {
        var largest = cells.Max(cell => Math.Abs(DecimalColumn.NumberIn(cell, decimalComma: false) ?? 0));
        return header.Any("minutes", "minute", "min", "mins") ? 60 : header.Any("hours", "hour", "h", "hrs") ? 3600 : header.Any("seconds", "second", "s", "sec") ? 1
            : largest <= MostHours ? 3600 : largest <= MostMinutes ? 60 : 1;
    }

    private static int Number(Group group) => group.Success && group.Length > 0 ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^\s*(UTC|GMT)?\s*(?<sign>[+\-−])\s*(?<hours>\d{1,2})(:?(?<minutes>00|15|30|45))?\s*$|^\s*(Z|UTC|GMT)\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
