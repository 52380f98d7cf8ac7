using System.Text;
using Ems.Core.Storage;

namespace Ems.Tests.Functional;

/// <summary>What a site with a plant has used, from the file to the answer.</summary>
public sealed class ImportedDirectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-directions-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>In the first hour 3 are used: 5 are made, of which 2 flow out.</summary>
    [Theory]
    [InlineData("Time,Solar (kWh),Grid import (kWh),Grid export (kWh)\n2025-06-01 00:00,5,0,2\n2025-06-01 01:00,1,3,0\n", "Solar")]
    [InlineData("Time,Meter,kWh\n2025-06-01 00:00,PV,5\n2025-06-01 00:00,Grid import,0\n2025-06-01 00:00,Grid export,2\n2025-06-01 01:00,PV,1\n2025-06-01 01:00,Grid import,3\n2025-06-01 01:00,Grid export,0\n", "PV")]
    public async Task The_total_of_a_site_with_a_plant_is_what_it_used(string text, string plant)
    {
        await using (var import = await ImportHost.StartAsync(_folder))
        {
            await import.Catalogue.SaveSiteAsync(new Site { Id = "s", Name = "s", TimeZone = "UTC" }, Cancellation);
            var (_, job) = await import.ImportAsync("house.csv", Encoding.UTF8.GetBytes(text), wait: true, ("site", "s"));
            Assert.Equal("completed", job.GetProperty("state").GetString());
        }

        await using var query = await QueryHost.StartAsync($"--Ems:DataDirectory={_folder}");
        var total = await query.AskAsync("""{"metric":"energy","site":"s"}""");
        var each = await query.AskAsync("""{"metric":"energy","site":"s","group_by":"equipment"}""");

        Assert.Equal(3 + 4, total.GetProperty("rows")[0].GetProperty("value").GetDouble());
        Assert.Equal([("Grid export", -2.0), ("Grid import", 3), (plant, 6)], each.GetProperty("rows").EnumerateArray().Select(row => (row.GetProperty("equipment").GetString(), row.GetProperty("value").GetDouble())).Order());
    }
}
