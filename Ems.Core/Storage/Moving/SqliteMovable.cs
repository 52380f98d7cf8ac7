using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Messaging;
using Ems.Core.Metering;
using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Moving;

/// <summary>The embedded store.</summary>
/// <param name="inboxes">The files of modules that consume, by module.</param>
internal sealed class SqliteMovable(StoreOptions options, SqliteDatabase database, IReadOnlyDictionary<string, SqliteDatabase> inboxes) : IMovable
{
    private static readonly string[] Parts = ["site", "equipment", "profile", "job", "series", "undone", "merge", "outbox"];
    private static readonly string[] InboxParts = ["inbox"];
    public const string MarkFile = "move-unfinished.json";

    /// <summary>Selects what <see cref="Merge"/> reads.</summary>
    public const string Merges = "SELECT job, equipment, into_equipment, changed FROM merge ORDER BY job";

    private static readonly string[] MessageStates = ["waiting", "handled", "parked"];

    private readonly SqliteReadings _readings = new(database);

    private string MarkPath => Path.Combine(options.DataDirectory, MarkFile);

    public static MovedMerge Merge(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3));

    public Task<string?> FindHindranceAsync(CancellationToken cancellationToken) => Task.Run(
        string? () =>
        {
            if (!File.Exists(database.FilePath))
            {
                return $"There is nothing in {options.DataDirectory}.";
            }

            using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = database.FilePath,
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ToString()))
            {
                connection.Open();
                if (connection.ReadLong("PRAGMA user_version") != IngestionDatabase.Schema.Count)
                {
                    return $"{database.FilePath} is of another version of Ems: start this one on it once, and end it again.";
                }

                return JobUndo.ListUnfinished(connection).Count > 0
                    ? "A job is being undone: start Ems on it, wait until that has ended, and end it again."
                    : null;
            }
        },
        cancellationToken);

    public async Task<IAsyncDisposable> ClaimAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await MachineMarker.ClaimAsync(options.DataDirectory, cancellationToken);
        }
        catch (StartRefusedException)
        {
            throw new StartRefusedException($"Ems runs on {options.DataDirectory}: end it, and move then.");
        }
    }

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        foreach (var (file, parts) in inboxes.Values.Select(file => (file, InboxParts)).Prepend((database, Parts)).Where(one => File.Exists(one.Item1.FilePath)))
        {
            if (await file.ReadAsync(connection => Array.Exists(parts, part => connection.ReadLong($"SELECT EXISTS(SELECT 1 FROM {part})") == 1), cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    public async Task<MoveMark?> FindMarkAsync(CancellationToken cancellationToken) => File.Exists(MarkPath)
        ? JsonSerializer.Deserialize<MoveMark>(await File.ReadAllTextAsync(MarkPath, cancellationToken), EmsJson.Options)
        : null;

    public async Task SaveMarkAsync(MoveMark? mark, CancellationToken cancellationToken)
    {
        if (mark is null)
        {
            File.Delete(MarkPath);
            return;
        }

        OwnerOnlyFolder.Create(options.DataDirectory);
        await File.WriteAllTextAsync(MarkPath + ".new", JsonSerializer.Serialize(mark, EmsJson.Options), cancellationToken);
        File.Move(MarkPath + ".new", MarkPath, overwrite: true);
    }

    public async Task<MovedState> ReadStateAsync(CancellationToken cancellationToken)
    {
        List<MovedMessage> messages = [];
        foreach (var inbox in inboxes.Values.Where(inbox => File.Exists(inbox.FilePath)))
        {
            messages.AddRange(await inbox.ReadAsync(
                connection => connection.ReadAll(
                    row => new MovedMessage(
                        row.GetString(0), ReadEvent(row, 1), MessageStates[row.GetInt32(6)], row.GetInt64(7), row.GetInt32(8), row.FindText(9)),
                    "SELECT subscription, id, name, occurred_at, trace_parent, body, state, state_at, attempts, error FROM inbox ORDER BY seq"),
                cancellationToken));
        }

        return (await database.ReadAsync(ReadState, cancellationToken)) with { Inbox = messages };
    }

    public async Task WriteStateAsync(MovedState state, CancellationToken cancellationToken)
    {
        await database.WriteAsync(connection => WriteState(connection, state), cancellationToken);
        foreach (var ofModule in state.Inbox.GroupBy(message => message.Subscription.Split('.')[0]))
        {
            await inboxes[ofModule.Key].WriteAsync(connection => ofModule.Sum(message => Write(connection, message)), cancellationToken);
        }
    }

    public Task<(IReadOnlyList<StoredReading> Readings, ReadingPlace? Next)> ReadReadingsAsync(ReadingPlace? after, CancellationToken cancellationToken) =>
        _readings.ReadAsync(after, cancellationToken);

    public Task WriteReadingsAsync(IReadOnlyList<StoredReading> readings, MovedState state, CancellationToken cancellationToken) =>
        _readings.WriteAsync(readings, state, cancellationToken);

    public Task<IReadOnlyList<string>> ListFilesAsync(string kind, CancellationToken cancellationToken)
    {
        var (folder, extension) = PlaceOf(kind);
        return Task.FromResult<IReadOnlyList<string>>(
            Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, $"*{extension}").Select(path => Path.GetFileNameWithoutExtension(path))] : []);
    }

    public async Task ReadFileAsync(string kind, string name, Stream to, CancellationToken cancellationToken)
    {
        var (folder, extension) = PlaceOf(kind);
        await using var file = File.OpenRead(Path.Combine(folder, name + extension));
        await file.CopyToAsync(to, cancellationToken);
    }

    public async Task WriteFileAsync(string kind, string name, Stream from, CancellationToken cancellationToken)
    {
        var (folder, extension) = PlaceOf(kind);
        OwnerOnlyFolder.Create(folder);
        var part = Path.Combine(folder, $"{name}.part");
        await using (var file = File.Create(part))
        {
            await from.CopyToAsync(file, cancellationToken);
        }

        File.Move(part, Path.Combine(folder, name + extension), overwrite: true);
    }

    private (string Folder, string Extension) PlaceOf(string kind) => kind switch
    {
        ISharedFiles.Uploads => (Path.Combine(options.DataDirectory, "spool"), ".upload"),
        _ => (Path.Combine(options.DataDirectory, "rejected"), ".xlsx"),
    };

    private static MovedState ReadState(SqliteConnection connection) => new(
        connection.ReadAll(row => Body<Site>(row, 0), "SELECT body FROM site ORDER BY id"),
        connection.ReadAll(row => Body<Equipment>(row, 0), "SELECT body FROM equipment ORDER BY id"),
        connection.ReadAll(
            row => new StoredProfile(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInstant(3)),
            "SELECT id, fingerprint, body, saved_at FROM profile ORDER BY id"),
        connection.ReadAll(
            row => new StoredJob(row.GetString(0), Enum.Parse<JobState>(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetInstant(4)),
            "SELECT id, state, actor, body, created_at FROM job ORDER BY seq"),
        connection.ReadAll(
            row => new SeriesDocument(
                Key(row, 0), (QuantityKind)row.GetInt32(3), row.GetString(4), row.GetInt64(5), row.FindLong(6), row.FindLong(7), row.FindLong(8), row.GetInt64(9)),
            "SELECT equipment, metric, length, kind, unit, count, first_at, last_at, end_at, revision FROM series ORDER BY equipment, metric, length"),
        connection.ReadAll(
            row => new MovedWrite(SqliteReadings.IdOf(row.GetInt64(0), row.GetInt64(3)), row.FindText(1), row.GetString(2), row.GetInt64(3)),
            "SELECT version, job, actor, at FROM write ORDER BY version"),
        connection.ReadAll(
            row => new MovedUndo(row.GetString(0), SqliteReadings.IdOf(row.GetInt64(1), row.GetInt64(3)), row.GetString(2), row.GetInt64(3), row.GetInt64(4)),
            "SELECT undone.job, undone.version, write.actor, write.at, undone.changed FROM undone JOIN write USING (version) ORDER BY undone.job"),
        connection.ReadAll(Merge, Merges),
        connection.ReadAll(
            row => new MovedRange(row.GetString(0), Key(row, 1), row.GetInt64(4), row.GetInt64(5), new KnownExtent(row.FindLong(6), row.FindLong(7))),
            """
            SELECT job, equipment, metric, length, job_range.first_at, job_range.last_at, known_from, known_until
            FROM job_range JOIN series ON series.id = job_range.series
            """),
        connection.ReadAll(
            row => new MovedUnchecked(Key(row, 0), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)),
            "SELECT equipment, metric, length, block, unchecked.first_at, unchecked.last_at FROM unchecked JOIN series ON series.id = unchecked.series"),
        connection.ReadAll(
            row => new MovedFlagCount(row.GetString(0), (ReadingFlags)row.GetInt32(1), row.GetInt64(2)),
            "SELECT equipment, flags, readings FROM flag_count WHERE readings > 0"),
        connection.ReadAll(row => ReadEvent(row, 0), "SELECT id, name, occurred_at, trace_parent, body FROM outbox ORDER BY seq"),
        []);

    private static int WriteState(SqliteConnection connection, MovedState state)
    {
        Put("INSERT OR REPLACE INTO site(id, body) VALUES ($1, $2)", state.Sites, site => [site.Id, Json(site)]);
        Put("INSERT OR REPLACE INTO equipment(id, body) VALUES ($1, $2)", state.Equipment, one => [one.Id, Json(one)]);
        Put(
            "INSERT OR REPLACE INTO profile(id, fingerprint, body, saved_at) VALUES ($1, $2, $3, $4)", state.Profiles,
            one => [one.Id, one.Fingerprint, one.Body, one.SavedAt.ToUnixTimeMilliseconds()]);
        Put(
            "INSERT INTO job(id, state, actor, body, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT(id) DO NOTHING", state.Jobs,
            one => [one.Id, one.State.ToString(), one.Actor, one.Body, one.CreatedAt.ToUnixTimeMilliseconds()]);
        Put(
            """
            INSERT INTO series(equipment, metric, length, kind, unit, count, first_at, last_at, end_at, revision)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING
            """,
            state.Series,
            one =>
            [
                one.Key.EquipmentId, one.Key.Metric, one.Key.Length.Milliseconds(), (int)one.Kind, one.Unit, one.Count, one.FirstAt, one.LastAt, one.EndAt, one.Revision,
            ]);
        var versions = SqliteReadings.VersionsOf(state);
        Put(
            "INSERT INTO write(version, job, actor, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", state.Writes,
            one => [versions[one.Id], one.Job, one.Actor, one.At]);
        Put(
            "INSERT OR REPLACE INTO undone(job, version, changed) VALUES ($1, $2, $3)", state.Undos,
            one => [one.Job, versions[one.Write], one.Changed]);
        Put("INSERT OR REPLACE INTO merge(job, equipment, into_equipment, changed) VALUES ($1, $2, $3, $4)", state.Merges, one => [one.Job, one.From, one.Into, one.Changed]);
        var ids = SqliteReadings.SeriesIds(connection);
        Put(
            "INSERT OR REPLACE INTO job_range(job, series, first_at, last_at, known_from, known_until) VALUES ($1, $2, $3, $4, $5, $6)", state.Ranges,
            one => [one.Job, ids[one.Key], one.First, one.Last, one.Known.From, one.Known.Until]);
        Put(
            "INSERT OR REPLACE INTO unchecked(series, block, first_at, last_at, mark) VALUES ($1, $2, $3, $4, random())", state.Unchecked,
            one => [ids[one.Key], one.Block, one.First, one.Last]);
        Put(
            "INSERT OR REPLACE INTO flag_count(equipment, flags, readings) VALUES ($1, $2, $3)", state.FlagCounts,
            one => [one.EquipmentId, (int)one.Flags, one.Readings]);
        Put(
            "INSERT INTO outbox(id, name, occurred_at, trace_parent, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT(id) DO NOTHING", state.Outbox,
            one => [one.Id, one.Name, one.OccurredAt.ToUnixTimeMilliseconds(), one.TraceParent, one.Body]);
        return 0;

        void Put<T>(string sql, IEnumerable<T> items, Func<T, object?[]> values)
        {
            foreach (var item in items)
            {
                connection.Execute(sql, [.. values(item).Select((value, i) => (FormattableString.Invariant($"${i + 1}"), value))]);
            }
        }
    }

    private static int Write(SqliteConnection connection, MovedMessage message) => connection.Execute(
        """
        INSERT INTO inbox(subscription, id, name, occurred_at, trace_parent, body, state, state_at, attempts, due_at, error)
        VALUES ($subscription, $id, $name, $occurred_at, $trace_parent, $body, $state, $state_at, $attempts, $state_at, $error)
        ON CONFLICT(subscription, id) DO NOTHING
        """,
        ("$subscription", message.Subscription), ("$id", message.Fact.Id), ("$name", message.Fact.Name),
        ("$occurred_at", message.Fact.OccurredAt.ToUnixTimeMilliseconds()), ("$trace_parent", message.Fact.TraceParent), ("$body", message.Fact.Body),
        ("$state", Array.IndexOf(MessageStates, message.State)), ("$state_at", message.StateAt), ("$attempts", message.Attempts), ("$error", message.Error));

    private static Event ReadEvent(SqliteDataReader row, int first) => new(
        row.GetString(first), row.GetString(first + 1), row.GetInstant(first + 2), row.FindText(first + 3), row.GetString(first + 4));

    private static SeriesKey Key(SqliteDataReader row, int first) => new(row.GetString(first), row.GetString(first + 1), row.GetLength(first + 2));

    private static T Body<T>(SqliteDataReader row, int column) => JsonSerializer.Deserialize<T>(row.GetString(column), EmsJson.Options)!;

    private static string Json<T>(T body) => JsonSerializer.Serialize(body, EmsJson.Options);
}
