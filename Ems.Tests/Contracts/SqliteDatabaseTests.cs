using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Ems.Tests.EndToEnd;
using Microsoft.Data.Sqlite;

namespace Ems.Tests.Contracts;

public sealed class SqliteDatabaseTests : IDisposable
{
    private const string First = "CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT) STRICT;";
    private const string Second = "ALTER TABLE note ADD COLUMN author TEXT;";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_folder.Path, "inner", "notes.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_copied_before_it_is_migrated_and_an_older_program_refuses_it_afterwards()
    {
        using (var old = new SqliteDatabase(FilePath, [First]))
        {
            await Add(old, "kept");
        }

        using (var newer = new SqliteDatabase(FilePath, [First, Second]))
        {
            Assert.Equal(1, await Count(newer));
        }

        using var copy = new SqliteDatabase(FilePath + ".v1.bak", [First]);
        Assert.Equal(1, await Count(copy));
        using var older = new SqliteDatabase(FilePath, [First]);
        var refusal = Assert.Throws<StartRefusedException>(older.Open);
        Assert.Contains("written by a newer Ems (schema 2, this one knows 1)", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task Many_processes_open_a_new_file_at_once_and_one_of_them_makes_it()
    {
        var processes = Enumerable.Range(0, 6).Select(_ => new SqliteDatabase(FilePath, [First, Second])).ToList();

        await Task.WhenAll(processes.Select((process, i) => Add(process, $"{i}")));

        Assert.Equal(6, await Count(processes[0]));
        processes.ForEach(process => process.Dispose());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(FilePath)!));
        }
    }

    [Fact]
    public async Task A_write_that_throws_takes_no_other_with_it()
    {
        using var database = new SqliteDatabase(FilePath, [First]);
        var writes = Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? Fail(database) : Add(database, $"{i}")).ToList();

        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Equal(20, writes.Count(write => write.IsFaulted));
        Assert.Equal(40, await Count(database));
    }

    [Fact]
    public async Task A_write_given_up_while_it_waits_is_not_done()
    {
        using var database = new SqliteDatabase(FilePath, [First]);
        using var gate = new ManualResetEventSlim();
        using var giveUp = new CancellationTokenSource();
        var slow = database.WriteAsync(
            _ =>
            {
                gate.Wait(Cancel);
                return 0;
            },
            Cancel);
        var waiting = database.WriteAsync(connection => Insert(connection, "given up"), giveUp.Token);

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Set();
        await slow;
        await Add(database, "kept");

        Assert.Equal(1, await Count(database));
    }

    [Fact]
    public async Task The_log_stays_short_while_readers_overlap_all_the_time_and_after_one_that_took_long()
    {
        const int limit = 1 << 20;
        using var database = new SqliteDatabase(FilePath, [First], limit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var readers = Enumerable.Range(0, 3).Select(i => Task.Run(() => ReadOnAndOnAsync(database, 10 + (5 * i), stop.Token), Cancel)).ToList();
        readers.Add(Task.Run(() => WriteOnAndOnAsync(database, stop.Token), Cancel));
        await AddMuch(database, 8 * limit);
        await LogIsShortAsync();

        using (var connection = database.Open())
        using (var transaction = connection.BeginTransaction(deferred: true))
        {
            Assert.True(connection.ReadLong("SELECT count(*) FROM note") > 0);
            await AddMuch(database, 8 * limit);
            Assert.True(LogLength() > limit);
        }

        await LogIsShortAsync();
        await stop.CancelAsync();
        await Task.WhenAll(readers);

        Task LogIsShortAsync() =>
            Eventually.HoldsAsync(() => LogLength() <= limit, TimeSpan.FromMinutes(1), () => $"The log has {LogLength()} bytes.");

        long LogLength() => new FileInfo(FilePath + "-wal").Length;
    }

    private static async Task ReadOnAndOnAsync(SqliteDatabase database, int milliseconds, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await database.ReadAsync(
                connection =>
                {
                    var count = connection.ReadLong("SELECT count(*) FROM note");
                    stop.WaitHandle.WaitOne(milliseconds);
                    return count;
                },
                CancellationToken.None);
        }
    }

    private static async Task WriteOnAndOnAsync(SqliteDatabase database, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Add(database, "one more");
        }
    }

    private static Task<int> AddMuch(SqliteDatabase database, int bytes) => database.WriteAsync(
        connection => connection.Execute("INSERT INTO note(body) VALUES (hex(randomblob($bytes)))", ("$bytes", bytes / 2)), Cancel);

    private static Task<int> Add(SqliteDatabase database, string body) =>
        database.WriteAsync(connection => Insert(connection, body), Cancel);

    private static Task<int> Fail(SqliteDatabase database) => database.WriteAsync<int>(
        connection =>
        {
            Insert(connection, "undone");
            throw new InvalidOperationException("On purpose.");
        },
        Cancel);

    private static int Insert(SqliteConnection connection, string body) =>
        connection.Execute("INSERT INTO note(body) VALUES ($body)", ("$body", body));

    private static Task<long> Count(SqliteDatabase database) =>
        database.ReadAsync(connection => connection.ReadLong("SELECT count(*) FROM note"), Cancel);
}
