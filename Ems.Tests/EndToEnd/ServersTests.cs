using System.Net;
using System.Net.Http.Json;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>The split system on MongoDB and RabbitMQ, with two processes each that import and detect.</summary>
public sealed class RunningOnServers : RunningSystem
{
    private readonly TestServers? _servers = TestServers.Find();

    public RunningOnServers() =>
        System = new SplitSystem([.. _servers?.Settings ?? [], ("Ems__Replicas__ingestion", "2"), ("Ems__Replicas__analytics", "2")]);

    internal override EmsSystem System { get; }

    private protected override async Task StartAsync()
    {
        if (_servers is not null)
        {
            await base.StartAsync();
        }
    }

    private protected override async Task EndAsync()
    {
        await base.EndAsync();
        if (_servers is not null)
        {
            await _servers.DisposeAsync();
        }
    }
}

[Collection("Processes")]
public sealed class RealFilesOnServersTests : RealFileScenarios, IClassFixture<RunningOnServers>
{
    public RealFilesOnServersTests(RunningOnServers running)
        : base(running) => TestServers.SkipIfMissing();
}

/// <summary>Many processes on servers that come and go: nothing is lost and nothing counted twice.</summary>
[Collection("Processes")]
public sealed class ServersTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly Uri Realtime = new("/api/v1/data/ingest/realtime", UriKind.Relative);

    private TestServers _servers = null!;

    public ValueTask InitializeAsync()
    {
        TestServers.SkipIfMissing();
        _servers = TestServers.Find()!;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _servers is null ? ValueTask.CompletedTask : _servers.DisposeAsync();

    [Fact]
    public async Task Twenty_imports_at_once_are_shared_by_two_processes_one_of_which_is_killed_and_every_value_and_effect_comes_once()
    {
        await using var system = new SplitSystem(
            [
                .. _servers.Settings, ("Ems__Replicas__ingestion", "2"), ("Ems__Replicas__analytics", "2"),
                ("Ems__Ingestion__ImportLease", "00:00:03"), ("Ems__Ingestion__MaxQueuedImports", "30"),
            ]);
        await system.StartAsync();
        await using var recorder = await EffectRecorder.StartAsync(system.DataDirectory, _servers.Settings.Where(setting => setting.Name != "ConnectionStrings__ems"));
        var files = Enumerable.Range(0, 20).Select(file => new GeneratedMeters($"f{file:00}", 500)).ToList();

        var jobs = await Task.WhenAll(files.Select(file => SubmitAsync(system, file)));
        await Eventually.HoldsAsync(() => ImportsOf(system, 1) > 0 && ImportsOf(system, 2) > 0, Limit, () => system.Output);
        system.KillImporter();
        await system.RecoverAsync();

        foreach (var (file, job) in files.Zip(jobs))
        {
            var ended = await system.Api.EndedJobAsync(job);
            Assert.True(ended.Text("state") == "completed", ended.GetRawText());
            Assert.Equal((file.Readings, 0, 0), (ended.Count("rows_stored"), ended.Count("rows_duplicate"), ended.Count("rows_changed")));
            await file.CheckStoredAsync(system.Api);
            foreach (var id in file.EquipmentIds)
            {
                await recorder.CheckOnceAsync(id, file.Rows);
            }
        }
    }

    [Fact]
    public async Task While_MongoDB_is_away_callers_are_told_when_to_try_again_and_it_goes_on_when_it_is_back()
    {
        await using var system = new SplitSystem([.. _servers.Settings]);
        await system.StartAsync();
        using (var first = await SendAsync(system, 0))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        }

        await _servers.Mongo.ShutAsync();
        using (var refused = await SendAsync(system, 1))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        _servers.Mongo.Open();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var again = await SendAsync(system, 1);
                return again.IsSuccessStatusCode;
            },
            Limit, () => system.Output);
        var values = await system.Api.ValuesAsync("equipment_id=away&metric=active_power&bucket=raw");
        Assert.Equal([0, 1], values["away"].Values);
    }

    [Fact]
    public async Task While_RabbitMQ_is_away_readings_are_taken_and_their_events_arrive_once_when_it_is_back()
    {
        const int Readings = 300;
        await using var system = new SplitSystem([.. _servers.Settings]);
        await system.StartAsync();
        await using var recorder = await EffectRecorder.StartAsync(system.DataDirectory, _servers.Settings.Where(setting => setting.Name != "ConnectionStrings__ems"));

        for (var reading = 0; reading < Readings; reading++)
        {
            switch (reading)
            {
                case Readings / 3:
                    await _servers.Broker.ShutAsync();
                    break;
                case 2 * Readings / 3:
                    _servers.Broker.Open();
                    break;
            }

            using var answer = await SendAsync(system, reading);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await recorder.CheckOnceAsync("away", Readings);
    }

    /// <summary>How many imports the replica has ended, as its log says.</summary>
    private static int ImportsOf(SplitSystem system, int replica) => system.Output.Split('\n')
        .Count(line => line.Contains($"ingestion-{replica}", StringComparison.Ordinal) && line.Contains(" ended Completed", StringComparison.Ordinal));

    private static async Task<string> SubmitAsync(SplitSystem system, GeneratedMeters file)
    {
        using var answer = await system.Api.UploadAsync($"{file.Prefix}.csv", file.ToCsv(), wait: false, ("timestamp_label", "start"));
        return (await answer.JsonAsync(expectedStatus: 202)).Text("id");
    }

    private static Task<HttpResponseMessage> SendAsync(SplitSystem system, int reading) => system.Api.PostAsJsonAsync(
        Realtime,
        (object[])[new { equipment_id = "away", timestamp = DateTimeOffset.UnixEpoch.AddDays(18_000).AddMinutes(reading), values = new { active_power = reading } }],
        TestContext.Current.CancellationToken);
}
