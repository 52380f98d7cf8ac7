using System.Globalization;
using System.Text;
using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Files;

/// <summary>Files made to take memory, time or secrets: each is refused with a reason, or read within its bounds.</summary>
public sealed class HostileFilesTests : IDisposable
{
    private const int TenGigabytes = 10 * 1024;
    private const string Row = "<row><c><v>1</v></c></row>";

    private readonly FileBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Ten_gigabytes_in_a_workbook_are_refused_by_what_the_archive_says()
    {
        var bomb = Bomb(Row, TenGigabytes);

        Assert.InRange(bomb.Length, 1, 30_000_000);
        Assert.Equal(ImportFault.FileTooLarge, _bench.Fault("bomb.xlsx", bomb).Code);
    }

    [Fact]
    public void A_workbook_that_claims_to_be_small_gives_no_more_than_it_claims()
    {
        var fault = _bench.Fault("bomb.xlsx", Bomb(Row, TenGigabytes, toldLength: 5_000_000));

        Assert.Equal(ImportFault.InvalidFileFormat, fault.Code);
        Assert.InRange(fault.Row!.Value, 1, 5_000_000 / Row.Length);
    }

    [Fact]
    public void More_merged_cells_than_a_table_has_are_refused_and_those_of_a_plain_sheet_are_not_looked_for()
    {
        byte[] Sheet(string below) => XlsxParts.Sheet($"""
            <row><c t="inlineStr"><is><t>Hall</t></is></c><c><v>1</v></c></row><row>{below}<c r="B2"><v>2</v></c></row></sheetData><mergeCells>{string.Concat(Enumerable.Range(1, 100_001).Select(row => $"<mergeCell ref=\"A{row}:A{row + 1}\"/>"))}</mergeCells><sheetData>
            """).ToBytes();

        var fault = _bench.Fault("merged.xlsx", Sheet(""));

        Assert.Equal(ImportFault.DataValidationFailed, fault.Code);
        Assert.Contains("more than 100000 merged cells", fault.Message, StringComparison.Ordinal);
        using var plain = _bench.Open("plain.xlsx", Sheet("""<c t="inlineStr"><is><t>Yard</t></is></c>"""));
        Assert.Equal(2, FileBench.Rows(plain).Count);
    }

    [Fact]
    public void What_is_behind_the_rows_of_a_sheet_is_looked_for_within_the_limit_too()
    {
        var bomb = Bombs.Zip(XlsxParts.Sheet("").ToBytesWithout("xl/worksheets/sheet0.xml"), "xl/worksheets/sheet0.xml",
            """<worksheet><sheetData><row><c t="inlineStr"><is><t>Hall</t></is></c><c><v>1</v></c></row><row><c r="B2"><v>2</v></c></row></sheetData>""", "<mergeCell ref=\"A1:A1\"/>", "</worksheet>", 200);

        Assert.Equal(ImportFault.FileTooLarge, _bench.Fault("bomb.xlsx", bomb, maxUnpackedBytes: 50_000_000).Code);
    }

    [Fact]
    public void Ten_gigabytes_in_a_packed_text_end_at_the_limit()
    {
        var bomb = Bombs.GZip("", "2020-01-01 00:00,1\n", TenGigabytes);

        Assert.InRange(bomb.Length, 1, 50_000_000);
        Assert.Equal(ImportFault.FileTooLarge, _bench.Fault("bomb.csv.gz", bomb, maxUnpackedBytes: 20_000_000).Code);
        Assert.Equal(ImportFault.FileTooLarge, _bench.Fault("bomb.zip", FileBench.Zip(("bomb.csv.gz", bomb)), maxUnpackedBytes: 60_000_000).Code);
    }

