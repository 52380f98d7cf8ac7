using System.Globalization;
using Ems.Core.Tables;

namespace Ems.Tests.Unit.Files;

public sealed class OpenXmlSourceTests : IDisposable
{
    private const string DateStyles = """
        <numFmts><numFmt numFmtId="200" formatCode="dd/mm/yyyy hh:mm"/><numFmt numFmtId="201" formatCode="0.00&quot; days&quot;"/></numFmts>
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/><xf numFmtId="201"/><xf numFmtId="20"/><xf numFmtId="46"/></cellXfs>
        """;

    private readonly FileBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Cells_of_every_type_are_read()
    {
        var workbook = XlsxParts.Sheet("""
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><r><t>in</t></r><r><t xml:space="preserve"> line</t></r></is></c></row>
            <row r="2"><c r="A2"><v>1.5</v></c><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#DIV/0!</v></c><c r="D2" t="str"><f>A1</f><v>text</v></c><c r="E2" t="d"><v>2020-02-29T01:30:00</v></c></row>
            """) with
        {
            SharedStrings = """<si><t>Zeit _x0041__x005F_x0042_</t></si><si><r><rPr><b/></rPr><t>kW</t></r><r><t>h</t></r><rPh sb="0" eb="1"><t>hint</t></rPh></si>""",
        };

        Assert.Equal(
            ["Data!1: Zeit A_x0042_|kWh|in line", "Data!2: 1.5|1|!#DIV/0!|text|2020-02-29 01:30:00"],
            _bench.Rows("meter.xlsx", workbook.ToBytes()));
    }

    [Fact]
    public void A_sheet_stays_at_its_end_wherever_the_parts_end_in_which_it_is_read()
    {
        for (var length = 0; length < 9_000; length += 5)
        {
            var workbook = XlsxParts.Sheet($"<row><c t=\"inlineStr\"><is><t>{new string('x', length)}</t></is></c></row>");
            using var source = _bench.Open("meter.xlsx", workbook.ToBytes());

            Assert.Equal((true, false, false), (source.ReadRow(), source.ReadRow(), source.ReadRow()));
        }
    }

    [Fact]
    public void Cells_and_rows_without_a_reference_follow_the_ones_before_and_gaps_count()
    {
        var workbook = XlsxParts.Sheet("""
            <row><c t="inlineStr"><is><t>a</t></is></c><c><v>1</v></c></row>
            <row r="5"><c r="C5"><v>2</v></c><c><v>3</v></c><c r="B5"><v>4</v></c></row>
            <row><c><v>5</v></c></row>
            """);

        Assert.Equal(["Data!1: a|1", "Data!5: |4|2|3", "Data!6: 5"], _bench.Rows("meter.xlsx", workbook.ToBytes()));
    }

    [Theory]
    [InlineData("", 1, "43831", "2020-01-01 00:00:00")]
    [InlineData("", 2, "43831.25", "2020-01-01 06:00:00")]
    [InlineData("", 2, "43831.041666701", "2020-01-01 01:00:00.003")]
    [InlineData("", 4, "0.5", "1899-12-31 12:00:00")]
    [InlineData("", 1, "59", "1900-02-28 00:00:00")]
    [InlineData("", 1, "61", "1900-03-01 00:00:00")]
    [InlineData("", 3, "43831", "43831")]
    [InlineData("", 5, "1.25", "1.25")]
    [InlineData("", 1, "-1", "-1")]
    [InlineData("", 1, "9999999", "9999999")]
    [InlineData("date1904=\"1\"", 1, "42369", "2020-01-01 00:00:00")]
    [InlineData("date1904=\"true\"", 4, "0.5", "1899-12-31 12:00:00")]
    public void Numbers_shown_as_times_are_times_of_their_date_system(string properties, int style, string value, string expected)
    {
        var workbook = XlsxParts.Sheet($"""<row r="1"><c r="A1" s="{style}"><v>{value}</v></c></row>""") with
        {
            Styles = DateStyles,
            WorkbookProperties = properties,
        };

        Assert.Equal([$"Data!1: {expected}"], _bench.Rows("meter.xlsx", workbook.ToBytes()));
    }

