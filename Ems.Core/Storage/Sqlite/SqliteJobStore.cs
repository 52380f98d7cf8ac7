using System.Text.Json;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Keeps jobs and shares them between processes by leases.</summary>
internal sealed class SqliteJobStore(IngestionDatabase database, TimeProvider time) : IJobStore
{
    private const string Columns = "id, state, actor, body, created_at";

    private const string NextJob = """
        SELECT seq FROM job
        WHERE state = 'Queued' OR (state = 'Running' AND coalesce(lease_until, 0) <= $now)
        ORDER BY seq LIMIT 1
        """;

    public Task<bool> AddAsync(StoredJob job, int mostQueued, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection => connection.Execute(
            $"""
            INSERT INTO job({Columns}) SELECT $id, $state, $actor, $body, $created_at
            WHERE (SELECT count(*) FROM job WHERE state = 'Queued' AND actor = $actor) < $most
            """,
            ("$id", job.Id), ("$state", job.State.ToString()), ("$actor", job.Actor), ("$body", job.Body),
            ("$created_at", job.CreatedAt.ToUnixTimeMilliseconds()), ("$most", mostQueued)) == 1,
        cancellationToken);

    public Task<StoredJob?> FindAsync(string id, CancellationToken cancellationToken) => database.File.ReadAsync(
        connection => connection.ReadAll(Job, $"SELECT {Columns} FROM job WHERE id = $id", ("$id", id)).SingleOrDefault(),
        cancellationToken);

    public Task<IReadOnlyList<StoredJob>> ListAsync(int limit, string? beforeId, CancellationToken cancellationToken) =>
        database.File.ReadAsync<IReadOnlyList<StoredJob>>(
            connection => connection.ReadAll(
                Job,
                $"""
                SELECT {Columns} FROM job
                WHERE $before IS NULL OR seq < (SELECT seq FROM job WHERE id = $before)
                ORDER BY seq DESC LIMIT $limit
                """,
                ("$before", beforeId), ("$limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<StoredJob>> ListOpenAsync(CancellationToken cancellationToken) => database.File.ReadAsync<IReadOnlyList<StoredJob>>(
        connection => connection.ReadAll(Job, $"SELECT {Columns} FROM job WHERE state IN ('Queued', 'Running') ORDER BY seq"), cancellationToken);

    public async Task<StoredJob?> LeaseAsync(string owner, Duration lease, CancellationToken cancellationToken)
    {
        // Looking first keeps idle workers from taking turns as writers.
        var waiting = await database.File.ReadAsync(connection => connection.FindLong(NextJob, ("$now", Now())), cancellationToken);
        if (waiting is null)
        {
            return null;
        }

        return await database.File.WriteAsync(
            connection => connection.ReadAll(
                Job,
                $"""
                UPDATE job SET state = 'Running', lease_owner = $owner, lease_until = $until
                WHERE seq = ({NextJob}) RETURNING {Columns}
                """,
                ("$owner", owner), ("$until", Now() + lease.Milliseconds()), ("$now", Now())).SingleOrDefault(),
            cancellationToken);
    }

    public Task<bool> RenewAsync(string id, string owner, Duration lease, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection => connection.Execute(
            "UPDATE job SET lease_until = $until WHERE id = $id AND lease_owner = $owner AND state = 'Running'",
            ("$until", Now() + lease.Milliseconds()), ("$id", id), ("$owner", owner)) == 1,
        cancellationToken);

    public Task<bool> UpdateAsync(
        string id, IReadOnlyCollection<JobState> expected, JobState state, string? body, string? owner, CancellationToken cancellationToken) =>
        database.File.WriteAsync(
            connection => connection.Execute(
                """
                UPDATE job SET state = $state, body = coalesce($body, body),
                    lease_owner = iif($state = 'Running', lease_owner, NULL),
                    lease_until = iif($state = 'Running', lease_until, NULL)
                WHERE id = $id AND state IN (SELECT value FROM json_each($expected)) AND ($owner IS NULL OR lease_owner = $owner)
                """,
                ("$state", state.ToString()), ("$body", body), ("$id", id), ("$owner", owner),
                ("$expected", JsonSerializer.Serialize(expected.Select(one => one.ToString())))) == 1,
            cancellationToken);

    private static StoredJob Job(SqliteDataReader row) => new(
        row.GetString(0), Enum.Parse<JobState>(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetInstant(4));

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
