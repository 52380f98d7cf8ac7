using Ems.Core.Messaging;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Storage.Mongo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Tests.Contracts;

/// <summary>What the tests' consumers save.</summary>
internal static class MongoEffects
{
    public static readonly MongoCollection Collection = new("effects");

    public static void Save(IUnitOfWork work, string effect) => MongoUnitOfWork.Of(work).Add((database, session, token) =>
        database.Of(Collection.Name).InsertOneAsync(session, new BsonDocument("text", effect), options: null, token));

    public static async Task<IReadOnlyList<string>> ReadAsync(MongoStore store, CancellationToken cancellationToken) =>
        (await (await store.OpenAsync(Collection.Name, cancellationToken)).Find(Where.Empty).ToListAsync(cancellationToken))
        .ConvertAll(document => document["text"].AsString);
}

public sealed class MongoOutboxTests : OutboxContract, IAsyncDisposable
{
    private readonly TestMongo _mongo = new();
    private readonly MongoStore _store;

    public MongoOutboxTests() => _store = _mongo.Open();

    protected override IOutbox Outbox => new MongoOutbox(_store, "checks", Clock);

    [Fact]
    public async Task Events_of_other_modules_and_those_whose_data_are_not_written_yet_are_left_alone()
    {
        await AppendAsync("other", MessageDocuments.Waiting, Fact("a"));
        await AppendAsync("checks", MessageDocuments.Pending, Fact("b"));

        Assert.Empty(await Outbox.LeaseAsync(10, TimeSpan.FromMinutes(1), Cancellation));
        Assert.Equal(new Backlog(0, null), await Outbox.ReadBacklogAsync(Cancellation));
    }

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();

    protected override Task AppendAsync(params Event[] facts) => AppendAsync("checks", MessageDocuments.Waiting, facts);

    private Task<int> AppendAsync(string module, string state, params Event[] facts) => _store.WriteAsync(
        async (database, session, token) =>
        {
            await MongoOutbox.AppendAsync(database, session, module, facts, state, token);
            return facts.Length;
        },
        Cancellation);
}

public sealed class MongoInboxTests : InboxContract, IAsyncDisposable
{
    private readonly TestMongo _mongo = new();
    private readonly MongoStore _store;

    public MongoInboxTests() => _store = _mongo.Open(new MongoCollection(
        MongoEffects.Collection.Name, MongoCollection.Index("{ text: 1 }", new CreateIndexOptions<BsonDocument> { Unique = true })));

    protected override IInbox Inbox => new MongoInbox(_store, Clock);

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();

    protected override void SaveEffect(IUnitOfWork work, string effect) => MongoEffects.Save(work, effect);

    protected override Task<IReadOnlyList<string>> ReadEffectsAsync() => MongoEffects.ReadAsync(_store, Cancellation);
}

/// <summary>MongoDB without a broker: one process relays from its outbox to its inbox.</summary>
public sealed class MongoMessagingTests : MessagingContractTests
{
    private readonly TestMongo _mongo = new();
    private readonly MongoStore _store;

    public MongoMessagingTests() => _store = _mongo.Open(MongoEffects.Collection);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_whose_consumer_was_killed_is_tried_alone()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Fact("a").OccurredAt.ToDateTimeOffset());
        var subscription = new Subscription(Module + ".check", Publisher, [EventName]);
        var queues = new MongoQueues(_store, [new ConsumerRegistration(subscription, typeof(object))], clock);
        var queue = Assert.Single(await queues.OpenAsync([subscription], Cancellation));
        Assert.Equal(["c"], await queues.PublishAsync([Fact("a"), Fact("b"), Fact("c") with { Name = "checks.other.v1" }], Cancellation));

        Assert.Equal(["a", "b"], (await queue.LeaseAsync(TimeSpan.FromMinutes(1), Cancellation)).Select(one => one.Fact.Id));
        Assert.Empty(await queue.LeaseAsync(TimeSpan.FromMinutes(1), Cancellation));
        clock.Advance(TimeSpan.FromMinutes(2));

        var again = Assert.Single(await queue.LeaseAsync(TimeSpan.FromMinutes(1), Cancellation));
        Assert.Equal(("a", 2), (again.Fact.Id, again.Attempts));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mongo.DisposeAsync();
    }

    protected override async Task PublishAsync(params Event[] facts)
    {
        var outbox = await _store.OpenAsync(MessageDocuments.Outbox, Cancellation);
        foreach (var fact in facts)
        {
            await outbox.ReplaceOneAsync(
                Where.Eq("_id", fact.Id), MessageDocuments.ToOutbox(Publisher, fact, MessageDocuments.Waiting),
                new ReplaceOptions { IsUpsert = true }, Cancellation);
        }
    }

    protected override void AddMessaging(IHostApplicationBuilder builder)
    {
        builder.Configuration[$"ConnectionStrings:{MongoStore.ConnectionName}"] = _mongo.ConnectionString;
        builder.AddEmsPublisher(Publisher);
        builder.AddEmsMessaging(Module, [], MongoEffects.Collection);
        builder.Services.Configure<MessagingOptions>(options => options.PollInterval = TimeSpan.FromMilliseconds(100));
    }

    protected override void SaveEffect(IUnitOfWork work, string effect) => MongoEffects.Save(work, effect);

    protected override Task<IReadOnlyList<string>> ReadEffectsAsync() => MongoEffects.ReadAsync(_store, Cancellation);
}
