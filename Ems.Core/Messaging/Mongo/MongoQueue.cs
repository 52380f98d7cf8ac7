using Ems.Core.Messaging.Handling;
using Ems.Core.Messaging.Queue;
using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Messaging.Mongo;

/// <summary>The waiting events of one subscription, for a process that has MongoDB and no broker.</summary>
internal sealed class MongoQueue(MongoStore store, Subscription subscription, TimeProvider clock) : IMessageQueue
{
    private const int LeasedAtOnce = 20;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private FilterDefinition<BsonDocument> Waiting =>
        Where.Eq("_id.subscription", subscription.Name) & Where.Eq("state", MessageDocuments.Waiting);

    public IDisposable Listen(Action wake) => store.Signals.Listen(MessageDocuments.Inbox, wake);

    /// <summary>The relay has put them here.</summary>
    public Task ReceiveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IReadOnlyList<IReceivedEvent>> LeaseAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        var inbox = await store.OpenAsync(MessageDocuments.Inbox, cancellationToken);
        var due = Waiting & Where.Lte("due_at", Now);
        var seen = await inbox.Find(due).Sort(By.Ascending("due_at").Ascending("order")).Limit(LeasedAtOnce)
            .Project("{ attempts: 1 }").ToListAsync(cancellationToken);
        var taken = (seen.Count > 0 && seen[0]["attempts"] > 0 ? seen.Take(1) : seen.TakeWhile(one => one["attempts"] == 0)).ToList();
        if (taken.Count == 0)
        {
            return [];
        }

        var ids = Where.In("_id", taken.Select(one => one["_id"]));
        var owner = Guid.NewGuid().ToString("N");
        await inbox.UpdateManyAsync(
            ids & due, Set.Set("lease_owner", owner).Set("due_at", Now + lease).Inc("attempts", 1), options: null, cancellationToken);
        var mine = await inbox.Find(ids & Where.Eq("lease_owner", owner)).Sort(By.Ascending("order")).ToListAsync(cancellationToken);
        return mine.ConvertAll(document => new MongoMessage(
            store, clock, document["_id"].AsBsonDocument, MessageDocuments.FromInbox(document), document["attempts"].ToInt32(), owner));
    }

    public async Task ReleaseAsync(IReadOnlyList<IReceivedEvent> messages, CancellationToken cancellationToken)
    {
        var inbox = await store.OpenAsync(MessageDocuments.Inbox, cancellationToken);
        await inbox.UpdateManyAsync(
            Where.Or(messages.Cast<MongoMessage>().Select(message => message.Leased)),
            Set.Unset("lease_owner").Set("due_at", Now).Inc("attempts", -1),
            options: null,
            cancellationToken);
    }

    public async Task<DateTimeOffset?> FindNextDueAsync(CancellationToken cancellationToken)
    {
        var inbox = await store.OpenAsync(MessageDocuments.Inbox, cancellationToken);
        var next = await inbox.Find(Waiting).Sort(By.Ascending("due_at")).Limit(1).FirstOrDefaultAsync(cancellationToken);
        return next is null ? null : new DateTimeOffset(next["due_at"].ToUniversalTime());
    }
}

/// <summary>A message that this process has taken for a while.</summary>
internal sealed record MongoMessage(MongoStore Store, TimeProvider Clock, BsonDocument Id, Event Fact, int Attempts, string Owner) : IReceivedEvent
{
    public FilterDefinition<BsonDocument> Leased =>
        Where.Eq("_id", Id) & Where.Eq("state", MessageDocuments.Waiting) & Where.Eq("lease_owner", Owner);

    private DateTime Now => Clock.GetUtcNow().UtcDateTime;

    public Task<bool> CompleteAsync(Action<IUnitOfWork> effect) => Store.WriteAsync(
        async (database, session, token) =>
        {
            if (Store.HasTransactions)
            {
                return await MarkAsync(database, session, token) && await RunAsync(effect, database, session, token);
            }

            // One after the other: an effect that comes twice is the smaller harm than one that never comes.
            return await database.Of(MessageDocuments.Inbox).Find(session, Leased).AnyAsync(token)
                && await RunAsync(effect, database, session, token)
                && await MarkAsync(database, session, token);
        },
        CancellationToken.None);

    public Task<bool> PutOffAsync(string error, TimeSpan delay) => EndAsync(Set.Set("due_at", Now + delay).Set("error", error));

    public Task<bool> ParkAsync(string error) => EndAsync(Set.Set("state", MessageDocuments.Parked).Set("error", error));

    private async Task<bool> MarkAsync(IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken)
    {
        var handled = Set.Set("state", MessageDocuments.Handled).Set("state_at", Now).Unset("lease_owner").Unset("error");
        return (await database.Of(MessageDocuments.Inbox).UpdateOneAsync(session, Leased, handled, options: null, cancellationToken)).MatchedCount == 1;
    }

    private static async Task<bool> RunAsync(
        Action<IUnitOfWork> effect, IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken)
    {
        await MongoUnitOfWork.RunAsync(effect, database, session, cancellationToken);
        return true;
    }

    private async Task<bool> EndAsync(UpdateDefinition<BsonDocument> end) =>
        (await (await Store.OpenAsync(MessageDocuments.Inbox, CancellationToken.None)).UpdateOneAsync(
            Leased, end.Set("state_at", Now).Unset("lease_owner"), options: null, CancellationToken.None)).MatchedCount == 1;
}
