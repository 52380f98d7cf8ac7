using System.Globalization;
using System.Text;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

[Collection("Processes")]
public sealed class FullDiskTests
{
    private const int Rows = 200_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_full_disk_uploads_are_refused_and_an_import_waits_and_both_go_on_when_there_is_room()
    {
        await using var system = new MonolithSystem { DiskMegabytes = 160 };
        await system.StartAsync();
        var late = Quarters("late", 20_000);
        using var begun = await system.Api.UploadAsync("early.csv", Quarters("early", Rows), wait: false);
        var id = (await begun.JsonAsync(202)).Text("id");
        await Eventually.HoldsAsync(
            async () => (await system.Api.JobAsync(id)).Count("rows_stored") > 0, TimeSpan.FromMinutes(5), () => system.Output);

        var filler = Path.Combine(system.DataFromOutside, "filler");
        Fill(filler);
        using var refused = await system.Api.UploadAsync("late.csv", late, wait: false);
        var problem = await refused.JsonAsync(503);
        using var alive = await system.Api.GetAsync(new Uri("/alive", UriKind.Relative), Cancel);
        var waiting = await system.Api.JobAsync(id);
        Assert.True(waiting.Count("rows_stored") < Rows && waiting.Text("state") is "queued" or "running", waiting.GetRawText());
        File.Delete(filler);
        var early = await system.Api.EndedJobAsync(id);
        using var again = await system.Api.UploadAsync("late.csv", late, wait: true);
        var stored = await again.JsonAsync();

        Assert.Equal("SERVICE_UNAVAILABLE", problem.Text("code"));
        Assert.Contains("no room", problem.Text("detail"), StringComparison.Ordinal);
        Assert.True(alive.IsSuccessStatusCode);
        Assert.Equal(("completed", Rows), (early.Text("state"), early.Count("rows_stored")));
        Assert.Equal(("completed", 20_000), (stored.Text("state"), stored.Count("rows_stored")));
        foreach (var (meter, rows) in (IEnumerable<(string, int)>)[("early", Rows), ("late", 20_000)])
        {
            var metric = Assert.Single((await system.Api.JsonAsync($"/api/v1/data/equipment/{meter}")).GetProperty("metrics").EnumerateArray());
            Assert.Equal(rows, metric.Count("count"));
        }
    }

    /// <summary>Takes all that is left, to the last page.</summary>
    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var block in (IEnumerable<int>)[1 << 20, 1 << 12])
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[block]);
                }
            }
            catch (IOException)
            {
                // Full, for blocks of this size.
            }
        }
    }

    private static byte[] Quarters(string meter, int count)
    {
        var text = new StringBuilder("time,meter,kWh\n");
        var start = new DateTime(2018, 1, 1);
        for (var i = 0; i < count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{start.AddMinutes(15 * i):yyyy-MM-dd HH:mm},{meter},{(i * 7 % 97) / 4.0}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
