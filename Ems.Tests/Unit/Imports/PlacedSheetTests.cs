using ClosedXML.Excel;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;

namespace Ems.Tests.Unit.Imports;

/// <summary>A sheet for each place, whose columns or rows have the same names.</summary>
public sealed class PlacedSheetTests : IDisposable
{
    private readonly ImportBench _bench = new();

    private string Meters => string.Join(", ", _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Leeds", "York", "Leeds:Kitchen, Leeds:Main, York:Kitchen, York:Main")]
    [InlineData("Leeds 2024", "York 2024", "Leeds:Kitchen, Leeds:Main, York:Kitchen, York:Main")]
    [InlineData("Leeds kWh", "York kWh", "Leeds:Kitchen, Leeds:Main, York:Kitchen, York:Main")]
    [InlineData("Building A", "Building B", "Building A:Kitchen, Building A:Main, Building B:Kitchen, Building B:Main")]
    [InlineData("P1", "P2", "P1:Kitchen, P1:Main, P2:Kitchen, P2:Main")]
    [InlineData("12 High Street", "14 High Street", "12 High Street:Kitchen, 12 High Street:Main, 14 High Street:Kitchen, 14 High Street:Main")]
    public void Meters_of_columns_are_those_of_their_sheets_where_values_of_the_same_times_are_others(string one, string other, string meters)
    {
        RunAnswered(workbook => Fill(workbook, (one, 100), (other, 130)), isAsked: !one.StartsWith("Building", StringComparison.Ordinal));

        Assert.Equal(meters, Meters);
        Assert.Equal(48, _bench.Told.Count);
        Assert.Contains($"{other}:Main energy 2024-03-01 00:00 31d 136".Replace(" 2024:", ":", StringComparison.Ordinal).Replace(" kWh:", ":", StringComparison.Ordinal), _bench.Told);
    }

    [Theory]
    [InlineData("2023", "2024")]
    [InlineData("Sheet1", "Sheet2")]
    [InlineData("Actual", "Budget")]
    [InlineData("Leeds", "Budget")]
    [InlineData("Leeds", "All sites")]
    [InlineData("Leeds", "Leeds (2)")]
    [InlineData("Leeds", "Leeds old")]
    [InlineData("Raw", "Clean")]
    [InlineData("Import", "Export")]
    [InlineData("Day", "Night")]
    [InlineData("Grid", "Solar")]
    [InlineData("Data", "Data 2")]
    [InlineData("kWh", "kWh 2")]
    [InlineData("Cost", "Usage")]
    public void Sheets_that_are_called_after_times_sums_versions_or_what_is_counted_are_of_no_places(string one, string other)
    {
        _bench.RunWorkbook(workbook => Fill(workbook, (one, 100), (other, 130)));

        Assert.Equal("Kitchen, Main", Meters);
    }

    [Fact]
    public void Beside_a_sheet_of_no_place_others_are_not_told_apart_either()
    {
        _bench.RunWorkbook(workbook => Fill(workbook, ("Leeds", 100), ("York", 130), ("Group", 230)));

        Assert.Equal("Kitchen, Main", Meters);
    }

    [Fact]
    public void Sheets_that_say_the_same_or_go_on_with_each_other_are_of_the_same_meters()
    {
        _bench.RunWorkbook(workbook => Fill(workbook, ("Leeds", 100), ("York", 100)));
        Assert.Equal("Kitchen, Main", Meters);

        using var later = new ImportBench();
        later.RunWorkbook(workbook =>
        {
            Fill(workbook, 1, ("First half", 100));
            Fill(workbook, 13, ("Second half", 140));
        });
        Assert.Equal(["Kitchen", "Main"], later.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Fact]
    public void Meters_of_rows_are_those_of_their_sheets_too()
    {
        RunAnswered(workbook =>
        {
            foreach (var (place, first) in (IEnumerable<(string, int)>)[("Leeds 2024 kWh", 100), ("York 2024 kWh", 130)])
            {
                var sheet = workbook.AddWorksheet(place);
                sheet.Cell("A1").InsertData(new[] { new object[] { "Meter", "Jan", "Feb", "Mar", "Apr" } });
                sheet.Cell("A2").InsertData(new[] { new object[] { "Main", first, first + 7, first + 3, first + 9 }, ["Kitchen", first / 2, 20, first / 3, 30] });
            }
        });

        Assert.Equal("Leeds:Kitchen, Leeds:Main, York:Kitchen, York:Main", Meters);
        Assert.All(_bench.Facts.Meters, meter => Assert.Null(meter.SiteName));
    }

    [Theory]
    [InlineData("Site: {0}", true)]
    [InlineData("Property: {0}", false)]
    public void Lines_that_name_the_places_tell_the_meters_of_columns_apart(string line, bool isSite)
    {
        _bench.RunWorkbook(workbook =>
        {
            Fill(workbook, ("A", 100), ("B", 130));
            foreach (var sheet in workbook.Worksheets)
            {
                sheet.Row(1).InsertRowsAbove(2);
                sheet.Cell("A1").Value = string.Format(null, line, sheet.Name == "A" ? "Leeds" : "York");
            }
        });

        Assert.Equal("Leeds:Kitchen, Leeds:Main, York:Kitchen, York:Main", Meters);
        Assert.Equal(isSite, _bench.Facts.Meters.All(meter => meter.SiteName is "Leeds" or "York"));
    }

    [Fact]
    public void A_workbook_with_one_of_the_sheets_goes_on_in_its_meters_and_one_of_an_unknown_place_does_not()
    {
        _bench.Known = new KnownMeters(new Dictionary<string, KnownMeter> { ["Leeds:Main"] = default, ["Leeds:Kitchen"] = default, ["York:Main"] = default, ["Main"] = default });
        _bench.RunWorkbook(workbook => Fill(workbook, ("Leeds 2025", 100)));
        Assert.Equal("Leeds:Kitchen, Leeds:Main", Meters);

        using var other = new ImportBench { Known = _bench.Known };
        other.RunWorkbook(workbook => Fill(workbook, ("Hull", 100)));
        Assert.Equal(["Kitchen", "Main"], other.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Fact]
    public void The_mapping_has_ids_for_them_by_both_names_and_its_proposal_reads_the_file_as_it_is()
    {
        _bench.RunWorkbook(workbook => Fill(workbook, ("Leeds", 100), ("York", 130)), new ImportForm { Mapping = new ImportMapping { Equipment = new Dictionary<string, string> { ["York:Main"] = "M-2" } } });
        Assert.Equal("Leeds:Kitchen, Leeds:Main, M-2, York:Kitchen", Meters);

        var proposed = ColumnProposals.Join([.. _bench.Facts.Sheets.Select(sheet => sheet.Layout)]);
        using var again = new ImportBench();
        again.RunWorkbook(workbook => Fill(workbook, ("Leeds", 100), ("York", 130)), new ImportForm { Mapping = MappingChecks.AsSent(new ImportMapping { Columns = proposed }) });
        Assert.Equal(_bench.Told, again.Told);
    }

    [Fact]
    public void Meters_that_the_mapping_names_are_these_on_all_sheets()
    {
        _bench.RunWorkbook(workbook => Fill(workbook, ("Leeds", 100), ("York", 130)), new ImportForm { Mapping = new ImportMapping { Equipment = new Dictionary<string, string> { ["Main"] = "M-1", ["Kitchen"] = "M-2" } } });

        Assert.Equal("M-1, M-2", Meters);
    }

    [Fact]
    public void Sheets_that_share_one_time_with_other_values_are_of_the_same_meters()
    {
        _bench.RunWorkbook(workbook =>
        {
            Fill(workbook, 1, ("North wing", 100));
            Fill(workbook, 12, ("South wing", 140));
        });

        Assert.Equal("Kitchen, Main", Meters);
    }

    /// <summary>A sheet that is called after no word for a place may be another version of the one beside it: what is asked about is sent back.</summary>
    private void RunAnswered(Action<XLWorkbook> fill, bool isAsked = true)
    {
        if (!isAsked)
        {
            _bench.RunWorkbook(fill);
            return;
        }

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunWorkbook(fill)).Fault;
        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
        _bench.RunWorkbook(fill, new ImportForm { Mapping = fault.Guess });
    }

    private static void Fill(XLWorkbook workbook, params (string Sheet, int First)[] sheets) => Fill(workbook, 1, sheets);

    private static void Fill(XLWorkbook workbook, int month, params (string Sheet, int First)[] sheets)
    {
        foreach (var (name, first) in sheets)
        {
            var sheet = workbook.AddWorksheet(name);
            sheet.Cell("A1").InsertData(new[] { new object[] { "Month", "Main kWh", "Kitchen kWh" } });
            sheet.Cell("A2").InsertData(Enumerable.Range(0, 12).Select(i => new object[] { $"{new DateTime(2024, 1, 1).AddMonths(month - 1 + i):yyyy-MM}", first + (i % 5 * 3), (first / 3) + (i % 4) }));
        }
    }
}
