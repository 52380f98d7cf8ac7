using System.Text;
using ClosedXML.Excel;
using Ems.Core.Tables;

namespace Ems.Tests.Unit.Tables;

public sealed class WrittenTablesTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "'\r=1")]
    [InlineData("a=1", "a=1")]
    [InlineData("", "")]
    [InlineData("'quoted'", "'quoted'")]
    public void Text_never_becomes_a_formula_and_comes_back_as_it_was(string text, string written)
    {
        Assert.Equal(written, CellText.Safe(text));
        Assert.Equal(text, CellText.Unguarded(written).ToString());
    }

    [Fact]
    public void Csv_guards_text_and_headers_leaves_numbers_alone_and_says_which_times_are_of_utc()
    {
        var table = new Table("t", ["=cmd", "b"], [["-5", -5.25], ["a \"b\", c", true], [new DateTime(2020, 2, 29, 0, 30, 0, DateTimeKind.Utc), new DateTime(2020, 2, 29, 1, 30, 0)]]);

        Assert.Equal(
            "\uFEFF'=cmd,b\r\n'-5,-5.25\r\n\"a \"\"b\"\", c\",true\r\n2020-02-29T00:30:00Z,2020-02-29T01:30:00\r\n",
            Encoding.UTF8.GetString(TableFile.ToCsv(table)));
    }

    [Fact]
    public void A_workbook_guards_text_and_keeps_numbers_times_and_truth_values()
    {
        var at = new DateTime(2020, 2, 29, 1, 30, 15);
        var table = new Table("t", ["=cmd", "b", "c"], [["-5", -5.25, at], ["bell \u0007 & <b>", true, 7L], [double.PositiveInfinity, null, 1.5m]]);

        using var workbook = new XLWorkbook(new MemoryStream(TableFile.ToXlsx(table)));
        var sheet = workbook.Worksheet("t");

        Assert.DoesNotContain(sheet.CellsUsed(), cell => cell.HasFormula);
        Assert.Equal(("'=cmd", true), (sheet.Cell("A1").GetString(), sheet.Cell("A1").Style.Font.Bold));
        Assert.Equal(("'-5", XLDataType.Text), (sheet.Cell("A2").GetString(), sheet.Cell("A2").DataType));
        Assert.Equal((-5.25, XLDataType.Number), (sheet.Cell("B2").GetDouble(), sheet.Cell("B2").DataType));
        Assert.Equal((at, XLDataType.DateTime), (sheet.Cell("C2").GetDateTime(), sheet.Cell("C2").DataType));
        Assert.Equal((true, 7d, 1.5), (sheet.Cell("B3").GetBoolean(), sheet.Cell("C3").GetDouble(), sheet.Cell("C4").GetDouble()));
        Assert.Contains("& <b>", sheet.Cell("A3").GetString(), StringComparison.Ordinal);
        Assert.True(sheet.Cell("A4").IsEmpty());
        Assert.Equal(1, sheet.SheetView.SplitRow);
    }

    [Fact]
    public void Sheets_get_names_that_fit_and_differ_and_marked_cells_are_seen()
    {
        using var stream = new MemoryStream();
        using (var writer = new XlsxWriter(stream))
        {
            var name = new string('n', 40);
            writer.BeginSheet($"{name}:a");
            writer.WriteRow([new StyledCell("bad", CellStyle.Marked), "good"]);
            writer.BeginSheet($"{name}:b");
            writer.BeginSheet("");
        }

        using var workbook = new XLWorkbook(stream);

        Assert.Equal([new string('n', 31), $"{new string('n', 27)} (2)", "Sheet"], workbook.Worksheets.Select(sheet => sheet.Name));
        var first = workbook.Worksheet(1);
        Assert.Equal(XLFillPatternValues.Solid, first.Cell("A1").Style.Fill.PatternType);
        Assert.Equal(XLFillPatternValues.None, first.Cell("B1").Style.Fill.PatternType);
    }
}
