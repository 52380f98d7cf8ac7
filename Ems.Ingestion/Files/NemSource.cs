using System.Globalization;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Files;

/// <summary>Reads a file of meter data of the Australian market, whose records are numbered by kind, as a table: headers, and a row for each amount of energy.</summary>
/// <param name="format">Its name, which its first record has: NEM12 or NEM13.</param>
internal abstract class NemSource(CsvSource records, string fileName, string format) : ITableSource
{
    /// <summary>Heads the data streams of meters that have several.</summary>
    public const string StreamHeader = "NEM12 Suffix";

    private const int SuffixLength = 2;

    private static readonly string[] Headers = ["NMI", StreamHeader, "Start", "End", "Value", "Unit", "Quality"];

    private readonly RowCells _cells = new();

    public string SheetName => "";

    public int RowNumber { get; private set; }

    public IReadOnlyList<Cell> Cells => _cells;

    public double Progress => Records.Progress;

    public char? Delimiter => Records.Delimiter;

    public abstract IReadOnlyList<ImportAssumption> Assumptions { get; }

    protected CsvSource Records { get; } = records;

    /// <summary>What is said of the zone of its times.</summary>
    protected ImportAssumption Offset { get; } = new(
        "utc_offset", "that of the market", $"{format} counts in standard time without summer time: +10:00, with meters of Western Australia +08:00 and of the Northern Territory +09:30");

    /// <summary>The records as a table; null for a text that begins as no such file does.</summary>
    public static NemSource? Find(ReadOnlySpan<byte> head, CsvSource records, string fileName)
    {
        var text = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        return text.StartsWith("100,NEM12"u8) ? new Nem12Source(records, fileName) : text.StartsWith("100,NEM13"u8) ? new Nem13Source(records, fileName) : null;
    }

    public bool ReadRow()
    {
        _cells.Clear();
        RowNumber++;
        if (RowNumber == 1)
        {
            SetTexts(Headers);
            return true;
        }

        return ReadAmount();
    }

    public bool NextSheet() => false;

    public void Dispose() => Records.Dispose();

    /// <summary>Goes to the next amount and sets its row; false after the last.</summary>
    protected abstract bool ReadAmount();

    /// <param name="suffix">Of the data stream; empty for the only one of its meter.</param>
    protected void Set(string nmi, string suffix, DateTime start, DateTime end, Cell value, string unit, string quality)
    {
        SetTexts([nmi, suffix, TimeOf(start, nmi), TimeOf(end, nmi)]);
        _cells.Set(4, value);
        _cells.Set(5, Cell.Of(unit));
        _cells.Set(6, Cell.Of(quality is ['N', ..] ? "missing" : quality));
    }

    protected string TextAt(int column) => column < Records.Cells.Count ? HeaderTexts.TextOf(Records.Cells[column]) : "";

    protected ImportFaultException Broken(string wanted) => ImportFaultException.Format(
        $"{fileName} is a {format} file, but its record {TextAt(0)} in row {Records.RowNumber} lacks {wanted}.", null, null, Records.RowNumber);

    /// <summary>The suffix of a stream where its meter has several; empty for the only one.</summary>
    /// <param name="all">Of the meter.</param>
    // Reactive energies begin with other letters.
    protected static string PartOf(string suffix, string all) => all.Chunk(SuffixLength).Count(one => one[0] is 'E' or 'B') == 1 && suffix.StartsWith('E') ? "" : suffix;

    /// <summary>A unit of energy as others write it; null where it is none.</summary>
    protected static string? UnitOf(string unit) => unit.ToUpperInvariant() switch { "WH" => "Wh", "KWH" => "kWh", "MWH" => "MWh", _ => null };

    private static string TimeOf(DateTime time, string nmi) => time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + OffsetOf(nmi);

    /// <summary>The standard time that a meter keeps.</summary>
    // Those of Western Australia are 8001 to 8021 and WA…, those of the Northern Territory 250; 8000 is in Tasmania, NTTT in New South Wales.
    private static string OffsetOf(string nmi) => nmi switch
    {
        ['W', 'A', ..] => "+08:00",
        ['8', '0', '0' or '1' or '2', ..] when int.TryParse(nmi.AsSpan(0, Math.Min(4, nmi.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var block) && block is > 8000 and < 8022 => "+08:00",
        ['2', '5', '0', ..] => "+09:30",
        _ => "+10:00",
    };

    private void SetTexts(string[] texts)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            _cells.Set(i, Cell.Of(texts[i]));
        }
    }
}
