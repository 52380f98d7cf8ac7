using System.Collections.Concurrent;

namespace Ems.Core.Messaging.Mongo;

/// <summary>Wakes those of this process who wait for new documents; other processes find them at their next poll.</summary>
internal sealed class MongoSignals
{
    private readonly ConcurrentDictionary<Action, string> _listeners = [];

    public IDisposable Listen(string collection, Action wake)
    {
        _listeners[wake] = collection;
        return new Listening(() => _listeners.TryRemove(wake, out _));
    }

    public void Raise(string collection)
    {
        foreach (var (wake, heard) in _listeners)
        {
            if (heard == collection)
            {
                wake();
            }
        }
    }

    private sealed class Listening(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
