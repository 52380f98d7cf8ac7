using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace Ems.Ingestion.Files;

/// <summary>Reads .xlsx, .xls and .xlsb.</summary>
internal sealed class ExcelSource : ITableSource
{
    private readonly IExcelDataReader _reader;
    private readonly string _fileName;
    private readonly List<Cell> _cells = [];
    private int _row;

    private ExcelSource(IExcelDataReader reader, string fileName) => (_reader, _fileName) = (reader, fileName);

    public string SheetName => _reader.Name;

    public int RowNumber => _row;

    public IReadOnlyList<Cell> Cells => _cells;

    public int? RowCountHint => _reader.RowCount;

    public static ExcelSource Open(string path, string fileName)
    {
        TableFile.RegisterCodePages();
        var stream = File.OpenRead(path);
        try
        {
            return new ExcelSource(ExcelReaderFactory.CreateReader(stream), fileName);
        }
        catch (Exception broken) when (IsFault(broken))
        {
            stream.Dispose();
            throw Fault(fileName, null, null, broken);
        }
    }

    public bool ReadRow()
    {
        try
        {
            if (!_reader.Read())
            {
                return false;
            }

            _row++;
            _cells.Clear();
            for (var i = 0; i < _reader.FieldCount; i++)
            {
                _cells.Add(ToCell(_reader.GetValue(i)));
            }

            return true;
        }
        catch (Exception broken) when (IsFault(broken))
        {
            throw Fault(_fileName, SheetName, _row + 1, broken);
        }
    }

    public bool NextSheet()
    {
        try
        {
            _row = 0;
            _cells.Clear();
            return _reader.NextResult();
        }
        catch (Exception broken) when (IsFault(broken))
        {
            throw Fault(_fileName, null, null, broken);
        }
    }

    public void Dispose() => _reader.Dispose();

    private static Cell ToCell(object? value) => value switch
    {
        // The reader gives null for an error too.
        null => Cell.Empty,
        double number => Cell.Of(number),
        int number => Cell.Of(number),
        DateTime time => Cell.Of(time),
        // Excel keeps a time of day as a fraction of a day.
        TimeSpan time => Cell.Of(time.TotalDays),
        bool flag => Cell.Of(flag ? 1 : 0),
        string text => Cell.Of(text),
        _ => Cell.Of(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)),
    };

    /// <summary>The reader lets the exceptions of its XML, zip and BIFF layers through; of a damaged file any may come.</summary>
    private static bool IsFault(Exception broken) =>
        broken is ExcelReaderException or InvalidDataException or EndOfStreamException or IOException or System.Xml.XmlException
            or InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException
            or NullReferenceException or OverflowException or InvalidCastException or NotSupportedException or KeyNotFoundException;

    private static ImportFaultException Fault(string fileName, string? sheet, int? row, Exception broken) => new(
        new ImportFault(
            ImportFault.InvalidFileFormat,
            broken is InvalidPasswordException
                ? $"{fileName} is protected by a password. Save it without one."
                : $"{fileName} is cut off, damaged or not a workbook: it cannot be read{(row is null ? "" : $" from row {row}")}.",
            sheet, row),
        broken);
}
