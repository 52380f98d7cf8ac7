using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Messaging.Mongo;

/// <summary>Lists parked messages of this process's modules. An id is the subscription and the event's id.</summary>
internal sealed class MongoParkedMessages(MongoStore store, IEnumerable<ConsumerRegistration> consumers, TimeProvider clock) : IParkedMessages
{
    public async Task<IReadOnlyList<ParkedMessage>> ListAsync(int limit, string? afterId, CancellationToken cancellationToken)
    {
        var parked = Where.Eq("state", MessageDocuments.Parked) & Where.In("_id.subscription", consumers.Select(one => one.Subscription.Name));
        if (afterId is not null)
        {
            var (subscription, id) = Split(afterId);
            parked &= Where.Gt("_id.subscription", subscription) | (Where.Eq("_id.subscription", subscription) & Where.Gt("_id.event", id));
        }

        var found = await (await store.OpenAsync(MessageDocuments.Inbox, cancellationToken))
            .Find(parked).Sort(By.Ascending("_id.subscription").Ascending("_id.event")).Limit(limit).ToListAsync(cancellationToken);
        return found.ConvertAll(Read);
    }

    public async Task<bool> RetryAsync(string id, CancellationToken cancellationToken)
    {
        var (subscription, eventId) = Split(id);
        if (!consumers.Any(one => one.Subscription.Name == subscription))
        {
            return false;
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var again = await (await store.OpenAsync(MessageDocuments.Inbox, cancellationToken)).UpdateOneAsync(
            Where.Eq("_id", MessageDocuments.InboxId(subscription, eventId)) & Where.Eq("state", MessageDocuments.Parked),
            Set.Set("state", MessageDocuments.Waiting).Set("state_at", now).Set("due_at", now).Set("attempts", 0),
            options: null,
            cancellationToken);
        if (again.MatchedCount == 1)
        {
            store.Signals.Raise(MessageDocuments.Inbox);
        }

        return again.MatchedCount == 1;
    }

    private static (string Subscription, string EventId) Split(string id)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (id, "") : (id[..colon], id[(colon + 1)..]);
    }

    private static ParkedMessage Read(BsonDocument document)
    {
        var (subscription, fact) = (document["_id"]["subscription"].AsString, MessageDocuments.FromInbox(document));
        return new ParkedMessage(
            $"{subscription}:{fact.Id}", subscription, fact.Name, fact.Id, fact.OccurredAt, document["state_at"].ToInstant(),
            document["attempts"].ToInt32(), document.GetValue("error", "").AsString, fact.Body);
    }
}
