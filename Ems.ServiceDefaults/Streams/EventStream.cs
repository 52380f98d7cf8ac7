using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Ems.Core.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;

namespace Ems.ServiceDefaults.Streams;

/// <summary>Live events as server-sent events.</summary>
public static class EventStream
{
    /// <summary>After this long without an event there is a sign of life: proxies give up a connection that is silent for long.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>What happens from now on, until the caller or this process ends; in silence an event named alive.</summary>
    public static ServerSentEventsResult<string> Of(LiveEvents events, IHostApplicationLifetime host, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.ServerSentEvents(FollowAsync(events, host, time, cancellationToken));

    private static async IAsyncEnumerable<SseItem<string>> FollowAsync(
        LiveEvents events, IHostApplicationLifetime host, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.ApplicationStopping);
        using var listener = events.Listen();
        yield return Alive();
        var more = listener.Events.WaitToReadAsync(either.Token).AsTask();
        while (await IsThereAsync(more, time) is { } isThere)
        {
            if (!isThere)
            {
                yield return Alive();
                continue;
            }

            while (listener.Events.TryRead(out var live))
            {
                yield return new SseItem<string>(live.Body, live.Kind) { EventId = live.Id };
            }

            more = listener.Events.WaitToReadAsync(either.Token).AsTask();
        }
    }

    private static SseItem<string> Alive() => new("{}", "alive");

    /// <summary>True when there is an event, false after a long silence, null at the end.</summary>
    private static async Task<bool?> IsThereAsync(Task<bool> more, TimeProvider time)
    {
        try
        {
            return await more.WaitAsync(LongestSilence, time) ? true : null;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
