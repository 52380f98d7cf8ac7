using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// One SQLite file, shared by the processes of one machine. It is made or migrated when it is first opened.
/// </summary>
/// <param name="path">The file; its folder is made when missing, for its owner alone.</param>
/// <param name="migrations">
/// What leads from an empty file to the present schema, one step per schema version; append only, never change one.
/// </param>
/// <param name="largestLogBytes">How long the write-ahead log may become, but for what is written during one read.</param>
public sealed class SqliteDatabase(
    string path, IReadOnlyList<SchemaStep> migrations, long largestLogBytes = SqliteDatabase.DefaultLargestLogBytes) : IDisposable
{
    /// <summary>How long a statement waits for another process's turn.</summary>
    internal const int PatienceMs = 60_000;

    private const long DefaultLargestLogBytes = 64 << 20;

    private readonly string _connectionString =
        new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 60 }.ToString();

    private readonly Lock _migrating = new();
    private readonly SqliteWriter _writer = new(largestLogBytes);
    private volatile bool _migrated;

    static SqliteDatabase()
    {
        // Nobody asks how much memory SQLite has; to count it, all threads wait for one lock at every piece they take. Too late, and
        // without effect, when the process has opened a file before.
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public string FilePath => path;

    /// <summary>A new (pooled) connection; dispose of it soon, for a long read keeps the log from being emptied.</summary>
    public SqliteConnection Open()
    {
        Migrate();
        return OpenUnchecked();
    }

    /// <summary>Reads one consistent state of the file.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var connection = Open();
            using var transaction = connection.BeginTransaction(deferred: true);
            return read(connection);
        },
        cancellationToken);

    /// <summary>
    /// Runs <paramref name="write"/> in a transaction that is on disk when the task completes. Callers of one process take
    /// turns and share transactions; a write that throws is undone alone. Keep it short: others wait for it.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken) =>
        _writer.RunAsync(Open, write, cancellationToken);

    public void Dispose()
    {
        using (var connection = new SqliteConnection(_connectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        _writer.Dispose();
    }

    private void Migrate()
    {
        if (_migrated)
        {
            return;
        }

        lock (_migrating)
        {
            if (!_migrated)
            {
                SqliteMigration.Run(path, migrations, OpenUnchecked);
                _migrated = true;
            }
        }
    }

    private SqliteConnection OpenUnchecked()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        connection.Execute($"""
            PRAGMA busy_timeout = {PatienceMs};
            PRAGMA synchronous = FULL;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -16384;
            """);
        return connection;
    }
}
