using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;
using Ems.Tests.Contracts;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

[Collection("Processes")]
public sealed partial class AppHostTests
{
    private const string Key = "an internal key of the test";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(6);

    /// <summary>How long an engine is watched that must not end yet.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(2.5);

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

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task An_engine_ends_after_the_services_and_what_they_have_begun_is_finished()
    {
        using var engine = new StandInEngine("redis-server", "\"http://127.0.0.1:$(sed -n 's/^port //p' \"$1\")\"");
        await using var application = AppHostProcess.Start(["--engines"], ("PATH", engine.Folder), ("Ems__InternalKey", Key));
        var rows = await application.WaitForTableAsync(rows => rows.Count == 6);
        var ingestion = rows.Single(row => row.Name == "ingestion");
        using var client = ClientOf(ingestion);
        var finish = await BeginPostAsync(client, application);

        await application.TerminateAsync();
        var startedAt = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(
            () => !ProcessSignals.IsAlive(engine.ProcessId) || TimeProvider.System.GetElapsedTime(startedAt) > Watched,
            StopLimit, () => application.Output);
        Assert.True(ProcessSignals.IsAlive(engine.ProcessId), application.Output);
        using var answer = await finish();

        Assert.Equal(1, (await answer.JsonAsync()).GetProperty("accepted").GetInt32());
        Assert.Equal(0, await application.WaitForExitAsync(StopLimit));
        Assert.DoesNotContain("is killed", application.Output, StringComparison.Ordinal);
        Assert.False(ProcessSignals.IsAlive(engine.ProcessId), application.Output);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task What_runs_but_does_not_become_healthy_is_shown_with_all_that_waits_for_it()
    {
        using var engine = new StandInEngine("redis-server", "http://127.0.0.1:0");

        await using var application = AppHostProcess.Start(["--engines"], ("PATH", engine.Folder));

        await Eventually.HoldsAsync(
            () => WaitingForRedis().IsMatch(application.Output), AppHostProcess.StartLimit, () => application.Output);
    }

    [Fact]
    public async Task A_sample_plant_that_simulates_is_started_again_when_its_process_was_killed()
    {
        await using var application = AppHostProcess.Start(["--simulate"]);
        var before = (await application.WaitForTableAsync(rows => rows.Count == 6)).Single(row => row.Name == "sample-plant");

        await ProcessSignals.SendAsync("KILL", before.ProcessId);
        var after = await application.WaitForTableAsync(rows => rows.Any(row => row.Name == "sample-plant" && row.Restarts == 1));

        Assert.NotEqual(before.ProcessId, after.Single(row => row.Name == "sample-plant").ProcessId);
    }

    [Fact]
    public async Task What_the_command_line_sets_is_set_for_every_service_and_a_folder_is_meant_from_where_it_was_given()
    {
        using var folder = new TemporaryFolder();
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder.Path);

        await using var application = AppHostProcess.Start([$"--Ems:DataDirectory={relative}", $"--Ems:InternalKey={Key}"]);
        var rows = await application.WaitForTableAsync(rows => rows.Count == 5);
        using var client = ClientOf(rows.Single(row => row.Name == "ingestion"));
        using var answer = await client.GetAsync(new Uri("/stats", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        Assert.Superset(Stores, Directory.EnumerateFiles(folder.Path).Select(file => Path.GetFileName(file)!).ToHashSet());
        Assert.Empty(Directory.EnumerateFileSystemEntries(application.DataDirectory));
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

    private static HttpClient ClientOf(AppHostProcess.ResourceRow service)
    {
        var client = new HttpClient { BaseAddress = new Uri(service.Link) };
        client.DefaultRequestHeaders.Add("X-Ems-Internal-Key", Key);
        client.DefaultRequestHeaders.Add("X-Ems-Caller", "end-to-end");
        return client;
    }

    /// <summary>A post of a reading that the service has begun to handle.</summary>
    private static async Task<Func<Task<HttpResponseMessage>>> BeginPostAsync(HttpClient client, AppHostProcess application)
    {
        var finish = Begin(
            client, "/ingest/realtime", """[{"equipment_id":"M1","timestamp":"2024-05-01T10:00:00Z","values":{"active_power":1}}]""");
        await Eventually.HoldsAsync(
            async () => ActivePost().IsMatch(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))), StopLimit, () => application.Output);
        return finish;
    }

    /// <summary>Sends the head of a request; what is returned sends its body and waits for the answer.</summary>
    private static Func<Task<HttpResponseMessage>> Begin(HttpClient client, string route, string json)
    {
        // Without it the head would be sent with the body.
        client.DefaultRequestHeaders.ExpectContinue = true;
        var body = new Pipe();
        var content = new StreamContent(body.Reader.AsStream());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var answer = client.PostAsync(new Uri(route, UriKind.Relative), content);
        return async () =>
        {
            await body.Writer.WriteAsync(Encoding.UTF8.GetBytes(json));
            await body.Writer.CompleteAsync();
            return await answer;
        };
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(apphost|gateway|ingestion|analytics|query|notifications) +\| |^(resource|mongodb|ems|rabbitmq|redis|gateway|ingestion|analytics|query|notifications)  ")]
    private static partial Regex PrefixedLine();

    [GeneratedRegex("^http_server_active_requests\\{.*\"POST\".*\\} 1", RegexOptions.Multiline)]
    private static partial Regex ActivePost();

    [GeneratedRegex("^redis +unhealthy +[0-9]+ .*(\n.+)*\ningestion +waiting .*(\n.+)*\ngateway +waiting ", RegexOptions.Multiline)]
    private static partial Regex WaitingForRedis();
}