    [Fact]
    public void A_formula_is_never_run_and_without_a_saved_result_it_is_an_error()
    {
        var workbook = XlsxParts.Sheet("""
            <row r="1"><c r="A1"><f>1+1</f><v>3</v></c><c r="B1"><f>WEBSERVICE("http://127.0.0.1/")</f></c><c r="C1"><f>2+2</f><v></v></c><c r="D1" t="str"><f>""</f><v></v></c><c r="E1"><v>7</v></c></row>
            """);

        Assert.Equal(["Data!1: 3|!#UNCALCULATED!|!#UNCALCULATED!||7"], _bench.Rows("meter.xlsx", workbook.ToBytes()));
    }

    [Fact]
    public void What_overflows_or_is_no_number_stays_text()
    {
        var workbook = XlsxParts.Sheet("""<row r="1"><c r="A1"><v>1e308</v></c><c r="B1"><v>1e999</v></c><c r="C1"><v>NaN</v></c><c r="D1"><v>INF</v></c></row>""");

        Assert.Equal(["Data!1: 1E+308|1e999|NaN|INF"], _bench.Rows("meter.xlsx", workbook.ToBytes()));
    }

    [Fact]
    public void Sheets_are_read_one_after_the_other_with_prefixed_elements_too()
    {
        var workbook = new XlsxParts
        {
            Sheets =
            [
                ("Empty", ""),
                ("A &amp; B", """<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row>"""),
                ("Last", """<row r="1"><c r="A1"><v>2</v></c></row>"""),
            ],
        };

        Assert.Equal(["A & B!2: 1", "Last!1: 2"], _bench.Rows("meter.xlsx", workbook.ToBytes()));
    }

    [Fact]
    public void More_shared_texts_than_fit_into_memory_are_found_in_any_order()
    {
        const int Count = 60_000;
        string Text(int i) => string.Create(CultureInfo.InvariantCulture, $"text number {i} {new string('x', 80)}");
        var last = Count - 1;
        var workbook = XlsxParts.Sheet(
            string.Concat(Enumerable.Range(0, Count).Select(i => $"""<row><c t="s"><v>{i}</v></c><c t="s"><v>{i / 2}</v></c><c t="s"><v>{(i * 7) % Count}</v></c></row>"""))) with
        {
            SharedStrings = string.Concat(Enumerable.Range(0, Count).Select(i => $"<si><t>{Text(i)}</t></si>")),
        };

        using (var source = _bench.Open("meter.xlsx", workbook.ToBytes()))
        {
            for (var i = 0; i < Count; i++)
            {
                Assert.True(source.ReadRow());
                Assert.Equal([Text(i), Text(i / 2), Text(i * 7 % Count)], source.Cells.Select(cell => cell.Text));
            }

            Assert.Equal(1, source.Progress, 0.01);
            Assert.Equal(last, source.RowNumber - 1);
        }

        _bench.AssertNothingLeft(1);
    }

    [Fact]
    public void A_workbook_of_our_own_comes_back_as_it_was_written()
    {
        using var stream = new MemoryStream();
        using (var writer = new XlsxWriter(stream))
        {
            writer.BeginSheet("Meter [1]/a", 1);
            writer.WriteRow([new StyledCell("Name", CellStyle.Header), "Zeit", null, "kWh"]);
            writer.WriteRow(["=1+1", new DateTime(2020, 2, 29, 1, 30, 15), -5, new StyledCell(0.1, CellStyle.Marked)]);
            writer.WriteRow(["bell \u0007 _x0041_ \U0001F50C\r\n", true, double.NaN, "-5"]);
        }

        Assert.Equal(
            ["Meter _1__a!1: Name|Zeit||kWh", "Meter _1__a!2: =1+1|2020-02-29 01:30:15|-5|0.1", "Meter _1__a!3: bell \u0007 _x0041_ \U0001F50C|1||-5"],
            _bench.Rows("meter.xlsx", stream.ToArray()));
    }
}
