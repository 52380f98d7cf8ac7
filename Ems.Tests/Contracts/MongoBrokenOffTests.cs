using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Tests.EndToEnd;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Tests.Contracts;

/// <summary>A server without transactions: a process may end between any two writes of a piece of work, and another one ends the work.</summary>
public sealed class MongoBrokenOffTests : IAsyncDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2024, 3, 1, 0, 0);
    private static readonly Duration Hour = Duration.FromHours(1);

    private readonly TestMongo _mongo = new(TestMongo.StandaloneVariable);
    private readonly MongoStore _survivor;
    private readonly MongoReadingStore _readings;
    private readonly MongoJobStore _jobs;

    public MongoBrokenOffTests()
    {
        _survivor = _mongo.Open();
        _readings = ReadingsOf(_survivor);
        _jobs = new MongoJobStore(_survivor, TimeProvider.System);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_says_that_it_is_undone_only_when_it_is() => await BreakOffAsync(
        async meter =>
        {
            await AddAsync($"{meter}-job");
            await WriteAsync(_readings, meter, $"{meter}-other", 0, 2);
            await WriteAsync(_readings, meter, $"{meter}-job", 1, 5);
        },
        (readings, meter) => readings.UndoAsync($"{meter}-job", "ann", Cancel),
        async meter =>
        {
            var isUndone = (await _jobs.FindAsync($"{meter}-job", Cancel))!.State == JobState.Undone;
            Assert.True(!isUndone || (await CountAsync(meter)).Values == 2);
            await FinishUndosAsync(meter);
            await _readings.UndoAsync($"{meter}-job", "ann", Cancel);

            Assert.Equal(JobState.Undone, (await _jobs.FindAsync($"{meter}-job", Cancel))!.State);
            Assert.Equal((2, 2), await CountAsync(meter));
        });

    [Fact]
    public async Task Readings_that_came_twice_for_that_can_be_undone_and_leave_no_series_behind() => await BreakOffAsync(
        meter => AddAsync($"{meter}-job"),
        (readings, meter) => WriteAsync(readings, meter, $"{meter}-job", 0, 5),
        async meter =>
        {
            await WriteAsync(_readings, meter, $"{meter}-job", 0, 5);
            Assert.Equal(5, (await CountAsync(meter)).Values);
            await _readings.UndoAsync($"{meter}-job", "ann", Cancel);

            Assert.Equal((0, 0), await CountAsync(meter));
        });

    [Fact]
    public async Task A_merge_and_its_undoing_come_to_their_end() => await BreakOffAsync(
        async meter =>
        {
            await WriteAsync(_readings, meter, null, 0, 2);
            await WriteAsync(_readings, CopyOf(meter), null, 1, 3);
        },
        async (readings, meter) =>
        {
            await readings.MergeAsync(CopyOf(meter), meter, $"{meter}-merge", "ann", Cancel);
            await readings.UndoAsync($"{meter}-merge", "ann", Cancel);
        },
        async meter =>
        {
            await FinishUndosAsync(meter);
            if (await FindMergedIntoAsync(CopyOf(meter)) is not null || (await CountAsync(CopyOf(meter))).Values < 3)
            {
                await _readings.MergeAsync(CopyOf(meter), meter, $"{meter}-merge", "ann", Cancel);
                Assert.Equal((meter, (4, 4), (0, 0)), (await FindMergedIntoAsync(CopyOf(meter)), await CountAsync(meter), await CountAsync(CopyOf(meter))));
            }

            await _readings.UndoAsync($"{meter}-merge", "ann", Cancel);
            Assert.Equal((null, (2, 2), (3, 3)), (await FindMergedIntoAsync(CopyOf(meter)), await CountAsync(meter), await CountAsync(CopyOf(meter))));
        });

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();

    /// <summary>Breaks work off before its first write, before its second one, and so on until it comes to its end; each time for another meter.</summary>
    private async Task BreakOffAsync(Func<string, Task> prepare, Func<MongoReadingStore, string, Task> work, Func<string, Task> end)
    {
        const int atOnce = 10;
        var ended = 0;
        for (var first = 0; ended == 0; first += atOnce)
        {
            Assert.InRange(first, 0, 100);
            ended = (await Task.WhenAll(Enumerable.Range(first, atOnce).Select(BreakOffAfterAsync))).Count(hasEnded => hasEnded);
        }

        async Task<bool> BreakOffAfterAsync(int writes)
        {
            var meter = $"meter{writes:00}";
            await prepare(meter);
            await using var door = new EndingDoor(_mongo.ConnectionString);
            var killed = _mongo.OpenThrough(door.Port);
            await killed.OpenAsync(Cancel);
            door.EndAfter(writes);
            var failure = await Record.ExceptionAsync(() => work(ReadingsOf(killed), meter));
            Assert.True(failure is null || StoreAway.Is(failure), $"{meter}: {failure}");

            // Claims of a process that ended run out by themselves, in a time for which no test has to wait.
            await (await _survivor.OpenAsync(CoreCollections.Claims, Cancel)).DeleteManyAsync(Where.In("_id", new[] { meter, CopyOf(meter) }), Cancel);
            await end(meter);
            return failure is null;
        }
    }

    private static string CopyOf(string meter) => $"{meter}-copy";

    private async Task FinishUndosAsync(string meter)
    {
        foreach (var undo in (await _readings.ListUnfinishedUndosAsync(Duration.Zero, Cancel)).Where(undo => undo.JobId.StartsWith(meter, StringComparison.Ordinal)))
        {
            await _readings.UndoAsync(undo.JobId, undo.Actor, Cancel);
        }
    }

    /// <summary>As the list of all series says, and as they are.</summary>
    private async Task<(long Listed, int Values)> CountAsync(string meter)
    {
        var series = (await _readings.ListSeriesAsync(null, null, Cancel)).SingleOrDefault(one => one.Key.EquipmentId == meter);
        var values = await _readings.ReadAsync(new SeriesKey(meter, "energy", Hour), Start, Start + (Hour * 100), 0, Cancel);
        return (series?.Count ?? 0, values.Count);
    }

    private async Task<string?> FindMergedIntoAsync(string meter) => (await new MongoCatalogue(_survivor).FindEquipmentAsync(meter, Cancel))!.MergedInto;

    private Task<bool> AddAsync(string job) =>
        _jobs.AddAsync(new StoredJob(job, JobState.Completed, "ann", "{}", Start), int.MaxValue, Cancel);

    private static MongoReadingStore ReadingsOf(MongoStore store) => new(store, new WriteClaims(store), TimeProvider.System);

    private static async Task WriteAsync(MongoReadingStore readings, string meter, string? job, int from, int count) => await readings.WriteAsync(
        new ReadingBatch(
            [
                .. Enumerable.Range(from, count).Select(hour => new Reading(
                    meter, Start + (Hour * hour), Hour, [new MetricValue("energy", QuantityKind.Interval, "kWh", hour + count, hour + count, "kWh")])),
            ],
            "test", JobId: job),
        Cancel);
}
