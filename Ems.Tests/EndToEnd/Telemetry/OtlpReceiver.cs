using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ems.Tests.EndToEnd.Telemetry;

internal sealed record ReceivedSpan(
    string TraceId, string SpanId, string ParentId, string Name, string Service, string Instance, IReadOnlyDictionary<string, string> Attributes);

internal sealed record ReceivedMetric(string Name, string Unit, string Service, string Instance, IReadOnlyList<double> Bounds);

internal sealed record ReceivedLog(string TraceId, string Text, string Service, string Instance);

/// <summary>Receives what OpenTelemetry's exporter sends, by gRPC or by HTTP, from who knows the key, and decodes it.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    public const string KeyHeader = "x-otlp-api-key";
    public const string Key = "a-key-of-the-receiver";

    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app)
    {
        _app = app;
        app.MapPost("/opentelemetry.proto.collector.{signal}.v1.{service}/Export", ReceiveGrpcAsync);
        app.MapPost("/v1/{signal}", ReceiveHttpAsync);
    }

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = [];

    public ConcurrentQueue<ReceivedMetric> Metrics { get; } = [];

    public ConcurrentQueue<ReceivedLog> Logs { get; } = [];

    /// <summary>Requests that were turned away, and why.</summary>
    public ConcurrentQueue<string> Refused { get; } = [];

    public string Address => _app.Urls.Single();

    /// <param name="protocol">grpc or http/protobuf, as in OTEL_EXPORTER_OTLP_PROTOCOL.</param>
    public static async Task<OtlpReceiver> StartAsync(string protocol)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
            endpoint => endpoint.Protocols = protocol == "grpc" ? HttpProtocols.Http2 : HttpProtocols.Http1));
        OtlpReceiver receiver = new(builder.Build());
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveGrpcAsync(HttpContext context, string signal)
    {
        context.Response.ContentType = "application/grpc";
        var body = await ReadAsync(context);
        if (IsFromFriend(context) && body[0] == 0 && BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1)) == body.Length - 5)
        {
            Keep(signal, body.AsMemory(5));
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
        else
        {
            Refused.Enqueue($"{signal}: no key, or a frame of {body.Length} bytes that is not one message");
            context.Response.AppendTrailer("grpc-status", "16");
        }
    }

    private async Task ReceiveHttpAsync(HttpContext context, string signal)
    {
        var body = await ReadAsync(context);
        if (!IsFromFriend(context) || context.Request.ContentType != "application/x-protobuf")
        {
            Refused.Enqueue($"{signal}: no key, or {context.Request.ContentType}");
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        Keep(signal, body);
        context.Response.ContentType = "application/x-protobuf";
    }

    private static bool IsFromFriend(HttpContext context) => context.Request.Headers[KeyHeader] == Key;

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    // Field numbers of opentelemetry-proto 1.x.
    private void Keep(string signal, ReadOnlyMemory<byte> request)
    {
        foreach (var ofResource in ProtobufFields.Parse(request).Messages(1))
        {
            var resource = Attributes(ofResource.Messages(1).Single(), 1);
            var (service, instance) = (resource["service.name"], resource["service.instance.id"]);
            foreach (var item in ofResource.Messages(2).SelectMany(scope => scope.Messages(2)))
            {
                switch (signal)
                {
                    case "trace" or "traces":
                        Spans.Enqueue(new ReceivedSpan(item.Hex(1), item.Hex(2), item.Hex(4), item.Text(5), service, instance, Attributes(item, 9)));
                        break;
                    case "metrics":
                        var bounds = item.Messages(9).SelectMany(histogram => histogram.Messages(1)).Select(point => point.Doubles(7)).FirstOrDefault([]);
                        Metrics.Enqueue(new ReceivedMetric(item.Text(1), item.Text(3), service, instance, bounds));
                        break;
                    case "logs":
                        Logs.Enqueue(new ReceivedLog(item.Hex(9), item.Messages(5).Single().Text(1), service, instance));
                        break;
                    default:
                        throw new FormatException($"There is no signal {signal}.");
                }
            }
        }
    }

    private static Dictionary<string, string> Attributes(ProtobufFields owner, int number) =>
        owner.Messages(number).ToDictionary(pair => pair.Text(1), pair => pair.Messages(2).Single().Text(1));
}
