using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>Real processes that end while they are at work: nothing is lost and nothing counted twice, on both hosts.</summary>
public abstract class InterruptionScenarios(ITestOutputHelper output)
{
    private static readonly (string, string) ShortLease = ("Ems__Ingestion__ImportLease", "00:00:02");
    private static readonly TimeSpan RollUpLimit = TimeSpan.FromMinutes(5);

    private protected abstract TimeSpan DrainLimit { get; }

    private protected abstract EmsSystem Create(params (string Name, string Value)[] settings);

    [Fact]
    public async Task An_import_that_is_killed_at_any_moment_ends_by_itself_with_every_value_and_every_effect_once()
    {
        var (kills, rows) = LongRun.IsOn ? (20, 200_000) : (3, 20_000);
        await using var system = Create(ShortLease);
        await system.StartAsync();
        await using var recorder = await EffectRecorder.StartAsync(system.DataDirectory);
        List<GeneratedMeters> imported = [new GeneratedMeters("first", rows), new GeneratedMeters("second", rows)];
        await EndAsync(system, imported[0], await SubmitAsync(system, imported[0]));
        var startedAt = TimeProvider.System.GetTimestamp();
        await EndAsync(system, imported[1], await SubmitAsync(system, imported[1]));
        var took = TimeProvider.System.GetElapsedTime(startedAt);

        for (var killed = 0; killed < kills;)
        {
            var meters = new GeneratedMeters($"kill{imported.Count}", rows);
            imported.Add(meters);
            Assert.InRange(imported.Count, 1, 5 * kills);
            killed += await KillDuringAsync(system, meters, took * Random.Shared.NextDouble()) ? 1 : 0;
        }

        await Eventually.HoldsAsync(() => StoreFile.DaysWithoutRollUp(system.DataDirectory) == 0, RollUpLimit, () => system.Output);
        foreach (var meters in imported)
        {
            await meters.CheckStoredAsync(system.Api);
            foreach (var id in meters.EquipmentIds)
            {
                Assert.NotEqual(0, StoreFile.RolledUpDays(system.DataDirectory, id));
                await recorder.CheckOnceAsync(id, rows);
            }
        }
    }

    [Fact]
    public async Task A_termination_during_an_import_and_live_traffic_drains_in_time_and_loses_nothing()
    {
        await using var system = Create();
        await system.StartAsync();
        await using var recorder = await EffectRecorder.StartAsync(system.DataDirectory);
        var meters = new GeneratedMeters("import", LongRun.IsOn ? 200_000 : 60_000);
        var traffic = new LiveTraffic(system.Api, senders: 4);
        var id = await SubmitAsync(system, meters);
        var waiting = system.Api.UploadAsync("waits.csv", new GeneratedMeters("waits", 500).ToCsv(), wait: true);
        await Eventually.HoldsAsync(
            async () => traffic.Acknowledged > 0 && (await system.Api.JobAsync(id)).Count("rows_stored") > 0, DrainLimit * 10, () => system.Output);

        traffic.AllowFailures();
        var exitCode = await system.StopAsync(DrainLimit);

        Assert.Equal(0, exitCode);
        Assert.Equal("Queued", StoreFile.JobState(system.DataDirectory, id));
        await traffic.EndAsync();
        using (var accepted = await waiting)
        {
            Assert.Equal("queued", (await accepted.JsonAsync(expectedStatus: 202)).Text("state"));
        }

        await system.StartAsync();
        await EndAsync(system, meters, id);
        await meters.CheckStoredAsync(system.Api);
        foreach (var equipment in meters.EquipmentIds)
        {
            await recorder.CheckOnceAsync(equipment, meters.Rows);
        }

        foreach (var (equipment, readings) in await traffic.CheckStoredAsync(system.Api))
        {
            await recorder.CheckOnceAsync(equipment, readings);
        }
    }

    /// <summary>Whether the job was running when its process was killed.</summary>
    private async Task<bool> KillDuringAsync(EmsSystem system, GeneratedMeters meters, TimeSpan moment)
    {
        var id = await SubmitAsync(system, meters);
        await Eventually.HoldsAsync(async () => (await system.Api.JobAsync(id)).Text("state") != "queued", RollUpLimit, () => system.Output);
        await Task.Delay(moment, TimeProvider.System, TestContext.Current.CancellationToken);
        system.KillImporter();

        var wasRunning = StoreFile.JobState(system.DataDirectory, id) == "Running";
        await system.RecoverAsync();
        await EndAsync(system, meters, id);
        output.WriteLine($"{meters.Prefix}: killed {moment.TotalSeconds:0.00} s after it was taken, {(wasRunning ? "running" : "ended before")}");
        return wasRunning;
    }

    private static async Task<string> SubmitAsync(EmsSystem system, GeneratedMeters meters)
    {
        using var answer = await system.Api.UploadAsync($"{meters.Prefix}.csv", meters.ToCsv(), wait: false, ("timestamp_label", "start"));
        return (await answer.JsonAsync(expectedStatus: 202)).Text("id");
    }

    private static async Task EndAsync(EmsSystem system, GeneratedMeters meters, string id)
    {
        var job = await system.Api.EndedJobAsync(id);
        Assert.True(job.Text("state") == "completed", job.GetRawText());
        Assert.Equal((meters.Rows, meters.Readings), (job.Count("rows_read"), job.Count("rows_stored")));
        Assert.Equal((0, 0, 0), (job.Count("rows_duplicate"), job.Count("rows_changed"), job.Count("rows_rejected")));
    }
}

[Collection("Processes")]
public sealed class InterruptionsOfTheSplitSystemTests(ITestOutputHelper output) : InterruptionScenarios(output)
{
    private protected override TimeSpan DrainLimit { get; } = TimeSpan.FromSeconds(6);

    private protected override EmsSystem Create(params (string Name, string Value)[] settings) => new SplitSystem(settings);
}

[Collection("Processes")]
public sealed class InterruptionsOfTheMonolithTests(ITestOutputHelper output) : InterruptionScenarios(output)
{
    private protected override TimeSpan DrainLimit { get; } = TimeSpan.FromSeconds(5);

    private protected override EmsSystem Create(params (string Name, string Value)[] settings) => new MonolithSystem(settings);
}
