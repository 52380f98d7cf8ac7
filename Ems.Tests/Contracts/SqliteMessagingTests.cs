using Ems.Core.Messaging;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Ems.Tests.Contracts;

public sealed class SqliteMessagingTests : MessagingContractTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-messaging-").FullName;
    private readonly SqliteDatabase _publisher;
    private readonly SqliteDatabase _subscriber;

    public SqliteMessagingTests()
    {
        _publisher = new SqliteDatabase(Path.Combine(_folder, Publisher + ".db"), [SqliteOutbox.Schema, SqliteOutbox.Leases]);
        _subscriber = new SqliteDatabase(Path.Combine(_folder, Module + ".db"), Migrations);
    }

    private static IReadOnlyList<SchemaStep> Migrations => [SqliteInbox.Schema + "CREATE TABLE effect(text TEXT NOT NULL) STRICT;"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signal_wakes_the_consumer_long_before_the_poll()
    {
        await StartAsync(SaveAsync);
        await PublishAsync(Fact("a"));
        await EffectsBecomeAsync("a");

        await PublishAsync(Fact("b"));

        await EffectsBecomeAsync("a", "b");
    }

    [Fact]
    public async Task An_older_copy_of_the_publishers_file_loses_no_event_that_comes_after()
    {
        await StartAsync(SaveAsync);
        await PublishAsync(Fact("a"), Fact("b"), Fact("c"));
        await EffectsBecomeAsync("a", "b", "c");

        await _publisher.WriteAsync(
            connection => connection.Execute("DELETE FROM outbox WHERE id <> 'a'; UPDATE sqlite_sequence SET seq = 1 WHERE name = 'outbox'"),
            Cancellation);
        await PublishAsync(Fact("d"));

        await EffectsBecomeAsync("a", "b", "c", "d");
    }

    [Fact]
    public async Task Events_that_all_subscribers_have_got_are_deleted()
    {
        await PublishAsync(Fact("a"));
        var pruner = Pruner(new FakeTimeProvider(Fact("a").OccurredAt.ToDateTimeOffset()));
        Assert.Equal(0, pruner.Prune(Publisher));

        await StartAsync(SaveAsync);
        await EffectsBecomeAsync("a");

        Assert.Equal(1, pruner.Prune(Publisher));
        await PublishAsync(Fact("b"));
        await EffectsBecomeAsync("a", "b");
    }

    [Fact]
    public async Task Events_without_any_subscriber_are_deleted_in_the_end()
    {
        await PublishAsync(Fact("a"));
        var clock = new FakeTimeProvider(Fact("a").OccurredAt.ToDateTimeOffset());
        var pruner = Pruner(clock);

        clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, pruner.Prune(Publisher));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, pruner.Prune(Publisher));
    }

    [Fact]
    public async Task Handled_messages_are_forgotten_after_a_while()
    {
        await StartAsync(SaveAsync);
        await PublishAsync(Fact("a"));
        await EffectsBecomeAsync("a");
        var now = TimeProvider.System.GetUtcNow();
        var inbox = new SqliteInbox(_subscriber, TimeProvider.System);

        Assert.Equal(0, await inbox.PruneAsync(now - TimeSpan.FromHours(1), Cancellation));
        Assert.Equal(1, await inbox.PruneAsync(now + TimeSpan.FromHours(1), Cancellation));
    }

    [Fact]
    public async Task A_message_whose_consumer_was_killed_is_tried_alone_and_parked_in_the_end()
    {
        var clock = new FakeTimeProvider(Fact("a").OccurredAt.ToDateTimeOffset());
        using var signals = new SignalWatcher(Options.Create(new StoreOptions { DataDirectory = _folder }), NullLogger<SignalWatcher>.Instance);
        var subscription = new Subscription(Module + ".check", Publisher, [EventName]);
        var queue = new SqliteQueue(_subscriber, subscription, new OutboxReader(_publisher.FilePath), signals, clock);
        await queue.AddAsync(-1, 2, [Fact("a"), Fact("b")], Cancellation);

        Assert.Equal(["a", "b"], (await queue.LeaseAsync(TimeSpan.FromMinutes(1), Cancellation)).Select(one => one.Fact.Id));
        Assert.Empty(await queue.LeaseAsync(TimeSpan.FromMinutes(1), Cancellation));
        clock.Advance(TimeSpan.FromMinutes(2));

        var again = Assert.Single(await queue.LeaseAsync(TimeSpan.FromMinutes(1), Cancellation));
        Assert.Equal(("a", 2), (again.Fact.Id, again.Attempts));
    }

    protected override Task PublishAsync(params Event[] facts) => PublishAndSignalAsync(facts);

    protected override void AddMessaging(IHostApplicationBuilder builder)
    {
        builder.AddEmsMessaging(Module, Migrations);
        builder.Services.Configure<StoreOptions>(options => options.DataDirectory = _folder);
        builder.Services.Configure<MessagingOptions>(options => options.PollInterval = TimeSpan.FromMinutes(30));
    }

    protected override void SaveEffect(IUnitOfWork work, string effect) =>
        SqliteUnitOfWork.Of(work).Connection.Execute("INSERT INTO effect(text) VALUES ($text)", ("$text", effect));

    protected override async Task<IReadOnlyList<string>> ReadEffectsAsync() => await _subscriber.ReadAsync(
        connection => connection.ReadAll(row => row.GetString(0), "SELECT text FROM effect ORDER BY rowid"), Cancellation);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _publisher.Dispose();
        _subscriber.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The outbox holds an id once; an event that comes again after it was pruned is still the same event.</summary>
    private async Task PublishAndSignalAsync(Event[] facts)
    {
        await _publisher.WriteAsync(
            connection =>
            {
                foreach (var fact in facts)
                {
                    connection.Execute("DELETE FROM outbox WHERE id = $id", ("$id", fact.Id));
                    SqliteOutbox.Append(connection, fact);
                }

                return facts.Length;
            },
            Cancellation);
        FileSignal.Raise(_publisher.FilePath);
    }

    private OutboxPruner Pruner(TimeProvider clock) => new(
        [new OutboxRegistration(Publisher)],
        Options.Create(new StoreOptions { DataDirectory = _folder }),
        Options.Create(new MessagingOptions()),
        clock,
        NullLogger<OutboxPruner>.Instance);
}
