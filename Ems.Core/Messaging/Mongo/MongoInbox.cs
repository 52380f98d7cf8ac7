using Ems.Core.Storage.Mongo;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Messaging.Mongo;

/// <summary>Which events the subscriptions have handled.</summary>
internal sealed class MongoInbox(MongoStore store, TimeProvider clock) : IInbox
{
    private const int DeletedAtOnce = 5000;

    public Task<bool> ApplyAsync(string subscription, Event fact, Action<IUnitOfWork> effect, CancellationToken cancellationToken) => store.WriteAsync(
        async (database, session, token) =>
        {
            if (store.HasTransactions)
            {
                return await MarkAsync(database, session, subscription, fact, token)
                    && await RunAsync(effect, database, session, token);
            }

            // One after the other: an effect that comes twice is the smaller harm than one that never comes.
            return !await HasHandledAsync(subscription, fact.Id, token)
                && await RunAsync(effect, database, session, token)
                && await MarkAsync(database, session, subscription, fact, token);
        },
        cancellationToken);

    public async Task<bool> HasHandledAsync(string subscription, string eventId, CancellationToken cancellationToken) =>
        await (await store.OpenAsync(MessageDocuments.Inbox, cancellationToken))
            .Find(Where.Eq("_id", MessageDocuments.InboxId(subscription, eventId)) & Where.Eq("state", MessageDocuments.Handled))
            .AnyAsync(cancellationToken);

    public async Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var inbox = await store.OpenAsync(MessageDocuments.Inbox, cancellationToken);
        var old = await inbox.Find(Where.Eq("state", MessageDocuments.Handled) & Where.Lt("state_at", before.UtcDateTime))
            .Limit(DeletedAtOnce).Project("{ _id: 1 }").ToListAsync(cancellationToken);
        return old.Count == 0
            ? 0
            : (int)(await inbox.DeleteManyAsync(Where.In("_id", old.Select(one => one["_id"])), cancellationToken)).DeletedCount;
    }

    private static async Task<bool> RunAsync(
        Action<IUnitOfWork> effect, IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken)
    {
        await MongoUnitOfWork.RunAsync(effect, database, session, cancellationToken);
        return true;
    }

    /// <summary>
    /// False when it is marked already. The document may be there, waiting or parked: then the event once came by the queue of this store.
    /// </summary>
    private async Task<bool> MarkAsync(
        IMongoDatabase database, IClientSessionHandle session, string subscription, Event fact, CancellationToken cancellationToken)
    {
        var inbox = database.Of(MessageDocuments.Inbox);
        var id = Where.Eq("_id", MessageDocuments.InboxId(subscription, fact.Id));
        if (await inbox.Find(session, id & Where.Eq("state", MessageDocuments.Handled)).AnyAsync(cancellationToken))
        {
            return false;
        }

        var marked = MessageDocuments.ToInbox(subscription, fact, clock.GetUtcNow());
        marked["state"] = MessageDocuments.Handled;
        marked["attempts"] = 1;
        try
        {
            await inbox.ReplaceOneAsync(
                session, id & Where.Ne("state", MessageDocuments.Handled), marked, new ReplaceOptions { IsUpsert = true }, cancellationToken);
        }
        catch (MongoWriteException exception) when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // Another has marked it just now, which the next attempt sees.
            throw MongoStore.Conflict();
        }

        return true;
    }
}
