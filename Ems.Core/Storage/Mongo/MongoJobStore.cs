using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Keeps jobs and shares them between processes by leases. Every step changes one document at once.</summary>
internal sealed class MongoJobStore(MongoStore store, TimeProvider time) : IJobStore
{
    private static readonly SortDefinition<BsonDocument> NewestFirst = By.Descending("created_at").Descending("_id");
    private static readonly SortDefinition<BsonDocument> OldestFirst = By.Ascending("created_at").Ascending("_id");

    public async Task<bool> AddAsync(StoredJob job, int mostQueued, CancellationToken cancellationToken)
    {
        var jobs = await JobsAsync(cancellationToken);
        try
        {
            await jobs.InsertOneAsync(
                new BsonDocument
                {
                    ["_id"] = job.Id,
                    ["state"] = NameOf(job.State),
                    ["actor"] = job.Actor,
                    ["created_at"] = job.CreatedAt.ToBson(),
                    ["body"] = BsonJson.ToBson(job.Body),
                },
                options: null,
                cancellationToken);
            return await TakePlaceAsync(jobs, job, mostQueued) || !await TakeBackAsync(jobs, job);
        }
        catch
        {
            await TryTakeBackAsync(jobs, job);
            throw;
        }
    }

    /// <summary>False when a process has begun with it already.</summary>
    private static async Task<bool> TakeBackAsync(IMongoCollection<BsonDocument> jobs, StoredJob job) =>
        (await jobs.DeleteOneAsync(Where.Eq("_id", job.Id) & Where.Eq("state", NameOf(JobState.Queued)), CancellationToken.None)).DeletedCount == 1;

    /// <summary>An insert whose answer never came, or whose caller has left, may be there all the same.</summary>
    private static async Task TryTakeBackAsync(IMongoCollection<BsonDocument> jobs, StoredJob job)
    {
        try
        {
            await TakeBackAsync(jobs, job);
        }
        catch (Exception exception) when (exception is MongoException or TimeoutException)
        {
            // What is thrown is why it was not added.
        }
    }

    /// <summary>
    /// One document an actor lists the jobs that wait, so that no two can take the last place. A place outlives its job's wait; it is
    /// freed when it is needed.
    /// </summary>
    private async Task<bool> TakePlaceAsync(IMongoCollection<BsonDocument> jobs, StoredJob job, int mostQueued)
    {
        if (mostQueued == int.MaxValue)
        {
            return true;
        }

        var queues = await store.OpenAsync(CoreCollections.JobQueues, CancellationToken.None);
        var mine = Where.Eq("_id", job.Actor);
        while (!await PushAsync(queues, mine & Where.Exists($"waiting.{mostQueued - 1}", false), job.Id))
        {
            var taken = (await queues.Find(mine).SingleAsync())["waiting"].AsBsonArray;
            var queued = await jobs.Find(Where.In("_id", taken) & Where.Eq("state", NameOf(JobState.Queued))).Project(one => one["_id"]).ToListAsync();
            var free = taken.Except(queued).ToList();
            if (free.Count == 0)
            {
                return false;
            }

            await queues.UpdateOneAsync(mine, Set.PullAll("waiting", free));
        }

        return true;
    }

    private static async Task<bool> PushAsync(IMongoCollection<BsonDocument> queues, FilterDefinition<BsonDocument> withRoom, string jobId)
    {
        try
        {
            await queues.UpdateOneAsync(withRoom, Set.Push("waiting", jobId), new UpdateOptions { IsUpsert = true });
            return true;
        }
        catch (MongoWriteException fault) when (fault.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            // The actor's document is there, and full.
            return false;
        }
    }

    public async Task<StoredJob?> FindAsync(string id, CancellationToken cancellationToken) =>
        await (await JobsAsync(cancellationToken)).Find(Where.Eq("_id", id)).SingleOrDefaultAsync(cancellationToken) is { } job ? Job(job) : null;

    public async Task<IReadOnlyList<StoredJob>> ListAsync(int limit, string? beforeId, CancellationToken cancellationToken)
    {
        var jobs = await JobsAsync(cancellationToken);
        var older = Where.Empty;
        if (beforeId is not null)
        {
            if (await jobs.Find(Where.Eq("_id", beforeId)).SingleOrDefaultAsync(cancellationToken) is not { } before)
            {
                return [];
            }

            var at = before["created_at"];
            older = Where.Lt("created_at", at) | (Where.Eq("created_at", at) & Where.Lt("_id", beforeId));
        }

        return (await jobs.Find(older).Sort(NewestFirst).Limit(limit).ToListAsync(cancellationToken)).ConvertAll(Job);
    }

    public async Task<IReadOnlyList<StoredJob>> ListOpenAsync(CancellationToken cancellationToken)
    {
        var open = Where.In("state", new[] { NameOf(JobState.Queued), NameOf(JobState.Running) });
        return (await (await JobsAsync(cancellationToken)).Find(open).Sort(OldestFirst).ToListAsync(cancellationToken)).ConvertAll(Job);
    }

    public async Task<StoredJob?> LeaseAsync(string owner, Duration lease, CancellationToken cancellationToken)
    {
        var now = Now();
        var leased = await (await JobsAsync(cancellationToken)).FindOneAndUpdateAsync(
            Where.Eq("state", NameOf(JobState.Queued))
                | (Where.Eq("state", NameOf(JobState.Running)) & (Where.Eq("lease_until", BsonNull.Value) | Where.Lte("lease_until", now.ToBson()))),
            Set.Set("state", NameOf(JobState.Running)).Set("lease_owner", owner).Set("lease_until", (now + lease).ToBson()),
            new FindOneAndUpdateOptions<BsonDocument> { Sort = OldestFirst, ReturnDocument = ReturnDocument.After },
            cancellationToken);
        return leased is null ? null : Job(leased);
    }

    public async Task<bool> RenewAsync(string id, string owner, Duration lease, CancellationToken cancellationToken)
    {
        var renewed = await (await JobsAsync(cancellationToken)).UpdateOneAsync(
            LeasedTo(id, owner), Set.Set("lease_until", (Now() + lease).ToBson()), options: null, cancellationToken);
        return renewed.MatchedCount == 1;
    }

    public async Task<bool> UpdateAsync(
        string id, IReadOnlyCollection<JobState> expected, JobState state, string? body, string? owner, CancellationToken cancellationToken)
    {
        var held = owner is null ? Where.Empty : Where.Eq("lease_owner", owner);
        var change = Set.Set("state", NameOf(state));
        change = body is null ? change : change.Set("body", BsonJson.ToBson(body));
        var updated = await (await JobsAsync(cancellationToken)).UpdateOneAsync(
            Where.Eq("_id", id) & Where.In("state", expected.Select(NameOf)) & held,
            state == JobState.Running ? change : change.Unset("lease_owner").Unset("lease_until"),
            options: null,
            cancellationToken);
        return updated.MatchedCount == 1;
    }

    public static FilterDefinition<BsonDocument> LeasedTo(string id, string owner) =>
        Where.Eq("_id", id) & Where.Eq("lease_owner", owner) & Where.Eq("state", NameOf(JobState.Running));

    public static string NameOf(JobState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    private static StoredJob Job(BsonDocument job) => new(
        job["_id"].AsString, Enum.Parse<JobState>(job["state"].AsString, ignoreCase: true), job["actor"].AsString, BsonJson.ToText(job["body"]),
        job["created_at"].ToInstant());

    private Task<IMongoCollection<BsonDocument>> JobsAsync(CancellationToken cancellationToken) =>
        store.OpenAsync(CoreCollections.Jobs, cancellationToken);

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
