using System.Text;
using Sylvan.Data.Csv;

namespace Ems.Ingestion.Files;

/// <summary>Reads delimited text; the delimiter is found from the first lines.</summary>
internal sealed class CsvSource : ITableSource
{
    private const int SampleChars = 16 * 1024;
    private const int MaxRowChars = 4 << 20;
    private const int MaxColumns = 20_000;

    private readonly CsvDataReader _reader;
    private readonly string _fileName;
    private readonly List<Cell> _cells = [];

    private CsvSource(CsvDataReader reader, string fileName) => (_reader, _fileName) = (reader, fileName);

    public string SheetName => "";

    public int RowNumber { get; private set; }

    public IReadOnlyList<Cell> Cells => _cells;

    public int? RowCountHint => null;

    public static CsvSource Open(Stream stream, string fileName)
    {
        TableFile.RegisterCodePages();
        try
        {
            var text = new StreamReader(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
            var sampled = new char[SampleChars];
            var count = text.ReadBlock(sampled, 0, sampled.Length);
            if (count == 0)
            {
                throw new ImportFaultException(new ImportFault(ImportFault.InvalidFileFormat, $"{fileName} is empty."));
            }

            var options = new CsvDataReaderOptions
            {
                HasHeaders = false,
                Delimiter = FindDelimiter(sampled.AsSpan(0, count)),
                BufferSize = 1 << 16,
                MaxBufferSize = MaxRowChars,
                CsvStyle = CsvStyle.Standard,
            };
            return new CsvSource(CsvDataReader.Create(new PrefixedReader(sampled[..count], text), options), fileName);
        }
        catch (Exception broken) when (IsFault(broken))
        {
            stream.Dispose();
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
            var count = Math.Min(_reader.RowFieldCount, MaxColumns);
            for (var i = 0; i < count; i++)
            {
                _cells.Add(ToCell(_reader.GetFieldSpan(i)));
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

    /// <summary>Only plain numbers become numbers here; decimal commas and grouping wait until the column is known.</summary>
    private static Cell ToCell(ReadOnlySpan<char> field) =>
        NumberText.TryParse(field, out var number) ? Cell.Of(number) : Cell.Of(field.ToString());

    private static char FindDelimiter(ReadOnlySpan<char> sample)
    {
        ReadOnlySpan<char> candidates = [',', ';', '\t', '|'];
        var best = ',';
        var bestScore = 0;
        foreach (var candidate in candidates)
        {
            var score = Score(sample, candidate);
            if (score > bestScore)
            {
                (best, bestScore) = (candidate, score);
            }
        }

        return best;
    }

    /// <summary>How many lines have as many delimiters as the most frequent count above zero, weighted against single hits.</summary>
    private static int Score(ReadOnlySpan<char> sample, char delimiter)
    {
        var lines = new Dictionary<int, int>();
        foreach (var line in sample.EnumerateLines())
        {
            var count = CountOutsideQuotes(line, delimiter);
            if (count > 0)
            {
                lines[count] = lines.GetValueOrDefault(count) + 1;
            }
        }

        return lines.Count == 0 ? 0 : lines.Max(line => (line.Value * 100) + Math.Min(line.Key, 99));
    }

    private static int CountOutsideQuotes(ReadOnlySpan<char> line, char delimiter)
    {
        var count = 0;
        var quoted = false;
        foreach (var c in line)
        {
            quoted ^= c == '"';
            count += !quoted && c == delimiter ? 1 : 0;
        }

        return count;
    }

    private static bool IsFault(Exception broken) =>
        broken is InvalidDataException or IOException or FormatException or DecoderFallbackException
            or CsvFormatException or CsvRecordTooLargeException;

    private static ImportFaultException Fault(string fileName, int? row, Exception broken) => new(
        new ImportFault(
            ImportFault.InvalidFileFormat,
            $"{fileName} is cut off or damaged: it cannot be read{(row is null ? "" : $" from row {row}")}.", null, row),
        broken);

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
