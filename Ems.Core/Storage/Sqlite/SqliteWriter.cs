using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// Lets many callers write through one connection: what they have queued while the disk was busy shares one transaction and one
/// flush to disk.
/// </summary>
/// <param name="largestLogBytes">Above it, the write-ahead log is emptied as soon as readers allow it.</param>
internal sealed class SqliteWriter(long largestLogBytes) : IDisposable
{
    private const int ReadersPatienceMs = 500;
    private static readonly TimeSpan LongestGroup = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseAfterVain = TimeSpan.FromMilliseconds(5 * ReadersPatienceMs);

    private readonly ConcurrentQueue<Write> _queue = new();
    private int _isRunning;
    private SqliteConnection? _connection;
    private long _triedInVainAt;

    public async Task<T> RunAsync<T>(
        Func<SqliteConnection> open, Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        var write = new Write<T>(work);
        _queue.Enqueue(write);
        if (Interlocked.CompareExchange(ref _isRunning, 1, 0) == 0)
        {
            // Without the caller's context: others' writes are run as well.
            ThreadPool.UnsafeQueueUserWorkItem(RunAll, open, preferLocal: false);
        }

        await using var cancelling = cancellationToken.Register(() => write.TryCancel(cancellationToken));
        return await write.Completion;
    }

    public void Dispose() => _connection?.Dispose();

    /// <summary>Runs until nothing is queued any more.</summary>
    private void RunAll(Func<SqliteConnection> open)
    {
        do
        {
            while (!_queue.IsEmpty)
            {
                RunQueued(open);
            }

            Interlocked.Exchange(ref _isRunning, 0);
        }
        while (!_queue.IsEmpty && Interlocked.CompareExchange(ref _isRunning, 1, 0) == 0);
    }

    /// <summary>Runs a group of queued writes.</summary>
    private void RunQueued(Func<SqliteConnection> open)
    {
        var group = new List<Write>();
        try
        {
            _connection ??= open();
            using (var transaction = _connection.BeginTransaction())
            {
                RunGroup(_connection, group);
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
            Fail(group, exception);
        }
    }

    private void RunGroup(SqliteConnection connection, List<Write> group)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(startedAt) < LongestGroup && _queue.TryDequeue(out var write))
        {
            if (!write.TryStart())
            {
                continue;
            }

            group.Add(write);
            connection.Execute("SAVEPOINT one");
            write.Run(connection);
            if (write.Failed)
            {
                connection.Execute("ROLLBACK TO one");
            }

            connection.Execute("RELEASE one");
        }
    }

    /// <summary>The transaction itself failed: so did all of its writes, and where none had begun the next one, which is not tried for ever.</summary>
    private void Fail(List<Write> group, Exception exception)
    {
        while (group.Count == 0 && _queue.TryDequeue(out var next))
        {
            if (next.TryStart())
            {
                group.Add(next);
            }
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

        public abstract bool Failed { get; }

        public bool TryStart() => Interlocked.CompareExchange(ref _state, 1, 0) == 0;

        /// <summary>What has begun is not broken off.</summary>
        public void TryCancel(CancellationToken cancellationToken)
        {
            if (Interlocked.CompareExchange(ref _state, 2, 0) == 0)
            {
                Cancel(cancellationToken);
            }
        }

        public abstract void Run(SqliteConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception exception);

        protected abstract void Cancel(CancellationToken cancellationToken);
    }

    private sealed class Write<T>(Func<SqliteConnection, T> work) : Write
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _exception;

        public Task<T> Completion => _completion.Task;

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

        protected override void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);
    }
}
