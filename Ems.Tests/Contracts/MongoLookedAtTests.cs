using System.Collections.Concurrent;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using Ems.Tests.EndToEnd;
using MongoDB.Bson;
using NodaTime;

namespace Ems.Tests.Contracts;

/// <summary>How much of MongoDB is looked at: what is there already must not make each step longer.</summary>
public sealed class MongoLookedAtTests : IAsyncDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2024, 3, 1, 0, 0);
    private static readonly Duration Step = Duration.FromMinutes(5);

    private readonly TestMongo _mongo = new();
    private readonly ConcurrentQueue<BsonDocument> _heard = [];
    private readonly AnsweringDoor _door;
    private readonly MongoStore _store;
    private readonly WriteClaims _claims;

    public MongoLookedAtTests()
    {
        _door = new AnsweringDoor(_mongo.ConnectionString, message =>
        {
            if (message.Command is { } command)
            {
                _heard.Enqueue(command);
            }

            return null;
        });
        _store = _mongo.OpenThrough(_door.Port);
        _claims = new WriteClaims(_store);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("a")]
    public async Task No_more_of_what_is_unchecked_is_read_than_is_asked_for(string? job)
    {
        await WriteAsync("a", 0, 10);

        await new MongoQualityStore(_store, _claims).ListUncheckedAsync(job, 7, Cancel);

        Assert.Equal([7], Heard("find", CoreCollections.Unchecked).Select(find => find.GetValue("limit", 0).ToInt32()));
    }

    [Fact]
    public async Task An_undo_of_many_steps_does_not_look_for_the_ends_of_a_series_in_what_it_has_undone()
    {
        const int atOnce = 1_000, steps = 4;
        var readings = await WriteAsync("a", 0, atOnce * steps);

        Assert.Equal(atOnce * steps, await readings.UndoAsync("a", "ann", Cancel));

        var first = Heard("find", CoreCollections.Readings)
            .Where(find => find.GetValue("limit", 0) == 1 && !find.Contains("skip") && find["sort"]["_id.start"] == 1)
            .Select(find => find["filter"]["_id.start"]["$gte"].ToUniversalTime());
        Assert.Equal(Enumerable.Range(0, steps).Select(step => (Start + (Step * step * atOnce)).ToDateTimeUtc()), first);
        Assert.Empty(await readings.ListSeriesAsync(null, null, Cancel));
    }

    [Fact]
    public async Task Readings_beyond_all_others_are_written_without_looking_for_them()
    {
        await WriteAsync("a", 0, 100);
        await WriteAsync("a", 100, 100);

        Assert.DoesNotContain(Heard("find", CoreCollections.Readings), find => !find.Contains("sort"));

        await WriteAsync("b", 150, 100);

        Assert.Single(Heard("find", CoreCollections.Readings), find => !find.Contains("sort"));
    }

    [Fact]
    public async Task What_this_process_wrote_last_is_neither_read_back_nor_looked_around()
    {
        var readings = await WriteAsync("a", 0, 100);
        await WriteAsync(readings, "a", 100, 100);

        Assert.Equal(200, (await ReadAsync(readings)).Count);
        Assert.True(await readings.RollUpAsync(100, Cancel) > 0);
        Assert.Empty(Heard("find", CoreCollections.Readings));

        var quality = new MongoQualityStore(_store, _claims);
        await SaveSpikeAsync(quality, 150);
        _heard.Clear();

        Assert.Equal(ReadingFlags.Spike, (await ReadAsync(readings))[150].Flags);
        Assert.Equal(1, (await quality.CountFlaggedAsync("a", Cancel))[ReadingFlags.Spike]);
        Assert.Equal(150, Assert.Single(await quality.ListFlaggedAsync(new FlaggedQuery(null, ReadingFlags.Spike, null, null, 10), Cancel)).Value);
        Assert.Empty(Heard("find", CoreCollections.Readings));
    }

    [Fact]
    public async Task What_another_process_wrote_or_found_meanwhile_is_read()
    {
        var readings = await WriteAsync("a", 0, 100);
        var store = _mongo.Open();
        var others = new MongoReadingStore(store, new WriteClaims(store), TimeProvider.System);
        await WriteAsync(others, "b", 100, 1);
        await WriteAsync(readings, "a", 101, 99);

        Assert.Equal(Enumerable.Range(0, 200).Select(step => (double)step), (await ReadAsync(readings)).Select(sample => sample.Value));

        await SaveSpikeAsync(new MongoQualityStore(store, new WriteClaims(store)), 150);
        await WriteAsync(readings, "a", 200, 10);

        var samples = await ReadAsync(readings);
        Assert.Equal(210, samples.Count);
        Assert.Equal(150, Assert.Single(samples, sample => sample.Flags == ReadingFlags.Spike).Value);

        Assert.Equal(209, await others.UndoAsync("a", "ann", Cancel));
        Assert.Equal([100], (await ReadAsync(readings)).Select(sample => sample.Value));
    }

    /// <summary>What was undone at the end of a series lies beyond its values.</summary>
    [Theory]
    [InlineData(TestMongo.Variable, 200)]
    [InlineData(TestMongo.Variable, 5)]
    [InlineData(TestMongo.StandaloneVariable, 200)]
    public async Task Readings_where_others_were_undone_are_written_all_the_same(string server, int count)
    {
        await using var mongo = new TestMongo(server);
        var store = mongo.Open();
        var readings = new MongoReadingStore(store, new WriteClaims(store), TimeProvider.System);
        await WriteAsync(readings, "a", 0, 100);
        await WriteAsync(readings, "b", 100, count);
        Assert.Equal(count, await readings.UndoAsync("b", "ann", Cancel));

        var outcomes = await WriteAsync(readings, "d", 100, count + 3);

        Assert.All(outcomes, outcome => Assert.Equal(WriteOutcome.Stored, outcome));
        var series = Assert.Single(await readings.ListSeriesAsync(null, null, Cancel));
        var samples = (await readings.ReadAsync([series.Key], Start, Start + (Step * 1_000), 0, Cancel))[series.Key];
        Assert.Equal(Enumerable.Range(0, count + 103).Select(step => (double)step), samples.Select(sample => sample.Value));
        Assert.Equal(count + 103, series.Count);
        Assert.Equal(count + 3, await readings.UndoAsync("d", "ann", Cancel));
        Assert.Equal(100, Assert.Single(await readings.ListSeriesAsync(null, null, Cancel)).Count);
    }

    [Fact]
    public async Task A_job_that_came_upon_what_was_undone_looks_for_it_from_then_on()
    {
        await WriteAsync("a", 0, 10);
        var readings = await WriteAsync("b", 10, 200);
        await readings.UndoAsync("b", "ann", Cancel);
        _heard.Clear();

        foreach (var from in (int[])[10, 60, 110, 160])
        {
            await WriteAsync(readings, "c", from, 50);
        }

        Assert.Single(_heard, heard => heard.GetElement(0) is { Name: "insert" } first && first.Value == CoreCollections.Readings);
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _mongo.DisposeAsync();
    }

    private static async Task<IReadOnlyList<Sample>> ReadAsync(MongoReadingStore readings)
    {
        var key = new SeriesKey("m1", "energy", Step);
        return (await readings.ReadAsync([key], Start, Start + (Step * 1_000), 4, Cancel))[key];
    }

    private static Task SaveSpikeAsync(MongoQualityStore quality, int step)
    {
        var at = Start + (Step * step);
        return quality.SaveFlagsAsync(
            new SeriesKey("m1", "energy", Step), at, at, SeriesChecks.Looked,
            new Dictionary<(Instant, Duration), ReadingFlags> { [(at, Step)] = ReadingFlags.Spike }, new FlagBasis([], []), Cancel);
    }

    private async Task<MongoReadingStore> WriteAsync(string job, int from, int count)
    {
        var readings = new MongoReadingStore(_store, _claims, TimeProvider.System);
        await WriteAsync(readings, job, from, count);
        return readings;
    }

    private static Task<IReadOnlyList<WriteOutcome>> WriteAsync(MongoReadingStore readings, string job, int from, int count) =>
        readings.WriteAsync(
            new ReadingBatch(
                [
                    .. Enumerable.Range(from, count).Select(step => new Reading(
                        "m1", Start + (Step * step), Step, [new MetricValue("energy", QuantityKind.Interval, "kWh", step, step, "kWh")])),
                ],
                "ann", JobId: job),
            Cancel);

    private IEnumerable<BsonDocument> Heard(string command, string collection) =>
        _heard.Where(heard => heard.GetElement(0) is var first && first.Name == command && first.Value == collection);
}
