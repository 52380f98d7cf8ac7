using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Ems.Analytics;
using Ems.Core.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Moving;
using Ems.Tests.EndToEnd;
using Ems.Tests.Functional;
using Ems.Tests.Unit.Imports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;

namespace Ems.Tests.Contracts;

public sealed class StoreMoveTests : IAsyncDisposable
{
    private readonly TemporaryFolder _first = new();
    private readonly TemporaryFolder _last = new();
    private readonly TemporaryFolder _undone = new();
    private readonly TestMongo _mongo = new();
    private readonly List<IHost> _hosts = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_files_to_MongoDB_and_back_every_public_answer_stays_the_same()
    {
        var jobs = await FillAsync();
        var before = await SayAsync(Folder(_first), jobs);
        var file = await File.ReadAllBytesAsync(Path.Combine(_first.Path, "ingestion.db"), Cancel);

        await Move(Folder(_first), Mongo()).RunAsync("first", _ => { }, Cancel);
        Assert.Equal(before, await SayAsync(Mongo(), jobs));
        await Move(Mongo(), Folder(_last)).RunAsync("mongo", _ => { }, Cancel);
        Assert.Equal(before, await SayAsync(Folder(_last), jobs));
        Assert.Equal(file, await File.ReadAllBytesAsync(Path.Combine(_first.Path, "ingestion.db"), Cancel));

        // What comes after the move does the same to all three.
        var undone = await UndoAsync(Folder(_first), jobs);
        Assert.NotEqual(before, undone);
        Assert.Equal(undone, await UndoAsync(Mongo(), jobs));
        Assert.Equal(undone, await UndoAsync(Folder(_last), jobs));
        await Move(Mongo(), Folder(_undone)).RunAsync("mongo", _ => { }, Cancel);
        Assert.Equal(undone, await SayAsync(Folder(_undone), jobs));
    }

    [Fact]
    public async Task A_move_that_was_stopped_goes_on_and_nothing_else_may_come_between()
    {
        await FillAsync();
        await using (await ImportHost.StartAsync(_first.Path))
        {
            var running = await Assert.ThrowsAsync<StartRefusedException>(() => Move(Folder(_first), Mongo()).RunAsync("first", _ => { }, Cancel));
            Assert.Contains("Ems runs on", running.Message, StringComparison.Ordinal);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Move(Folder(_first), Mongo()).RunAsync("first", _ => stop.Cancel(), stop.Token));

        var other = await Assert.ThrowsAsync<StartRefusedException>(() => Move(Folder(_last), Mongo()).RunAsync("last", _ => { }, Cancel));
        Assert.Contains("There is nothing", other.Message, StringComparison.Ordinal);
        var counts = await Move(Folder(_first), Mongo()).RunAsync("first", _ => { }, Cancel);
        Assert.True(counts["values"] > 100);
        var full = await Assert.ThrowsAsync<StartRefusedException>(() => Move(Folder(_first), Mongo()).RunAsync("first", _ => { }, Cancel));
        Assert.Contains("not empty", full.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_MongoDB_that_Ems_runs_on_is_not_moved()
    {
        await FillAsync();
        var store = _mongo.Open();
        await using var running = new MongoProcess(
            store, "running", hasBroker: true, TimeSpan.FromSeconds(15), () => { }, NullLogger<MongoProcess>.Instance);
        Assert.Null(await running.TakeAsync(await store.OpenAsync(Cancel), Cancel));
        await running.StartAsync(Cancel);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Move(Folder(_first), Mongo()).RunAsync("first", _ => { }, Cancel));
        Assert.Contains("Ems runs on", refused.Message, StringComparison.Ordinal);

        await running.DisposeAsync();
        await Move(Folder(_first), Mongo()).RunAsync("first", _ => { }, Cancel);
    }

    [Fact]
    public async Task A_store_that_holds_but_a_profile_is_not_empty_and_none_of_it_is_touched()
    {
        await FillAsync();
        foreach (var place in (Dictionary<string, string?>[])[Mongo(), Folder(_last)])
        {
            var profiles = Open(place).GetRequiredService<IProfileStore>();
            await profiles.SaveAsync(new StoredProfile("mine", "headers", "{}", Instant.FromUtc(2024, 5, 1, 0, 0)), Cancel);

            var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Move(Folder(_first), place).RunAsync("first", _ => { }, Cancel));

            Assert.Contains("not empty", refused.Message, StringComparison.Ordinal);
            Assert.Equal("mine", Assert.Single(await profiles.ListAsync(Cancel)).Id);
            Assert.Empty(await Open(place).GetRequiredService<ICatalogue>().ListEquipmentAsync(Cancel));
        }
    }