    [Fact]
    public void A_packed_text_that_says_that_it_is_too_large_is_refused_before_a_row_is_read()
    {
        var packed = FileBench.GZip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("2020-01-01 00:00,1\n", 100_000))));

        var refused = Assert.Throws<ImportFaultException>(() => _bench.Open("large.csv.gz", packed, maxUnpackedBytes: 1_000_000));

        Assert.Equal(ImportFault.FileTooLarge, refused.Fault.Code);
        using var source = _bench.Open("odd.csv.gz", [.. FileBench.GZip("a,b\n1,2\n"u8.ToArray()), 0xFF, 0xFF, 0xFF, 0xFF], maxUnpackedBytes: 1_000_000);
        Assert.Equal(["!1: a|b", "!2: 1|2"], FileBench.Rows(source));
    }

    [Fact]
    public void A_text_without_line_ends_is_refused() =>
        Assert.Contains("characters", _bench.Fault("line.csv.gz", Bombs.GZip("", "2020-01-01 00:00,1;", 20)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_sheet_of_a_million_rows_is_read_and_one_row_more_is_refused()
    {
        const int Most = 1_048_576;
        const int InBlock = (1 << 20) / 26;
        var blocks = Most / InBlock;
        var rest = string.Concat(Enumerable.Repeat(Row, Most - (blocks * InBlock)));

        using (var source = _bench.Open("million.xlsx", Bomb(Row, blocks, end: $"{rest}</sheetData></worksheet>")))
        {
            var rows = 0;
            while (source.ReadRow())
            {
                rows++;
            }

            Assert.Equal((Most, Most), (rows, source.RowNumber));
            Assert.Equal(1, source.Progress, 0.01);
        }

        Assert.Equal(Most + 1, _bench.Fault("more.xlsx", XlsxParts.Sheet($"""<row r="{Most}"/>{Row}""").ToBytes()).Row);
    }

    [Fact]
    public void A_row_of_16384_columns_is_read_and_one_column_more_is_refused()
    {
        string Cells(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"<c><v>{i}</v></c>"));

        using (var source = _bench.Open("wide.xlsx", XlsxParts.Sheet($"""<row>{Cells(16_384)}</row><row><c r="XFD2"><v>7</v></c></row>""").ToBytes()))
        {
            Assert.True(source.ReadRow());
            Assert.Equal((16_384, 16_383d), (source.Cells.Count, source.Cells[^1].Number));
            Assert.True(source.ReadRow());
            Assert.Equal(7, Assert.Single(source.Cells, cell => cell.Kind != CellKind.Empty).Number);
        }

        Assert.Equal(ImportFault.InvalidFileFormat, _bench.Fault("wide.xlsx", XlsxParts.Sheet($"<row>{Cells(16_385)}</row>").ToBytes()).Code);
        Assert.Equal(ImportFault.InvalidFileFormat, _bench.Fault("wide.xlsx", XlsxParts.Sheet("""<row><c r="ZZZZZZZZZZ1"><v>7</v></c></row>""").ToBytes()).Code);
        Assert.Contains("16384 columns", _bench.Fault("wide.csv", Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 16_385)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_type_is_never_read_and_nothing_outside_is_fetched()
    {
        const string External = """<!DOCTYPE worksheet [<!ENTITY secret SYSTEM "file:///etc/hostname">]>""";
        const string Laughs = """<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>""";
        foreach (var prolog in new[] { External, Laughs })
        {
            var sheet = XlsxParts.Sheet("""<row r="1"><c r="A1" t="str"><v>&secret;&b;</v></c></row>""") with { Prolog = prolog };
            Assert.Contains("document type", _bench.Fault("entity.xlsx", sheet.ToBytes()).Message, StringComparison.Ordinal);
            Assert.Contains("document type", _bench.Fault("entity.xml", Encoding.UTF8.GetBytes($"{prolog}<feed>&secret;&b;</feed>")).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("deep")]
    [InlineData("names")]
    [InlineData("tag")]
    [InlineData("attributes")]
    public void Xml_that_a_reader_would_have_to_keep_is_refused(string kind)
    {
        var xml = kind switch
        {
            "deep" => string.Concat(Enumerable.Repeat("<row>", 100_000)),
            "names" => string.Concat(Enumerable.Range(0, 100_000).Select(i => $"<n{i}/>")),
            "tag" => $"<row r=\"{new string('1', 3_000_000)}\"/>",
            _ => $"<row {string.Concat(Enumerable.Range(0, 300_000).Select(i => $"a{i}=\"\" "))}/>",
        };

        Assert.Equal(ImportFault.InvalidFileFormat, _bench.Fault("xml.xlsx", XlsxParts.Sheet(xml).ToBytes()).Code);
    }

    [Fact]
    public void A_cell_has_the_text_that_a_cell_can_hold()
    {
        var (usual, huge) = (new string('x', 5_000), new string('y', 900_000));

        using var source = _bench.Open("text.xlsx", XlsxParts.Sheet($"""
            <row><c t="inlineStr"><is><t>{usual}</t></is></c><c t="str"><v>{huge}</v></c><c><v>1</v></c></row>
            """).ToBytes());

        Assert.True(source.ReadRow());
        Assert.Equal((usual, 32_767, 1d), (source.Cells[0].Text, source.Cells[1].Text!.Length, source.Cells[2].Number));
        Assert.Equal([$"!1: {usual}|1"], _bench.Rows("text.csv", $"{usual},1"));
    }

    [Fact]
    public void Members_beyond_number_are_refused_before_they_are_listed()
    {
        var many = FileBench.Zip([.. Enumerable.Range(0, 1_001).Select(i => (string.Create(CultureInfo.InvariantCulture, $"{i}.csv"), "a"u8.ToArray()))]);

        Assert.Equal(ImportFault.FileTooLarge, _bench.Fault("many.zip", many).Code);

        // An end that points far before it: as if millions of entries lay between.
        var padded = new byte[6 << 20];
        "PK\x03\x04"u8.CopyTo(padded);
        "PK\x05\x06"u8.CopyTo(padded.AsSpan(padded.Length - 22));
        Assert.Equal(ImportFault.FileTooLarge, _bench.Fault("many.zip", padded).Code);
    }

    [Fact]
    public void A_shared_text_that_does_not_exist_is_an_error_of_the_file()
    {
        var fault = _bench.Fault("text.xlsx", XlsxParts.Sheet("""<row r="3"><c t="s"><v>999999999</v></c></row>""").ToBytes());

        Assert.Equal((ImportFault.InvalidFileFormat, "Data"), (fault.Code, fault.Sheet));
    }

    /// <summary>A workbook whose one sheet repeats a row.</summary>
    private static byte[] Bomb(string row, int megabytes, string end = "</sheetData></worksheet>", long? toldLength = null) => Bombs.Zip(
            XlsxParts.Sheet("").ToBytesWithout("xl/worksheets/sheet0.xml"), "xl/worksheets/sheet0.xml",
            """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>""", row, end, megabytes, toldLength);
}
