using Ems.Analytics;
using Ems.Analytics.Detection;
using Ems.Core.Messaging;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Sqlite;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract class DetectionBacklogContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected abstract IDetectionBacklog Backlog { get; }

    protected abstract IInbox Inbox { get; }

    [Fact]
    public async Task Ranges_that_touch_become_one_and_distant_ones_stay_apart()
    {
        await AddAsync("m1", 0, 2, 8);
        await AddAsync("m1", 10, 11, 4);
        await AddAsync("m2", 0, 1, 4);
        await AddAsync("m1", 1, 3, 8);

        var received = await Backlog.ListAsync(Cancellation);

        Assert.Equal(["m1", "m2"], received.Select(one => one.EquipmentId));
        Assert.Equal((3, 20, Hour(0), Hour(11)), (received[0].Events, received[0].Readings, received[0].FirstAt, received[0].LastAt));
        Assert.Equal([new WaitingRange(Hour(0), Hour(3)), new WaitingRange(Hour(10), Hour(11))], received[0].Waiting);
    }

    [Fact]
    public async Task A_range_that_closes_the_space_between_two_makes_one_of_three()
    {
        await AddAsync("m1", 0, 2, 1);
        await AddAsync("m1", 6, 8, 1);
        await AddAsync("m1", 3, 5, 1);

        Assert.Equal([new WaitingRange(Hour(0), Hour(8))], Assert.Single(await Backlog.ListAsync(Cancellation)).Waiting);
    }

    [Fact]
    public async Task Events_of_one_equipment_that_are_handled_side_by_side_all_count()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => AddAsync("m1", i, i + 1, 5), Cancellation)));

        var received = Assert.Single(await Backlog.ListAsync(Cancellation));
        Assert.Equal((12L, 60L), (received.Events, received.Readings));
        Assert.Equal([new WaitingRange(Hour(0), Hour(12))], received.Waiting);
    }

    [Fact]
    public async Task What_was_put_back_and_went_on_differently_has_another_revision_though_its_counts_are_the_same()
    {
        Assert.Equal(new BacklogState(0, 0, 0), await Backlog.ReadStateAsync(Cancellation));
        await AddAsync("m1", 0, 2, 8);
        var copy = await Backlog.ListAsync(Cancellation);
        await AddAsync("m1", 10, 11, 4);
        var before = await Backlog.ReadStateAsync(Cancellation);
        Assert.Equal(before, await Backlog.ReadStateAsync(Cancellation));

        await Backlog.RestoreAsync(copy, Cancellation);
        await AddAsync("m1", 20, 21, 4);

        var after = await Backlog.ReadStateAsync(Cancellation);
        Assert.Equal((before.Events, before.Readings), (after.Events, after.Readings));
        Assert.NotEqual(before.Revision, after.Revision);
    }

    private static Instant Hour(int hour) => Instant.FromUtc(2026, 3, 1, hour, 0);

    private Task<bool> AddAsync(string equipmentId, int fromHour, int toHour, int count)
    {
        var stored = new ReadingsStored(equipmentId, null, ["active_power"], Hour(fromHour), Hour(toHour), count, "tester", null);
        var fact = new Event(Guid.NewGuid().ToString("N"), ReadingsStored.EventName, Hour(0), null, "{}");
        return Inbox.ApplyAsync("analytics.detect", fact, work => Backlog.Add(work, stored), Cancellation);
    }
}

public sealed class SqliteDetectionBacklogTests : DetectionBacklogContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteDetectionBacklogTests() =>
        _database = new SqliteDatabase(Path.Combine(_folder.Path, "analytics.db"), AnalyticsDatabase.Migrations);

    protected override IInbox Inbox => new SqliteInbox(_database, TimeProvider.System);

    private protected override IDetectionBacklog Backlog => new SqliteDetectionBacklog(_database);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}

public sealed class MongoDetectionBacklogTests : DetectionBacklogContract, IAsyncDisposable
{
    private readonly TestMongo _mongo = new();
    private readonly MongoStore _store;

    public MongoDetectionBacklogTests() => _store = _mongo.Open([.. AnalyticsDatabase.Collections]);

    protected override IInbox Inbox => new MongoInbox(_store, TimeProvider.System);

    private protected override IDetectionBacklog Backlog => new MongoDetectionBacklog(_store);

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
