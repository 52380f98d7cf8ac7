using System.Globalization;
using System.Text;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace Ems.Ingestion.Files;

/// <summary>Reads the old binary workbooks, .xls.</summary>
internal sealed class ExcelSource : ITableSource
{
    // What a sheet of the old format can hold; a damaged one may claim more, and the reader would make room for all of it.
    private const int MaxRows = 65_536;
    private const int MaxColumns = 256;

    private static readonly DateTime DayZero1904 = new(1904, 1, 1);

    private readonly IExcelDataReader _reader;
    private readonly string _fileName;
    private readonly BiffFacts _facts;
    private readonly RowCells _cells = new();
    private MergedCells _merged;
    private int _sheet;

    private ExcelSource(IExcelDataReader reader, string fileName, BiffFacts facts) =>
        (_reader, _fileName, _facts, _merged) = (reader, fileName, facts, new MergedCells(() => MergedIn(reader)));

    public string SheetName => _reader.Name;

    public int RowNumber { get; private set; }

    public IReadOnlyList<Cell> Cells => _cells;

    public double Progress => _reader.RowCount == 0 ? 0 : Math.Min(1, (double)RowNumber / _reader.RowCount);

    public bool Is1904 => _facts.Is1904;

    public bool IsHidden => _reader.VisibleState != "visible";

    public static ExcelSource Open(Stream stream, string fileName)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            var facts = BiffFacts.Read(stream);
            stream.Position = 0;
            return new ExcelSource(ExcelReaderFactory.CreateReader(stream), fileName, facts);
        }
        catch (Exception broken) when (IsFault(broken))
        {
            throw ImportFaultException.Format(
                broken is InvalidPasswordException
                    ? $"{fileName} is protected by a password. Save it without one."
                    : $"{fileName} is cut off, damaged or not a workbook: it cannot be read.",
                broken);
        }
    }

    public bool ReadRow() => Guarded(() =>
    {
        if (_reader.FieldCount > MaxColumns || _reader.RowCount > MaxRows)
        {
            throw new InvalidDataException($"A sheet of this format has no {_reader.RowCount} rows of {_reader.FieldCount} columns.");
        }

        if (!_reader.Read())
        {
            return false;
        }

        RowNumber++;
        _cells.Clear();
        for (var i = 0; i < _reader.FieldCount; i++)
        {
            _cells.Set(i, _reader.GetValue(i) is { } value ? ToCell(value) : _facts.ErrorAt(_sheet, RowNumber - 1, i));
        }

        _merged.Fill(RowNumber, _cells);
        return true;
    });

    public bool NextSheet()
    {
        RowNumber = 0;
        _sheet++;
        _cells.Clear();
        _merged = new MergedCells(() => MergedIn(_reader));
        return Guarded(_reader.NextResult);
    }

    public void Dispose() => _reader.Dispose();

    private static IEnumerable<MergedRange> MergedIn(IExcelDataReader reader) =>
        reader.MergeCells?.Select(range => new MergedRange(range.FromRow + 1, range.ToRow + 1, range.FromColumn)) ?? [];

    private static Cell ToCell(object value) => value switch
    {
        double number => Cell.Of(number),
        int number => Cell.Of(number),
        DateTime time when time.Date == DayZero1904 => Cell.Of(Cell.DayZero + time.TimeOfDay),
        DateTime time => Cell.Of(time),
        // Excel keeps a time of day as a fraction of a day.
        TimeSpan time => Cell.Of(time.TotalDays),
        bool flag => Cell.Of(flag ? 1 : 0),
        _ => Cell.Of(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };

    private bool Guarded(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (IsFault(broken))
        {
            throw ImportFaultException.Format(
                $"{_fileName} is cut off or damaged: it cannot be read from row {RowNumber + 1}.", broken, SheetName, RowNumber + 1);
        }
    }

    /// <summary>The reader lets the exceptions of its zip and BIFF layers through; of a damaged file any may come.</summary>
    private static bool IsFault(Exception broken) =>
        broken is ExcelReaderException or InvalidDataException or IOException or InvalidOperationException or ArgumentException
            or FormatException or IndexOutOfRangeException or NullReferenceException or OverflowException or InvalidCastException
            or NotSupportedException or KeyNotFoundException;
}
