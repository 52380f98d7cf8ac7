using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Messaging.Mongo;

/// <summary>Events of one module that wait, beside the documents whose change they tell of, until they are published.</summary>
internal sealed class MongoOutbox(MongoStore store, string module, TimeProvider clock) : IOutbox
{
    /// <summary>No write takes this long: what is pending then was left by a process that ended.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(2);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private FilterDefinition<BsonDocument> Ready => Where.Eq("module", module) & Where.Eq("state", MessageDocuments.Waiting);

    /// <summary>Adds events in the transaction of the change.</summary>
    public static Task AppendAsync(
        IMongoDatabase database, IClientSessionHandle session, string module, IReadOnlyCollection<Event> facts, string state,
        CancellationToken cancellationToken) => database.Of(MessageDocuments.Outbox).InsertManyAsync(
        session, facts.Select(fact => MessageDocuments.ToOutbox(module, fact, state)), options: null, cancellationToken);

    public async Task<IReadOnlyList<Event>> LeaseAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        var outbox = await store.OpenAsync(MessageDocuments.Outbox, cancellationToken);
        if (!store.HasTransactions)
        {
            await ReleaseStaleAsync(outbox, cancellationToken);
        }

        var due = Ready & Where.Lte("due_at", Now);
        var seen = await outbox.Find(due).Sort(By.Ascending("due_at").Ascending("order")).Limit(limit).Project("{ _id: 1 }").ToListAsync(cancellationToken);
        if (seen.Count == 0)
        {
            return [];
        }

        // Each document goes to whoever changes it first; the rest of those seen went to another relay meanwhile.
        var taken = Where.In("_id", seen.Select(one => one["_id"]));
        var by = Guid.NewGuid().ToString("N");
        await outbox.UpdateManyAsync(taken & due, Set.Set("due_at", Now + lease).Set("lease", by), options: null, cancellationToken);
        var mine = await outbox.Find(taken & Where.Eq("lease", by)).Sort(By.Ascending("order")).ToListAsync(cancellationToken);
        return mine.ConvertAll(MessageDocuments.FromOutbox);
    }

    /// <summary>Whether the data came after all or not: those who hear of it look for themselves.</summary>
    private async Task ReleaseStaleAsync(IMongoCollection<BsonDocument> outbox, CancellationToken cancellationToken) => await outbox.UpdateManyAsync(
        Where.Eq("module", module) & Where.Eq("state", MessageDocuments.Pending) & Where.Lt("order", ObjectId.GenerateNewId(Now - LongestWrite)),
        Set.Set("state", MessageDocuments.Waiting),
        options: null,
        cancellationToken);

    public async Task RemoveAsync(IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken) =>
        await (await store.OpenAsync(MessageDocuments.Outbox, cancellationToken)).DeleteManyAsync(Where.In("_id", eventIds), cancellationToken);

    public async Task PutOffAsync(IReadOnlyCollection<string> eventIds, TimeSpan delay, CancellationToken cancellationToken) =>
        await (await store.OpenAsync(MessageDocuments.Outbox, cancellationToken)).UpdateManyAsync(
            Where.In("_id", eventIds), Set.Set("due_at", Now + delay), options: null, cancellationToken);

    public async Task<Backlog> ReadBacklogAsync(CancellationToken cancellationToken) =>
        await MessageDocuments.CountAsync(await store.OpenAsync(MessageDocuments.Outbox, cancellationToken), Ready, cancellationToken);

    public IDisposable Listen(Action wake) => store.Signals.Listen(MessageDocuments.Outbox, wake);
}
