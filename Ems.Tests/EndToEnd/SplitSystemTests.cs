using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

[Collection("Processes")]
public sealed class SplitSystemTests
{
    private const string Key = "a-key-for-this-test";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_call_among_the_services_goes_to_the_proxy_of_the_environment()
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        await using var system = new SplitSystem(("http_proxy", $"http://{proxy.LocalEndpoint}"), ("no_proxy", ""));
        await system.StartAsync();

        var dashboard = await system.Api.JsonAsync("/api/v1/dashboard");

        Assert.Empty(dashboard.GetProperty("degraded").EnumerateArray());
        await Eventually.HoldsAsync(
            async () => (await system.Api.JsonAsync("/openapi/v1.json")).GetProperty("paths").TryGetProperty("/api/v1/data/series", out _),
            Limit, () => "A service's routes are missing.");
        Assert.False(proxy.Pending());
    }

    [Fact]
    public async Task A_reading_accepted_by_one_process_survives_its_kill_and_is_answered_by_another()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var application = await AppHostProcess.StartHealthyAsync(("Parameters__internal-key", Key));
        var rows = await application.WaitForTableAsync(rows => rows.Count == 5);
        var ingestion = rows.Single(row => row.Name == "ingestion");
        var query = rows.Single(row => row.Name == "query");
        using var stranger = new HttpClient();
        using var caller = new HttpClient();
        caller.DefaultRequestHeaders.Add("X-Ems-Internal-Key", Key);
        caller.DefaultRequestHeaders.Add("X-Ems-Caller", "end-to-end");
        double[] sent = [12.5, 14.5];
        object[] readings =
        [
            new { equipment_id = "M1", timestamp = "2024-05-01T10:00:00Z", values = new { active_power = sent[0] } },
            new { equipment_id = "M1", timestamp = "2024-05-01T10:15:00Z", values = new { active_power = sent[1] } },
        ];
        var intake = new Uri($"{ingestion.Link}/ingest/realtime");

        using var refused = await stranger.PostAsJsonAsync(intake, readings, cancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var accepted = await caller.PostAsJsonAsync(intake, readings, cancellationToken);
        Assert.True(accepted.IsSuccessStatusCode, await accepted.Content.ReadAsStringAsync(cancellationToken));
        using (var process = Process.GetProcessById(ingestion.ProcessId))
        {
            process.Kill();
        }

        Assert.Equal(sent, await ReadAsync());
        await application.WaitForTableAsync(rows => rows.Any(row => row.Name == "ingestion" && row.Restarts == 1));
        using var repeated = await caller.PostAsJsonAsync(intake, readings, cancellationToken);
        var receipt = await repeated.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        Assert.Equal(2, receipt.GetProperty("duplicate").GetInt32());
        Assert.Equal(sent, await ReadAsync());

        async Task<double[]> ReadAsync()
        {
            var answer = await caller.GetFromJsonAsync<JsonElement>(
                $"{query.Link}/series?equipment_id=M1&metric=active_power&from=2024-05-01T00:00:00Z&to=2024-05-02T00:00:00Z&bucket=raw",
                cancellationToken);
            return [.. answer.GetProperty("series")[0].GetProperty("points").EnumerateArray().Select(point => point.GetProperty("value").GetDouble())];
        }
    }
}
