using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Ems.Tests.Contracts;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

[Collection("Processes")]
public sealed partial class AppHostTests
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(60);

    private static readonly HashSet<string> Stores = ["ingestion.db", "analytics.db", "admin-key.sha256"];

    [Fact]
    public async Task Every_service_becomes_healthy_and_a_killed_one_comes_back_on_its_port_later_each_time()
    {
        await using var application = await AppHostProcess.StartHealthyAsync();
        var before = await application.WaitForTableAsync(rows => rows.Count == 5);
        using var http = new HttpClient();
        foreach (var row in before)
        {
            using var answer = await http.GetAsync(new Uri($"{row.Link}/health"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var query = before.Single(row => row.Name == "query");
        foreach (var restarts in (int[])[1, 2])
        {
            using (var process = Process.GetProcessById(query.ProcessId))
            {
                process.Kill();
            }

            var after = await application.WaitForTableAsync(rows => rows.Any(row => row.Name == "query" && row.Restarts == restarts));
            var restarted = after.Single(row => row.Name == "query");
            Assert.NotEqual(query.ProcessId, restarted.ProcessId);
            Assert.Equal(query.Link, restarted.Link);
            Assert.Equal(before.Where(row => row.Name != "query"), after.Where(row => row.Name != "query"));
            Assert.Contains($"query ended with code 137; it starts again in {restarts} s", application.Output, StringComparison.Ordinal);
            query = restarted;
        }

        Assert.All(application.Output.Split('\n'), line => Assert.Matches(PrefixedLine(), line));
        Assert.Contains("query         |       Now listening on: ", application.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/health", application.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_every_process_of_every_replica_within_six_seconds(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        var port = FreePort();
        await using var application = await AppHostProcess.StartHealthyAsync(
            ("Ems__Ports__gateway", port), ("Ems__Replicas", "2"), ("Ems__Replicas__notifications", "1"));
        var rows = await application.WaitForTableAsync(rows => rows.Count == 9);
        Assert.Equal(9, rows.Select(row => row.Link).Distinct().Count());
        Assert.Equal($"http://localhost:{port}", rows.Single(row => row.Name == "gateway-1").Link);
        using var gateway = new HttpClient { BaseAddress = new Uri(rows.Single(row => row.Name == "gateway-2").Link) };
        var services = (await gateway.JsonAsync("/health")).GetProperty("services");
        Assert.Equal(2, services.GetProperty("ingestion").GetProperty("instances").GetArrayLength());
        Assert.Equal(1, services.GetProperty("notifications").GetProperty("instances").GetArrayLength());

        await ProcessSignals.SendAsync(signal, application.ProcessId);
        var exitCode = await application.WaitForExitAsync(StopLimit);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(rows, row => ProcessSignals.IsAlive(row.ProcessId));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task No_service_and_no_engine_outlives_an_application_that_was_killed()
    {
        using var engine = new StandInEngine("redis-server", "\"http://127.0.0.1:$(sed -n 's/^port //p' \"$1\")\"");
        File.CreateSymbolicLink(Path.Combine(engine.Folder, "mongod"), Path.Combine(engine.Folder, "cat"));
        await using var application = AppHostProcess.Start(["--engines"], ("PATH", engine.Folder));
        var rows = await application.WaitForTableAsync(rows => rows.Count == 6);
        var redis = rows.Single(row => row.Name == "redis");
        Assert.Matches("^127.0.0.1:[0-9]+$", redis.Link);
        Assert.Contains("rabbitmq is left out: rabbitmq-server is not on PATH", application.Output, StringComparison.Ordinal);
        Assert.Contains("mongodb is left out: processes that share it need rabbitmq", application.Output, StringComparison.Ordinal);
        var folder = Path.Combine(application.DataDirectory, "engines", "redis");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));

        // What a closed terminal sends (SIGHUP) goes to its whole session, and an engine must outlive the services that use it.
        Assert.NotEqual(ProcessSignals.SessionOf(application.ProcessId), ProcessSignals.SessionOf(engine.ProcessId));

        application.Kill();

        await Eventually.HoldsAsync(
            () => !rows.Any(row => ProcessSignals.IsAlive(row.ProcessId)) && !ProcessSignals.IsAlive(engine.ProcessId), BusyMachine.Stretch(StopLimit), () => application.Output);
    }

    [Theory]
    [InlineData("gateway", 8000)]
    [InlineData("ingestion", 8001)]
    [InlineData("analytics", 8002)]
    [InlineData("query", 8003)]
    [InlineData("notifications", 8004)]
    public async Task A_taken_port_of_a_launch_profile_gives_one_line_that_names_it(string service, int port)
    {
        using var listener = TakeUnlessTaken(port);

        await using var application = AppHostProcess.Start([], ($"Ems__Ports__{service}", ""));
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"Port {port}, which {service} needs, is taken", Assert.Single(application.Output.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_port_for_two_services_gives_one_line_that_names_both()
    {
        var port = FreePort();

        await using var application = AppHostProcess.Start([], ("Ems__Ports__query", port), ("Ems__Ports__gateway", port));
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.Matches($"^Port {port} is given to both query and gateway: .*Ems__Ports__gateway", Assert.Single(application.Output.Split('\n')));
    }

    [Theory]
    [InlineData("Ems__Ports__query", "-1")]
    [InlineData("Ems__Ports__redis", "abc")]
    [InlineData("Ems__Ports__redis", "70000")]
    [UnsupportedOSPlatform("windows")]
    public async Task A_port_that_is_none_gives_one_line_that_names_the_setting(string setting, string value)
    {
        using var engine = new StandInEngine("redis-server", "unused");

        await using var application = AppHostProcess.Start(["--engines"], ("PATH", engine.Folder), (setting, value));
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(application.Output.Split('\n'), line => !line.Contains(" is left out: ", StringComparison.Ordinal));
        Assert.StartsWith($"{setting} is '{value}', not a port", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_command_line_sets_is_set_for_every_service_and_a_folder_is_meant_from_where_it_was_given()
    {
        using var folder = new TemporaryFolder();
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder.Path);

        await using var application = AppHostProcess.Start([$"--Ems:DataDirectory={relative}"]);
        await application.WaitForTableAsync(rows => rows.Count == 5);

        Assert.Superset(Stores, Directory.EnumerateFiles(folder.Path).Select(file => Path.GetFileName(file)!).ToHashSet());
        Assert.Empty(Directory.EnumerateFileSystemEntries(application.DataDirectory));
    }

    [Theory]
    [InlineData("Ems__Replicas", "many")]
    [InlineData("Ems__Replicas__query", "0")]
    public async Task A_number_of_replicas_that_is_none_gives_one_line_that_names_the_setting(string setting, string value)
    {
        await using var application = AppHostProcess.Start([], (setting, value));
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"Ems:Replicas says '{value}'", Assert.Single(application.Output.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--publisher", "manifest", "--output-path", "manifest.json")]
    [InlineData("--publisher=manifest")]
    [InlineData("--operation", "publish")]
    public async Task Asked_for_a_manifest_the_local_build_says_how_to_get_it(params string[] args)
    {
        await using var application = AppHostProcess.Start(args);
        var exitCode = await application.WaitForExitAsync(RefusalLimit);

        Assert.Equal(1, exitCode);
        Assert.Contains("-p:Orchestrator=Aspire", Assert.Single(application.Output.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_gets_colours_and_a_table_with_links_and_ctrl_c_ends_everything()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no 'script' to make a terminal.");
        await using var application = AppHostProcess.StartInTerminal();
        await Eventually.HoldsAsync(
            () => application.Output.Contains('╰', StringComparison.Ordinal), AppHostProcess.StartLimit, () => application.Output);
        Assert.Matches("\u001b\\[[0-9]+mingestion +\\|\u001b\\[0m ", application.Output);
        Assert.Matches("\u001b]8;[^;]*;http://localhost:[0-9]+", application.Output);

        application.PressCtrlC();
        var exitCode = await application.WaitForExitAsync(StopLimit);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("is killed", application.Output, StringComparison.Ordinal);
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    private static TcpListener? TakeUnlessTaken(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }

    [GeneratedRegex(@"^(apphost|gateway|ingestion|analytics|query|notifications) +\| |^(resource|mongodb|ems|rabbitmq|redis|gateway|ingestion|analytics|query|notifications)  ")]
    private static partial Regex PrefixedLine();
}
