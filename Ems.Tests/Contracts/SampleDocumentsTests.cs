using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Mongo;
using NodaTime;

namespace Ems.Tests.Contracts;

/// <summary>What the roll-ups on MongoDB are made of.</summary>
public sealed class SampleDocumentsTests : IAsyncDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2024, 3, 1, 0, 0);
    private static readonly Duration Hour = Duration.FromHours(1);

    private readonly TestMongo _mongo = new();
    private readonly MongoStore _store;

    public SampleDocumentsTests() => _store = _mongo.Open();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 7)]
    [InlineData(10, 7)]
    public async Task Series_that_are_read_together_are_as_each_alone(int lengthMinutes, int neighbours)
    {
        var length = Duration.FromMinutes(lengthMinutes);
        var day = Enumerable.Range(0, 144).Select(i => new Reading(
            "m1", Start + Duration.FromMinutes(10 * i), length,
            [
                Value("active_power", i % 50), Value("voltage", 230 + (i % 7)), .. i % 30 == 0 ? [Value("temperature", i)] : Array.Empty<MetricValue>(),
            ]));
        var readings = new MongoReadingStore(_store, new WriteClaims(_store), TimeProvider.System);
        await readings.WriteAsync(new ReadingBatch([.. day], "ann"), Cancel);
        await readings.WriteAsync(
            new ReadingBatch([new Reading("m1", Start + (Hour * 10), length, [Value("voltage", 7)], ReadingFlags.Estimated)], "bob"), Cancel);
        List<SeriesKey> keys = [new("m1", "active_power", length), new("m1", "voltage", length), new("m1", "temperature", length)];

        foreach (var (from, to) in new[] { (9.99, 10.5), (0, 24), (-5, 0), (23.9, 90), (12.2, 12.2), (15, 16) })
        {
            var together = await ReadAsync(keys, from, to, neighbours);
            foreach (var key in keys)
            {
                Assert.Equal(await readings.ReadAsync(key, Start + (Hour * from), Start + (Hour * to), neighbours, Cancel), together[key]);
            }
        }

        var all = await ReadAsync(keys, 0, 48, 0);
        Assert.Equal([144, 144, 5], keys.Select(key => all[key].Count));
        Assert.Contains(all[keys[1]], sample => sample is { Value: 7, Flags: ReadingFlags.Estimated });
    }

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();

    private Task<Dictionary<SeriesKey, List<Sample>>> ReadAsync(IReadOnlyList<SeriesKey> keys, double from, double to, int neighbours) =>
        _store.ReadAsync(
            async (database, session, token) => await SampleDocuments.ReadAsync(
                database, session, await SeriesDocuments.FindAsync(database, session, keys, token),
                Start + (Hour * from), Start + (Hour * to), neighbours, token),
            Cancel);

    private static MetricValue Value(string metric, double value) => new(metric, QuantityKind.Level, "kW", value, value, "kW");
}
