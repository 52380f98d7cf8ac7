using Ems.Core.Messaging;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Ems.Tests.Contracts;

public sealed class SqliteOutboxTests : OutboxContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SignalWatcher _signals;

    public SqliteOutboxTests()
    {
        _database = new SqliteDatabase(Path.Combine(_folder.Path, "publisher.db"), [SqliteOutbox.Schema, SqliteOutbox.Leases]);
        _signals = new SignalWatcher(Options.Create(new StoreOptions { DataDirectory = _folder.Path }), NullLogger<SignalWatcher>.Instance);
        Outbox = new SqliteOutbox(_database, _signals, Clock);
    }

    protected override IOutbox Outbox { get; }

    [Fact]
    public async Task A_signal_of_the_file_wakes_the_relay()
    {
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = Outbox.Listen(() => woken.TrySetResult());

        FileSignal.Raise(_database.FilePath);

        await woken.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    public void Dispose()
    {
        _signals.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    protected override Task AppendAsync(params Event[] facts) => _database.WriteAsync(
        connection =>
        {
            foreach (var fact in facts)
            {
                SqliteOutbox.Append(connection, fact);
            }

            return facts.Length;
        },
        Cancellation);
}

public sealed class SqliteInboxTests : InboxContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteInboxTests()
    {
        _database = new SqliteDatabase(
            Path.Combine(_folder.Path, "checks.db"), [SqliteInbox.Schema + "CREATE TABLE effect(text TEXT NOT NULL UNIQUE) STRICT;"]);
        Inbox = new SqliteInbox(_database, Clock);
    }

    protected override IInbox Inbox { get; }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    protected override void SaveEffect(IUnitOfWork work, string effect) =>
        SqliteUnitOfWork.Of(work).Connection.Execute("INSERT INTO effect(text) VALUES ($text)", ("$text", effect));

    protected override async Task<IReadOnlyList<string>> ReadEffectsAsync() =>
        await _database.ReadAsync(connection => connection.ReadAll(row => row.GetString(0), "SELECT text FROM effect"), Cancellation);
}
