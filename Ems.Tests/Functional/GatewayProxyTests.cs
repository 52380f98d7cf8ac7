using System.Diagnostics;
using Ems.Core.Json;
using Ems.Core.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ems.Tests.Functional;

/// <summary>The gateway in front of a service in another process, played by one that tells what it received.</summary>
public sealed class GatewayProxyTests
{
    // A port of loopback where nobody listens: asking ends at once.
    private const string Nobody = "http://127.0.0.1:1";
    private static readonly string[] Services = ["ingestion", "analytics", "query", "notifications"];
    private static readonly string[] DownParts = ["data_ingestion", "analytics", "energy"];

    [Theory]
    [InlineData("GET", "/api/v1/data/stats", "/stats")]
    [InlineData("POST", "/api/v1/data/ingest/realtime", "/ingest/realtime")]
    [InlineData("GET", "/api/v1/data/sites/plant%201?limit=5", "/sites/plant%201?limit=5")]
    [InlineData("GET", "/api/v1/data/series?equipment_id=a&equipment_id=b", "/series?equipment_id=a&equipment_id=b")]
    [InlineData("POST", "/api/v1/analytics/anomalies", "/detect_anomalies")]
    [InlineData("GET", "/api/v1/analytics/anomalies", "/anomalies")]
    [InlineData("POST", "/api/v1/notifications/send", "/send")]
    [InlineData("PUT", "/api/v1/notifications/4/read", "/notifications/4/read")]
    public async Task A_public_path_becomes_the_path_of_its_service(string method, string route, string expected)
    {
        await using var echo = await StartEchoAsync();
        await using var host = new GatewayProcess(AllAt(echo.Urls.First()));
        using var client = host.CreateClientWithKey();
        using HttpRequestMessage request = new(new HttpMethod(method), route);

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, (await response.JsonAsync()).Text("path"));
    }

    [Fact]
    public async Task Forged_headers_and_keys_do_not_reach_a_service()
    {
        await using var echo = await StartEchoAsync();
        await using var host = new GatewayProcess(AllAt(echo.Urls.First()));
        using var client = host.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Ems-Caller", "someone else");
        client.DefaultRequestHeaders.Add("X-Ems-Internal-Key", "forged");
        client.DefaultRequestHeaders.Add("x-ems-site", "forged");
        client.DefaultRequestHeaders.Add("Cookie", "a=b");

        var headers = (await client.JsonAsync("/api/v1/data/stats")).GetProperty("headers");

        Assert.Equal("admin", headers.Text("X-Ems-Caller"));
        Assert.Equal(GatewayProcess.InternalKey, headers.Text("X-Ems-Internal-Key"));
        var names = headers.EnumerateObject().Select(one => one.Name.ToLowerInvariant()).ToList();
        Assert.DoesNotContain("x-ems-site", names);
        Assert.DoesNotContain("x-api-key", names);
        Assert.DoesNotContain("cookie", names);
        Assert.Contains("traceparent", names);
    }

    [Fact]
    public async Task A_stranger_does_not_reach_a_service()
    {
        await using var echo = await StartEchoAsync();
        await using var host = new GatewayProcess(AllAt(echo.Urls.First()));
        using var client = host.CreateClient();

        Assert.Equal("UNAUTHENTICATED", (await client.JsonAsync("/api/v1/data/stats", 401)).Text("code"));
    }

    [Fact]
    public async Task A_service_that_is_down_makes_its_part_unavailable_and_no_more()
    {
        await using var notifications = new NotificationsHost();
        notifications.UseKestrel(0);
        notifications.StartServer();
        var address = notifications.ClientOptions.BaseAddress.ToString();
        await using var host = new GatewayProcess([.. AllAt(Nobody), ("services:notifications:http:0", address)]);
        using var client = host.CreateClientWithKey();

        using var down = await client.GetAsync(new Uri("/api/v1/data/stats", UriKind.Relative), TestContext.Current.CancellationToken);
        var problem = await down.JsonAsync(503);
        Assert.Equal("SERVICE_UNAVAILABLE", problem.Text("code"));
        Assert.NotNull(down.Headers.RetryAfter);

        await client.JsonAsync("/api/v1/alerts");
        var health = await client.JsonAsync("/health");
        Assert.Equal("degraded", health.Text("status"));
        Assert.Equal("unhealthy", health.GetProperty("services").GetProperty("ingestion").Text("status"));
        Assert.Equal("healthy", health.GetProperty("services").GetProperty("notifications").Text("status"));

        var watch = Stopwatch.StartNew();
        var dashboard = await client.JsonAsync("/api/v1/dashboard");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(
            DownParts, dashboard.GetProperty("degraded").EnumerateArray().Select(part => part.GetString()));
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, dashboard.GetProperty("alerts").ValueKind);

        var document = await client.JsonAsync("/openapi/v1.json");
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/v1/alerts", out _));
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/v1/dashboard", out _));
    }

    [Fact]
    public async Task A_service_that_lacks_something_is_degraded_and_with_it_the_system()
    {
        await using var whole = await StartAsync(context => context.Response.WriteAsJsonAsync(new { status = "healthy" }));
        await using var lacking = await StartAsync(context => context.Response.WriteAsJsonAsync(new { status = "degraded" }));
        await using var host = new GatewayProcess([.. AllAt(whole.Urls.First()), ("services:query:http:1", lacking.Urls.First())]);
        using var client = host.CreateClientWithKey();

        var health = await client.JsonAsync("/health");

        Assert.Equal("degraded", health.Text("status"));
        var query = health.GetProperty("services").GetProperty("query");
        Assert.Equal("degraded", query.Text("status"));
        Assert.Equal(["healthy", "degraded"], query.GetProperty("instances").EnumerateArray().Select(instance => instance.Text("status")));
        Assert.Equal("healthy", health.GetProperty("services").GetProperty("analytics").Text("status"));
    }

    [Fact]
    public async Task Parked_messages_of_all_services_are_listed_and_retried_where_they_are()
    {
        await using var analytics = await StartAsync(ParkedAnswerAsync);
        await using var notifications = await StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        await using var host = new GatewayProcess(
            ("services:ingestion:http:0", Nobody), ("services:query:http:0", Nobody),
            ("services:analytics:http:0", analytics.Urls.First()), ("services:notifications:http:0", notifications.Urls.First()));
        using var client = host.CreateClientWithKey();

        var list = await client.JsonAsync("/api/v1/parked?limit=1");

        Assert.Equal("analytics.detect:1", Assert.Single(list.GetProperty("parked").EnumerateArray()).Text("id"));
        Assert.Equal(["ingestion", "query"], list.GetProperty("degraded").EnumerateArray().Select(one => one.GetString()));
        var next = await client.JsonAsync($"/api/v1/parked?limit=1&cursor={list.Text("next_cursor")}");
        Assert.Equal("analytics.detect:2", Assert.Single(next.GetProperty("parked").EnumerateArray()).Text("id"));
        using var retried = await client.PostAsync("/api/v1/parked/analytics.detect:2/retry", new { });
        Assert.Equal(202, (int)retried.StatusCode);
        using var unknown = await client.PostAsync("/api/v1/parked/analytics.detect:9/retry", new { });
        Assert.Equal("SERVICE_UNAVAILABLE", (await unknown.JsonAsync(503)).Text("code"));
    }

    private static Task ParkedAnswerAsync(HttpContext context)
    {
        if (context.Request.Method == "POST")
        {
            context.Response.StatusCode = context.Request.Path == "/parked/analytics.detect:2/retry" ? 204 : 404;
            return Task.CompletedTask;
        }

        var after = context.Request.Query["after"].ToString();
        var messages = Enumerable.Range(1, 2)
            .Select(i => new ParkedMessage($"analytics.detect:{i}", "analytics.detect", "readings.stored.v1", $"{i}", default, default, 8, "broken", "{}"))
            .Where(message => string.CompareOrdinal(message.Id, after) > 0);
        return context.Response.WriteAsJsonAsync(new { parked = messages }, EmsJson.Options);
    }

    private static (string Name, string Value)[] AllAt(string address) =>
        [.. Services.Select(service => ($"services:{service}:http:0", address))];

    private static Task<WebApplication> StartEchoAsync() => StartAsync(context => context.Response.WriteAsJsonAsync(new
    {
        path = $"{context.Request.Path}{context.Request.QueryString}",
        headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
    }));

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
