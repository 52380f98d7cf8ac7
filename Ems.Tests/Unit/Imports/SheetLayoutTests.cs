using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Workbooks of several sheets, and what their names say.</summary>
public sealed class SheetLayoutTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Sheets_of_one_layout_are_read_one_after_the_other_and_a_summary_is_left_out()
    {
        _bench.RunWorkbook(workbook =>
        {
            workbook.AddWorksheet("Notes").Cell("A1").Value = "Nothing here";
            workbook.AddWorksheet("Empty");
            foreach (var (name, day) in new[] { ("North", 1), ("South", 2) })
            {
                var sheet = workbook.AddWorksheet(name);
                sheet.Cell("A1").Value = "Date";
                sheet.Cell("B1").Value = "kWh";
                sheet.Cell("A2").Value = new DateTime(2020, 1, day);
                sheet.Cell("B2").Value = day;
                sheet.Cell("A3").Value = new DateTime(2020, 1, day + 1);
                sheet.Cell("B3").Value = day + 10;
            }

            var summary = workbook.AddWorksheet("Summary");
            summary.Cell("A1").Value = "Month";
            summary.Cell("B1").Value = "kWh";
            summary.Cell("A2").Value = "Jan-20";
            summary.Cell("B2").Value = 26;
        });

        Assert.Equal(
            [
                "North energy 2020-01-01 00:00 1d 1", "North energy 2020-01-02 00:00 1d 11",
                "South energy 2020-01-02 00:00 1d 2", "South energy 2020-01-03 00:00 1d 12",
            ],
            _bench.Told);
        Assert.Equal(4, _bench.Facts.Rows);
        Assert.Contains("Summary", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kWh", "HE")]
    [InlineData("Notes kWh", "HE")]
    [InlineData("Electricity Gas", "Electricity Gas")]
    [InlineData("kWh Sheet2", "HE kWh")]
    [InlineData("kWh North", "HE North")]
    public void A_sheet_called_by_what_it_holds_is_of_the_meter_of_the_file_unless_there_are_several(string sheets, string meters)
    {
        _bench.RunWorkbook(workbook => Fill(workbook, sheets.Split(' ')), fileName: "HE_2024-01.xlsx");

        Assert.Equal(meters, string.Join(' ', _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void What_the_mapping_calls_by_its_sheet_keeps_its_id()
    {
        var form = new ImportForm { Mapping = new() { Equipment = new Dictionary<string, string> { ["kWh"] = "M-1" } } };

        _bench.RunWorkbook(workbook => Fill(workbook, ["kWh"]), form, "HE_2024-01.xlsx");

        Assert.All(_bench.Readings, reading => Assert.Equal("M-1", reading.EquipmentId));
    }

    private static void Fill(ClosedXML.Excel.XLWorkbook workbook, string[] sheets)
    {
        foreach (var name in sheets)
        {
            var sheet = workbook.AddWorksheet(name);
            sheet.Cell("A1").Value = name == "Notes" ? "Nothing here" : "Date";
            for (var day = 1; day < 4 && name != "Notes"; day++)
            {
                sheet.Cell("B1").Value = "kWh";
                sheet.Cell(day + 1, 1).Value = new DateTime(2020, 1, day);
                sheet.Cell(day + 1, 2).Value = day;
            }
        }
    }
}
