using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Ems.Core.Caching;
using Ems.Core.Json;
using StackExchange.Redis;

namespace Ems.Core.Live;

/// <summary>Something that those who watch want to see as it happens. It is told once and kept nowhere.</summary>
/// <param name="Id">The same wherever it is heard, be it by several ways.</param>
/// <param name="Kind">readings, job …</param>
/// <param name="Body">JSON.</param>
public sealed record LiveEvent(string Id, string Kind, string Body);

/// <summary>Tells everybody who listens in this process, and through Redis where there is one those in others.</summary>
/// <param name="redis">Null where there is none.</param>
public sealed class LiveEvents(Redis? redis = null)
{
    private const int MostWaiting = 1_000;
    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<Channel<LiveEvent>, bool> _listeners = [];
    private readonly HashSet<string> _known = [];
    private readonly Queue<string> _knownInOrder = new();
    private readonly Lock _knowing = new();
    private readonly Lock _sending = new();
    private Task _sent = Task.CompletedTask;

    private RedisChannel Channel => RedisChannel.Literal($"{redis!.Prefix}:events");

    /// <summary>Tells of something that happened here.</summary>
    public void Publish(string kind, object body)
    {
        var live = new LiveEvent(Guid.CreateVersion7().ToString("N"), kind, JsonSerializer.Serialize(body, EmsJson.Options));
        Tell(live);
        if (redis is not null)
        {
            lock (_sending)
            {
                _sent = SendAsync(_sent, live);
            }
        }
    }

    /// <summary>Tells of something that was heard from elsewhere, unless it was heard before.</summary>
    public void Tell(LiveEvent live)
    {
        if (!IsNew(live.Id))
        {
            return;
        }

        foreach (var listener in _listeners.Keys)
        {
            listener.Writer.TryWrite(live);
        }
    }

    /// <summary>What happens from now on. Who reads too slowly misses the oldest.</summary>
    public LiveListener Listen()
    {
        var events = System.Threading.Channels.Channel.CreateBounded<LiveEvent>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        _listeners[events] = true;
        return new LiveListener(events.Reader, () => _listeners.TryRemove(events, out _));
    }

    /// <summary>Hears what other processes tell, as often as Redis comes back.</summary>
    internal async Task SubscribeAsync(Redis shared)
    {
        var connection = await shared.ConnectAsync();
        var messages = await connection.GetSubscriber().SubscribeAsync(Channel);
        messages.OnMessage(message =>
        {
            if (JsonSerializer.Deserialize<LiveEvent>((string)message.Message!, EmsJson.Options) is { } live)
            {
                Tell(live);
            }
        });
    }

    /// <summary>In order. Nobody waits for it: who watches misses it while Redis is away.</summary>
    private async Task SendAsync(Task before, LiveEvent live)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await redis!.TryAsync(database => database.PublishAsync(Channel, JsonSerializer.Serialize(live, EmsJson.Options)), CancellationToken.None);
    }

    private bool IsNew(string id)
    {
        lock (_knowing)
        {
            if (!_known.Add(id))
            {
                return false;
            }

            _knownInOrder.Enqueue(id);
            if (_knownInOrder.Count > MostKnown)
            {
                _known.Remove(_knownInOrder.Dequeue());
            }

            return true;
        }
    }
}

/// <summary>Somebody who listens, until it is disposed of.</summary>
public sealed class LiveListener(ChannelReader<LiveEvent> events, Action end) : IDisposable
{
    public ChannelReader<LiveEvent> Events => events;

    public void Dispose() => end();
}
