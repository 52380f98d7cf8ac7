using System.Text;
using ClosedXML.Excel;
using Ems.Core.Tables;
using ExcelDataReader;

namespace Ems.Tests.Unit.Tables;

public sealed class XlsxTableTests
{
    private static readonly DateTime Time = new(2026, 10, 25, 2, 45, 30);

    [Fact]
    public void Readers_find_what_was_written()
    {
        var workbook = TableFile.ToXlsx(new Table(
            "Readings", ["Zeit <lokal> & \"so\"", "Wert (kWh)", "Note"],
            [[Time, 0.1, "Größe\n2"], [null, -1_234_567.875, null], [Time.AddDays(1), 3, true]]));

        // ExcelDataReader asks for it, whatever the file.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        using var reader = ExcelReaderFactory.CreateReader(new MemoryStream(workbook));
        List<object?[]> rows = [];
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)]);
        }

        Assert.Equal("Readings", reader.Name);
        Assert.Equal(
            [["Zeit <lokal> & \"so\"", "Wert (kWh)", "Note"], [Time, 0.1, "Größe\n2"], [null, -1_234_567.875, null], [Time.AddDays(1), 3.0, true]],
            rows);
    }

    [Fact]
    public void Another_library_opens_it_with_its_formats()
    {
        var workbook = TableFile.ToXlsx(new Table("Readings", ["Time", "Value"], [[Time, 12.5]]));

        using var opened = new XLWorkbook(new MemoryStream(workbook));
        var sheet = opened.Worksheet("Readings");

        Assert.True(sheet.Cell("A1").Style.Font.Bold);
        Assert.Equal(Time, sheet.Cell("A2").GetDateTime());
        Assert.Equal("yyyy-mm-dd hh:mm:ss", sheet.Cell("A2").Style.DateFormat.Format.Replace("\\", "", StringComparison.Ordinal));
        Assert.Equal(12.5, sheet.Cell("B2").GetDouble());
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    public void Text_never_becomes_a_formula(string text)
    {
        var workbook = TableFile.ToXlsx(new Table("T", [text], [[text]]));

        using var opened = new XLWorkbook(new MemoryStream(workbook));

        Assert.All(opened.Worksheet("T").CellsUsed(), cell =>
        {
            Assert.False(cell.HasFormula);
            Assert.Equal($"'{text}", cell.GetString());
        });
    }

    [Fact]
    public void The_twenty_eighth_column_is_AB()
    {
        var workbook = TableFile.ToXlsx(new Table("T", [.. Enumerable.Range(1, 703).Select(n => $"c{n}")], []));

        using var opened = new XLWorkbook(new MemoryStream(workbook));

        Assert.Equal("c28", opened.Worksheet("T").Cell("AB1").GetString());
        Assert.Equal("c703", opened.Worksheet("T").Cell("AAA1").GetString());
    }

    [Fact]
    public void The_same_table_gives_the_same_bytes()
    {
        byte[] Write() => TableFile.ToXlsx(new Table("T", ["a"], [[1.5], ["x"]]));

        Assert.Equal(Write(), Write());
    }
}
