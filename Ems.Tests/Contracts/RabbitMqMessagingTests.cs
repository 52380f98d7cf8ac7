using Ems.Core.Messaging;
using Ems.Core.Messaging.RabbitMq;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Ems.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ems.Tests.Contracts;

/// <summary>The messages on a real RabbitMQ, between outboxes and inboxes in SQLite.</summary>
public sealed partial class RabbitMqMessagingTests : MessagingContractTests
{
    private readonly TestRabbitMq _broker = TestRabbitMq.Create();
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _publisher;
    private readonly SqliteDatabase _subscriber;
    private IHost? _relay;
    private string? _address;

    public RabbitMqMessagingTests()
    {
        _publisher = new SqliteDatabase(Path.Combine(_folder.Path, Publisher + ".db"), [SqliteOutbox.Schema, SqliteOutbox.Leases]);
        _subscriber = new SqliteDatabase(Path.Combine(_folder.Path, Module + ".db"), Migrations);
    }

    private static IReadOnlyList<SchemaStep> Migrations => [SqliteInbox.Schema + "CREATE TABLE effect(text TEXT NOT NULL) STRICT;"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Queue => $"{_broker.Prefix}.{Module}.check";

    public override async ValueTask InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        _broker.Configure(builder);
        builder.Services.AddKeyedSingleton(Publisher, _publisher);
        builder.AddEmsPublisher(Publisher);
        builder.Services.Configure<StoreOptions>(options => options.DataDirectory = _folder.Path);
        _relay = builder.Build();
        await _relay.StartAsync(Cancellation);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_relay is not null)
        {
            await _relay.StopAsync(CancellationToken.None);
            _relay.Dispose();
        }

        await _broker.DisposeAsync();
        _publisher.Dispose();
        _subscriber.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_the_broker_has_confirmed_leaves_the_outbox()
    {
        await StartAsync(SaveAsync);
        await PublishAsync([.. Enumerable.Range(0, 1_200).Select(number => Fact($"{number:0000}"))]);

        await BecomesTrueAsync(
            async () => (await ReadEffectsAsync()).Count == 1_200 && await CountOutboxAsync() == 0,
            async () => $"{(await ReadEffectsAsync()).Count} effects, {await CountOutboxAsync()} in the outbox");
    }

