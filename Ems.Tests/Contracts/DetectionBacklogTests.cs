using Ems.Analytics;
using Ems.Analytics.Detection;
using Ems.Core.Messaging;
using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage.Sqlite;
using NodaTime;

namespace Ems.Tests.Contracts;

public sealed class DetectionBacklogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-analytics-").FullName;
    private readonly SqliteDatabase _database;
    private readonly SqliteDetectionBacklog _backlog;

    public DetectionBacklogTests()
    {
        _database = new SqliteDatabase(Path.Combine(_folder, "analytics.db"), AnalyticsDatabase.Migrations);
        _backlog = new SqliteDetectionBacklog(_database);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ranges_that_touch_become_one_and_distant_ones_stay_apart()
    {
        await AddAsync("m1", 0, 2, 8);
        await AddAsync("m1", 10, 11, 4);
        await AddAsync("m2", 0, 1, 4);
        await AddAsync("m1", 1, 3, 8);

        var received = await _backlog.ListAsync(Cancellation);

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

        Assert.Equal([new WaitingRange(Hour(0), Hour(8))], Assert.Single(await _backlog.ListAsync(Cancellation)).Waiting);
    }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Instant Hour(int hour) => Instant.FromUtc(2026, 3, 1, hour, 0);

    private Task<int> AddAsync(string equipmentId, int fromHour, int toHour, int count) => _database.WriteAsync(
        (connection, transaction) =>
        {
            _backlog.Add(
                new SqliteUnitOfWork(connection, transaction),
                new ReadingsStored(equipmentId, null, ["active_power"], Hour(fromHour), Hour(toHour), count, "tester", null));
            return 0;
        },
        Cancellation);
}
