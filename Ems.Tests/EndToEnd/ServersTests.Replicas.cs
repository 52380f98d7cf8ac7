using System.Globalization;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>Several processes of one service.</summary>
public sealed partial class ServersTests
{
    [Fact]
    public async Task Twenty_imports_at_once_are_shared_by_the_processes_and_every_value_and_effect_comes_once()
    {
        await using var recorder = await _servers.RecordAsync(_system);
        var files = Enumerable.Range(0, 20).Select(file => new GeneratedMeters($"shared{file:00}", LongRun.IsOn ? 2_000 : 500, Meters: 2)).ToArray();
        var imported = await CountsAsync("ingestion", "ems_ingestion_import_duration_seconds_count");
        var detected = await CountsAsync("analytics", "ems_messaging_handled_total", "subscription=\"analytics.detect\"", "outcome=\"handled\"");
        var events = (await _system.Api.JsonAsync("/api/v1/analytics/summary")).GetProperty("received").Count("events");

        var jobs = await Task.WhenAll(files.Select(SubmitAsync));
        foreach (var (file, job) in files.Zip(jobs))
        {
            await EndAsync(file, job);
        }

        await CheckAsync(recorder, traffic: null, files);
        events = (await _system.Api.JsonAsync("/api/v1/analytics/summary")).GetProperty("received").Count("events") - events;
        CheckShared(files.Length, imported, await CountsAsync("ingestion", "ems_ingestion_import_duration_seconds_count"));
        CheckShared(events, detected, await CountsAsync("analytics", "ems_messaging_handled_total", "subscription=\"analytics.detect\"", "outcome=\"handled\""));
    }

    [Fact]
    public async Task Whatever_process_is_killed_at_whatever_moment_no_value_and_no_effect_is_lost_or_comes_twice()
    {
        const int Rows = 1_500;
        var kills = LongRun.IsOn ? 20 : 3;
        await using var recorder = await _servers.RecordAsync(_system);
        List<GeneratedMeters> files = [new GeneratedMeters("killed0", Rows, Meters: 2)];
        var startedAt = TimeProvider.System.GetTimestamp();
        await EndAsync(files[0], await SubmitAsync(files[0]));
        var took = TimeProvider.System.GetElapsedTime(startedAt);
        var traffic = new LiveTraffic(_system.Api, senders: 2, "killed");
        traffic.RepeatFailures();

        for (var kill = 1; kill <= kills; kill++)
        {
            var file = new GeneratedMeters($"killed{kill}", Rows, Meters: 2);
            files.Add(file);
            var job = await SubmitAsync(file);
            await StayAsync(took.TotalSeconds * Random.Shared.NextDouble());
            await _servers.InterruptAsync(() =>
            {
                _output.WriteLine($"Killed: {_system.KillAny()}");
                return Task.CompletedTask;
            });
            await _system.RecoverAsync();
            await EndAsync(file, job);
        }

        await traffic.StopAsync();
        await CheckAsync(recorder, traffic, [.. files]);
    }

    private static void CheckShared(int all, IReadOnlyList<long> before, IReadOnlyList<long> after)
    {
        var shares = after.Zip(before, (now, then) => now - then).ToList();
        Assert.Equal(all, shares.Sum());
        Assert.Equal(2, shares.Count);
        Assert.All(shares, share => Assert.InRange(share, 1, all - 1));
    }

    /// <summary>A figure of each process of the service.</summary>
    private async Task<IReadOnlyList<long>> CountsAsync(string service, string name, params string[] labels)
    {
        using var scraper = new HttpClient();
        var counts = new List<long>();
        foreach (var process in _system.ProcessesOf(service))
        {
            var samples = (await scraper.GetStringAsync(new Uri($"{process.Link}/metrics"), Cancel)).Split('\n')
                .Where(line => line.StartsWith(name, StringComparison.Ordinal) && Array.TrueForAll(labels, label => line.Contains(label, StringComparison.Ordinal)));
            counts.Add(samples.Sum(line => (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)));
        }

        return counts;
    }
}
