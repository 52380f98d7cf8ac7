using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Whose readings an import brings: new equipment, equipment of other sites, virtual meters.</summary>
public sealed class ImportedEquipmentTests : IDisposable
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
    [InlineData("Main.csv", "Time,kWh\n2024-01-01 00:00,9\n2024-01-01 01:00,9\n")]
    [InlineData("columns.csv", "Time,Main (kWh),Sub (kWh)\n2024-01-01 00:00,9,1\n2024-01-01 01:00,9,1\n")]
    [InlineData("rows.csv", "Time,Meter ID,kWh\n2024-01-01 00:00,Sub,9\n2024-01-01 00:00,Main,9\n2024-01-01 01:00,Main,9\n")]
    public async Task An_import_for_one_site_never_writes_to_an_id_of_another_and_proposes_one_of_its_own(string name, string text)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, "A", "B");
        await ImportAsync(host, "Main.csv", "Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", ("site", "A"));

        var (_, preview) = await host.PreviewAsync(name, Encoding.UTF8.GetBytes(text), ("site", "B"));
        var (_, refused) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(text), wait: true, ("site", "B"));

        var error = refused.GetProperty("errors")[0];
        Assert.Equal(("EQUIPMENT_SITE_MISMATCH", "B:Main"), (Text(error, "code"), error.GetProperty("alternatives")[0].GetString()));
        Assert.Equal("EQUIPMENT_SITE_MISMATCH", Text(preview.GetProperty("problems")[0], "code"));
        Assert.Equal([1.0, 2.0], await ValuesAsync(host, "Main"));
        Assert.Equal(["Main"], (await host.Catalogue.ListEquipmentAsync(Cancellation)).Select(one => one.Id));

        await ImportAsync(host, name, text, ("site", "B"), ("mapping", """{"equipment":{"Main":"B:Main"}}"""));

        Assert.Equal([1.0, 2.0], await ValuesAsync(host, "Main"));
        Assert.Equal([9.0, 9.0], await ValuesAsync(host, "B:Main"));
        Assert.Equal("B", (await host.Catalogue.FindEquipmentAsync("B:Main", Cancellation))!.Site);
    }

    [Fact]
    public async Task The_equipment_that_the_request_names_is_refused_for_another_site_with_the_alternative()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, "A", "B");
        await ImportAsync(host, "x.csv", "Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", ("site", "A"), ("equipment_id", "M"));

        var (status, problem) = await host.ImportAsync(
            "x.csv", Encoding.UTF8.GetBytes("Time,kWh\n2024-01-01 00:00,9\n2024-01-01 01:00,2\n"), wait: true, ("site", "B"), ("equipment_id", "M"));

        Assert.Equal((400, "EQUIPMENT_SITE_MISMATCH"), (status, Text(problem, "code")));
        Assert.Equal("B:M", problem.GetProperty("alternatives")[0].GetString());
        Assert.Contains("B:M", Text(problem, "detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Pump.csv", "Time,kWh\n2024-0{0}-01 00:00,{0}\n2024-0{0}-01 01:00,2\n")]
    [InlineData("rows.csv", "Time,Meter ID,kWh\n2024-0{0}-01 00:00,Pump,{0}\n2024-0{0}-01 01:00,Pump,2\n")]
    public async Task Equipment_that_is_at_no_site_is_taken_to_that_of_the_first_import_for_one_and_stays_there_with_its_values(string name, string text)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, "A", "B");
        byte[] Month(int month) => Encoding.UTF8.GetBytes(text.Replace("{0}", $"{month}", StringComparison.Ordinal));
        await host.ImportAsync(name, Month(1), wait: true);
        Assert.Null((await host.Catalogue.FindEquipmentAsync("Pump", Cancellation))!.Site);

        var (_, preview) = await host.PreviewAsync(name, Month(2), ("site", "A"));
        Assert.Null((await host.Catalogue.FindEquipmentAsync("Pump", Cancellation))!.Site);
        var (_, first) = await host.ImportAsync(name, Month(2), wait: true, ("site", "A"));
        var (_, again) = await host.ImportAsync(name, Month(2), wait: true, ("site", "A"));
        var (_, refused) = await host.ImportAsync(name, Month(2), wait: true, ("site", "B"));

        Assert.Equal("A", (await host.Catalogue.FindEquipmentAsync("Pump", Cancellation))!.Site);
        Assert.Equal(("EQUIPMENT_SITE_MISMATCH", "B:Pump"), (Text(refused.GetProperty("errors")[0], "code"), refused.GetProperty("errors")[0].GetProperty("alternatives")[0].GetString()));
        Assert.All([preview, first], told => Assert.Equal(["A: Pump"], Sites(told)));
        Assert.Empty(Sites(again));

        using var undone = await host.Client.PostAsync($"/jobs/{Text(first, "id")}/undo", null, Cancellation);
        Assert.Equal(200, (int)undone.StatusCode);
        Assert.Equal("A", (await host.Catalogue.FindEquipmentAsync("Pump", Cancellation))!.Site);

        static IEnumerable<string> Sites(JsonElement told) =>
            told.GetProperty("assumptions").EnumerateArray().Where(one => Text(one, "what") == "site").Select(one => Text(one, "value"));
    }

    [Theory]
    [InlineData("Site")]
    [InlineData("Property")]
    public async Task A_site_that_rows_name_takes_equipment_that_is_at_none(string column)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, "A");
        await host.Catalogue.SaveEquipmentAsync(new Equipment { Id = "Own", Name = "Own" }, Cancellation);
        await ImportAsync(host, "rows.csv", "Time,Meter ID,kWh\n2024-01-01 00:00,Pump,1\n2024-01-01 01:00,Pump,2\n");
        static byte[] At(string column, string site, int month) => Encoding.UTF8.GetBytes(
            $"Time,{column},Meter ID,kWh\n2024-0{month}-01 00:00,{site},Pump,3\n2024-0{month}-01 00:00,{site},Own,4\n2024-0{month}-01 01:00,{site},Pump,5\n2024-0{month}-01 01:00,{site},Own,6\n");

        var (_, preview) = await host.PreviewAsync("rows2.csv", At(column, "A", 2));
        var (_, first) = await host.ImportAsync("rows2.csv", At(column, "A", 2), wait: true);
        var (_, ofB) = await host.ImportAsync("rows3.csv", At(column, "B", 3), wait: true);
        var (_, ofNew) = await host.ImportAsync("rows4.csv", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(At(column, "C", 4)).Replace("Pump", "New1").Replace("Own", "New2")), wait: true);

        Assert.All([preview, first], told => Assert.Contains(
            "A: Pump, Own", told.GetProperty("assumptions").EnumerateArray().Where(one => Text(one, "what") == "site").Select(one => Text(one, "value"))));
        Assert.Equal(["A", "A", "C"], new[] { await SiteOf("Pump"), await SiteOf("Own"), await SiteOf("New1") });
        Assert.Equal("completed", Text(ofNew, "state"));
        Assert.Contains("B:Pump", ofB.GetProperty("errors").EnumerateArray().Where(error => Text(error, "code") == "EQUIPMENT_SITE_MISMATCH").SelectMany(error => error.GetProperty("alternatives").EnumerateArray()).Select(id => id.GetString()));
        Assert.Equal([1.0, 2.0, 3.0, 5.0], await ValuesAsync(host, "Pump"));

        using var undone = await host.Client.PostAsync($"/jobs/{Text(first, "id")}/undo", null, Cancellation);
        Assert.Equal(["A", null], new[] { await SiteOf("Pump"), await SiteOf("Own") });

        async Task<string?> SiteOf(string id) => (await host.Catalogue.FindEquipmentAsync(id, Cancellation))!.Site;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_site_that_an_import_took_equipment_to_goes_with_it_unless_there_are_values_of_another_one(bool isImportedAgain)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, "A", "B");
        await host.Catalogue.SaveEquipmentAsync(new Equipment { Id = "Pump", Name = "Pump" }, Cancellation);
        static byte[] Month(int month) => Encoding.UTF8.GetBytes($"Time,kWh\n2024-0{month}-01 00:00,{month}\n2024-0{month}-01 01:00,2\n");
        var (_, first) = await host.ImportAsync("Pump.csv", Month(1), wait: true, ("site", "A"));
        if (isImportedAgain)
        {
            await host.ImportAsync("Pump.csv", Month(2), wait: true, ("site", "A"));
        }

        using var undone = await host.Client.PostAsync($"/jobs/{Text(first, "id")}/undo", null, Cancellation);
        Assert.Equal(200, (int)undone.StatusCode);
        Assert.Equal(isImportedAgain ? "A" : null, (await host.Catalogue.FindEquipmentAsync("Pump", Cancellation))!.Site);
        var (_, ofB) = await host.ImportAsync("Pump.csv", Month(3), wait: true, ("site", "B"));

        Assert.Equal(isImportedAgain ? ["EQUIPMENT_SITE_MISMATCH"] : [], ofB.GetProperty("errors").EnumerateArray().Select(error => Text(error, "code")));
        Assert.Equal(isImportedAgain ? "A" : "B", (await host.Catalogue.FindEquipmentAsync("Pump", Cancellation))!.Site);
        Assert.Equal(isImportedAgain ? [2.0, 2.0] : [3.0, 2.0], await ValuesAsync(host, "Pump"));
    }

    [Fact]
    public async Task An_import_that_stores_nothing_takes_equipment_nowhere()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, "A");
        await ImportAsync(host, "Pump.csv", "Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n");

        var (_, failed) = await host.ImportAsync("Pump.csv", Encoding.UTF8.GetBytes("Time,Voltage (V)\n2024-01-01 00:00,500000\n2024-01-01 01:00,600000\n"), wait: true, ("site", "A"));

        Assert.Equal("failed", Text(failed, "state"));
        var pump = (await host.Catalogue.FindEquipmentAsync("Pump", Cancellation))!;
        Assert.Null(pump.Site);

        // Cancelled after it had taken the equipment to its site.
        await host.Catalogue.SaveEquipmentAsync(pump with { Site = "A" }, Cancellation);
        var cancelled = (await host.Jobs.FindAsync(Text(failed, "id"), Cancellation))! with { Id = "cancelled", State = JobState.Cancelled };
        await host.Jobs.AddAsync(cancelled, int.MaxValue, Cancellation);
        await host.Runner.RunAsync(cancelled, "runner", Cancellation, Cancellation);

        Assert.Null((await host.Catalogue.FindEquipmentAsync("Pump", Cancellation))!.Site);
    }

    [Fact]
    public async Task Meters_of_two_places_in_two_files_with_one_id_are_not_joined()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await ImportAsync(host, "a.csv", "Time,Property,Meter ID,kWh\n2024-01-01 00:00,North,1,5\n2024-01-01 01:00,North,1,6\n");

        var (_, job) = await host.ImportAsync(
            "b.csv", Encoding.UTF8.GetBytes("Time,Property,Meter ID,kWh\n2024-01-01 00:00,South,1,7\n2024-01-01 01:00,South,1,8\n"), wait: true);

        Assert.Equal(("failed", "EQUIPMENT_SITE_MISMATCH"), (Text(job, "state"), Text(job.GetProperty("errors")[0], "code")));
        Assert.Equal([5.0, 6.0], await ValuesAsync(host, "1"));
    }

    [Fact]
    public async Task Sites_that_an_import_made_go_when_it_is_undone_and_those_that_others_use_stay()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        const string file = "Time,Property,Meter ID,kWh\n2024-01-01 00:00,North,1,5\n2024-01-01 01:00,North,1,6\n2024-01-01 00:00,South,2,5\n2024-01-01 01:00,South,2,6\n";
        var (_, job) = await host.ImportAsync("a.csv", Encoding.UTF8.GetBytes(file), wait: true);
        await host.Catalogue.SaveEquipmentAsync(new Equipment { Id = "own", Name = "Own", Site = "South" }, Cancellation);
        Assert.Equal(["North", "South"], (await host.Catalogue.ListSitesAsync(Cancellation)).Select(one => one.Id));

        using var undone = await host.Client.PostAsync($"/jobs/{Text(job, "id")}/undo", null, Cancellation);

        Assert.Equal(200, (int)undone.StatusCode);
        Assert.Equal(["South"], (await host.Catalogue.ListSitesAsync(Cancellation)).Select(one => one.Id));
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
