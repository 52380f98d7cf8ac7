using System.Text;
using System.Text.Json;
using Ems.Core.Storage;

namespace Ems.Tests.Functional;

/// <summary>Which site an import brings readings to, and to which it must not.</summary>
public sealed partial class ImportedEquipmentTests
{
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
    public async Task Sites_that_rows_make_of_places_are_told()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, "A");
        var text = Encoding.UTF8.GetBytes("Meter,Location,Date,kWh\nE1,Main incomer,2024-01-01,1\nE2,Chillers,2024-01-01,2\nE3,A,2024-01-01,3\n");

        var (_, preview) = await host.PreviewAsync("rows.csv", text);
        var (_, first) = await host.ImportAsync("rows.csv", text, wait: true);
        var (_, again) = await host.ImportAsync("rows.csv", text, wait: true);

        static IEnumerable<string?> Made(JsonElement told) => told.GetProperty("assumptions").EnumerateArray().Where(one => Text(one, "what") == "site").Select(one => Text(one, "value"));
        Assert.All([preview, first], told => Assert.Equal(["Main incomer, Chillers"], Made(told)));
        Assert.Empty(Made(again));
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
        Assert.Equal([null, null], new[] { await SiteOf("Pump"), await SiteOf("Own") });

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
    public async Task Equipment_that_another_import_wrote_to_meanwhile_stays_where_both_took_it()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, "A");
        await ImportAsync(host, "Pump.csv", "Time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n");
        var (_, failed) = await host.ImportAsync("Pump.csv", Encoding.UTF8.GetBytes("Time,Voltage (V)\n2024-01-01 00:00,500000\n2024-01-01 01:00,600000\n"), wait: true, ("site", "A"));
        Assert.Null((await host.Catalogue.FindEquipmentAsync("Pump", Cancellation))!.Site);

        // As if it were still running while another one stores values for its site.
        await ImportAsync(host, "Pump.csv", "Time,kWh\n2024-02-01 00:00,3\n2024-02-01 01:00,4\n", ("site", "A"));
        var cancelled = (await host.Jobs.FindAsync(Text(failed, "id"), Cancellation))! with { Id = "cancelled", State = JobState.Cancelled };
        await host.Jobs.AddAsync(cancelled, int.MaxValue, Cancellation);
        await host.Runner.RunAsync(cancelled, "runner", Cancellation, Cancellation);

        Assert.Equal("A", (await host.Catalogue.FindEquipmentAsync("Pump", Cancellation))!.Site);
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

    [Theory]
    [InlineData("Time,Main kWh,Sub kWh\n2024-01-01 00:00,5,7\n2024-01-01 01:00,6,8\n")]
    [InlineData("Time,Meter,kWh\n2024-01-01 00:00,Main,5\n2024-01-01 01:00,Main,6\n")]
    public async Task A_line_above_a_table_names_the_site_of_new_meters_and_one_of_another_site_is_not_written_to_them(string table)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, preview) = await host.PreviewAsync("a.csv", Encoding.UTF8.GetBytes($"Site: Nordwerk\n{table}"));
        await ImportAsync(host, "a.csv", $"Site: Nordwerk\n{table}");

        var (_, refused) = await host.ImportAsync("b.csv", Encoding.UTF8.GetBytes($"Site: Südwerk\n{table.Replace(",5", ",95", StringComparison.Ordinal).Replace(",6", ",96", StringComparison.Ordinal)}"), wait: true);

        Assert.Equal(["Nordwerk"], preview.GetProperty("assumptions").EnumerateArray().Where(one => Text(one, "what") == "site").Select(one => Text(one, "value")));
        Assert.All(await host.Catalogue.ListEquipmentAsync(Cancellation), meter => Assert.Equal("Nordwerk", meter.Site));
        Assert.Equal(["Nordwerk"], (await host.Catalogue.ListSitesAsync(Cancellation)).Select(one => one.Id));
        Assert.Equal(("failed", "EQUIPMENT_SITE_MISMATCH"), (Text(refused, "state"), Text(refused.GetProperty("errors")[0], "code")));
        Assert.Equal([5.0, 6.0], await ValuesAsync(host, "Main"));
    }

    [Fact]
    public async Task A_line_that_writes_a_site_otherwise_is_of_the_site_that_is_there()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        static string Month(string site, int month) => $"Site: {site}\nTime,Main kWh,Sub kWh\n2024-0{month}-01 00:00,5,7\n2024-0{month}-01 01:00,6,8\n";
        await ImportAsync(host, "a_2024-01.csv", Month("Plant Nord", 1));

        await ImportAsync(host, "a_2024-02.csv", Month("PLANT NORD", 2));
        await ImportAsync(host, "a_2024-03.csv", Month("Plant  Nord", 3));
        await ImportAsync(host, "other.csv", Month("PLANT NORD", 5).Replace("Main", "New1", StringComparison.Ordinal).Replace("Sub", "New2", StringComparison.Ordinal));

        Assert.Equal(["Plant Nord"], (await host.Catalogue.ListSitesAsync(Cancellation)).Select(one => one.Id));
        Assert.All(await host.Catalogue.ListEquipmentAsync(Cancellation), meter => Assert.Equal("Plant Nord", meter.Site));
        Assert.Equal(6, (await ValuesAsync(host, "Main")).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_site_that_is_called_longer_is_another_one(bool isThere)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, isThere ? ["Oak House", "Oak House Annex"] : ["Oak House"]);
        static byte[] Month(string site, int month) => Encoding.UTF8.GetBytes($"Site: {site}\nTime,Main kWh,Sub kWh\n2024-0{month}-01 00:00,5,7\n2024-0{month}-01 01:00,6,8\n");
        await host.ImportAsync("a.csv", Month("Oak House", 1), wait: true);

        var (_, refused) = await host.ImportAsync("b.csv", Month("Oak House Annex", 2), wait: true);
        var (_, told) = await host.ImportAsync("b.csv", Month("Oak House Annex", 2), wait: true, ("site", "Oak House"));

        Assert.Equal(("failed", "EQUIPMENT_SITE_MISMATCH"), (Text(refused, "state"), Text(refused.GetProperty("errors")[0], "code")));
        Assert.Contains("If it is the same one, send site=Oak House.", Text(refused.GetProperty("errors")[0], "message"), StringComparison.Ordinal);
        Assert.Equal("completed", Text(told, "state"));
        Assert.Equal(4, (await ValuesAsync(host, "Main")).Count);
    }

    [Theory]
    [InlineData("Property", "Oak House")]
    [InlineData("Property", "Present Value")]
    [InlineData("Site", "12 Main Street")]
    [InlineData("Site", "0815")]
    [InlineData("Building", "2024")]
    public async Task A_line_that_is_the_name_of_a_site_is_that_site_whatever_it_looks_like(string label, string site)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.Catalogue.SaveSiteAsync(new Site { Id = "S1", Name = site, TimeZone = "Europe/London" }, Cancellation);

        var (_, job) = await host.ImportAsync("a.csv", Encoding.UTF8.GetBytes($"{label}: {site}\nTime,kWh\n2024-06-01 00:00,5\n2024-06-01 01:00,6\n"), wait: true);

        Assert.Contains("Europe/London", job.GetProperty("assumptions").EnumerateArray().Select(one => Text(one, "value")));
        Assert.Equal("S1", Assert.Single(await host.Catalogue.ListEquipmentAsync(Cancellation)).Site);
    }

    [Theory]
    [InlineData("21")]
    [InlineData("12")]
    public async Task A_site_that_a_person_gave_equipment_stays_when_imports_are_undone(string order)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await PutSitesAsync(host, "A");
        await ImportAsync(host, "Main.csv", Month(1));
        var (_, placed) = await host.ImportAsync("Main.csv", Encoding.UTF8.GetBytes(Month(2)), wait: true, ("site", "A"));
        foreach (var step in order)
        {
            if (step == '1')
            {
                await host.Catalogue.SaveEquipmentAsync((await host.Catalogue.FindEquipmentAsync("Main", Cancellation))! with { Site = "A", CreatedBy = null }, Cancellation);
            }
            else
            {
                using var undone = await host.Client.PostAsync($"/jobs/{Text(placed, "id")}/undo", null, Cancellation);
            }
        }

        var (_, later) = await host.ImportAsync("Main.csv", Encoding.UTF8.GetBytes(Month(3)), wait: true);
        using var undoneToo = await host.Client.PostAsync($"/jobs/{Text(later, "id")}/undo", null, Cancellation);

        Assert.Equal("A", (await host.Catalogue.FindEquipmentAsync("Main", Cancellation))!.Site);

        static string Month(int month) => $"Time,kWh\n2024-0{month}-01 00:00,{month}\n2024-0{month}-01 01:00,2\n";
    }

    [Theory]
    [InlineData("2")]
    [InlineData("12")]
    [InlineData("21")]
    [InlineData("32")]
    [InlineData("23")]
    [InlineData("231")]
    public async Task Equipment_that_a_line_took_to_a_site_is_at_none_again_when_that_is_undone(string order)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var jobs = new Dictionary<char, string?>();
        for (var month = 1; month <= (order.Contains('3', StringComparison.Ordinal) ? 3 : 2); month++)
        {
            var text = $"{(month == 1 ? "" : "Site: Nordwerk\n")}Time,Main kWh,Sub kWh\n2024-0{month}-01 00:00,5,7\n2024-0{month}-01 01:00,6,8\n";
            jobs[(char)('0' + month)] = Text((await host.ImportAsync($"a_2024-0{month}.csv", Encoding.UTF8.GetBytes(text), wait: true)).Body, "id");
        }

        Assert.All(await host.Catalogue.ListEquipmentAsync(Cancellation), meter => Assert.Equal("Nordwerk", meter.Site));
        foreach (var job in order)
        {
            using var undone = await host.Client.PostAsync($"/jobs/{jobs[job]}/undo", null, Cancellation);
            Assert.Equal(200, (int)undone.StatusCode);
        }

        Assert.Empty(await host.Catalogue.ListSitesAsync(Cancellation));
        Assert.All(await host.Catalogue.ListEquipmentAsync(Cancellation), meter => Assert.Null(meter.Site));
    }

    [Fact]
    public async Task Two_files_with_long_names_that_begin_alike_are_of_two_meters()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        const string file = "Time,kWh\n2024-01-01 00:00,5\n2024-01-01 01:00,6\n";

        await ImportAsync(host, $"{new string('x', 300)} North.csv", file);
        await ImportAsync(host, $"{new string('x', 300)} South.csv", file);
        await ImportAsync(host, $"{new string('x', 300)} South.csv", file);

        var meters = await host.Catalogue.ListEquipmentAsync(Cancellation);
        Assert.Equal(2, meters.Count);
        Assert.All(meters, meter => Assert.Null(Identifier.FaultOf(meter.Id)));
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
}
