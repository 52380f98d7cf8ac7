using System.Text;
using System.Text.Json;
using ClosedXML.Excel;

namespace Ems.Tests.Functional;

public sealed partial class CorrectedRowsTests
{
    [Theory]
    [InlineData("data.csv", "data")]
    [InlineData("table1.csv", "table1")]
    [InlineData("Sheet1.csv", "Sheet1")]
    [InlineData("Hauptzaehler_Gebaeude_7_Unterverteilung_Nord.csv", "Hauptzaehler_Gebaeude_7_Unterverteilung_Nord")]
    [InlineData("Zähler (alt), Süd.csv", "Zähler (alt), Süd")]
    public async Task A_meter_that_only_the_file_names_keeps_its_id(string name, string id)
    {
        var told = await CheckAsync(name, $"time,kWh\n{Rows("2024-05-01", 24, 7)}\n", NoFields);

        Assert.All(told, one => Assert.StartsWith($"{id} ", one, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("B:Main")]
    [InlineData("the \"main\" one, (B)")]
    public async Task A_meter_keeps_the_id_that_the_mapping_has_for_it(string id)
    {
        var mapping = JsonSerializer.Serialize(new { equipment = new { Main = id } });
        var told = await CheckAsync("Main.csv", $"time,kWh\n{Rows("2024-05-01", 24, 7)}\n", [("mapping", mapping)]);

        Assert.All(told, one => Assert.StartsWith($"{id} ", one, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_meter_in_the_header_counts_before_what_a_profile_remembers_of_another_file_of_that_name()
    {
        await using var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, "remembered"));
        const string Mapping = """{"columns":[{"column":"time","role":"time"},{"column":"X","metric":"active_power","unit":"kW"}]}""";
        await ImportAsync(host, "export.csv", Encoding.UTF8.GetBytes($"time,X\n{Rows("2024-01-01", 24)}\n"), ("mapping", Mapping), ("equipment_id", "M-1"));
        var text = $"time,X\n{Rows("2024-02-01", 24, 7)}\n";
        using var workbook = await DownloadAsync(host, await ImportAsync(host, "export.csv", Written(text, corrected: false), ("equipment_id", "M-5")));
        Correct(workbook, text);
        await ImportAsync(host, "export rejected.xlsx", Bytes(workbook));

        Assert.Equal(24, (await ToldAsync(host)).Count(one => one.StartsWith("M-5 ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_meter_of_which_all_rows_come_back_is_at_the_site_that_stood_above_them()
    {
        var (host, workbook) = await RejectAsync("site", "rows.csv", "Site: Nordwerk\ntime,Meter,kWh\n2024-05-01 00:00,M1,5\n2024-05-01 01:00,M1,6\n2024-05-01 00:00,M2,{7}\n2024-05-01 01:00,M2,{8}\n");
        await using var _ = host;
        await ImportAsync(host, "rows rejected.xlsx", Bytes(workbook));

        Assert.Equal(["Nordwerk", "Nordwerk"], (await host.Catalogue.ListEquipmentAsync(TestContext.Current.CancellationToken)).Select(one => one.Site));
    }

    [Fact]
    public async Task Without_the_column_of_reasons_rows_are_still_of_their_meter()
    {
        var (host, workbook) = await RejectAsync("bare", "Main.csv", $"time,kWh\n{Rows("2024-05-01", 24, 7, 8)}\n", ("equipment_id", "M-1"));
        await using var _ = host;
        workbook.Worksheet(1).Column(3).Delete();
        await ImportAsync(host, "Main rejected.xlsx", Bytes(workbook));

        Assert.All(await ToldAsync(host), one => Assert.StartsWith("M-1 ", one, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Columns_of_equipment_that_the_request_named_are_its_parts_still()
    {
        var told = await CheckAsync("Main.csv", "time,Boiler kWh,Chiller kWh\n2024-05-01 00:00,1,2\n2024-05-01 01:00,{3},4\n2024-05-01 02:00,5,6\n2024-05-01 03:00,5,6\n", [("equipment_id", "house-2")], back: NoFields);

        Assert.Equal(8, told.Count(one => one.StartsWith("house-2 ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Amounts_per_day_are_those_of_their_rows_still()
    {
        var told = await CheckAsync("Main.csv", "time,kWh/day\n2024-05-01,1\n2024-05-02,2\n2024-05-03,{3}\n2024-05-04,4\n2024-05-05,5\n", NoFields);

        Assert.Equal(5, told.Count(one => one.StartsWith("Main ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Columns_below_the_serial_number_of_their_device_are_its_parts_still()
    {
        var told = await CheckAsync(
            "Main.csv", "Version 3\n,3007712345,3007712345\n,Metering.TotWhOut,Metering.TotWhIn\ntime,[kWh],[kWh]\n2024-05-01 00:00,1,2\n2024-05-01 01:00,{3},4\n2024-05-01 02:00,5,6\n2024-05-01 03:00,5,6\n", NoFields);

        Assert.Equal(8, told.Count(one => one.StartsWith("3007712345 ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Meter,Type,Time,kWh\nM1,Electricity,2024-05-01 00:00,1\nM1,Electricity export,2024-05-01 00:00,{2}\nM1,Electricity,2024-05-01 01:00,3\nM1,Electricity export,2024-05-01 01:00,4\n", "M1 export")]
    [InlineData("Site,Meter,Month,Usage (kWh)\nNorth,HVAC,2024-01,{1}\nSouth,HVAC,2024-01,2\nNorth,Main,2024-01,3\nNorth,HVAC,2024-02,4\nSouth,HVAC,2024-02,5\nNorth,Main,2024-02,6\n", "North:HVAC")]
    [InlineData("Site,Meter,Month,Usage (kWh)\nNorth,HVAC,2024-01,1\nSouth,HVAC,2024-01,2\nNorth,Main,2024-01,{3}\nNorth,HVAC,2024-02,4\nSouth,HVAC,2024-02,5\nNorth,Main,2024-02,6\n", "Main")]
    [InlineData("Site,Meter,Type,Month,kWh\nNorth,M1,Electricity,2024-01,1\nNorth,M1,Electricity export,2024-01,{2}\nSouth,M1,Electricity,2024-01,3\nNorth,M1,Electricity,2024-02,4\nNorth,M1,Electricity export,2024-02,5\nSouth,M1,Electricity,2024-02,6\n", "North:M1 export")]
    [InlineData("Property Name,Meter Name,Month,Usage (kWh)\nNorth,Main,2024-01,{1}\nSouth,Main,2024-01,2\nNorth,Main,2024-02,4\nSouth,Main,2024-02,5\n", "North:Main")]
    [InlineData("Meter Name,Type,Month,kWh\nMain,Electricity,2024-01,1\nMain,Gas,2024-01,{2}\nMain,Electricity,2024-02,4\nMain,Gas,2024-02,5\n", "Main gas")]
    [InlineData("Type,Month,kWh\nElectricity,2024-01,1\nGas,2024-01,{2}\nElectricity,2024-02,4\nGas,2024-02,5\n", "Main gas")]
    [InlineData("Type,Month,kWh\nElectricity,2024-01,1\nElectricity export,2024-01,{2}\nElectricity,2024-02,4\nElectricity export,2024-02,5\n", "Main export")]
    public async Task Rows_of_meters_that_the_file_told_apart_are_still_of_these(string text, string meter)
    {
        var told = await CheckAsync("Main.csv", text, NoFields);

        Assert.Equal(2, told.Count(one => one.StartsWith($"{meter} ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rows_of_a_register_of_heat_that_only_its_values_told_come_back_as_such()
    {
        var text = "Time,Energy (kWh),Volume (m3),Flow temp (C),Return temp (C)\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"2024-05-0{1 + (i / 24)} {i % 24:00}:00,{100 + (3 * i)},{1000 + i},{(i == 3 ? "{60}" : "62")},50\n"));

        var told = await CheckAsync("Main.csv", text, NoFields);

        Assert.Contains("Main heat 00:00:00 2024-05-01T03:00:00Z 109", told);
    }

    [Fact]
    public async Task What_the_request_says_of_rows_that_do_not_say_it_themselves_is_said_of_corrected_ones()
    {
        string Rows(string register, string rate, string value) => string.Concat(Enumerable.Range(0, 30).Select(i => $"6305123456,{register},{rate},2024-05-0{1 + (i / 24)} {i % 24:00}:00,{(i == 3 ? value : $"{5 + (i % 3)}.5")}\n"));

        var told = await CheckAsync("Data.csv", $"NMI,RegisterCode,RateTypeDescription,StartDate,ProfileReadValue\n{Rows("E1", "Usage", "6.5")}{Rows("B1", "Solar", "{3}")}", [("metric", "energy"), ("unit", "kWh")]);

        Assert.Contains("6305123456 B1 energy 01:00:00 2024-05-01T03:00:00Z -3", told);
    }

    [Fact]
    public async Task What_is_made_flows_out_of_corrected_rows_too()
    {
        var told = await CheckAsync("Main.csv", "Time,Main (kWh),HVAC (kWh),PV production (kWh)\n2024-05-01 00:00,5,1,2\n2024-05-01 01:00,4,2,{3}\n2024-05-01 02:00,6,1,4\n", NoFields);

        Assert.Contains("PV production energy 01:00:00 2024-05-01T01:00:00Z -3", told);
    }

    [Fact]
    public async Task What_rows_call_a_production_flows_out_of_corrected_ones_too()
    {
        var told = await CheckAsync("Main.csv", "Meter,Time,kWh\nMain,2024-05-01 00:00,5\nPV production,2024-05-01 00:00,2\nMain,2024-05-01 01:00,4\nPV production,2024-05-01 01:00,{3}\n", NoFields);

        Assert.Contains("PV production energy 01:00:00 2024-05-01T01:00:00Z -3", told);
    }

    [Fact]
    public async Task Rows_of_several_meters_of_heat_come_back_as_such()
    {
        var text = $"Time,{string.Join(',', Enumerable.Range(1, 2).Select(i => $"HM{i} Energy (kWh),HM{i} Volume (m3),HM{i} Flow temp (C),HM{i} Return temp (C)"))}\n"
            + string.Concat(Enumerable.Range(0, 30).Select(i => $"2024-05-0{1 + (i / 24)} {i % 24:00}:00,{100 + (3 * i)},{1000 + i},{(i == 3 ? "{60}" : "62")},50,{(i == 5 ? "{420}" : $"{400 + (4 * i)}")},{2000 + i},62,50\n"));

        var told = await CheckAsync("Plant.csv", text, NoFields);

        Assert.Contains("HM1 heat 00:00:00 2024-05-01T03:00:00Z 109", told);
        Assert.Contains("HM2 heat 00:00:00 2024-05-01T05:00:00Z 420", told);
    }

    [Theory]
    [InlineData("Time,Main kWh,Boiler gas m3\n2024-05-01 00:00,5,1\n2024-05-01 01:00,4,{2}\n2024-05-01 02:00,4,3\n", "Main gas")]
    [InlineData("Meter ID,M-001,M-002\nDescription,Main incomer,Gas boiler\nUnit,kWh,m3\n2024-05-01 00:00,5,1\n2024-05-01 01:00,4,{2}\n2024-05-01 02:00,4,3\n", "M-002 Gas boiler")]
    public async Task Carriers_beside_each_other_and_columns_below_their_ids_are_the_same_meters_still(string text, string meter)
    {
        var told = await CheckAsync("Main.csv", text, NoFields);

        Assert.Equal(3, told.Count(one => one.StartsWith($"{meter} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Main", "Building C:Main")]
    [InlineData("Lift", "Lift")]
    public async Task Rows_of_sheets_of_places_are_of_the_meters_of_these_where_the_file_told_them_apart(string broken, string meter)
    {
        var told = await CheckAsync("Main.xlsx", "{7}", NoFields, file: Sheets);

        Assert.Equal(3, told.Count(one => one.StartsWith($"{meter} ", StringComparison.Ordinal)));

        byte[] Sheets(bool corrected)
        {
            using var workbook = new XLWorkbook();
            foreach (var (place, meters) in new[] { ("C", (string[])["Main", "Lift"]), ("D", ["Main"]) })
            {
                var sheet = workbook.AddWorksheet(place);
                sheet.Cell("A1").Value = $"Property: Building {place}";
                sheet.Cell("A3").InsertData(new object[][] { ["Meter", "Month", "Usage (kWh)"] });
                sheet.Cell("A4").InsertData(meters.SelectMany((name, i) => Enumerable.Range(1, 3).Select(month => new object[] { name, new DateTime(2024, month, 1), (place[0] * 100) + (i * 10) + month })));
                if (place == "C")
                {
                    sheet.Cell(broken == "Main" ? "C5" : "C8").Value = corrected ? 7 : Broken;
                }
            }

            return Bytes(workbook);
        }
    }

    [Theory]
    [InlineData("Haus 1", "Haus 2")]
    [InlineData("Building A", "Building B")]
    public async Task Columns_of_sheets_that_the_file_told_apart_are_still_of_the_meters_of_these(string one, string other)
    {
        var told = await CheckAsync("Sites.xlsx", "{7}", NoFields, file: Sheets);

        Assert.Equal(["Kitchen", "Main"], told.Where(reading => reading.StartsWith($"{other}:", StringComparison.Ordinal)).Select(reading => reading[(other.Length + 1)..reading.IndexOf(" energy", StringComparison.Ordinal)]).Distinct().Order());
        Assert.Equal(16, told.Count);

        byte[] Sheets(bool corrected)
        {
            using var workbook = new XLWorkbook();
            foreach (var (place, first) in new[] { (one, 100), (other, 200) })
            {
                var sheet = workbook.AddWorksheet(place);
                sheet.Cell("A1").InsertData(new object[][] { ["Month", "Main kWh", "Kitchen kWh"] });
                sheet.Cell("A2").InsertData(Enumerable.Range(1, 4).Select(month => new object[] { new DateTime(2024, month, 1), first + month, (first / 2) + month }));
            }

            workbook.Worksheet(other).Cell("B3").Value = corrected ? 7 : Broken;
            return Bytes(workbook);
        }
    }
}
