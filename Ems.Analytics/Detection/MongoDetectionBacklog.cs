using Ems.Core.Messaging;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Analytics.Detection;

internal sealed class MongoDetectionBacklog(MongoStore store) : IDetectionBacklog
{
    public void Add(IUnitOfWork work, ReadingsStored stored) => MongoUnitOfWork.Of(work).Add(async (database, session, token) =>
    {
        var received = database.Of(AnalyticsDatabase.Received);
        var id = Where.Eq("_id", stored.EquipmentId);
        var old = await received.Find(session, id).SingleOrDefaultAsync(token);
        var revision = old is null ? 0 : old["revision"].ToInt64();
        var merged = Merge(old is null ? null : Read(old), stored);
        try
        {
            var replaced = await received.ReplaceOneAsync(
                session, id & Where.Eq("revision", revision), Document(merged, revision + AnalyticsDatabase.RevisionStep()), new ReplaceOptions { IsUpsert = old is null }, token);
            if (old is not null && replaced.MatchedCount == 0)
            {
                throw MongoStore.Conflict();
            }
        }
        catch (MongoWriteException exception) when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            throw MongoStore.Conflict();
        }
    });

    public async Task RestoreAsync(IReadOnlyList<ReceivedReadings> received, CancellationToken cancellationToken)
    {
        var all = await store.OpenAsync(AnalyticsDatabase.Received, cancellationToken);
        await all.DeleteManyAsync(Where.Empty, cancellationToken);
        if (received.Count > 0)
        {
            await all.InsertManyAsync(received.Select(one => Document(one, AnalyticsDatabase.RevisionStep())), options: null, cancellationToken);
        }
    }

    public async Task<BacklogState> ReadStateAsync(CancellationToken cancellationToken)
    {
        var sums = await (await store.OpenAsync(AnalyticsDatabase.Received, cancellationToken)).Aggregate()
            .Group(new BsonDocument
            {
                ["_id"] = BsonNull.Value,
                ["revision"] = new BsonDocument("$sum", "$revision"),
                ["events"] = new BsonDocument("$sum", "$events"),
                ["readings"] = new BsonDocument("$sum", "$readings"),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return sums is null ? new BacklogState(0, 0, 0) : new BacklogState(sums["revision"].ToInt64(), sums["events"].ToInt64(), sums["readings"].ToInt64());
    }

    public async Task<IReadOnlyList<ReceivedReadings>> ListAsync(CancellationToken cancellationToken) =>
        (await (await store.OpenAsync(AnalyticsDatabase.Received, cancellationToken))
            .Find(Where.Empty).Sort(By.Ascending("_id")).ToListAsync(cancellationToken)).ConvertAll(Read);

    private static ReceivedReadings Merge(ReceivedReadings? old, ReadingsStored stored)
    {
        var near = old?.Waiting
            .Where(range => range.Start <= stored.To + WaitingRange.Joined && range.End >= stored.From - WaitingRange.Joined).ToList() ?? [];
        var joined = new WaitingRange(
            near.Select(range => range.Start).Append(stored.From).Min(), near.Select(range => range.End).Append(stored.To).Max());
        return new ReceivedReadings(
            stored.EquipmentId,
            stored.Site,
            (old?.Events ?? 0) + 1,
            (old?.Readings ?? 0) + stored.Count,
            Instant.Min(old?.FirstAt ?? stored.From, stored.From),
            Instant.Max(old?.LastAt ?? stored.To, stored.To),
            [.. (old?.Waiting ?? []).Except(near).Append(joined).OrderBy(range => range.Start)]);
    }

    private static BsonDocument Document(ReceivedReadings received, long revision) => new()
    {
        ["_id"] = received.EquipmentId,
        ["site"] = received.Site is null ? BsonNull.Value : received.Site,
        ["events"] = received.Events,
        ["readings"] = received.Readings,
        ["first_at"] = received.FirstAt.ToBson(),
        ["last_at"] = received.LastAt.ToBson(),
        ["waiting"] = new BsonArray(received.Waiting.Select(range => new BsonDocument { ["start"] = range.Start.ToBson(), ["end"] = range.End.ToBson() })),
        ["revision"] = revision,
    };

    private static ReceivedReadings Read(BsonDocument document) => new(
        document["_id"].AsString,
        document["site"].IsBsonNull ? null : document["site"].AsString,
        document["events"].ToInt64(),
        document["readings"].ToInt64(),
        document["first_at"].ToInstant(),
        document["last_at"].ToInstant(),
        [.. document["waiting"].AsBsonArray.Select(range => new WaitingRange(range["start"].ToInstant(), range["end"].ToInstant()))]);
}
