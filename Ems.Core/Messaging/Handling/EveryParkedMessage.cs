using Ems.Core.Messaging.Queue;
using Microsoft.Extensions.DependencyInjection;

namespace Ems.Core.Messaging.Handling;

/// <summary>The parked messages of the store and, where there is one, of the broker.</summary>
internal sealed class EveryParkedMessage(
    [FromKeyedServices(QueuePump.Store)] IParkedMessages store, [FromKeyedServices(EveryParkedMessage.Broker)] IParkedMessages? broker = null)
    : IParkedMessages
{
    /// <summary>Key of what the broker contributes.</summary>
    public const string Broker = "broker";

    public async Task<IReadOnlyList<ParkedMessage>> ListAsync(int limit, string? afterId, CancellationToken cancellationToken)
    {
        var messages = await store.ListAsync(limit, afterId, cancellationToken);
        return broker is null
            ? messages
            : [.. messages.Concat(await broker.ListAsync(limit, afterId, cancellationToken)).OrderBy(one => one.Id, StringComparer.Ordinal).Take(limit)];
    }

    public async Task<bool> RetryAsync(string id, CancellationToken cancellationToken) =>
        await store.RetryAsync(id, cancellationToken) || (broker is not null && await broker.RetryAsync(id, cancellationToken));
}
