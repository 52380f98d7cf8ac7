using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Whose readings an import brings: new equipment, equipment of other sites, virtual meters.</summary>
public sealed partial class ImportedEquipmentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-equipment-").FullName;

    private static async Task PutSitesAsync(ImportHost host, params string[] ids)
    {
        foreach (var id in ids)
        {
            await host.Catalogue.SaveSiteAsync(new Site { Id = id, Name = id, TimeZone = "UTC" }, Cancellation);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_files_of_two_months_and_their_copy_are_of_one_meter()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        await ImportAsync(host, "Main_2024-01.csv", "Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,1\n");
        await ImportAsync(host, "Main (2).csv", "Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,1\n");
        await ImportAsync(host, "Main_2024-02.csv", "Time,kWh\n2024-02-01 00:00,1\n2024-02-01 01:00,1\n");

        var series = Assert.Single(await host.Store.ListSeriesAsync(null, null, Cancellation));
        Assert.Equal(("Main", 4L), (series.Key.EquipmentId, series.Count));
    }

    [Fact]
    public async Task Tariffs_beside_what_the_meter_counts_itself_are_stored_as_its_sub_meters()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        await ImportAsync(host, "Main.csv", "Time,Power (kW),1.8.1 (kWh),1.8.2 (kWh)\n2024-01-01 00:00,3,100,200\n2024-01-01 01:00,2,102,201\n");

        Assert.Equal(
            [("Main", null), ("Main tariff 1", "Main"), ("Main tariff 2", "Main")],
            (await host.Catalogue.ListEquipmentAsync(Cancellation)).Select(one => (one.Id, one.Parent)).Order());
    }

    [Theory]
    [InlineData("Main kWh,Boiler gas m3")]
    [InlineData("House kWh,Boiler gas m3")]
    [InlineData("Electricity used kWh,Gas used m3")]
    [InlineData("Strom bezogen kWh,Gasverbrauch m3")]
    public async Task Carriers_of_two_houses_whose_files_have_the_same_headers_stay_apart_and_go_on_in_the_next_month(string headers)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        await ImportAsync(host, "house1 2024-01.csv", $"Time,{headers}\n2024-01-01 00:00,1,10\n2024-01-01 01:00,2,11\n");
        await ImportAsync(host, "house2 2024-01.csv", $"Time,{headers}\n2024-01-01 00:00,3,20\n2024-01-01 01:00,4,21\n");
        await ImportAsync(host, "house1 2024-02.csv", $"Time,{headers}\n2024-02-01 00:00,5,12\n2024-02-01 01:00,6,13\n");

        Assert.Equal(["house1", "house1 gas", "house2", "house2 gas"], (await host.Catalogue.ListEquipmentAsync(Cancellation)).Select(one => one.Id).Order(StringComparer.Ordinal));
        Assert.Equal([1, 2, 5, 6], await ValuesAsync(host, "house1"));
        Assert.Equal([10, 11, 12, 13], await ValuesAsync(host, "house1 gas"));
        Assert.Equal([3, 4], await ValuesAsync(host, "house2"));
        Assert.Equal([20, 21], await ValuesAsync(host, "house2 gas"));
    }

    [Fact]
    public async Task A_meter_that_was_told_apart_by_its_site_goes_on_where_a_file_is_of_that_site_alone()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await ImportAsync(host, "usage.csv", "Site,Meter,Month,Usage (kWh)\nNorth,HVAC,2024-01,1\nSouth,HVAC,2024-01,2\nNorth,HVAC,2024-02,3\nSouth,HVAC,2024-02,4\n");

        await ImportAsync(host, "usage north.csv", "Site,Meter,Month,Usage (kWh)\nNorth,HVAC,2024-03,5\nNorth,Lift,2024-03,6\n");
        await ImportAsync(host, "usage east.csv", "Site,Meter,Month,Usage (kWh)\nEast,HVAC,2024-03,7\nEast,HVAC,2024-04,8\n");

        Assert.Equal(
            [("HVAC", 2L), ("Lift", 1L), ("North:HVAC", 3L), ("South:HVAC", 2L)],
            (await host.Store.ListSeriesAsync(null, null, Cancellation)).Select(series => (series.Key.EquipmentId, series.Count)).Order());
    }

    [Fact]
    public async Task A_device_that_alone_has_rows_in_the_next_month_is_asked_about_and_the_answer_keeps_its_meter()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await ImportAsync(host, "plant_2024-01.csv", "Time,Parameter,Value\n2024-01-01 00:00,Main active power (kW),10\n2024-01-01 00:00,HVAC active power (kW),1\n2024-01-01 01:00,Main active power (kW),11\n2024-01-01 01:00,HVAC active power (kW),2\n");

        const string February = "Time,Parameter,Value\n2024-02-01 00:00,HVAC active power (kW),3\n2024-02-01 01:00,HVAC active power (kW),4\n";
        var (_, asked) = await host.ImportAsync("plant_2024-02.csv", Encoding.UTF8.GetBytes(February), wait: true);
        await ImportAsync(host, "plant_2024-02.csv", February, ("mapping", """{"equipment":{"plant":"HVAC"}}"""));

        Assert.Contains("AMBIGUOUS_MAPPING", asked.ToString(), StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4], await ValuesAsync(host, "HVAC"));
        Assert.Equal(["HVAC", "Main"], (await host.Catalogue.ListEquipmentAsync(Cancellation)).Select(one => one.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true, "M1 Import")]
    [InlineData(false, "M1")]
    public async Task What_flows_in_stays_in_its_meter_be_the_other_direction_in_the_file_or_not(bool isBothFirst, string meter)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        static string File(int month, bool hasExport) => $"Meter,Direction,Start,kWh\nM1,Import,2024-0{month}-01 00:00,3\nM1,Import,2024-0{month}-01 01:00,4\n"
            + (hasExport ? $"M1,Export,2024-0{month}-01 00:00,1\nM1,Export,2024-0{month}-01 01:00,2\n" : "");

        await ImportAsync(host, "usage.csv", File(1, isBothFirst));
        await ImportAsync(host, "usage.csv", File(2, !isBothFirst));

        Assert.Equal([3, 4, 3, 4], await ValuesAsync(host, meter));
        Assert.Equal([meter, "M1 Export"], (await host.Catalogue.ListEquipmentAsync(Cancellation)).Select(one => one.Id).OrderBy(id => id == "M1 Export"));
    }

    [Fact]
    public async Task A_production_that_rows_name_goes_on_as_its_equipment_is_declared()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.Catalogue.SaveEquipmentAsync(new Equipment { Id = "PV production", Name = "PV production" }, Cancellation);

        await ImportAsync(host, "meters.csv", "Meter,Time,kWh\nPV production,2024-01-01 00:00,3\nSolar generation,2024-01-01 00:00,5\n");
        await ImportAsync(host, "meters.csv", "Meter,Time,kWh\nPV production,2024-01-01 01:00,4\nSolar generation,2024-01-01 01:00,6\n");

        Assert.Equal([3, 4], await ValuesAsync(host, "PV production"));
        Assert.Equal([-6, -5], (await ValuesAsync(host, "Solar generation")).Order());
        Assert.True((await host.Catalogue.FindEquipmentAsync("Solar generation", Cancellation))!.Export.First);
    }

    [Fact]
    public async Task A_meter_that_is_called_by_its_name_alone_is_called_so_still()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, "North");
        await host.Catalogue.SaveEquipmentAsync(new Equipment { Id = "HVAC", Name = "HVAC" }, Cancellation);
        await host.Catalogue.SaveEquipmentAsync(new Equipment { Id = "North:HVAC", Name = "HVAC", Site = "North" }, Cancellation);

        await ImportAsync(host, "usage north.csv", "Site,Meter,Month,Usage (kWh)\nNorth,HVAC,2024-03,5\nNorth,HVAC,2024-04,6\n");

        Assert.Equal("HVAC", Assert.Single(await host.Store.ListSeriesAsync(null, null, Cancellation)).Key.EquipmentId);
    }

    [Fact]
    public async Task New_equipment_gets_the_multiplier_beside_its_readings_and_what_exists_keeps_its_own()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.Catalogue.SaveEquipmentAsync(new Equipment { Id = "old", Name = "old" }, Cancellation);
        static string File(int month) => $"Meter,Date,Reading (kWh),Multiplier\nnew,2024-0{month}-01,{1000 + month},40\nold,2024-0{month}-01,{2000 + month},40\nnew,2024-0{month}-02,{1001 + month},40\nold,2024-0{month}-02,{2001 + month},40\n";

        var (_, first) = await host.ImportAsync("readings.csv", Encoding.UTF8.GetBytes(File(1)), wait: true);
        var (_, next) = await host.ImportAsync("readings.csv", Encoding.UTF8.GetBytes(File(2)), wait: true);

        Assert.Equal(40, (await host.Catalogue.FindEquipmentAsync("new", Cancellation))!.Multiplier.First);
        Assert.Equal(1, (await host.Catalogue.FindEquipmentAsync("old", Cancellation))!.Multiplier.First);
        Assert.Equal(["40: new", "40: old"], Multipliers(first));
        Assert.Equal(["40: new", "40: old"], Multipliers(next));

        static IEnumerable<string> Multipliers(JsonElement job) => job.GetProperty("assumptions").EnumerateArray()
            .Where(one => one.GetProperty("what").GetString() == "multiplier").Select(one => one.GetProperty("value").GetString()!).Order();
    }

    [Fact]
    public async Task A_column_per_meter_keeps_the_meters_names_as_they_are_written()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        await ImportAsync(host, "plant.csv", "Time,M-1 (kWh),M-2 (kWh),Diesel #2 (kWh)\n2024-01-01 00:00,1,2,4\n2024-01-01 01:00,1,2,5\n");

        Assert.Equal(["Diesel _2", "M-1", "M-2"], (await host.Catalogue.ListEquipmentAsync(Cancellation)).Select(one => one.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Virt.csv", "Time,kWh\n2024-01-02 00:00,9\n2024-01-02 01:00,9\n")]
    [InlineData("rows.csv", "Time,Meter ID,kWh\n2024-01-02 00:00,M,9\n2024-01-02 00:00,Virt,9\n2024-01-02 01:00,Virt,9\n")]
    public async Task An_import_to_a_virtual_meter_is_refused_with_the_reason(string name, string text)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await ImportAsync(host, "M.csv", "Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n");
        using var put = await host.Client.PutAsync(
            "/equipment/Virt", new StringContent("""{"virtual":{"plus":["M"]}}""", Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(201, (int)put.StatusCode);

        var (_, refused) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(text), wait: true);

        var error = refused.GetProperty("errors")[0];
        Assert.Equal("DATA_VALIDATION_FAILED", Text(error, "code"));
        Assert.Contains("Virt is a virtual meter", Text(error, "message"), StringComparison.Ordinal);
        Assert.Single(await host.Store.ListSeriesAsync(null, null, Cancellation));
    }

    [Fact]
    public async Task New_equipment_has_the_type_and_category_of_its_prefix_in_files_and_live()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:EquipmentPrefixes:P-=pump", "--Ems:Ingestion:EquipmentPrefixes:P-B=burner, heating");
        await ImportAsync(host, "plant.csv", "Time,IKC0073 (kWh),P-7 (kWh),P-B1 (kWh),X (kWh)\n2024-01-01 00:00,1,2,5,6\n2024-01-01 01:00,1,2,4,7\n");
        using var live = await host.Client.PostAsJsonAsync(
            "/ingest/realtime", new { equipment_id = "ikc0080", timestamp = "2024-01-01T00:00:00Z", values = new { voltage = 230 } }, Cancellation);

        Assert.Equal(200, (int)live.StatusCode);
        Assert.Equal(
            [("IKC0073", "compressor", "hvac"), ("P-7", "pump", ""), ("P-B1", "burner", "heating"), ("X", null, ""), ("ikc0080", "compressor", "hvac")],
            (await host.Catalogue.ListEquipmentAsync(Cancellation)).OrderBy(one => one.Id, StringComparer.Ordinal)
                .Select(one => (one.Id, one.Type, string.Join(',', one.Tags))));
    }

    [Fact]
    public async Task A_prefix_rule_that_cannot_be_read_stops_the_start()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => ImportHost.StartAsync(_folder, "--Ems:Ingestion:EquipmentPrefixes:P=a,b,c"));

        Assert.Contains("Ems__Ingestion__EquipmentPrefixes__P is 'a,b,c'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_meter_s_type_decides_on_the_carrier_before_its_name_and_the_unit()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        await ImportAsync(
            host, "bills.csv",
            "Meter ID,Meter Name,Meter Type,Start Date,End Date,Usage/Quantity,Usage Units\n"
            + "1,Electric boiler,Natural Gas,2024-01-01,2024-02-01,100,kBtu (thousand Btu)\n2,Main,Electric - Grid,2024-01-01,2024-02-01,50,kBtu (thousand Btu)\n"
            + "3,Main,Natural Gas,2024-01-01,2024-02-01,70,kBtu (thousand Btu)\n");

        Assert.Equal(
            [("1", "Electric boiler", "gas"), ("2", "Main", "electricity"), ("3", "Main", "gas")],
            (await host.Catalogue.ListEquipmentAsync(Cancellation)).OrderBy(one => one.Id, StringComparer.Ordinal).Select(one => (one.Id, one.Name, one.Carrier)));
    }

    [Fact]
    public async Task A_new_meter_that_two_processes_import_for_two_sites_at_once_is_one_site_s_and_the_other_import_is_refused()
    {
        await using var one = await ImportHost.StartAsync(_folder);
        await using var two = await ImportHost.StartAsync(_folder);
        foreach (var site in (string[])["A", "B"])
        {
            using var put = await one.Client.PutAsync($"/sites/{site}", new StringContent("""{"time_zone":"UTC"}""", Encoding.UTF8, "application/json"), Cancellation);
            Assert.Equal(201, (int)put.StatusCode);
        }

        for (var round = 0; round < 8; round++)
        {
            var id = $"M{round}";
            (string Site, byte[] File)[] files =
            [
                .. ((string[])["A", "B"]).Select((site, i) => (site, Encoding.UTF8.GetBytes(
                    "Time,kWh\n" + string.Concat(Enumerable.Range(0, 48).Select(hour => $"{new DateTime(2024, 1, 1 + (10 * i)).AddHours(hour):yyyy-MM-dd HH:mm},{i + 1}\n"))))),
            ];

            var answers = await Task.WhenAll(files.Select((file, i) =>
                (i == 0 ? one : two).ImportAsync($"{id}.csv", file.File, wait: true, ("site", file.Site), ("equipment_id", id))));

            var equipment = await one.Catalogue.FindEquipmentAsync(id, Cancellation);
            var winner = equipment!.Site == "A" ? 0 : 1;
            var loser = answers[1 - winner].Body;
            Assert.Equal("completed", Text(answers[winner].Body, "state"));
            Assert.Contains("EQUIPMENT_SITE_MISMATCH", loser.ToString(), StringComparison.Ordinal);
            Assert.Equal(Enumerable.Repeat(winner + 1.0, 48), await ValuesAsync(one, id));
        }
    }

    private static async Task ImportAsync(ImportHost host, string name, string text, params (string, string)[] fields)
    {
        var (status, job) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(text), wait: true, fields);
        Assert.True(status == 200 && Text(job, "state") == "completed", job.ToString());
    }

    private static async Task<IReadOnlyList<double>> ValuesAsync(ImportHost host, string equipment)
    {
        var series = Assert.Single(await host.Store.ListSeriesAsync([equipment], null, Cancellation));
        var samples = await host.Store.ReadAsync(series.Key, Instant.FromUtc(2000, 1, 1, 0, 0), Instant.FromUtc(2100, 1, 1, 0, 0), 0, Cancellation);
        return [.. samples.Select(sample => sample.Value)];
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
