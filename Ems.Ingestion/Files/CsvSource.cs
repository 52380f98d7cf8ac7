using System.Text;
using Sylvan.Data.Csv;

namespace Ems.Ingestion.Files;

/// <summary>Reads delimited text; delimiter and encoding are found from it.</summary>
internal sealed class CsvSource : ITableSource
{
    private const int SampleChars = 16 * 1024;
    private const int MaxRowChars = 1 << 20;

    private readonly CsvDataReader _reader;
    private readonly string _fileName;
    private readonly Stream _packed;

    // Asked for with every row, and the system is asked each time.
    private readonly long _length;
    private readonly RowCells _cells = new();

    private CsvSource(CsvDataReader reader, char delimiter, string fileName, Stream packed) =>
        (_reader, Delimiter, _fileName, _packed, _length) = (reader, delimiter, fileName, packed, packed.Length);

    public string SheetName => "";

    public int RowNumber { get; private set; }

    public IReadOnlyList<Cell> Cells => _cells;

    public char? Delimiter { get; }

    public double Progress => _length == 0 ? 1 : (double)_packed.Position / _length;

    /// <param name="encoding">Of a text without a byte order mark.</param>
    /// <param name="packed">What <paramref name="unpacked"/> is read from, for the progress.</param>
    public static CsvSource Open(Stream unpacked, Encoding encoding, string fileName, Stream packed)
    {
        try
        {
            var text = new StreamReader(unpacked, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
            var sampled = new char[SampleChars];
            var count = text.ReadBlock(sampled, 0, sampled.Length);
            if (count == 0)
            {
                throw ImportFaultException.Format($"{fileName} is empty.");
            }

            var sample = sampled.AsSpan(0, count);
            var told = CsvDialect.Told(sample);
            CsvDialect.ShowHeaders(sampled.AsSpan(0, count), told);
            var quote = CsvDialect.QuoteOf(sample);
            var delimiter = told ?? CsvDialect.Find(sample, quote);
            var source = new CsvSource(
                CsvDataReader.Create(new PrefixedReader(sampled[..count], text), new CsvDataReaderOptions
                {
                    HasHeaders = false,
                    Delimiter = delimiter,
                    Quote = quote,
                    Escape = quote,
                    BufferSize = 1 << 16,
                    MaxBufferSize = MaxRowChars,
                    CsvStyle = CsvStyle.Standard,
                }),
                delimiter, fileName, packed);
            if (told is not null)
            {
                source.ReadRow();
            }

            return source;
        }
        catch (Exception broken) when (IsFault(broken))
        {
            throw Fault(fileName, null, broken);
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

            RowNumber++;
            _cells.Clear();
            for (var i = 0; i < _reader.RowFieldCount; i++)
            {
                if (!_cells.Set(i, ToCell(_reader.GetFieldSpan(i).Trim())))
                {
                    throw ImportFaultException.Format(
                        $"{_fileName} has more than {RowCells.MaxColumns} columns in row {RowNumber}. Send fewer.", null, null, RowNumber);
                }
            }

            return true;
        }
        catch (Exception broken) when (IsFault(broken))
        {
            throw Fault(_fileName, RowNumber + 1, broken);
        }
    }

    public bool NextSheet() => false;

    public void Dispose() => _reader.Dispose();

    /// <summary>
    /// Only plain numbers become numbers here; what depends on the decimal sign waits until the column is known, and what a number would
    /// not give back digit by digit, as those of ids, stays text or keeps it. <c>="0123"</c> and <c>'0123</c> are texts, written so for Excel; <c>'000 kWh</c> counts thousands.
    /// </summary>
    /// <param name="field">Without the blanks of fixed widths, or the tab that keeps an id text in Excel.</param>
    private static Cell ToCell(ReadOnlySpan<char> field) =>
        field.IsEmpty ? Cell.Empty
        : field is ['=', '"', .. var text, '"'] ? Cell.Of(text.ToString().Replace("\"\"", "\"", StringComparison.Ordinal))
        : field is ['\'', >= '0' and <= '9', .., not '\''] and not ['\'', '0', '0', '0', ' ', ..] ? Cell.Of(field[1..])
        : NumberText.IsMoreThanNumber(field) ? Cell.Of(field)
        : NumberText.TryParse(field, out var number)
            ? Cell.Of(number) with { Point = NumberText.PointIn(field), Text = NumberText.IsGivenBack(field) ? null : field.ToString() }
        : Cell.Of(field);

    private static bool IsFault(Exception broken) =>
        broken is InvalidDataException or EndOfStreamException or FormatException or CsvFormatException;

    private static ImportFaultException Fault(string fileName, int? row, Exception broken)
    {
        var from = row is null ? "" : $" from row {row}";
        return ImportFaultException.Format(
            broken switch
            {
                CsvRecordTooLargeException => $"{fileName} has a row of more than {MaxRowChars} characters: it cannot be read{from}.",
                CsvFormatException => $"{fileName} has a quotation mark without its other one, or with something after it: it cannot be read{from}.",
                _ => $"{fileName} is cut off or damaged: it cannot be read{from}.",
            },
            broken, null, row);
    }

    /// <summary>Gives back the characters that were read to find the delimiter, then the rest.</summary>
    private sealed class PrefixedReader(char[] prefix, TextReader rest) : TextReader
    {
        private int _given;

        public override int Peek() => _given < prefix.Length ? prefix[_given] : rest.Peek();

        public override int Read() => _given < prefix.Length ? prefix[_given++] : rest.Read();

        public override int Read(char[] buffer, int index, int count)
        {
            var left = Math.Min(count, prefix.Length - _given);
            if (left == 0)
            {
                return rest.Read(buffer, index, count);
            }

            Array.Copy(prefix, _given, buffer, index, left);
            _given += left;
            return left;
        }

        protected override void Dispose(bool disposing)
        {
            rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
