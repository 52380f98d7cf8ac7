using System.IO.Compression;
using System.Xml;

namespace Ems.Ingestion.Files;

/// <summary>
/// Reads .xlsx and .xlsb in one pass and in constant memory. Formulas are never run: a cell has the value that was saved with it.
/// </summary>
internal sealed class OpenXmlSource : ITableSource
{
    /// <summary>What a sheet of Excel can hold.</summary>
    public const int MaxRows = 1_048_576;

    private readonly ZipArchive _archive;
    private readonly string _fileName;
    private readonly UnpackBudget _budget;
    private readonly OpenXmlWorkbook _workbook;
    private readonly SharedStrings _strings;
    private readonly RowCells _cells = new();
    private readonly double _length;
    private double _lengthBefore;
    private int _sheet = -1;
    private BoundedStream? _stream;
    private ISheetReader? _reader;
    private MergedCells? _merged;
    private bool _isAtEnd;

    private OpenXmlSource(ZipArchive archive, string fileName, string part, UnpackBudget budget, Func<FileStream> createFile)
    {
        (_archive, _fileName, _budget) = (archive, fileName, budget);
        _workbook = OpenXmlWorkbook.Read(archive, part, budget);
        _strings = new SharedStrings(_workbook.ReadSharedStrings(budget), createFile);
        _length = Math.Max(1, _workbook.Sheets.Sum(sheet => (double)sheet.Entry.Length));
    }

    public string SheetName => _sheet < _workbook.Sheets.Count ? _workbook.Sheets[_sheet].Name : "";

    public int RowNumber { get; private set; }

    public IReadOnlyList<Cell> Cells => _cells;

    public double Progress => Math.Min(1, (_lengthBefore + (_stream?.BytesRead ?? 0)) / _length);

    public bool Is1904 => _workbook.Is1904;

    public bool IsHidden => _sheet < _workbook.Sheets.Count && _workbook.Sheets[_sheet].IsHidden;

    /// <param name="part">Path of the workbook's part in the archive.</param>
    /// <param name="createFile">Makes a file for what does not fit into memory.</param>
    public static OpenXmlSource Open(ZipArchive archive, string fileName, string part, UnpackBudget budget, Func<FileStream> createFile)
    {
        try
        {
            var source = new OpenXmlSource(archive, fileName, part, budget, createFile);
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
            _lengthBefore += _workbook.Sheets[_sheet].Entry.Length;
        }

        _reader?.Dispose();
        (_reader, _stream, _isAtEnd, RowNumber) = (null, null, false, 0);
        _cells.Clear();
        if (++_sheet >= _workbook.Sheets.Count)
        {
            return false;
        }

        return Guarded(() =>
        {
            _stream = BoundedStream.Of(_workbook.Sheets[_sheet].Entry, _budget, holdsXml: !_workbook.IsBinary);
            var cells = new SheetCells(_cells, _strings, _workbook);
            _reader = _workbook.IsBinary ? new XlsbSheet(_stream, cells) : new XlsxSheet(_stream, cells);
            _merged = new MergedCells(FindMerged);
            return true;
        });
    }

    public bool ReadRow() => Guarded(() =>
    {
        _cells.Clear();
        if (_isAtEnd || _reader?.ReadRow() is not { } told)
        {
            // What is left of the sheet is only checked; its reader cannot go on behind it.
            _isAtEnd = true;
            _stream?.Skip();
            return false;
        }

        var row = Math.Max(RowNumber + 1, told);
        RowNumber = row <= MaxRows ? row : throw new InvalidDataException($"A sheet has no row {row}.");
        _merged!.Fill(row, _cells);
        return true;
    });

    public void Dispose()
    {
        _reader?.Dispose();
        _strings.Dispose();
        _archive.Dispose();
    }

    private IEnumerable<MergedRange> FindMerged()
    {
        using var ahead = BoundedStream.Of(_workbook.Sheets[_sheet].Entry, _budget.OfRest());
        foreach (var range in _workbook.IsBinary ? MergedRange.InRecords(ahead) : MergedRange.InXml(ahead))
        {
            yield return range;
        }
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
                $"{_fileName} is cut off or damaged, or holds XML that is not read (such as a document type): the sheet cannot be read after row {RowNumber}.",
                broken, SheetName, RowNumber + 1);
        }
    }

    private static bool IsFault(Exception broken) =>
        broken is XmlException or InvalidDataException or EndOfStreamException or FormatException or OverflowException or NotSupportedException;
}

/// <summary>Reads the cells of one sheet, row by row.</summary>
internal interface ISheetReader : IDisposable
{
    /// <summary>The number of the row that was read, 0 when the sheet does not say it; null after the last.</summary>
    int? ReadRow();
}

/// <summary>The row that a sheet reader fills, and what it needs to know of the workbook.</summary>
internal sealed class SheetCells(RowCells cells, SharedStrings strings, OpenXmlWorkbook workbook)
{
    private const int Days1904 = 1462;

    public string SharedText(int index) => strings[index];

    /// <exception cref="InvalidDataException">No sheet has such a column.</exception>
    public void Set(int column, in Cell cell)
    {
        if (!cells.Set(column, cell))
        {
            throw new InvalidDataException($"A sheet has no column {column + 1}.");
        }
    }

    /// <summary>A number as its cell format shows it.</summary>
    public Cell Number(double number, int format)
    {
        if (format < 0 || format >= workbook.TimeFormats.Count || !workbook.TimeFormats[format])
        {
            return Cell.Of(number);
        }

        // Days since 1899-12-30, or 1904-01-01; those before March 1900 are one off, as in Excel.
        var days = number is >= 0 and < 1 ? number + 1 : workbook.Is1904 ? number + Days1904 : number is >= 1 and < 60 ? number + 1 : number;
        return days is >= 0 and < 2_958_466 ? Cell.Of(DateTime.FromOADate(days)) : Cell.Of(number);
    }
}
