using System.Text;
using ClosedXML.Excel;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Profiles;
using Ems.Tests.Unit.Files;

namespace Ems.Tests.Unit.Imports;

/// <summary>Workbooks of several sheets, and what their names say.</summary>
public sealed class SheetLayoutTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_cover_sheet_with_its_period_and_counts_is_left_out()
    {
        _bench.RunWorkbook(workbook =>
        {
            workbook.AddWorksheet("Cover").Cell(1, 1).InsertData(new object[][] { ["Energy consumption (kWh)"], ["Period", "Jan 2024"], ["Number of meters", 12], ["Peak demand", 56] });
            workbook.AddWorksheet("Data").Cell(1, 1).InsertData(new object[][] { ["Date", "kWh"], ["2024-01-01", 5], ["2024-01-02", 7], ["2024-01-03", 6] });
        });

        Assert.Equal([5, 7, 6], _bench.Readings.Select(reading => reading.Values[0].Value));
        Assert.Contains("sheet Cover", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void Formulas_that_were_saved_without_what_they_come_to_are_said_to_be_so()
    {
        var parts = XlsxParts.Sheet(
            """<row r="1"><c r="A1" t="inlineStr"><is><t>Time</t></is></c><c r="B1" t="inlineStr"><is><t>Energy (kWh)</t></is></c></row>"""
            + """<row r="2"><c r="A2" t="d"><v>2020-01-01</v></c><c r="B2"><f>5+1</f><v></v></c></row>"""
            + """<row r="3"><c r="A3" t="d"><v>2020-01-02</v></c><c r="B3"><f>5+2</f></c></row>""");

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunBytes(parts.ToBytes(), "formula.xlsx")).Fault;

        Assert.Contains("cells are formulas, and the file was saved without what they come to. Open it in Excel or LibreOffice", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sheet_that_the_request_asks_for_is_in_no_text()
    {
        const string text = "Time,Energy (kWh)\n2026-03-02 00:00,5\n2026-03-02 01:00,6\n";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, new ImportForm { Sheet = "nosuch" })).Fault;
        _bench.RunText(text, new ImportForm { Mapping = new ImportMapping { Sheet = "nosuch" } });

        Assert.Contains("nosuch", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Told.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_header_above_nothing_is_one_of_those_that_a_profile_is_found_by(bool isCommented)
    {
        static Cell Text(string text) => new(CellKind.Text, Text: text);
        var comment = isCommented ? new[] { Text("locked") } : [];
        var sample = new SheetSample("",
            [new SampleRow(1, [Text("Date"), Text("Main (kWh)"), Text("Comments")]), new SampleRow(2, [Text("2024-01-01"), new(CellKind.Number, Number: 5), .. comment]), new SampleRow(3, [Text("2024-01-02"), new(CellKind.Number, Number: 6)])]);
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Energy");
            var rows = new[] { ("Date", "Main (kWh)", "Comments"), ("2024-01-01", "5", isCommented ? "locked" : ""), ("2024-01-02", "6", "") };
            for (var i = 0; i < rows.Length; i++)
            {
                sheet.Cell(i + 1, 1).Value = rows[i].Item1;
                sheet.Cell(i + 1, 2).Value = i == 0 ? rows[i].Item2 : double.Parse(rows[i].Item2, System.Globalization.CultureInfo.InvariantCulture);
                sheet.Cell(i + 1, 3).Value = rows[i].Item3;
            }
        });

        var all = HeaderFingerprint.Of(["Date", "Main (kWh)", "Comments"]);
        Assert.Equal(all, HeaderFingerprint.Of(_bench.Facts.Sheets[0].Layout));
        // Profiles of before knew no such header.
        Assert.Equal(isCommented ? [all] : [all, HeaderFingerprint.Of(["Date", "Main (kWh)"])], HeaderFingerprint.Candidates(sample));
    }

    [Fact]
    public void Rows_of_months_and_values_are_no_headers_of_a_profile()
    {
        static Cell Text(string text) => new(CellKind.Text, Text: text);
        static Cell Number(double number) => new(CellKind.Number, Number: number);
        var sample = new SheetSample("", [new SampleRow(1, [Text("Month"), Text("kWh")]), new SampleRow(2, [Text("Jan 2024"), Number(5)]), new SampleRow(3, [Text("Feb 2024"), Number(6)])]);

        Assert.Equal([HeaderFingerprint.Of(["Month", "kWh"])], HeaderFingerprint.Candidates(sample));
    }

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
    [InlineData("Data South", "South", null, "meter", "sheet South")]
    [InlineData("Data South", "South", "South", "South", "")]
    [InlineData("North South", "", null, "North South", "")]
    [InlineData("North South Notes", "North South", null, "North South", "sheet Notes")]
    [InlineData("North Summary", "North", null, "North", "sheet Summary")]
    public void A_hidden_sheet_is_left_out_where_one_that_is_shown_has_readings(string sheets, string hidden, string? wanted, string meters, string left)
    {
        _bench.RunWorkbook(
            workbook =>
            {
                Fill(workbook, sheets.Split(' '));
                workbook.Worksheets.Last(sheet => !hidden.Contains(sheet.Name, StringComparison.Ordinal)).SetTabActive();
                foreach (var name in hidden.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    workbook.Worksheet(name).Visibility = name == "South" ? XLWorksheetVisibility.VeryHidden : XLWorksheetVisibility.Hidden;
                }
            },
            new ImportForm { Sheet = wanted });

        Assert.Equal(meters, string.Join(' ', _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal)));
        Assert.Equal(left, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("meter.xls")]
    [InlineData("meter.xlsb")]
    public void A_hidden_sheet_of_a_binary_workbook_is_left_out_too(string name)
    {
        object?[][] rows = [["time", "kWh"], [new DateTime(2020, 1, 1), 1.5], [new DateTime(2020, 1, 2), 2.5]];
        (string, object?[][])[] sheets = [("North", rows), ("Hidden South", rows)];

        _bench.RunBytes(name.EndsWith('b') ? BinaryWorkbooks.Xlsb(false, sheets) : BinaryWorkbooks.Xls(false, sheets), name);

        Assert.Equal(["North"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal("sheet Hidden South", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Date:Time kWh:Value Stamp:Time Heat MWh:Value", null, false, "Heat meter", "")]
    [InlineData("Date:Time kWh:Value Stamp:Time Heat MWh:Value", null, true, "meter", "sheet Heat")]
    [InlineData("Date:Time kWh:Value Stamp:Ignored", null, false, "meter", "sheet Heat")]
    [InlineData("Stamp:Time Heat MWh:Value", "Heat", false, "Heat meter", "")]
    public void A_hidden_sheet_is_kept_where_the_mapping_that_was_sent_names_what_only_it_has(string columns, string? sheet, bool isRemembered, string meters, string left)
    {
        var mapped = columns.Replace("Heat MWh", "Heat_MWh", StringComparison.Ordinal).Split(' ').Select(column => column.Split(':'))
            .Select(parts => new MappedColumn(parts[0].Replace('_', ' ')) { Sheet = sheet, Role = Enum.Parse<ColumnRole>(parts[1]) });

        _bench.RunWorkbook(FillHidden, new ImportForm { Mapping = new() { Columns = [.. mapped] }, IsMappingRemembered = isRemembered });

        Assert.Equal(meters, string.Join(' ', _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal)));
        Assert.Equal(left, _bench.Assumed("left_out"));

        static void FillHidden(XLWorkbook workbook)
        {
            Fill(workbook, ["Data", "Heat"]);
            workbook.Worksheet("Heat").Cell("A1").Value = "Stamp";
            workbook.Worksheet("Heat").Cell("B1").Value = "Heat MWh";
            workbook.Worksheet("Heat").Visibility = XLWorksheetVisibility.Hidden;
        }
    }

    [Theory]
    [InlineData("Date Heat", "Old meter")]
    [InlineData("Date kWh", "meter")]
    [InlineData("Stamp Heat", "meter")]
    public void A_hidden_sheet_that_a_profile_was_made_of_is_kept(string headers, string meters)
    {
        var form = new ImportForm
        {
            Mapping = new() { Columns = [new("Date") { Role = ColumnRole.Time }, new("Heat") { Metric = "heat", Unit = "MWh" }] },
            IsMappingRemembered = true,
            Fingerprint = HeaderFingerprint.Of(headers.Split(' ')),
        };
        _bench.RunWorkbook(
            workbook =>
            {
                Fill(workbook, ["Data", "Old"]);
                workbook.Worksheet("Old").Cell("B1").Value = "Heat";
                workbook.Worksheet("Old").Visibility = XLWorksheetVisibility.Hidden;
            },
            form);

        Assert.Equal(meters, string.Join(' ', _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_hidden_sheet_is_kept_where_only_another_workbook_of_the_archive_shows_readings()
    {
        object?[][] cover = [["Nothing here"]];
        object?[][] rows = [["time", "kWh"], [new DateTime(2020, 1, 1), 1.5], [new DateTime(2020, 1, 2), 2.5]];

        _bench.RunBytes(
            FileBench.Zip(
                ("a.xlsb", BinaryWorkbooks.Xlsb(false, ("Cover", cover), ("Hidden North", rows))),
                ("b.xlsb", BinaryWorkbooks.Xlsb(false, ("South", rows), ("Hidden East", rows)))),
            "meters.zip");

        Assert.Equal(2, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
        Assert.DoesNotContain("Hidden North", _bench.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Contains("sheet b.xlsb:Hidden East", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exports/A.csv|exports/B.csv", "A B")]
    [InlineData("exports/A.csv", "A")]
    [InlineData("north/Main.csv|south/Main.csv", "north_Main south_Main")]
    [InlineData("exports/north/Main.csv|exports/south/Main.csv", "north_Main south_Main")]
    [InlineData("exports/north/Main.csv", "north_Main")]
    [InlineData("north/Main.csv", "north_Main")]
    [InlineData("exports (1)/A.csv", "A")]
    [InlineData("Export_2024-03/A.csv", "A")]
    [InlineData("New folder/A.csv", "A")]
    [InlineData("exports/A.csv|readings.csv", "A all")]
    [InlineData("Chiller/2024-03.csv", "Chiller")]
    [InlineData("2024-01/A.csv|2024-01/B.csv", "A B")]
    [InlineData("Gas/A.csv|Gas/B.csv", "Gas_A Gas_B")]
    public void A_folder_that_says_nothing_is_no_part_of_the_names_of_its_meters(string files, string meters)
    {
        _bench.RunBytes(FileBench.Zip([.. files.Split('|').Select((file, i) => (file, Encoding.UTF8.GetBytes($"Time,kWh\n2024-03-05 00:00,{i}\n2024-03-05 01:00,{i}\n")))]), "all.zip");

        Assert.Equal(meters.Split(' '), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
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

    [Theory]
    [InlineData("Property: Building {0}", "{0}", "Building C")]
    [InlineData("Site: Building {0}", "{0}", "Building C")]
    [InlineData("Building {0}", "Data {0}", null)]
    [InlineData("", "Building {0}", null)]
    public void Meters_of_one_name_on_sheets_of_places_are_those_of_the_places(string title, string sheet, string? site)
    {
        _bench.RunWorkbook(workbook => FillPlaces(workbook, title, sheet));

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(
            [("Building C:Main", "Building C"), ("Building D:Main", "Building D"), ("Lift", site)],
            _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.SiteName)).Order());
        Assert.Equal((1000 + 1001 + 1002, 2000 + 2001 + 2002), (_bench.Sum("Building C:Main", "energy"), _bench.Sum("Building D:Main", "energy")));
    }

    [Theory]
    [InlineData("", "{0}", 1000)]
    [InlineData("Property: Building {0}", "{0}", 0)]
    public void Sheets_that_name_no_place_or_say_the_same_are_of_one_meter(string title, string sheet, int step)
    {
        _bench.RunWorkbook(workbook => FillPlaces(workbook, title, sheet, step));

        Assert.Equal(["Lift", "Main"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
    }

    private static void FillPlaces(ClosedXML.Excel.XLWorkbook workbook, string title, string name, int step = 1000)
    {
        foreach (var (place, i) in new[] { ("C", 0), ("D", 1) })
        {
            var sheet = workbook.AddWorksheet(string.Format(System.Globalization.CultureInfo.InvariantCulture, name, place));
            sheet.Cell("A1").Value = string.Format(System.Globalization.CultureInfo.InvariantCulture, title, place);
            sheet.Cell("A3").InsertData(new object[][] { ["Meter", "Month", "Usage (kWh)"], ["Main", new DateTime(2024, 1, 1), 1000 + (i * step)], ["Main", new DateTime(2024, 2, 1), 1001 + (i * step)], ["Main", new DateTime(2024, 3, 1), 1002 + (i * step)] });
            if (i == 0)
            {
                sheet.Cell("A7").InsertData(new object[][] { ["Lift", new DateTime(2024, 1, 1), 5], ["Lift", new DateTime(2024, 2, 1), 6] });
            }
        }
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
