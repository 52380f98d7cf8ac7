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
public sealed class LiveEvents
{
    private const int MostWaiting = 1_000;
    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<Channel<LiveEvent>, bool> _listeners = [];
    private readonly HashSet<string> _known = [];
    private readonly Queue<string> _knownInOrder = new();
    private readonly Lock _knowing = new();
    private readonly Channel<LiveEvent>? _unsent;

    /// <param name="redis">Null where there is none.</param>
    public LiveEvents(Redis? redis = null)
    {
        if (redis is not null)
        {
            _unsent = NewChannel();
            _ = SendAllAsync(redis, _unsent.Reader);
        }
    }

    /// <summary>How many events have not been sent yet to those in other processes.</summary>
    internal int Unsent => _unsent?.Reader.Count ?? 0;

    /// <summary>Tells of something that happened here.</summary>
    public void Publish(string kind, object body)
    {
        var live = new LiveEvent(Guid.CreateVersion7().ToString("N"), kind, JsonSerializer.Serialize(body, EmsJson.Options));
        Tell(live);
        _unsent?.Writer.TryWrite(live);
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
        var events = NewChannel();
        _listeners[events] = true;
        return new LiveListener(events.Reader, () => _listeners.TryRemove(events, out _));
    }

    /// <summary>Hears what other processes tell, as often as Redis comes back.</summary>
    internal async Task SubscribeAsync(Redis shared)
    {
        var connection = await shared.ConnectAsync();
        var messages = await connection.GetSubscriber().SubscribeAsync(ChannelOf(shared));
        messages.OnMessage(message =>
        {
            if (JsonSerializer.Deserialize<LiveEvent>((string)message.Message!, EmsJson.Options) is { } live)
            {
                Tell(live);
            }
        });
    }

    /// <summary>In order. Nobody waits for it: who watches misses the oldest where Redis is slow, and all while it is away.</summary>
    private static async Task SendAllAsync(Redis redis, ChannelReader<LiveEvent> unsent)
    {
        await foreach (var live in unsent.ReadAllAsync())
        {
            await redis.TryAsync(database => database.PublishAsync(ChannelOf(redis), JsonSerializer.Serialize(live, EmsJson.Options)), CancellationToken.None);
        }
    }

    private static RedisChannel ChannelOf(Redis redis) => RedisChannel.Literal($"{redis.Prefix}:events");

    private static Channel<LiveEvent> NewChannel() =>
        Channel.CreateBounded<LiveEvent>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

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
