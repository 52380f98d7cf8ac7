using System.Globalization;
using System.IO.Compression;
using System.Xml;
using Ems.Core.Tables;

namespace Ems.Ingestion.Files;

/// <summary>
/// Reads .xlsx (ECMA-376) in one pass and in constant memory. Formulas are never run: a cell has the value that was saved with it.
/// </summary>
internal sealed class XlsxSource : ITableSource
{
    private const int MaxTextLength = 32_767;
    private const int MaxRows = 1_048_576;
    private const int Days1904 = 1462;

    private readonly ZipArchive _archive;
    private readonly string _fileName;
    private readonly UnpackBudget _budget;
    private readonly char[] _buffer = new char[MaxTextLength];
    private readonly RowCells _cells = new();
    private readonly SharedStrings _strings;
    private readonly IReadOnlyList<bool> _timeFormats;
    private readonly bool _is1904;
    private readonly List<(string Name, ZipArchiveEntry Entry)> _sheets = [];
    private readonly double _length;
    private double _lengthBefore;
    private int _sheet = -1;
    private BoundedStream? _stream;
    private XmlReader? _xml;

    private XlsxSource(ZipArchive archive, string fileName, string workbook, UnpackBudget budget, Func<FileStream> createFile)
    {
        (_archive, _fileName, _budget) = (archive, fileName, budget);
        var relations = XlsxXml.ReadRelations(archive, workbook, budget);
        ZipArchiveEntry? Part(string type) => XlsxXml.Find(archive, relations.Values.FirstOrDefault(relation => relation.Type == type).Path ?? "");
        (var sheets, _is1904) = XlsxXml.ReadWorkbook(archive, workbook, budget);
        foreach (var (name, id) in sheets)
        {
            if (relations.TryGetValue(id, out var relation) && relation.Type == "worksheet" && XlsxXml.Find(archive, relation.Path) is { } entry)
            {
                _sheets.Add((name, entry));
            }
        }

        _timeFormats = XlsxXml.ReadTimeFormats(archive, Part("styles")?.FullName, budget);
        _strings = new SharedStrings(Part("sharedStrings"), budget, _buffer, createFile);
        _length = Math.Max(1, _sheets.Sum(sheet => (double)sheet.Entry.Length));
    }

    public string SheetName => _sheet < _sheets.Count ? _sheets[_sheet].Name : "";

    public int RowNumber { get; private set; }

    public IReadOnlyList<Cell> Cells => _cells;

    public double Progress => Math.Min(1, (_lengthBefore + (_stream?.BytesRead ?? 0)) / _length);

    /// <param name="workbook">Path of the workbook's part in the archive.</param>
    /// <param name="createFile">Makes a file for what does not fit into memory.</param>
    public static XlsxSource Open(ZipArchive archive, string fileName, string workbook, UnpackBudget budget, Func<FileStream> createFile)
    {
        try
        {
            var source = new XlsxSource(archive, fileName, workbook, budget, createFile);
            return source.NextSheet() ? source : throw ImportFaultException.Format($"{fileName} has no sheet of cells.");
        }
        catch (Exception broken) when (IsFault(broken))
        {
            throw ImportFaultException.Format($"{fileName} is cut off or damaged: its workbook cannot be read.", broken);
        }
    }

    public bool NextSheet()
    {
        if (_stream is not null)
        {
            _lengthBefore += _sheets[_sheet].Entry.Length;
        }

        _xml?.Dispose();
        (_xml, _stream, RowNumber) = (null, null, 0);
        _cells.Clear();
        if (++_sheet >= _sheets.Count)
        {
            return false;
        }

        return Guarded(() =>
        {
            _stream = new BoundedStream(_sheets[_sheet].Entry.Open(), _budget) { HoldsXml = true };
            _xml = BoundedXml.Open(_stream);
            return true;
        });
    }

    public bool ReadRow() => Guarded(ReadNextRow);

    public void Dispose()
    {
        _xml?.Dispose();
        _strings.Dispose();
        _archive.Dispose();
    }

