using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// Lets many callers write through one connection: whoever gets the turn also runs what the others have queued meanwhile, so
/// that they share one transaction and one flush to disk.
/// </summary>
/// <param name="largestLogBytes">Above it, the write-ahead log is emptied as soon as readers allow it.</param>
internal sealed class SqliteWriter(long largestLogBytes) : IDisposable
{
    private const int ReadersPatienceMs = 500;
    private static readonly TimeSpan LongestGroup = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseAfterVain = TimeSpan.FromMilliseconds(5 * ReadersPatienceMs);

    private readonly ConcurrentQueue<Write> _queue = new();
    private readonly SemaphoreSlim _turn = new(1);
    private SqliteConnection? _connection;
    private long _triedInVainAt;

    public async Task<T> RunAsync<T>(
        Func<SqliteConnection> open, Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        var write = new Write<T>(work);
        _queue.Enqueue(write);
        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!write.TryCancel())
        {
            return await write.Completion;
        }

        try
        {
            if (!write.Completion.IsCompleted)
            {
                await Task.Run(() => RunQueued(open, write), CancellationToken.None);
            }
        }
        finally
        {
            _turn.Release();
        }

        return await write.Completion;
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _turn.Dispose();
    }

    /// <summary>Runs groups of queued writes until the given one has been among them.</summary>
    private void RunQueued(Func<SqliteConnection> open, Write until)
    {
        while (!until.IsDone)
        {
            var group = new List<Write>();
            try
            {
                _connection ??= open();
                using (var transaction = _connection.BeginTransaction())
                {
                    RunGroup(_connection, transaction, group);
                    transaction.Commit();
                }

                group.ForEach(write => write.Complete());
                TrimLog(_connection);
            }
#pragma warning disable CA1031 // Handed to the callers, whose writes they were.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _connection?.Dispose();
                _connection = null;
                Fail(group, until, exception);
            }
        }
    }

    private void RunGroup(SqliteConnection connection, SqliteTransaction transaction, List<Write> group)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(startedAt) < LongestGroup && _queue.TryDequeue(out var write))
        {
            if (!write.TryStart())
            {
                continue;
            }

            group.Add(write);
            transaction.Save("one");
            write.Run(connection);
            if (write.Failed)
            {
                transaction.Rollback("one");
            }

            transaction.Release("one");
        }
    }

    /// <summary>The transaction itself failed: so did all of its writes, and the one whose turn it is even if it had not begun.</summary>
    private static void Fail(List<Write> group, Write until, Exception exception)
    {
        if (group.Count == 0 && until.TryStart())
        {
            group.Add(until);
        }

        group.ForEach(write => write.Fail(exception));
    }

    /// <summary>
    /// Readers that overlap all the time keep the log from starting over; making new ones wait for a moment bounds it. One that
    /// reads for longer than that is not waited for: the log grows until it has ended.
    /// </summary>
    private void TrimLog(SqliteConnection connection)
    {
        var log = new FileInfo(connection.DataSource + "-wal");
        if (!log.Exists || log.Length <= largestLogBytes || (_triedInVainAt != 0 && Stopwatch.GetElapsedTime(_triedInVainAt) < PauseAfterVain))
        {
            return;
        }

        SetPatience(connection, ReadersPatienceMs);
        var isBusy = connection.ReadAll(row => row.GetInt64(0), "PRAGMA wal_checkpoint(TRUNCATE)").Single() != 0;
        SetPatience(connection, SqliteDatabase.PatienceMs);
        _triedInVainAt = isBusy ? Stopwatch.GetTimestamp() : 0;
    }

    private static void SetPatience(SqliteConnection connection, int milliseconds) =>
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {milliseconds}"));

    private abstract class Write
    {
        private int _state;

        public abstract bool IsDone { get; }

        public abstract bool Failed { get; }

        public bool TryStart() => Interlocked.CompareExchange(ref _state, 1, 0) == 0;

        public bool TryCancel() => Interlocked.CompareExchange(ref _state, 2, 0) == 0;

        public abstract void Run(SqliteConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Write<T>(Func<SqliteConnection, T> work) : Write
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _exception;

        public Task<T> Completion => _completion.Task;

        public override bool IsDone => Completion.IsCompleted;

        public override bool Failed => _exception is not null;

        public override void Run(SqliteConnection connection)
        {
            try
            {
                _result = work(connection);
            }
#pragma warning disable CA1031 // Handed to the caller, whose write it was.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _exception = exception;
            }
        }

        public override void Complete()
        {
            if (_exception is not null)
            {
                _completion.TrySetException(_exception);
            }
            else
            {
                _completion.TrySetResult(_result!);
            }
        }

        public override void Fail(Exception exception) => _completion.TrySetException(_exception ?? exception);
    }
}
