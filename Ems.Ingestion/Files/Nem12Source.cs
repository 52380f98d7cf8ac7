using System.Globalization;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>
/// Reads a NEM12 file of the Australian market as a table: a row for each interval of its energies, with its meter, its start and end,
/// and how far it can be trusted. Records are numbered by kind: 200 begins a data stream, 300 has a day of it, 400 the qualities of parts
/// of that day.
/// </summary>
internal sealed class Nem12Source(CsvSource records, string fileName) : ITableSource
{
    /// <summary>Heads the data streams of meters that have several.</summary>
    public const string StreamHeader = "NEM12 Suffix";

    private const int MinutesOfDay = 24 * 60;
    private const int FirstValue = 2;
    private const int SuffixLength = 2;

    private static readonly string[] Headers = ["NMI", StreamHeader, "Start", "End", "Value", "Unit", "Quality"];

    private readonly RowCells _cells = new();
    private readonly List<Interval> _day = [];
    private int _next;
    private bool _isRead;
    private Stream? _stream;

    public string SheetName => "";

    public int RowNumber { get; private set; }

    public IReadOnlyList<Cell> Cells => _cells;

    public double Progress => records.Progress;

    public char? Delimiter => records.Delimiter;

    public IReadOnlyList<ImportAssumption> Assumptions { get; } =
    [
        new("utc_offset", "that of the market", "NEM12 counts in standard time without summer time: +10:00, with meters of Western Australia +08:00 and of the Northern Territory +09:30"),
        new("left_out", "data streams in other units than Wh, kWh and MWh", "they are no energy that is used"),
    ];

    /// <summary>Whether a text begins as such files do.</summary>
    public static bool IsBegunBy(ReadOnlySpan<byte> head) => (head.StartsWith("\uFEFF"u8) ? head[3..] : head).StartsWith("100,NEM12"u8);

    /// <summary>The standard time that a meter keeps.</summary>
    // Those of Western Australia are 8001 to 8021 and WA…, those of the Northern Territory 250; 8000 is in Tasmania, NTTT in New South Wales.
    public static string OffsetOf(string nmi) => nmi switch
    {
        ['W', 'A', ..] => "+08:00",
        ['8', '0', '0' or '1' or '2', ..] when int.TryParse(nmi.AsSpan(0, Math.Min(4, nmi.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var block) && block is > 8000 and < 8022 => "+08:00",
        ['2', '5', '0', ..] => "+09:30",
        _ => "+10:00",
    };

    /// <summary>The suffix of a stream where its meter has several; empty for the only one.</summary>
    /// <param name="all">Of the meter.</param>
    // Reactive energies begin with other letters.
    public static string PartOf(string suffix, string all) => all.Chunk(SuffixLength).Count(one => one[0] is 'E' or 'B') == 1 && suffix.StartsWith('E') ? "" : suffix;

    /// <summary>A unit of energy as others write it; null where it is none.</summary>
    public static string? UnitOf(string unit) => unit.ToUpperInvariant() switch { "WH" => "Wh", "KWH" => "kWh", "MWH" => "MWh", _ => null };

    public bool ReadRow()
    {
        _cells.Clear();
        RowNumber++;
        if (RowNumber == 1)
        {
            SetAll(Headers);
            return true;
        }

        while (_next >= _day.Count)
        {
            if (!ReadDay())
            {
                return false;
            }
        }

        Set(_day[_next++]);
        return true;
    }

    public bool NextSheet() => false;

    public void Dispose() => records.Dispose();

    private void Set(Interval interval)
    {
        SetAll([_stream!.Nmi, _stream.Suffix, TimeOf(interval.Start), TimeOf(interval.Start.AddMinutes(_stream.Minutes))]);
        _cells.Set(4, interval.Value);
        _cells.Set(5, Cell.Of(_stream.Unit));
        _cells.Set(6, Cell.Of(interval.Quality is ['N', ..] ? "missing" : interval.Quality));
    }

    private string TimeOf(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + _stream!.Offset;

    /// <summary>Goes to the next day of energies, and reads on past what is said about its parts.</summary>
    private bool ReadDay()
    {
        (_next, var isDay) = (0, false);
        _day.Clear();
        while (_isRead || records.ReadRow())
        {
            _isRead = false;
            var kind = TextAt(0);
            if (isDay && kind != "400")
            {
                _isRead = true;
                return true;
            }

            switch (kind)
            {
                case "200":
                    _stream = BeginStream();
                    break;
                case "300" when _stream is not null:
                    TakeDay(_stream.Minutes);
                    isDay = true;
                    break;
                case "400" when isDay:
                    TakeQuality();
                    break;
            }
        }

        return isDay;
    }

    /// <summary>Null for one that is no energy.</summary>
    private Stream? BeginStream()
    {
        var (nmi, all, suffix) = (TextAt(1), TextAt(2), TextAt(4));
        if (UnitOf(TextAt(7)) is not { } unit)
        {
            return null;
        }

        if (nmi.Length == 0 || !int.TryParse(TextAt(8), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) || minutes is 0 or > MinutesOfDay || MinutesOfDay % minutes != 0)
        {
            throw Broken("a meter and the minutes of its intervals");
        }

        return new Stream(nmi, PartOf(suffix, all), unit, minutes);
    }

    private void TakeDay(int minutes)
    {
        if (!DateTime.TryParseExact(TextAt(1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || records.Cells.Count < FirstValue + (MinutesOfDay / minutes))
        {
            throw Broken($"a day and {MinutesOfDay / minutes} values");
        }

        var quality = TextAt(FirstValue + (MinutesOfDay / minutes));
        for (var i = 0; i < MinutesOfDay / minutes; i++)
        {
            _day.Add(new Interval(day.AddMinutes(i * minutes), records.Cells[FirstValue + i], quality));
        }
    }

    /// <summary>The quality of the intervals from one number to another.</summary>
    private void TakeQuality()
    {
        if (!int.TryParse(TextAt(1), NumberStyles.None, CultureInfo.InvariantCulture, out var first) || !int.TryParse(TextAt(2), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || first < 1 || last > _day.Count)
        {
            throw Broken("the numbers of intervals of its day");
        }

        for (var i = first; i <= last; i++)
        {
            _day[i - 1] = _day[i - 1] with { Quality = TextAt(3) };
        }
    }

    private ImportFaultException Broken(string wanted) => ImportFaultException.Format(
        $"{fileName} is a NEM12 file, but its record {TextAt(0)} in row {records.RowNumber} lacks {wanted}.", null, null, records.RowNumber);

    private string TextAt(int column) => column < records.Cells.Count ? HeaderTexts.TextOf(records.Cells[column]) : "";

    private void SetAll(string[] texts)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            _cells.Set(i, Cell.Of(texts[i]));
        }
    }

    private readonly record struct Interval(DateTime Start, Cell Value, string Quality);

    /// <param name="Suffix">Empty for the only one of its meter.</param>
    private sealed record Stream(string Nmi, string Suffix, string Unit, int Minutes)
    {
        public string Offset { get; } = OffsetOf(Nmi);
    }
}
