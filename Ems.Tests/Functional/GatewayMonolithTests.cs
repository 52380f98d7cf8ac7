using System.Diagnostics;
using System.Text;
using Ems.Tests.Contracts;

namespace Ems.Tests.Functional;

public sealed class GatewayMonolithTests
{
    [Fact]
    public async Task Health_names_every_service_and_alive_answers_to_anyone()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClient();

        var health = await client.JsonAsync("/health");

        Assert.Equal("healthy", health.Text("status"));
        foreach (var service in new[] { "ingestion", "analytics", "query", "notifications" })
        {
            var state = health.GetProperty("services").GetProperty(service);
            Assert.Equal("healthy", state.Text("status"));
            Assert.Equal("closed", state.Text("circuit"));
            Assert.Equal(1, state.GetProperty("instances").GetArrayLength());
        }

        await client.JsonAsync("/alive");
        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("# TYPE", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_page_leads_to_documentation_that_needs_nothing_from_elsewhere()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClientWithKey();

        using var first = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("/docs", first.Headers.Location?.OriginalString);
        var page = await client.GetStringAsync(new Uri("/docs/index.html", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("swagger-ui", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_has_its_parts_within_a_second()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClientWithKey();
        await client.JsonAsync("/api/v1/dashboard");
        var watch = Stopwatch.StartNew();

        var dashboard = await client.JsonAsync("/api/v1/dashboard");

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(0, dashboard.GetProperty("data_ingestion").GetProperty("total_readings").GetInt64());

        // It has to be as fast with a thousand meters: what each delivered is for data/stats to say.
        Assert.False(dashboard.GetProperty("data_ingestion").TryGetProperty("equipment", out _));
        Assert.False(dashboard.GetProperty("analytics").GetProperty("received").TryGetProperty("equipment", out _));
        Assert.Equal("healthy", dashboard.GetProperty("service_health").GetProperty("query").Text("status"));
        Assert.Equal(0, dashboard.GetProperty("alerts").GetProperty("alerts").GetArrayLength());
        Assert.DoesNotContain("data_ingestion", dashboard.GetProperty("degraded").EnumerateArray().Select(part => part.GetString()));
    }

    [Fact]
    public async Task The_caller_of_the_gateway_is_the_caller_of_the_service()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Ems-Caller", "someone else");

        using var content = new ByteArrayContent("timestamp,active_power kW\n2026-01-01T00:00:00Z,4\n2026-01-01T01:00:00Z,5\n"u8.ToArray());
        using MultipartFormDataContent form = new() { { content, "file", "meter-7.csv" }, { new StringContent("meter-7"), "equipment_id" } };
        using var response = await client.PostAsync(new Uri("/api/load_data?wait=true", UriKind.Relative), form, TestContext.Current.CancellationToken);

        var job = await response.JsonAsync();
        Assert.Equal("completed", job.Text("state"));
        Assert.Equal("</api/v1/data/ingest/excel>; rel=\"successor-version\"", response.Headers.GetValues("Link").Single());
        var stats = await client.JsonAsync("/api/v1/data/stats");
        Assert.Equal(2, stats.GetProperty("total_readings").GetInt64());
    }

    [Fact]
    public async Task A_parked_message_is_listed_and_handled_when_it_is_sent_again()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClientWithKey();
        await ParkedMessages.AddAsync(host, "event-1");

        var list = await client.JsonAsync("/api/v1/parked");

        var parked = Assert.Single(list.GetProperty("parked").EnumerateArray());
        Assert.Equal(("analytics.detect:event-1", "broken"), (parked.Text("id"), parked.Text("error")));
        Assert.Equal(0, list.GetProperty("degraded").GetArrayLength());
        using var unknown = await client.PostAsync("/api/v1/parked/analytics.detect:event-2/retry", new { });
        Assert.Equal("NOT_FOUND", (await unknown.JsonAsync(404)).Text("code"));
        using var again = await client.PostAsync("/api/v1/parked/analytics.detect:event-1/retry", new { });
        Assert.Equal(202, (int)again.StatusCode);
        Assert.Equal(0, (await client.JsonAsync("/api/v1/parked")).GetProperty("parked").GetArrayLength());
    }

    [Fact]
    public async Task Legacy_routes_answer_and_say_what_follows_them()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClientWithKey();
        object reading = new { equipment_id = "a", timestamp = "2026-01-01T12:00:00Z", voltage = 230.0 };
        await (await client.PostAsync("/api/v1/data/ingest/realtime", reading)).JsonAsync();

        foreach (var (route, successor) in new[] { ("/api/status", "/health"), ("/api/data_summary", "/api/v1/data/stats") })
        {
            using var response = await client.GetAsync(new Uri(route, UriKind.Relative), TestContext.Current.CancellationToken);
            var body = await response.JsonAsync();
            Assert.True(body.GetProperty("success").GetBoolean());
            Assert.StartsWith("@", response.Headers.GetValues("Deprecation").Single(), StringComparison.Ordinal);
            Assert.Equal($"<{successor}>; rel=\"successor-version\"", response.Headers.GetValues("Link").Single());
        }

        var summary = (await client.JsonAsync("/api/data_summary")).GetProperty("summary");
        Assert.Equal(1, summary.GetProperty("total_records").GetInt64());
        Assert.Equal("a", summary.GetProperty("latest_readings")[0].Text("equipment_id"));
        Assert.StartsWith("2026-01-01T12:00:00", summary.GetProperty("data_range").Text("start"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_data_folder_is_for_its_owner_alone()
    {
        using TemporaryFolder parent = new();
        var folder = Path.Combine(parent.Path, "ems");
        await using var host = new MonolithHost("Production", ("Ems:DataDirectory", folder));
        using var client = host.CreateClientWithKey();

        await client.JsonAsync("/api/v1/data/stats");

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    [Fact]
    public async Task A_legacy_question_gets_the_answer_of_its_successor()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClientWithKey();
        object question = new { query = "How much energy did we use yesterday?" };

        var answer = await (await client.PostAsync("/api/v1/query", question)).JsonAsync();
        using var legacy = await client.PostAsync("/api/query", question);

        var body = await legacy.JsonAsync();
        Assert.Equal(answer.Text("answer"), body.Text("response"));
        Assert.Equal(!answer.TryGetProperty("unanswered", out _), body.GetProperty("success").GetBoolean());
        Assert.True(legacy.Headers.Contains("Deprecation"));
    }

    [Theory]
    [InlineData("GET", "/api/v1/data/sites?limit=many", null, "limit", "many")]
    [InlineData("PUT", "/api/v1/data/sites/a", "{\"floor_area_m2\": \"big\"}", "floor_area_m2", "line 1")]
    [InlineData("GET", "/api/v1/data/history", null, "equipment_id", "missing")]
    [InlineData("GET", "/api/v1/data/history?equipment_id=a&from=yesterday", null, "from", "yesterday")]
    public async Task A_refusal_names_the_field_whatever_form_the_caller_accepts(string method, string route, string? body, string field, string message)
    {
        await using var host = new MonolithHost("Production");
        using var client = host.CreateClientWithKey();
        using HttpRequestMessage request = new(new HttpMethod(method), route);
        request.Headers.Accept.ParseAdd("text/csv");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        var problem = await response.JsonAsync(400);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(32, problem.Text("trace_id").Length);
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(field, error.Text("field"));
        Assert.Contains(message, error.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", null, 404, "NOT_FOUND")]
    [InlineData("GET", "/api/v1/data/stats/nothing", null, 404, "NOT_FOUND")]
    [InlineData("DELETE", "/api/v1/data/stats", null, 405, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/api/v1/data/sites?limit=many", null, 400, "DATA_VALIDATION_FAILED")]
    [InlineData("PUT", "/api/v1/data/sites/a", "{broken", 400, "DATA_VALIDATION_FAILED")]
    [InlineData("PUT", "/api/v1/data/sites/a", "{\"name\": 5}", 400, "DATA_VALIDATION_FAILED")]
    public async Task Every_refusal_is_a_problem_with_a_code_and_no_exception_text(
        string method, string route, string? body, int status, string code)
    {
        await using var host = new MonolithHost("Production");
        using var client = host.CreateClientWithKey();
        using HttpRequestMessage request = new(new HttpMethod(method), route);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        var problem = await response.JsonAsync(status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.Text("code"));
        Assert.Equal(32, problem.Text("trace_id").Length);
        Assert.DoesNotContain("Exception", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Failed to bind", problem.GetRawText(), StringComparison.Ordinal);
    }
}
