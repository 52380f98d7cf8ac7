using RabbitMQ.Client;

namespace Ems.Core.Messaging.RabbitMq;

/// <summary>
/// Tells the broker which deliveries of a channel were handled, at once all that end together. They end in any order: those up to the first
/// one that has not ended are named by their last one, and those behind it one by one, so that nobody waits for a slow one.
/// </summary>
internal sealed class RabbitMqAcknowledgements(IChannel channel)
{
    private readonly Lock _changing = new();

    // Tags are numbers from 1 on. What has ended before all others is counted; here is what has ended later.
    private readonly HashSet<ulong> _ended = [];
    private ulong _endedUpTo;

    private List<ulong> _handled = [];
    private Task _telling = Task.CompletedTask;
    private bool _isNextWaiting;

    /// <summary>The broker was told otherwise of the delivery.</summary>
    public void End(ulong tag)
    {
        lock (_changing)
        {
            _ended.Add(tag);
        }
    }

    /// <summary>The delivery was handled. Completes when the broker has been told, and fails when it cannot be.</summary>
    public Task AcknowledgeAsync(ulong tag)
    {
        lock (_changing)
        {
            _ended.Add(tag);
            _handled.Add(tag);
            if (!_isNextWaiting)
            {
                _isNextWaiting = true;
                _telling = TellAsync(_telling);
            }

            return _telling;
        }
    }

    private async Task TellAsync(Task before)
    {
        // One after the other, for a tag that is behind what was told is none; and later, for what is saved together ends one by one.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var (together, alone) = TakeHandled();
        if (together is { } last)
        {
            await channel.BasicAckAsync(last, multiple: true, CancellationToken.None);
        }

        foreach (var tag in alone)
        {
            await channel.BasicAckAsync(tag, multiple: false, CancellationToken.None);
        }
    }

    private (ulong? Together, IEnumerable<ulong> Alone) TakeHandled()
    {
        lock (_changing)
        {
            (var handled, _handled, _isNextWaiting) = (_handled, [], false);
            while (_ended.Remove(_endedUpTo + 1))
            {
                _endedUpTo++;
            }

            var isTogether = handled.ToLookup(tag => tag <= _endedUpTo);
            return (isTogether[true].Any() ? isTogether[true].Max() : null, isTogether[false]);
        }
    }
}
