using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Ems.Tests.EndToEnd;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Ems.Tests.Functional;

/// <summary>One trace leads from a request to everything that it set in motion.</summary>
public sealed class TraceTests
{
    private const string CallersSpan = "b7ad6b7169203331";

    private string TraceId { get; } = ActivityTraceId.CreateRandom().ToHexString();

    [Fact]
    public async Task An_upload_its_import_and_the_detection_behind_the_queue_are_one_trace()
    {
        SpanCollector spans = new(TraceId);
        await using var host = new MonolithHost("Production");
        using var client = ClientOf(host, spans);
        var file = Encoding.UTF8.GetBytes("timestamp,active_power (kW)\n2024-05-01 10:00,1\n2024-05-01 10:15,2\n2024-05-01 10:30,3\n");

        using var answer = await client.UploadAsync("meter.csv", file, wait: false, ("equipment_id", "M1"));
        var job = await answer.JsonAsync(202);
        var detection = await spans.FindAsync(span => span.OperationName == "analytics.detect");

        var import = await spans.FindAsync(span => span.OperationName == "import");
        Assert.Equal(job.Text("id"), import.GetTagItem("ems.job.id"));
        Assert.Equal(import.SpanId, detection.ParentSpanId);
        var request = await spans.FindAsync(span => span.SpanId == import.ParentSpanId);
        Assert.Equal((ActivityKind.Server, CallersSpan), (request.Kind, request.ParentSpanId.ToHexString()));
    }

    [Fact]
    public async Task A_live_reading_and_the_detection_behind_the_queue_are_one_trace()
    {
        SpanCollector spans = new(TraceId);
        await using var host = new MonolithHost("Production");
        using var client = ClientOf(host, spans);

        using var answer = await client.PostAsync(
            "/api/v1/data/ingest/realtime", new { equipment_id = "M1", timestamp = "2024-05-01T10:00:00Z", values = new { active_power = 1 } });
        await answer.JsonAsync();
        var detection = await spans.FindAsync(span => span.OperationName == "analytics.detect");

        var request = await spans.FindAsync(span => span.SpanId == detection.ParentSpanId);
        Assert.Equal((ActivityKind.Server, CallersSpan), (request.Kind, request.ParentSpanId.ToHexString()));
    }

    private HttpClient ClientOf(MonolithHost host, SpanCollector spans)
    {
        var client = host
            .WithWebHostBuilder(web => web.ConfigureTestServices(services => services.ConfigureOpenTelemetryTracerProvider(
                tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(spans)))))
            .CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Add("X-Api-Key", MonolithHost.Key);
        client.DefaultRequestHeaders.Add("traceparent", $"00-{TraceId}-{CallersSpan}-01");
        return client;
    }

    /// <summary>Keeps the spans of one trace in memory. Those of hosts beside this one come as well: sources are heard in the whole process.</summary>
    private sealed class SpanCollector(string traceId) : BaseExporter<Activity>
    {
        private readonly ConcurrentQueue<Activity> _spans = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                if (span.TraceId.ToHexString() == traceId)
                {
                    _spans.Enqueue(span);
                }
            }

            return ExportResult.Success;
        }

        public async Task<Activity> FindAsync(Func<Activity, bool> isIt)
        {
            await Eventually.HoldsAsync(
                () => _spans.Any(isIt), TimeSpan.FromSeconds(60),
                () => string.Join('\n', _spans.Select(span => $"{span.Kind} {span.OperationName} {span.Id} of {span.ParentId}")));
            return _spans.First(isIt);
        }
    }
}
