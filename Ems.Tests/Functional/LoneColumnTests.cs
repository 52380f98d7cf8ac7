using System.Text;
using System.Text.Json;
using Ems.Core.Storage;

namespace Ems.Tests.Functional;

/// <summary>A column that stood beside others in files of the same name before.</summary>
public sealed class LoneColumnTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-lone-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Submeters_2024-02.csv", "Time,KN1 kWh\n2024-02-01 00:00,5\n2024-02-01 01:00,6\n", "KN1")]
    [InlineData("Submeters_2024-02.csv", "Time,KN1 kWh,KN2 kWh\n2024-02-01 00:00,5,\n2024-02-01 01:00,6,\n", "KN1")]
    [InlineData("Submeters_2024-02 (1).csv", "Time,KN1 (kWh)\n2024-02-01 00:00,5\n2024-02-01 01:00,6\n", "KN1")]
    [InlineData("Others_2024-02.csv", "Time,KN1 kWh\n2024-02-01 00:00,5\n2024-02-01 01:00,6\n", "Others")]
    [InlineData("Submeters_2024-02.csv", "Time,KN3 kWh\n2024-02-01 00:00,5\n2024-02-01 01:00,6\n", "Submeters")]
    [InlineData("Submeters_2024-02.csv", "Time,KN1 gas m3\n2024-02-01 00:00,5\n2024-02-01 01:00,6\n", "Submeters")]
    [InlineData("Submeters_2024-02.csv", "Time,Meter,KN1 kWh\n2024-02-01 00:00,M1,5\n2024-02-01 01:00,M1,6\n", "M1")]
    public async Task Is_of_the_meter_that_it_was_of_then(string name, string text, string meter)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Submeters_2024-01.csv", Encoding.UTF8.GetBytes("Time,KN1 kWh,KN2 kWh\n2024-01-01 00:00,1,2\n2024-01-01 01:00,3,4\n"), wait: true);

        var (_, preview) = await host.PreviewAsync(name, Encoding.UTF8.GetBytes(text));
        var (_, job) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(text), wait: true);

        Assert.Equal("completed", job.GetProperty("state").GetString());
        Assert.Equal(meter, preview.GetProperty("rows")[0].GetProperty("equipment_id").GetString());
        Assert.Equal(["KN1", "KN2", .. meter is "KN1" ? (string[])[] : [meter]], (await host.Catalogue.ListEquipmentAsync(Cancel)).Select(one => one.Id).Order(StringComparer.Ordinal));
        Assert.Equal(meter is "KN1" ? 4 : 2, (await host.Store.ListSeriesAsync(["KN1"], ["energy"], Cancel)).Single().Count);
        Assert.Equal(meter is "KN1", Told(job).Concat(Told(preview)).Count(id => id == "KN1") == 2);
    }

    [Theory]
    [InlineData("equipment_id", "Other", "Other")]
    [InlineData("mapping", """{"equipment":{"Submeters":"Submeters"}}""", "Submeters")]
    public async Task Is_of_what_the_request_says(string field, string value, string meter)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Submeters_2024-01.csv", Encoding.UTF8.GetBytes("Time,KN1 kWh,KN2 kWh\n2024-01-01 00:00,1,2\n2024-01-01 01:00,3,4\n"), wait: true);

        await host.ImportAsync("Submeters_2024-02.csv", Encoding.UTF8.GetBytes("Time,KN1 kWh\n2024-02-01 00:00,5\n2024-02-01 01:00,6\n"), wait: true, (field, value));

        Assert.Equal(2, (await host.Store.ListSeriesAsync([meter], ["energy"], Cancel)).Single().Count);
    }

    [Fact]
    public async Task Is_of_its_file_where_that_is_called_as_any_is()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("export.csv", Encoding.UTF8.GetBytes("Time,Main kWh,Shop kWh\n2024-01-01 00:00,1,2\n2024-01-01 01:00,3,4\n"), wait: true);

        await host.ImportAsync("export (1).csv", Encoding.UTF8.GetBytes("Time,Main kWh\n2024-01-01 00:00,5\n2024-01-01 01:00,6\n"), wait: true);

        Assert.Contains("export", (await host.Catalogue.ListEquipmentAsync(Cancel)).Select(one => one.Id));
    }

    [Fact]
    public async Task Is_read_in_the_zone_of_its_meters_site()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.Catalogue.SaveSiteAsync(new Site { Id = "NY", Name = "NY", TimeZone = "America/New_York" }, Cancel);
        await host.ImportAsync("Submeters_2024-01.csv", Encoding.UTF8.GetBytes("Time,KN1 kWh,KN2 kWh\n2024-01-01 00:00,1,2\n2024-01-01 01:00,3,4\n"), wait: true, ("site", "NY"));

        await host.ImportAsync("Submeters_2024-02.csv", Encoding.UTF8.GetBytes("Time,KN1 kWh\n2024-02-01 00:00,5\n2024-02-01 01:00,6\n"), wait: true);

        Assert.Equal("2024-02-01T06:00:00Z", (await host.Store.ListSeriesAsync(["KN1"], ["energy"], Cancel)).Single().LastAt.ToString());
    }

    private static IEnumerable<string?> Told(JsonElement told) =>
        told.GetProperty("assumptions").EnumerateArray().Where(one => one.GetProperty("what").GetString() == "equipment_id").Select(one => one.GetProperty("value").GetString());
}
