using System.Globalization;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>
/// Reads a NEM13 file of the Australian market as a table: a row for what each register of a meter counted between two readings, which the records 250 say
/// beside both of them.
/// </summary>
internal sealed class Nem13Source(CsvSource records, string fileName) : ITableSource
{
    private static readonly string[] Headers = ["NMI", Nem12Source.StreamHeader, "Start", "End", "Value", "Unit", "Quality"];

    private readonly RowCells _cells = new();

    public string SheetName => "";

    public int RowNumber { get; private set; }

    public IReadOnlyList<Cell> Cells => _cells;

    public double Progress => records.Progress;

    public char? Delimiter => records.Delimiter;

    public IReadOnlyList<ImportAssumption> Assumptions { get; } =
    [
        new("utc_offset", "that of the market", "NEM13 counts in standard time without summer time: +10:00, with meters of Western Australia +08:00 and of the Northern Territory +09:30"),
        new("left_out", "data streams in other units than Wh, kWh and MWh, and the states of registers", "what was used between two readings stands beside these"),
    ];

    /// <summary>Whether a text begins as such files do.</summary>
    public static bool IsBegunBy(ReadOnlySpan<byte> head) => (head.StartsWith("\uFEFF"u8) ? head[3..] : head).StartsWith("100,NEM13"u8);

    public bool ReadRow()
    {
        _cells.Clear();
        RowNumber++;
        if (RowNumber == 1)
        {
            SetAll(Headers);
            return true;
        }

        while (records.ReadRow())
        {
            if (TextAt(0) == "250" && Nem12Source.UnitOf(TextAt(19)) is { } unit)
            {
                Set(unit);
                return true;
            }
        }

        return false;
    }

    public bool NextSheet() => false;

    public void Dispose() => records.Dispose();

    private void Set(string unit)
    {
        var (nmi, quality) = (TextAt(1), TextAt(15));
        SetAll([nmi, Nem12Source.PartOf(TextAt(4), TextAt(2)), TimeAt(9, nmi), TimeAt(14, nmi)]);
        _cells.Set(4, records.Cells[18]);
        _cells.Set(5, Cell.Of(unit));
        _cells.Set(6, Cell.Of(quality is ['N', ..] ? "missing" : quality));
    }

    private string TimeAt(int column, string nmi) =>
        nmi.Length > 0 && DateTime.TryParseExact(TextAt(column), ["yyyyMMddHHmmss", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + Nem12Source.OffsetOf(nmi)
            : throw ImportFaultException.Format($"{fileName} is a NEM13 file, but its record 250 in row {records.RowNumber} lacks a meter and the times of two readings.", null, null, records.RowNumber);

    private string TextAt(int column) => column < records.Cells.Count ? HeaderTexts.TextOf(records.Cells[column]) : "";

    private void SetAll(string[] texts)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            _cells.Set(i, Cell.Of(texts[i]));
        }
    }
}
