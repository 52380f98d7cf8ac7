using Ems.Core.Messaging.Queue;
using Ems.Core.Messaging.Telemetry;
using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Messaging.Mongo;

/// <summary>Carries events within one process that has MongoDB and no broker: from the outbox to the inbox of each subscription.</summary>
internal sealed class MongoQueues(MongoStore store, IEnumerable<ConsumerRegistration> consumers, TimeProvider clock)
    : IEventBroker, IMessageQueues, IQueueDepths
{
    public async Task<IReadOnlyCollection<string>> PublishAsync(IReadOnlyList<Event> facts, CancellationToken cancellationToken)
    {
        var wanted = facts.ToDictionary(fact => fact.Id, fact => SubscriptionsOf(fact).ToList());
        var documents = facts.SelectMany(fact => wanted[fact.Id].Select(name => MessageDocuments.ToInbox(name, fact, clock.GetUtcNow()))).ToList();
        if (documents.Count > 0)
        {
            await AddAsync(documents, cancellationToken);
            store.Signals.Raise(MessageDocuments.Inbox);
        }

        return [.. facts.Select(fact => fact.Id).Where(id => wanted[id].Count == 0)];
    }

    public Task<IReadOnlyList<IMessageQueue>> OpenAsync(IReadOnlyList<Subscription> subscriptions, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IMessageQueue>>([.. subscriptions.Select(one => new MongoQueue(store, one, clock))]);

    public Task<Backlog> ReadWaitingAsync(Subscription subscription, CancellationToken cancellationToken) =>
        CountAsync(subscription, MessageDocuments.Waiting, cancellationToken);

    public Task<Backlog> ReadParkedAsync(Subscription subscription, CancellationToken cancellationToken) =>
        CountAsync(subscription, MessageDocuments.Parked, cancellationToken);

    private IEnumerable<string> SubscriptionsOf(Event fact) =>
        consumers.Select(one => one.Subscription).Where(one => one.EventNames.Contains(fact.Name)).Select(one => one.Name);

    /// <summary>An event that is known already is left as it is.</summary>
    private async Task AddAsync(List<BsonDocument> documents, CancellationToken cancellationToken)
    {
        try
        {
            await (await store.OpenAsync(MessageDocuments.Inbox, cancellationToken)).InsertManyAsync(
                documents, new InsertManyOptions { IsOrdered = false }, cancellationToken);
        }
        catch (MongoBulkWriteException<BsonDocument> exception)
            when (exception.WriteConcernError is null && exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            // All others are in.
        }
    }

    private async Task<Backlog> CountAsync(Subscription subscription, string state, CancellationToken cancellationToken) =>
        await MessageDocuments.CountAsync(
            await store.OpenAsync(MessageDocuments.Inbox, cancellationToken),
            Where.Eq("_id.subscription", subscription.Name) & Where.Eq("state", state),
            cancellationToken);
}
