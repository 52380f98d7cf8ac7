using System.Globalization;
using System.Xml;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>
/// Reads a Green Button (ESPI) feed as a table: a row for each reading of an interval, with its meter, its start and end in UTC, and
/// its value under a header that names metric and unit; and before them, for each bill of a meter that has no readings.
/// </summary>
internal sealed class GreenButtonSource : ITableSource
{
    private const long SecondsPerHour = 3_600;

    private static readonly string[] Before = ["Meter ID", "Meter Name", "Meter Type", "Start Date", "End Date"];

    private readonly GreenButtonFeed _feed;
    private readonly IReadOnlyList<string> _headers;
    private readonly FileStream _file;
    private readonly XmlReader _xml;
    private readonly string _fileName;
    private readonly RowCells _cells = new();
    private readonly char[] _buffer = new char[64];
    private int _block = -1;

    private GreenButtonSource(GreenButtonFeed feed, FileStream file, string fileName)
    {
        (_feed, _file, _fileName, _headers) = (feed, file, fileName, feed.Headers);
        file.Position = 0;
        _xml = BoundedXml.Open(Bounded(file, fileName));
    }

    public string SheetName => "";

    public int RowNumber { get; private set; }

    public IReadOnlyList<Cell> Cells => _cells;

    public IReadOnlyList<(string What, string Why)> LeftOut => _feed.LeftOut;

    public IReadOnlyList<ImportAssumption> Assumptions => _feed.Assumptions;

    public string? Zone => _feed.Zone;

    public double Progress => (double)_file.Position / _file.Length;

    public static GreenButtonSource Open(FileStream file, string fileName)
    {
        try
        {
            using var reader = BoundedXml.Open(Bounded(file, fileName));
            return new GreenButtonSource(GreenButtonFeed.Read(reader, fileName), file, fileName);
        }
        catch (Exception broken) when (IsFault(broken))
        {
            throw ImportFaultException.Format(
                $"{fileName} is cut off or damaged, or holds XML that is not read (such as a document type): it cannot be read.", broken);
        }
    }

    public bool ReadRow()
    {
        _cells.Clear();
        if (RowNumber == 0)
        {
            RowNumber++;
            SetAll([.. Before, .. _headers, "Estimated"]);
            return true;
        }

        if (RowNumber <= _feed.Bills.Count)
        {
            var (billed, start, duration, value) = _feed.Bills[RowNumber - 1];
            RowNumber++;
            SetRow(billed, start, duration, Cell.Of(billed.ToValue(value)), quality: -1);
            return true;
        }

        try
        {
            while (_xml.ReadNext())
            {
                if (_xml.NodeType == XmlNodeType.Element && _xml.LocalName == "IntervalBlock")
                {
                    _block++;
                }
                else if (_xml.NodeType == XmlNodeType.Element && _xml.LocalName == "IntervalReading" && _block >= 0 && _feed.SeriesOf(_block) is { } series)
                {
                    RowNumber++;
                    ReadInterval(series);
                    return true;
                }
            }

            return false;
        }
        catch (Exception broken) when (IsFault(broken))
        {
            throw ImportFaultException.Format($"{_fileName} is cut off or damaged: it cannot be read after {RowNumber - 1} readings.", broken, null, RowNumber);
        }
    }

    public bool NextSheet() => false;

    public void Dispose()
    {
        _xml.Dispose();
        _file.Dispose();
    }

    /// <summary>Nothing is unpacked here: what the file may hold was decided when it was taken in.</summary>
    private static BoundedStream Bounded(FileStream file, string fileName) =>
        new(file, new UnpackBudget(fileName, long.MaxValue), leaveOpen: true) { HoldsXml = true };

    private void ReadInterval(GreenButtonSeries series)
    {
        long? start = null, duration = null;
        var value = Cell.Empty;
        var quality = -1L;
        var content = _xml.Content();
        while (content.Read())
        {
            if (_xml.NodeType == XmlNodeType.Element)
            {
                switch (_xml.LocalName)
                {
                    case "start": start = Number(); break;
                    case "duration": duration = Number(); break;
                    case "value": value = Value(series); break;
                    case "quality": quality = Number() ?? -1; break;
                }
            }
        }

        SetRow(series, BeginsLate(start, duration) ? start - 1 : start, duration, value, (int)quality);
    }

    /// <summary>Whether an interval within an hour begins a second behind the clock, as those of some utilities do.</summary>
    private static bool BeginsLate(long? start, long? duration) => duration is > 0 and <= SecondsPerHour && (start - 1) % duration == 0;

    private void SetRow(GreenButtonSeries series, long? start, long? duration, Cell value, int quality)
    {
        _cells.Set(0, Cell.Of(series.MeterId));
        _cells.Set(1, Cell.Of(series.MeterName));
        _cells.Set(2, Cell.Of(series.MeterType));
        _cells.Set(3, Time(start));
        _cells.Set(4, Time(start + duration));
        _cells.Set(Before.Length + IndexOf(series.Header), value);
        _cells.Set(Before.Length + _headers.Count, Cell.Of(GreenButtonUnits.IsEstimated(quality) ? "Yes" : "No"));
    }

    private int IndexOf(string header)
    {
        for (var i = 0; i < _headers.Count; i++)
        {
            if (_headers[i] == header)
            {
                return i;
            }
        }

        throw new InvalidOperationException(header);
    }

    /// <summary>A whole number by the standard, which some write as <c>5087.0</c>; what is none is told of as it stands.</summary>
    private Cell Value(GreenButtonSeries series)
    {
        var text = _buffer.AsSpan(0, _xml.ReadText(_buffer)).Trim();
        return text.IsEmpty ? Cell.Empty
            : double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? Cell.Of(series.ToValue(number))
            : Cell.Of(text);
    }

    private long? Number() =>
        long.TryParse(_buffer.AsSpan(0, _xml.ReadText(_buffer)).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Cell Time(long? seconds)
    {
        if (seconds is not { } known)
        {
            return Cell.Empty;
        }

        var inRange = known >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && known <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        return Cell.Of(inRange
            ? DateTimeOffset.FromUnixTimeSeconds(known).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : known.ToString(CultureInfo.InvariantCulture));
    }

    private void SetAll(IReadOnlyList<string> texts)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            _cells.Set(i, Cell.Of(texts[i]));
        }
    }

    private static bool IsFault(Exception broken) => broken is XmlException or InvalidDataException or EndOfStreamException;
}
