using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ems.ServiceDefaults.Telemetry;

internal static class TelemetrySetup
{
    private static readonly double[] Milliseconds =
        [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000];

    private static readonly double[] Seconds = [.. Milliseconds.Select(boundary => boundary / 1_000)];

    /// <summary>Settings of any other source go before these.</summary>
    private static readonly Dictionary<string, string?> LogLevels = new()
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",

        // It is asked every few seconds; who loses a server says so once.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "Critical",
        ["Logging:LogLevel:Polly"] = "Error",
        ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
        ["Logging:LogLevel:Yarp"] = "Warning",
    };

    public static void AddTelemetry(this IHostApplicationBuilder builder, string name)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogLevels });
        if (!builder.Environment.IsDevelopment())
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }

        var telemetry = builder.Services.AddOpenTelemetry()

            // What the environment says (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) comes last and wins.
            .ConfigureResource(resource => resource.Clear()
                .AddService($"ems-{name}", autoGenerateServiceInstanceId: true)
                .AddTelemetrySdk()
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Ems.*")
                .AddView(BucketsOf)
                .AddPrometheusExporter())
            .WithTracing(tracing => tracing
                .AddSource("Ems.*")
                .AddAspNetCoreInstrumentation(http => http.Filter = IsOfInterest)
                .AddHttpClientInstrumentation());

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            builder.Logging.AddOpenTelemetry(logs => (logs.IncludeScopes, logs.IncludeFormattedMessage) = (true, true));
            telemetry.UseOtlpExporter();
        }
    }

    private static ExplicitBucketHistogramConfiguration? BucketsOf(Instrument instrument) =>
        (instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Histogram<>), instrument.Unit) switch
        {
            (true, "ms") => new ExplicitBucketHistogramConfiguration { Boundaries = Milliseconds },
            (true, "s") => new ExplicitBucketHistogramConfiguration { Boundaries = Seconds },
            _ => null,
        };

    private static bool IsOfInterest(HttpContext context) =>
        context.Request.Path.Value is not ("/health" or "/alive" or "/metrics");
}
