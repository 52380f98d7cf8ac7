using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Times;

/// <summary>A column that says how far from UTC the times of its rows are: <c>+02:00</c>, <c>120</c>, <c>2</c>.</summary>
/// <param name="SecondsOfOne">How much a number of it stands for; zero where its size tells.</param>
internal readonly partial record struct OffsetColumn(int Index, int SecondsOfOne)
{
    private const int MostMinutes = 14 * 60;
    private const int MostHours = 14;
    private const int Minute = 60;
    private const int Hour = 3600;
    private const int Step = 15;

    /// <summary>Null where there is none. A number needs a header that speaks of UTC or zones: sensors and clocks have offsets too.</summary>
    public static OffsetColumn? Find(SheetTable table, MappedTable told)
    {
        foreach (var column in table.Columns.Where(column => told.Find(column) is null or { Purpose: ColumnRole.TimeZone }))
        {
            var header = new HeaderWords(table.HeaderOf(column));
            if (header.Any("offset", "utcoffset", "gmtoffset", "tzoffset") && table.Filled(column).ToList() is { Count: > 0 } cells
                && (header.NameTimeZone || header.Any("utc", "gmt", "utcoffset", "gmtoffset", "tzoffset") || cells.TrueForAll(cell => cell.Kind == CellKind.Text && Written().IsMatch(cell.Text!)))
                && new OffsetColumn(column, SecondsIn(header)) is var found && cells.TrueForAll(cell => found.MinutesOf(cell) is not null))
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
            var minutes = (Number(match.Groups["hours"]) * Minute) + Number(match.Groups["minutes"]);
            return minutes > MostMinutes ? null : (short)(match.Groups["sign"].ValueSpan is "-" or "−" ? -minutes : minutes);
        }

        return DecimalColumn.NumberIn(cell, decimalComma: false) is { } number && number * SecondsOf(number) / Minute is var found && found % Step == 0 && Math.Abs(found) <= MostMinutes ? (short)found : null;
    }

    private int SecondsOf(double number) => SecondsOfOne > 0 ? SecondsOfOne : Math.Abs(number) <= MostHours ? Hour : Math.Abs(number) <= MostMinutes ? Minute : 1;

    private static int SecondsIn(HeaderWords header) =>
        header.Any("minutes", "minute", "min", "mins") ? Minute : header.Any("hours", "hour", "h", "hrs") ? Hour : header.Any("seconds", "second", "s", "sec") ? 1 : 0;

    private static int Number(Group group) => group.Success && group.Length > 0 ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^\s*(UTC|GMT)?\s*(?<sign>[+\-−])\s*(?<hours>\d{1,2})(:?(?<minutes>00|15|30|45))?\s*$|^\s*(Z|UTC|GMT)\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
