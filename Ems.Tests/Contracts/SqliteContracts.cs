using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Ems.Tests.Contracts;

public sealed class SqliteCatalogueTests : CatalogueContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStores _stores;

    public SqliteCatalogueTests() => _stores = new SqliteStores(_folder.Path, TimeProvider.System);

    protected override ICatalogue Catalogue => _stores.Catalogue;

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }
}

public sealed class SqliteJobStoreTests : JobStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStores _stores;

    public SqliteJobStoreTests() => _stores = new SqliteStores(_folder.Path, Time);

    protected override IJobStore Jobs => _stores.Jobs;

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }
}

public sealed class SqliteProfileStoreTests : ProfileStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStores _stores;

    public SqliteProfileStoreTests() => _stores = new SqliteStores(_folder.Path, TimeProvider.System);

    protected override IProfileStore Profiles => _stores.Profiles;

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }
}

public sealed class SqliteReadingStoreTests : ReadingStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteStores> _processes = [];

    public void Dispose()
    {
        _processes.ForEach(stores => stores.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task An_undo_that_somebody_is_at_is_not_named_as_one_to_be_ended()
    {
        var (readings, start, minute) = (_processes[0].Readings, Instant.FromUtc(2024, 3, 1, 0, 0), Duration.FromMinutes(1));
        var values = Enumerable.Range(0, 20_000).Select(i => new Reading(
            "m1", start + (minute * i), minute, [new MetricValue("active_power", QuantityKind.Level, "kW", i, i, "kW")]));
        await readings.WriteAsync(new ReadingBatch([.. values], "ann", JobId: "a"), Cancel);

        var undo = readings.UndoAsync("a", "bob", Cancel);
        while (!undo.IsCompleted)
        {
            Assert.Empty(await readings.ListUnfinishedUndosAsync(Duration.Zero, Cancel));
        }

        Assert.Equal(20_000, await undo);
    }

    [Fact]
    public async Task An_undo_that_was_killed_is_ended_by_the_next_process()
    {
        var start = Instant.FromUtc(2024, 3, 1, 0, 0);
        var minute = Duration.FromMinutes(1);
        var first = _processes[0];
        await WriteAsync(null, 500, 1);
        await WriteAsync("a", 9_000, 2);
        var undo = new WriteStamp("bob", "a", start, null);

        Assert.True((await first.Database.File.WriteAsync(connection => new JobUndo(connection, undo).Begin(), Cancel)).IsLeft);
        var (isLeft, changed) = await first.Database.File.WriteAsync(connection => new JobUndo(connection, undo).Step(), Cancel);
        first.Dispose();

        Assert.True(isLeft);
        Assert.InRange(changed, 1, 8_999);
        var second = OpenProcess(new FakeTimeProvider());
        Assert.InRange(Assert.Single(await second.Readings.ListSeriesAsync(null, null, Cancel)).Count, 501, 9_499);
        Assert.Equal(new UnfinishedUndo("a", "bob"), Assert.Single(await second.Readings.ListUnfinishedUndosAsync(Duration.Zero, Cancel)));
        Assert.Equal(9_000, await second.Readings.UndoAsync("a", "bob", Cancel));
        Assert.Empty(await second.Readings.ListUnfinishedUndosAsync(Duration.Zero, Cancel));
        Assert.Equal(0, await second.Readings.UndoAsync("a", "bob", Cancel));
        var series = Assert.Single(await second.Readings.ListSeriesAsync(null, null, Cancel));
        Assert.Equal((500L, start, start + (minute * 499)), (series.Count, series.FirstAt, series.LastAt));
        Assert.All(await second.Readings.ReadAsync(series.Key, start, start + Duration.FromDays(9), 0, Cancel), sample => Assert.Equal(1, sample.Value));
        Assert.Equal(500, (await second.Readings.CountFlagsAsync(Cancel))["m1"].Values.Sum());

        Task WriteAsync(string? job, int count, double value) => first.Readings.WriteAsync(
            new ReadingBatch(
                [
                    .. Enumerable.Range(0, count).Select(i => new Reading(
                        "m1", start + (minute * i), minute, [new MetricValue("active_power", QuantityKind.Level, "kW", value, value, "kW")])),
                ],
                "ann", JobId: job),
            Cancel);
    }

    [Fact]
    public async Task A_file_of_an_older_schema_is_counted_when_it_is_migrated()
    {
        var path = Path.Combine(_folder.Path, "older", "ingestion.db");
        using (var older = new SqliteDatabase(path, [.. IngestionDatabase.Schema.Take(2)]))
        {
            await older.WriteAsync(
                connection => connection.Execute(
                    """
                    INSERT INTO series VALUES (1, 'm1', 'active_power', 3600000, 2, 'kW', 2, 0, 7200000), (2, 'm1', 'voltage', 3600000, 2, 'V', 1, 0, 0);
                    INSERT INTO write(version, job, actor, at) VALUES (1, 'a', 'ann', 0), (2, NULL, 'ann', 0);
                    INSERT INTO value VALUES (1, 0, 3600000, 1, 5, 32, NULL, NULL), (1, 7200000, 3600000, 1, 6, 0, NULL, NULL), (2, 0, 3600000, 2, 230, 4, NULL, NULL);
                    """),
                Cancel);
        }

        using var stores = new SqliteStores(Path.GetDirectoryName(path)!, new FakeTimeProvider());

        Assert.Equal(
            new Dictionary<ReadingFlags, long> { [ReadingFlags.None] = 1, [ReadingFlags.PowerExceedsApparent] = 1 },
            (await stores.Readings.CountFlagsAsync(Cancel))["m1"]);
        var series = await stores.Readings.ListSeriesAsync(null, ["active_power"], Cancel);
        Assert.Equal(Instant.FromUnixTimeTicks(0) + Duration.FromHours(3), Assert.Single(series).EndAt);
        Assert.Equal(2, (await stores.Quality.ListUncheckedAsync(null, 10, Cancel)).Count);
        Assert.Equal(
            [(0, 5d, (ReadingFlags)32), (2, 6, ReadingFlags.None)],
            (await stores.Readings.ReadAsync(series[0].Key, Instant.MinValue, Instant.MaxValue, 0, Cancel))
                .Select(sample => (sample.Start.ToUnixTimeSeconds() / 3600, sample.Value, sample.Flags)));
    }

    protected override IProfileStore Profiles => _processes[0].Profiles;

    protected override (IReadingStore Readings, ICatalogue Catalogue, IJobStore Jobs, IQualityStore Quality) OpenProcess(FakeTimeProvider time)
    {
        var stores = new SqliteStores(_folder.Path, time);
        _processes.Add(stores);
        return (stores.Readings, stores.Catalogue, stores.Jobs, stores.Quality);
    }

    // A reading has the flags of its newest value and what was found about any.
    protected override async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>> RecountFlags() =>
        (await _processes[0].Database.File.ReadAsync(
            connection => connection
                .ReadAll(row => (Id: row.GetInt64(0), Equipment: row.GetString(1)), "SELECT id, equipment FROM series")
                .SelectMany(series => new ValueBlocks(connection, series.Id).Read(long.MinValue, long.MaxValue), (series, value) => (series.Equipment, Value: value))
                .ToList(),
            Cancel))
        .GroupBy(one => (one.Equipment, one.Value.Key))
        .Select(reading => (
            reading.Key.Equipment,
            Flags: (reading.MaxBy(one => one.Value.Version).Value.Flags & ~ReadingFlagSets.Found)
                | reading.Aggregate(ReadingFlags.None, (found, one) => found | (one.Value.Flags & ReadingFlagSets.Found))))
        .GroupBy(reading => reading.Equipment)
        .ToDictionary(
            readings => readings.Key,
            readings => (IReadOnlyDictionary<ReadingFlags, long>)readings.GroupBy(one => one.Flags).ToDictionary(same => same.Key, same => same.LongCount()));

    protected override async Task<IReadOnlyList<string>> ReadOutbox() => await _processes[0].Database.File.ReadAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT name || ' ' || body FROM outbox ORDER BY seq";
            using var reader = command.ExecuteReader();
            var bodies = new List<string>();
            while (reader.Read())
            {
                bodies.Add(reader.GetString(0));
            }

            return bodies;
        },
        Cancel);
}
