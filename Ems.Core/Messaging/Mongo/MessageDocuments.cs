using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCollection;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Messaging.Mongo;

/// <summary>The collections of events on their way, and their fields.</summary>
internal static class MessageDocuments
{
    public const string Outbox = "outbox";
    public const string Inbox = "inbox";
    public const string Waiting = "waiting";
    public const string Handled = "handled";
    public const string Parked = "parked";

    /// <summary>Of an event that is written before its data, where there are no transactions.</summary>
    public const string Pending = "pending";

    public static readonly IReadOnlyList<MongoCollection> Collections =
    [
        new(Outbox, Index("{ module: 1, state: 1, due_at: 1, order: 1 }")),
        new(
            Inbox,
            Index("{ '_id.subscription': 1, state: 1, due_at: 1, order: 1 }"),
            Index("{ state: 1, state_at: 1 }")),
    ];

    private static readonly BsonDateTime AtOnce = new(0);

    public static BsonDocument ToOutbox(string module, Event fact, string state) => new BsonDocument("_id", fact.Id)
        .AddRange(new BsonDocument
        {
            ["module"] = module,
            ["state"] = state,
            ["due_at"] = AtOnce,
            ["order"] = ObjectId.GenerateNewId(),
        })
        .AddRange(FieldsOf(fact));

    public static BsonDocument ToInbox(string subscription, Event fact, DateTimeOffset now) => new BsonDocument("_id", InboxId(subscription, fact.Id))
        .AddRange(new BsonDocument
        {
            ["state"] = Waiting,
            ["state_at"] = now.UtcDateTime,
            ["attempts"] = 0,
            ["due_at"] = now.UtcDateTime,
            ["order"] = ObjectId.GenerateNewId(),
        })
        .AddRange(FieldsOf(fact));

    public static BsonDocument InboxId(string subscription, string eventId) => new() { ["subscription"] = subscription, ["event"] = eventId };

    public static Event FromOutbox(BsonDocument document) => ToEvent(document["_id"].AsString, document);

    public static Event FromInbox(BsonDocument document) => ToEvent(document["_id"]["event"].AsString, document);

    /// <summary>How many documents there are, and when the oldest one's event occurred.</summary>
    public static async Task<Backlog> CountAsync(
        IMongoCollection<BsonDocument> collection, FilterDefinition<BsonDocument> filter, CancellationToken cancellationToken)
    {
        var oldest = await collection.Find(filter).Sort(By.Ascending("order")).Limit(1).FirstOrDefaultAsync(cancellationToken);
        return oldest is null
            ? new Backlog(0, null)
            : new Backlog(await collection.CountDocumentsAsync(filter, options: null, cancellationToken), oldest["occurred_at"].ToInstant());
    }

    private static BsonDocument FieldsOf(Event fact)
    {
        var fields = new BsonDocument
        {
            ["name"] = fact.Name,
            ["occurred_at"] = fact.OccurredAt.ToBson(),
            ["body"] = BsonJson.ToBson(fact.Body),
        };
        if (fact.TraceParent is not null)
        {
            fields["trace_parent"] = fact.TraceParent;
        }

        return fields;
    }

    private static Event ToEvent(string id, BsonDocument document) => new(
        id, document["name"].AsString, document["occurred_at"].ToInstant(),
        document.TryGetValue("trace_parent", out var trace) ? trace.AsString : null,
        BsonJson.ToText(document["body"]));
}