    private bool ReadNextRow()
    {
        _cells.Clear();
        while (_xml?.ReadNext() == true)
        {
            if (_xml.NodeType == XmlNodeType.Element && _xml.LocalName == "row")
            {
                var told = int.TryParse(_xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
                RowNumber = Math.Max(RowNumber + 1, told ? number : 0);
                if (RowNumber > MaxRows)
                {
                    throw new InvalidDataException($"A sheet has no row {RowNumber}.");
                }

                ReadCells();
                return true;
            }

            if (_xml.NodeType == XmlNodeType.EndElement && _xml.LocalName == "sheetData")
            {
                return false;
            }
        }

        return false;
    }

    private void ReadCells()
    {
        var content = _xml!.Content();
        var column = -1;
        while (content.Read())
        {
            if (_xml!.NodeType == XmlNodeType.Element && _xml.LocalName == "c")
            {
                ReadCell(ref column);
            }
        }
    }

    private void ReadCell(ref int column)
    {
        column++;
        var type = "n";
        var format = 0;
        while (_xml!.MoveToNextAttribute())
        {
            switch (_xml.LocalName)
            {
                case "r": column = ColumnOf(_xml.Value); break;
                case "t": type = _xml.Value; break;
                case "s": format = int.TryParse(_xml.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0; break;
            }
        }

        _xml.MoveToElement();
        var content = _xml.Content();
        var isFormula = false;
        var cell = Cell.Empty;
        while (content.Read())
        {
            if (_xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (_xml.LocalName)
            {
                case "f": isFormula = true; break;
                case "v": cell = ToCell(type, format, isFormula, _buffer.AsSpan(0, _xml.ReadText(_buffer))); isFormula = false; break;
                case "is": cell = Cell.Of(_xml.ReadRichText(_buffer)); break;
            }
        }

        if (!_cells.Set(column, isFormula ? Cell.Error(Cell.Uncalculated) : cell))
        {
            throw new InvalidDataException("A sheet has no such column.");
        }
    }

    private Cell ToCell(string type, int format, bool isFormula, ReadOnlySpan<char> value) => type switch
    {
        "s" => Cell.Of(_strings[int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture)]),
        "str" or "inlineStr" => Cell.Of(XlsxText.Unescape(value.ToString())),
        "e" => Cell.Error(value.ToString()),
        "d" when DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) && time.Kind == DateTimeKind.Unspecified =>
            Cell.Of(time),
        _ when value.IsEmpty => isFormula ? Cell.Error(Cell.Uncalculated) : Cell.Empty,
        _ => NumberText.TryParse(value, out var number)
            ? type != "b" && format < _timeFormats.Count && _timeFormats[format] ? ToTime(number) : Cell.Of(number)
            : Cell.Of(value),
    };

    /// <summary>Days since 1899-12-30, or 1904-01-01; days before March 1900 are one off, as in Excel.</summary>
    private Cell ToTime(double serial)
    {
        var days = serial is >= 0 and < 1 ? serial + 1 : _is1904 ? serial + Days1904 : serial is >= 1 and < 60 ? serial + 1 : serial;
        return days is >= 0 and < 2_958_466 ? Cell.Of(DateTime.FromOADate(days)) : Cell.Of(serial);
    }

    private static int ColumnOf(string reference)
    {
        var column = 0;
        foreach (var c in reference)
        {
            var letter = char.ToUpperInvariant(c) - 'A';
            if (letter is < 0 or > 25)
            {
                break;
            }

            column = Math.Min((column * 26) + letter + 1, RowCells.MaxColumns + 1);
        }

        return column - 1;
    }

    private bool Guarded(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (IsFault(broken))
        {
            throw ImportFaultException.Format(
                $"{_fileName} is cut off or damaged, or holds XML that is not read (such as a document type): the sheet cannot be read from row {RowNumber}.",
                broken, SheetName, RowNumber);
        }
    }

    private static bool IsFault(Exception broken) =>
        broken is XmlException or InvalidDataException or EndOfStreamException or FormatException or OverflowException or NotSupportedException;
}