    [Fact]
    public async Task Connections_that_are_lost_as_soon_as_they_are_made_are_made_anew_until_one_lasts()
    {
        await using var door = new CuttingDoor(_broker.ConnectionString);
        _address = door.ConnectionString;
        await StartAsync(SaveAsync);
        await PublishAsync(Fact("a"));
        await EffectsBecomeAsync("a");

        await door.CutAsync(next: 10);
        await PublishAsync([.. Enumerable.Range(0, 50).Select(number => Fact($"{number:00}"))]);

        await EffectsBecomeAsync(["a", .. Enumerable.Range(0, 50).Select(number => $"{number:00}")]);
        Assert.Equal(0, door.Left);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a", "b")]
    public async Task What_is_being_saved_when_the_process_is_stopped_is_saved_and_does_not_come_again(params string[] events)
    {
        var (saving, stopping) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var saved = new ManualResetEventSlim();
        var host = await StartAsync(
            (fact, stop) => Task.FromResult<Action<IUnitOfWork>>(work =>
            {
                if (fact.Id == events[^1])
                {
                    stop.Register(() => stopping.TrySetResult());
                    saving.TrySetResult();
                    saved.Wait(TimeSpan.FromMinutes(1), CancellationToken.None);
                }

                SaveEffect(work, fact.Id);
            }),
            lease: TimeSpan.FromMinutes(1));
        foreach (var id in events[..^1])
        {
            await PublishAsync(Fact(id));
            await EffectsBecomeAsync(id);
        }

        await PublishAsync(Fact(events[^1]));
        await saving.Task.WaitAsync(Cancellation);

        var stop = host.StopAsync(Cancellation);
        await stopping.Task.WaitAsync(Cancellation);
        saved.Set();
        await stop;

        Assert.Equal(events, await ReadEffectsAsync());
        await using var connection = await _broker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        Assert.Null(await channel.BasicGetAsync(Queue, autoAck: true, Cancellation));
    }

    [Fact]
    public async Task An_event_that_takes_long_holds_up_no_other_and_is_not_acknowledged_with_those_behind_it()
    {
        var others = Enumerable.Range(0, 300).Select(number => $"{number:000}").ToList();
        var host = await StartAsync(
            async (fact, stop) =>
            {
                await (fact.Id == "slow" ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop) : Task.CompletedTask);
                return work => SaveEffect(work, fact.Id);
            },
            lease: TimeSpan.FromMinutes(10));
        await PublishAsync(Fact("first"));
        await EffectsBecomeAsync("first");

        await PublishAsync([Fact("slow"), .. others.Select(id => Fact(id))]);

        await EffectsBecomeAsync(["first", .. others]);
        await host.StopAsync(Cancellation);
        await using var connection = await _broker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await BecomesTrueAsync(
            async () => await channel.MessageCountAsync(Queue, Cancellation) == 1,
            async () => $"{await channel.MessageCountAsync(Queue, Cancellation)} messages are left.");
        Assert.Equal("slow", (await channel.BasicGetAsync(Queue, autoAck: true, Cancellation))!.BasicProperties.MessageId);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "FormatException: of an attempt before")]
    public async Task An_event_that_ends_the_process_each_time_is_parked_by_the_broker(int attempts, string? error)
    {
        var host = await StartAsync(SaveAsync);
        await PublishAsync(Fact("first"));
        await EffectsBecomeAsync("first");
        await host.StopAsync(Cancellation);

        // Each time the one that got it disappears, as a process does that is killed.
        await using (var connection = await _broker.ConnectAsync())
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
            var poison = new RabbitMqMessage(Fact("poison"), attempts, error);
            await channel.BasicPublishAsync("", Queue, mandatory: true, poison.Properties(), poison.Body, Cancellation);
            for (var delivery = 0; delivery <= 20; delivery++)
            {
                await TakeAndDisappearAsync(connection);
            }
        }

        var parked = Assert.Single(await ParkedBecomeAsync(host, 1));
        Assert.Equal(("poison", "The process ended each time while it was handled."), (parked.EventId, parked.Error));
        var again = await StartAsync(SaveAsync);
        Assert.True(await again.Services.GetRequiredService<IParkedMessages>().RetryAsync(parked.Id, Cancellation));
        await EffectsBecomeAsync("first", "poison");
    }

    [Fact]
    public async Task A_message_that_is_no_event_is_parked_and_blocks_no_other()
    {
        var host = await StartAsync(SaveAsync);
        await PublishAsync(Fact("a"));
        await EffectsBecomeAsync("a");
        await PublishAsOutsiderAsync(new BasicProperties(), "who sent this?");

        await PublishAsync(Fact("b"));

        await EffectsBecomeAsync("a", "b");
        Assert.Equal("This is no event of Ems.", Assert.Single(await ParkedBecomeAsync(host, 1)).Error);
    }

    [Fact]
    public async Task A_queue_that_was_deleted_is_made_again_and_consumed()
    {
        await StartAsync(SaveAsync);
        await PublishAsync(Fact("a"));
        await EffectsBecomeAsync("a");

        await _broker.DeleteAsync([$"{Module}.check"], []);
        await PublishAsync(Fact("b"));

        await EffectsBecomeAsync("a", "b");
    }

    [Fact]
    public async Task Many_look_at_parked_messages_at_once_and_each_sees_all_of_them()
    {
        var host = await StartAsync(_ => throw new FormatException("never"));
        await PublishAsync([.. Enumerable.Range(0, 30).Select(number => Fact($"{number:00}"))]);
        await ParkedBecomeAsync(host, 30);

        var looks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            host.Services.GetRequiredService<IParkedMessages>().ListAsync(100, null, Cancellation)));
        var page = await host.Services.GetRequiredService<IParkedMessages>().ListAsync(10, looks[0][9].Id, Cancellation);

        Assert.All(looks, look => Assert.Equal(30, look.Count));
        Assert.Equal(looks[0].Skip(10).Take(10).Select(one => one.EventId), page.Select(one => one.EventId));
    }

    [Fact]
    public async Task What_the_embedded_queue_held_when_a_broker_came_is_still_handled()
    {
        using var signals = new SignalWatcher(
            Microsoft.Extensions.Options.Options.Create(new StoreOptions { DataDirectory = _folder.Path }),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<SignalWatcher>.Instance);
        var subscription = new Subscription(Module + ".check", Publisher, [EventName]);
        var queue = new SqliteQueue(_subscriber, subscription, new OutboxReader(_publisher.FilePath), signals, TimeProvider.System);
        await queue.AddAsync(-1, 1, [Fact("old")], Cancellation);

        await StartAsync(SaveAsync);

        await EffectsBecomeAsync("old");
    }

    [Fact]
    public async Task A_broker_that_is_there_is_healthy_as_soon_as_it_is_connected()
    {
        var host = await StartAsync(SaveAsync);

        var checks = host.Services.GetRequiredService<HealthCheckService>();

        await BecomesTrueAsync(
            async () => (await checks.CheckHealthAsync(Cancellation)).Entries["RabbitMQ.Client"].Status == HealthStatus.Healthy,
            () => Task.FromResult("It does not become healthy."));
    }

    protected override void AddMessaging(IHostApplicationBuilder builder)
    {
        _broker.Configure(builder);
        builder.Configuration["ConnectionStrings:rabbitmq"] = _address ?? _broker.ConnectionString;
        builder.AddEmsMessaging(Module, Migrations);
        builder.Services.Configure<StoreOptions>(options => options.DataDirectory = _folder.Path);
        if (_inbox is not null)
        {
            builder.Services.AddKeyedSingleton<IInbox>(Module, _inbox);
            builder.Services.Configure<RabbitMqOptions>(options => options.StorePatience = _patience);
        }
    }

    protected override void SaveEffect(IUnitOfWork work, string effect) =>
        SqliteUnitOfWork.Of(work).Connection.Execute("INSERT INTO effect(text) VALUES ($text)", ("$text", effect));

    protected override async Task<IReadOnlyList<string>> ReadEffectsAsync() => await _subscriber.ReadAsync(
        connection => connection.ReadAll(row => row.GetString(0), "SELECT text FROM effect ORDER BY rowid"), Cancellation);

    protected override async Task PublishAsync(params Event[] facts)
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

    private Task<long> CountOutboxAsync() => _publisher.ReadAsync(connection => connection.ReadLong("SELECT count(*) FROM outbox"), Cancellation);

    private async Task TakeAndDisappearAsync(IConnection connection)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        var taken = new TaskCompletionSource();
        AsyncEventingBasicConsumer receiving = new(channel);
        receiving.ReceivedAsync += (_, _) =>
        {
            taken.TrySetResult();
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, receiving, Cancellation);
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }
}
