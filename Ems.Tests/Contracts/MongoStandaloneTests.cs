using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Messaging;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Tests.EndToEnd;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Tests.Contracts;

/// <summary>A server without transactions: whatever step a process ends at, no reading is there of which nobody is told.</summary>
public sealed class MongoStandaloneTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const int Readings = 200;
    private static readonly Instant Start = Instant.FromUtc(2024, 1, 1, 0, 0);
    private static readonly Duration Step = Duration.FromMinutes(15);

    private readonly TestMongo _mongo = new(TestMongo.StandaloneVariable);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();

    [Fact]
    public async Task An_event_may_go_when_its_data_are_there()
    {
        var store = _mongo.Open();

        await WriteAsync(store, "whole");

        Assert.False(store.HasTransactions);
        var told = Assert.Single(await LeaseAsync(store, TimeProvider.System));
        Assert.Equal(("whole", Readings), (told.EquipmentId, told.Count));
    }

    /// <summary>The server fails whatever follows the event: a fail point, which a server for tests has.</summary>
    [Fact]
    public async Task An_event_whose_data_never_came_is_sent_minutes_later_and_those_who_hear_of_it_find_what_there_is()
    {
        var store = _mongo.Open();
        await WriteAsync(store, "half", 1);
        await LeaseAsync(store, TimeProvider.System);
        var admin = (await store.OpenAsync(Cancel)).Client.GetDatabase("admin");
        await FailAsync(admin, new BsonDocument { ["mode"] = "alwaysOn", ["data"] = new BsonDocument { ["failCommands"] = new BsonArray { "update" }, ["errorCode"] = 8 } });
        try
        {
            await Assert.ThrowsAnyAsync<MongoException>(() => WriteAsync(store, "half"));
        }
        finally
        {
            await FailAsync(admin, new BsonDocument("mode", "off"));
        }

        Assert.Single(await ReadAsync(store, "half"));
        Assert.Empty(await LeaseAsync(store, TimeProvider.System));
        var told = Assert.Single(await LeaseAsync(store, Later()));
        Assert.Equal(("half", Readings - 1), (told.EquipmentId, told.Count));

        await WriteAsync(store, "half");
        CheckWhole(await ReadAsync(store, "half"));
    }

    [Fact]
    public async Task A_process_that_ends_between_any_two_steps_leaves_nothing_untold_and_the_same_readings_once_more_make_it_whole()
    {
        var (wanted, server) = (LongRun.IsOn ? 50 : 5, new MongoUrl(_mongo.ConnectionString).Server);
        var survivor = _mongo.Open();
        await WriteAsync(survivor, "first");
        var startedAt = TimeProvider.System.GetTimestamp();
        await WriteAsync(survivor, "second");
        var took = TimeProvider.System.GetElapsedTime(startedAt);

        for (var (crash, crashed) = (0, 0); crashed < wanted; crash++)
        {
            Assert.InRange(crash, 0, 20 * wanted);
            var id = $"crash{crash}";
            await using var door = new ShuttableDoor(server.Host, server.Port);
            var ending = _mongo.OpenThrough(door.Port);
            await ending.OpenAsync(Cancel);
            var write = WriteAsync(ending, id);
            await Task.Delay(took * Random.Shared.NextDouble(), TimeProvider.System, Cancel);
            await door.ShutAsync();
            var failure = await Record.ExceptionAsync(() => write);
            Assert.True(failure is null || StoreAway.Is(failure), failure?.ToString());

            var left = (await ReadAsync(survivor, id)).Count;
            var told = (await LeaseAsync(survivor, Later())).Count(stored => stored.EquipmentId == id && stored.Count == Readings);
            output.WriteLine($"{id}: {left} readings, {told} events, {(failure is null ? "ended before" : "crashed")}");
            Assert.True(left == 0 || told == 1, $"Nobody is told of {left} readings of {id}.");
            crashed += failure is null ? 0 : 1;

            // Claims of a process that ended run out by themselves, in a time for which no test has to wait.
            await (await survivor.OpenAsync(CoreCollections.Claims, Cancel)).DeleteManyAsync(Where.Eq("_id", id), Cancel);
            await WriteAsync(survivor, id);
            CheckWhole(await ReadAsync(survivor, id));
        }
    }

    /// <summary>No write takes as long as this.</summary>
    private static FakeTimeProvider Later() => new(TimeProvider.System.GetUtcNow().AddMinutes(3));

    private static Task<BsonDocument> FailAsync(IMongoDatabase admin, BsonDocument how) =>
        admin.RunCommandAsync<BsonDocument>(new BsonDocument("configureFailPoint", "failCommand").AddRange(how), cancellationToken: Cancel);

    private static Task<IReadOnlyList<WriteOutcome>> WriteAsync(MongoStore store, string equipmentId, int readings = Readings) =>
        new MongoReadingStore(store, new WriteClaims(store), TimeProvider.System).WriteAsync(
            new ReadingBatch(
                [
                    .. Enumerable.Range(0, readings).Select(reading => new Reading(
                        equipmentId, Start + (reading * Step), Step, [new MetricValue("energy", QuantityKind.Interval, "kWh", reading, reading, "kWh")])),
                ],
                "test"),
            Cancel);

    private static Task<IReadOnlyList<Sample>> ReadAsync(MongoStore store, string equipmentId) =>
        new MongoReadingStore(store, new WriteClaims(store), TimeProvider.System).ReadAsync(
            new SeriesKey(equipmentId, "energy", Step), Start, Start + (Readings * Step), 0, Cancel);

    private static void CheckWhole(IReadOnlyList<Sample> samples) =>
        Assert.Equal(Enumerable.Range(0, Readings).Select(reading => (double)reading), samples.Select(sample => sample.Value));

    /// <summary>What a relay gets at that time.</summary>
    private static async Task<IReadOnlyList<ReadingsStored>> LeaseAsync(MongoStore store, TimeProvider clock) =>
    [
        .. (await new MongoOutbox(store, CoreCollections.Module, clock).LeaseAsync(1000, TimeSpan.FromDays(1), Cancel))
            .Select(fact => JsonSerializer.Deserialize<ReadingsStored>(fact.Body, EmsJson.Options)!),
    ];
}
