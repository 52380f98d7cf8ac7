using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ems.Tests.EndToEnd;

[Collection("Processes")]
public sealed class AppHostTests
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Every_service_becomes_healthy_and_a_killed_one_comes_back_on_its_port()
    {
        await using var application = await AppHostProcess.StartHealthyAsync();
        var before = await application.WaitForTableAsync(rows => rows.Count == 5);
        using var http = new HttpClient();
        foreach (var row in before)
        {
            using var answer = await http.GetAsync(new Uri($"{row.Link}/health"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var killed = before.Single(row => row.Name == "query");
        using (var process = Process.GetProcessById(killed.ProcessId))
        {
            process.Kill();
        }

        var after = await application.WaitForTableAsync(rows => rows.Any(row => row.Name == "query" && row.Restarts == 1));

        var restarted = after.Single(row => row.Name == "query");
        Assert.NotEqual(killed.ProcessId, restarted.ProcessId);
        Assert.Equal(killed.Link, restarted.Link);
        Assert.Equal(before.Where(row => row.Name != "query"), after.Where(row => row.Name != "query"));
    }

    [Fact]
    public async Task A_termination_signal_ends_every_process_within_six_seconds()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no termination signal.");
        await using var application = await AppHostProcess.StartHealthyAsync(("Ems__Replicas", "2"));
        var rows = await application.WaitForTableAsync(rows => rows.Count == 10);
        Assert.Equal(10, rows.Select(row => row.Link).Distinct().Count());

        await application.TerminateAsync();
        var exitCode = await application.WaitForExitAsync(StopLimit);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(rows, row => ProcessSignals.IsAlive(row.ProcessId));
    }

    [Fact]
    public async Task No_service_outlives_an_application_that_was_killed()
    {
        await using var application = await AppHostProcess.StartHealthyAsync();
        var rows = await application.WaitForTableAsync(rows => rows.Count == 5);

        application.Kill();

        await Eventually.HoldsAsync(() => !rows.Any(row => ProcessSignals.IsAlive(row.ProcessId)), BusyMachine.Stretch(StopLimit), () => application.Output);
    }

    [Fact]
    public async Task A_taken_port_gives_one_line_that_names_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await using var application = AppHostProcess.Start([], ("Ems__Ports__gateway", port));
        var exitCode = await application.WaitForExitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, exitCode);
        var line = Assert.Single(application.Output.Split('\n'));
        Assert.Contains($"Port {port}, which gateway needs, is taken", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_for_a_manifest_the_local_build_says_how_to_get_it()
    {
        await using var application = AppHostProcess.Start(["--publisher", "manifest", "--output-path", "manifest.json"]);
        var exitCode = await application.WaitForExitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, exitCode);
        Assert.Contains("-p:Orchestrator=Aspire", Assert.Single(application.Output.Split('\n')), StringComparison.Ordinal);
    }
}
