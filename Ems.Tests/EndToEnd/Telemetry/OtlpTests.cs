using System.Text;
using System.Text.Json;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd.Telemetry;

/// <summary>What real processes tell a real receiver, and what they write to the console.</summary>
[Collection("Processes")]
public sealed class OtlpTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task The_processes_of_the_split_system_send_one_trace_by_grpc()
    {
        await using var receiver = await OtlpReceiver.StartAsync("grpc");
        await using SplitSystem system = new(SettingsOf(receiver, "grpc"));
        await system.StartAsync();

        await ImportAsync(system);
        ReceivedSpan[] chain = [];
        await ReceivesAsync(
            receiver,
            () => (chain = [.. Spans(receiver, "analytics.detect").Take(1).SelectMany(span => Chain(receiver, span))]).Any(span => span.Service == "gateway" && span.Attributes.ContainsKey("http.route")),
            system);

        Assert.Equal(["analytics", "ingestion", "gateway"], chain.Select(span => span.Service).Distinct());
        Assert.Contains(chain, span => (span.Name, span.Service) == ("import", "ingestion"));
        await ReceivesAsync(receiver, () => receiver.Metrics.Select(metric => metric.Service).Distinct().Count() == 5, system);
        Assert.Equal(5, receiver.Metrics.Select(metric => metric.Instance).Distinct().Count());
        Assert.Empty(receiver.Refused);
    }

    [Fact]
    public async Task The_monolith_sends_spans_metrics_and_logs_by_http_under_the_name_it_is_given()
    {
        await using var receiver = await OtlpReceiver.StartAsync("http/protobuf");
        await using MonolithSystem system = new(
        [
            .. SettingsOf(receiver, "http/protobuf"),
            ("OTEL_SERVICE_NAME", "plant-ems"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=replica-7,deployment.environment.name=trial"),
        ]);
        await system.StartAsync();

        var job = await ImportAsync(system);
        await ReceivesAsync(receiver, () => Spans(receiver, "analytics.detect").Any() && Spans(receiver, "import").Any(), system);
        await ReceivesAsync(receiver, () => receiver.Metrics.Any(metric => metric.Name == "ems.ingestion.import.duration"), system);
        await ReceivesAsync(receiver, () => receiver.Logs.Any(log => log.TraceId == TraceId && log.Text.Contains($"Import {job} ended", StringComparison.Ordinal)), system);

        Assert.All(receiver.Spans, span => Assert.Equal(("plant-ems", "replica-7"), (span.Service, span.Instance)));
        Assert.All(receiver.Metrics, metric => Assert.Equal(("plant-ems", "replica-7"), (metric.Service, metric.Instance)));
        Assert.All(receiver.Logs, log => Assert.Equal(("plant-ems", "replica-7"), (log.Service, log.Instance)));
        Assert.Contains(0.001, receiver.Metrics.First(metric => metric.Name == "ems.ingestion.import.duration").Bounds);
        Assert.Empty(receiver.Refused);
    }

    [Fact]
    public async Task Outside_Development_every_line_is_JSON_and_says_to_which_trace_it_belongs()
    {
        await using MonolithSystem system = new();
        await system.StartAsync();
        await ImportAsync(system);

        JsonElement[] lines = [];
        await Eventually.HoldsAsync(
            () => (lines = ReadLines(system)).Any(line => Text(line, "Message").StartsWith("Import ", StringComparison.Ordinal)), Limit, () => system.Output);

        var ended = lines.First(line => Text(line, "Message").StartsWith("Import ", StringComparison.Ordinal));
        Assert.Contains(ended.GetProperty("Scopes").EnumerateArray(), scope => scope.TryGetProperty("TraceId", out var id) && id.GetString() == TraceId);
        Assert.True(DateTimeOffset.TryParse(Text(ended, "Timestamp"), out _), ended.GetRawText());
    }

    private static (string, string)[] SettingsOf(OtlpReceiver receiver, string protocol) =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_EXPORTER_OTLP_HEADERS", $"{OtlpReceiver.KeyHeader}={OtlpReceiver.Key}"),
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
    ];

    /// <returns>The job's id.</returns>
    private static async Task<string> ImportAsync(EmsSystem system)
    {
        // Other tests of this process may have every client send a trace of its own.
        using SocketsHttpHandler handler = new() { ActivityHeadersPropagator = null };
        using HttpClient api = new(handler) { BaseAddress = system.Api.BaseAddress };
        api.DefaultRequestHeaders.Add("X-Api-Key", EmsSystem.AdminKey);
        api.DefaultRequestHeaders.Add("traceparent", $"00-{TraceId}-b7ad6b7169203331-01");
        var file = Encoding.UTF8.GetBytes("timestamp,active_power (kW)\n2024-05-01 10:00,1\n2024-05-01 10:15,2\n2024-05-01 10:30,3\n");
        using var answer = await api.UploadAsync("meter.csv", file, wait: true, ("equipment_id", "M1"));
        var job = await answer.JsonAsync();
        Assert.Equal("completed", job.Text("state"));
        return job.Text("id");
    }

    private static IEnumerable<ReceivedSpan> Spans(OtlpReceiver receiver, string name) =>
        receiver.Spans.Where(span => span.Name == name && span.TraceId == TraceId);

    /// <summary>The span, what caused it, what caused that, and so on.</summary>
    private static IEnumerable<ReceivedSpan> Chain(OtlpReceiver receiver, ReceivedSpan? span)
    {
        while (span is not null)
        {
            yield return span;
            span = receiver.Spans.FirstOrDefault(one => one.SpanId == span.ParentId);
        }
    }

    private static Task ReceivesAsync(OtlpReceiver receiver, Func<bool> condition, EmsSystem system) => Eventually.HoldsAsync(
        condition, Limit,
        () => string.Join('\n', receiver.Spans.Where(span => span.TraceId == TraceId)) + "\n" + string.Join('\n', receiver.Refused)
            + "\n" + string.Join('\n', receiver.Logs.TakeLast(20)) + "\n" + system.Output);

    /// <summary>All lines but the first admin's greeting, which these tests do not get: they bring a key.</summary>
    private static JsonElement[] ReadLines(MonolithSystem system) =>
        [.. system.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string Text(JsonElement line, string property) => line.GetProperty(property).GetString()!;
}