    [Fact]
    public async Task Ems_does_not_start_on_half_a_move()
    {
        await FillAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Move(Folder(_first), Folder(_last)).RunAsync("first", _ => stop.Cancel(), stop.Token));

        await Assert.ThrowsAsync<StartRefusedException>(() => QueryHost.StartAsync(Settings(Folder(_last))));
        var half = await Assert.ThrowsAsync<StartRefusedException>(() => Move(Folder(_last), Folder(_undone)).RunAsync("last", _ => { }, Cancel));
        Assert.Contains("a part of first", half.Message, StringComparison.Ordinal);
        await Move(Folder(_first), Folder(_last)).RunAsync("first", _ => { }, Cancel);
        await using var started = await QueryHost.StartAsync(Settings(Folder(_last)));
    }

    [Fact]
    public async Task Readings_are_written_by_their_whole_shard_key_without_which_a_sharded_cluster_takes_none()
    {
        await using (var host = await ImportHost.StartAsync(_first.Path))
        {
            await ImportAsync(host, "m", 1, 2, 3);
        }

        ConcurrentBag<BsonDocument> written = [];
        var url = new MongoUrl(_mongo.ConnectionString);
        await using var door = new ShuttableDoor(url.Server.Host, url.Server.Port, async (client, far, shut) =>
        {
            while (await MongoMessage.ReadAsync(client, shut) is { } message)
            {
                if (message.Is("update", "readings"))
                {
                    message.Steps.ToList().ForEach(written.Add);
                }

                await far.WriteAsync(message.Bytes, shut);
            }
        });
        var through = Mongo();
        through["ConnectionStrings:ems"] = TestMongo.Through(door.Port, _mongo.ConnectionString);

        await Move(Folder(_first), through).RunAsync("first", _ => { }, Cancel);

        Assert.Equal(3, written.Count);
        Assert.All(written, update => Assert.Equal(["_id", "nominal_ms"], update["q"].AsBsonDocument.Names.Order()));
    }

    public async ValueTask DisposeAsync()
    {
        _hosts.ForEach(host => host.Dispose());
        _first.Dispose();
        _last.Dispose();
        _undone.Dispose();
        await _mongo.DisposeAsync();
    }

    private static Dictionary<string, string?> Folder(TemporaryFolder folder) => new() { ["Ems:DataDirectory"] = folder.Path };

    private static string[] Settings(Dictionary<string, string?> place) => [.. place.Select(setting => $"--{setting.Key}={setting.Value}")];

    private Dictionary<string, string?> Mongo() => new() { ["ConnectionStrings:ems"] = _mongo.ConnectionString, ["Ems:DataDirectory"] = _last.Path + "-none" };

    private StoreMove Move(Dictionary<string, string?> from, Dictionary<string, string?> to) => new(Open(from), Open(to));

    private IServiceProvider Open(Dictionary<string, string?> place)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(place);
        builder.AddEmsStorage();
        builder.AddAnalytics();
        var host = builder.Build();
        _hosts.Add(host);
        return host.Services;
    }

    /// <summary>A real file, a month that was corrected, confirmed and undone, live values by the minute, flags, a merge. Returns jobs that can be undone.</summary>
    private async Task<IReadOnlyList<string>> FillAsync()
    {
        await using var host = await ImportHost.StartAsync(_first.Path);
        await host.ImportAsync("meter.xlsx", await File.ReadAllBytesAsync(ImportBench.RealFile("original/EMS_Energy_Meter_Data.xlsx"), Cancel), true, ("equipment_id", "IKC0073"));
        var first = await ImportAsync(host, "m", 1, 2, 3);
        var second = await ImportAsync(host, "m", 1, 20, 3, 4);
        var third = await ImportAsync(host, "m", 1, 200, 30, 4);
        await host.Store.UndoAsync(second, "test", Cancel);
        await ImportAsync(host, "m-copy", 7, 2, 9, 9, 9);
        using var merge = new StringContent("""{"from": "m-copy"}""", Encoding.UTF8, "application/json");
        using var merged = await host.Client.PostAsync("/equipment/m/merge", merge, Cancel);
        var merging = JsonDocument.Parse(await merged.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("id").GetString()!;
        await host.Catalogue.SaveSiteAsync(new Site { Id = "plant", Name = "Plant", TimeZone = "Europe/Berlin" }, Cancel);
        var minutes = Enumerable.Range(0, 3_000).Select(minute => new Reading(
            "live.$1", Instant.FromUtc(2024, 5, 1, 0, 0) + Duration.FromMinutes(minute), Duration.FromMinutes(1),
            [
                new MetricValue("active_power", QuantityKind.Level, "kW", minute % 7, (minute % 7) * 1_000, "W"),
                new MetricValue("voltage.$a", QuantityKind.Level, "V", 230 + (minute % 3), 230 + (minute % 3), "V"),
            ],
            minute % 5 == 0 ? ReadingFlags.MissingTemperature : ReadingFlags.None));
        await host.Store.WriteAsync(new ReadingBatch([.. minutes], "ann"), Cancel);
        return [third, first, merging];
    }

    private static async Task<string> ImportAsync(ImportHost host, string equipment, params double[] hours)
    {
        var csv = new StringBuilder("Timestamp,Energy (kWh)\n");
        for (var hour = 0; hour < hours.Length; hour++)
        {
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"2024-05-01 {hour:00}:00,{hours[hour]}\n");
        }

        var (_, job) = await host.ImportAsync("hours.csv", Encoding.UTF8.GetBytes(csv.ToString()), true, ("equipment_id", equipment));
        return job.GetProperty("id").GetString()!;
    }

    private async Task<string> UndoAsync(Dictionary<string, string?> place, IReadOnlyList<string> jobs)
    {
        foreach (var job in jobs.Reverse())
        {
            await Open(place).GetRequiredService<IReadingStore>().UndoAsync(job, "later", Cancel);
        }

        return await SayAsync(place, jobs);
    }

    private async Task<string> SayAsync(Dictionary<string, string?> place, IReadOnlyList<string> jobs)
    {
        var services = Open(place);
        var (store, catalogue) = (services.GetRequiredService<IReadingStore>(), services.GetRequiredService<ICatalogue>());
        await using var host = await QueryHost.StartAsync(Settings(place));
        List<object?> said = [];
        foreach (var equipment in await catalogue.ListEquipmentAsync(Cancel))
        {
            var history = await store.ReadHistoryAsync(equipment.Id, null, Instant.FromUtc(2000, 1, 1, 0, 0), Instant.FromUtc(2100, 1, 1, 0, 0), 1_000, null, Cancel);
            said.Add(new { equipment, changes = history.Changes.Where(change => change.Actor != "later").Select(change => $"{change.Series} {change.Start} {change.OldValue} {change.NewValue} {change.Actor} {change.JobId}") });
            foreach (var metric in (string[])["energy", "active_power", "voltage.$a", "voltage"])
            {
                foreach (var bucket in (string[])["raw", "hour", "day"])
                {
                    using var answer = await host.Client.GetAsync(
                        $"/series?equipment_id={Uri.EscapeDataString(equipment.Id)}&metric={Uri.EscapeDataString(metric)}&bucket={bucket}", Cancel);
                    said.Add(JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.ToString().Split("\"trace_id\"")[0]);
                }
            }
        }

        var flags = await store.CountFlagsAsync(Cancel);
        said.Add(flags.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}: {string.Join(' ', one.Value.OrderBy(count => count.Key))}"));
        said.Add((await store.ListSeriesAsync(null, null, Cancel)).Select(series => $"{series with { Revision = null }}"));
        said.Add((await catalogue.ListSitesAsync(Cancel)).Select(site => site.Id));
        foreach (var job in jobs)
        {
            said.Add((await services.GetRequiredService<IJobStore>().FindAsync(job, Cancel))!.State);
        }

        return JsonSerializer.Serialize(said, EmsJson.Options);
    }
}
