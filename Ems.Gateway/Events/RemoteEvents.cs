using System.Net.ServerSentEvents;
using Ems.Core.Live;
using Ems.Gateway.Routes;
using Ems.ServiceDefaults.Authentication;
using Ems.ServiceDefaults.Streams;

namespace Ems.Gateway.Events;

/// <summary>Follows every instance of Ingestion that is known, so that live events need no Redis; what is heard both ways is told once.</summary>
internal sealed partial class RemoteEvents(
    IConfiguration configuration, LiveEvents events, InternalKey key, TimeProvider time, ILogger<RemoteEvents> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TakenForDead = 3 * EventStream.LongestSilence;

    // Streams have no end: no limit of time, no retries.
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        ServiceAddresses.Of(configuration, "ingestion").Select(address => FollowAsync(new Uri(new Uri(address), "/events"), stoppingToken)));

    private async Task FollowAsync(Uri address, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(address, stoppingToken);
            }
            catch (Exception away) when (away is HttpRequestException or IOException)
            {
                LogAway(address, away.Message);
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                LogAway(address, $"it was silent for {TakenForDead}");
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Until the stream ends, or is silent for so long that nobody can be at its other end.</summary>
    private async Task ListenAsync(Uri address, CancellationToken stoppingToken)
    {
        using var silence = new CancellationTokenSource(TakenForDead, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, stoppingToken);
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Add(InternalHeaders.Key, key.Value);
        request.Headers.Add(InternalHeaders.Caller, "gateway");
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(either.Token))
        {
            silence.CancelAfter(TakenForDead);
            if (item.EventId is { Length: > 0 } id)
            {
                events.Tell(new LiveEvent(id, item.EventType, item.Data));
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "Live events of {Address} cannot be heard now: {Reason}")]
    private partial void LogAway(Uri address, string reason);
}
