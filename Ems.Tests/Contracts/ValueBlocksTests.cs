using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Ems.Tests.Contracts;

public sealed class ValueBlocksTests : IDisposable
{
    private const long Minute = 60_000;
    private readonly TemporaryFolder _folder = new();
    private readonly IngestionDatabase _database;
    private readonly SqliteConnection _connection;

    public ValueBlocksTests()
    {
        _database = new IngestionDatabase(Options.Create(new StoreOptions { DataDirectory = _folder.Path }));
        _connection = _database.File.Open();
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_put_in_the_place_of_what_is_read_as_it_is(int seed)
    {
        var random = new Random(seed);
        var blocks = new ValueBlocks(_connection, 1);
        var other = new ValueBlocks(_connection, 2);
        List<StoredValue> others = [Value(5, random), Value(600, random)];
        other.Put(others);
        var model = new SortedDictionary<(long, long), StoredValue>();
        for (var round = 0; round < 150; round++)
        {
            var first = random.Next(4_000);
            var last = first + random.Next(random.Next(10) == 0 ? 2_000 : 40);
            var values = random.Next(6) == 0
                ? []
                : Enumerable.Range(first, last - first + 1).Where(_ => random.Next(3) > 0).SelectMany(at => Values(at, random)).ToList();
            foreach (var key in model.Keys.Where(key => key.Item1 >= first * Minute && key.Item1 <= last * Minute).ToList())
            {
                model.Remove(key);
            }

            values.ForEach(value => model.Add(value.Key, value));

            blocks.Replace(first * Minute, last * Minute, values);

            Check(blocks, [.. model.Values], random);
        }

        Assert.Equal(others, other.Read(long.MinValue, long.MaxValue));
    }

    [Fact]
    public void Values_that_come_one_by_one_from_either_end_or_in_between_share_blocks()
    {
        var random = new Random(4);
        var (growing, newestFirst, between) = (new ValueBlocks(_connection, 1), new ValueBlocks(_connection, 2), new ValueBlocks(_connection, 3));
        foreach (var at in Enumerable.Range(0, 3_000))
        {
            growing.Put([Value(at, random)]);
            newestFirst.Put([Value(3_000 - at, random)]);
            between.Put([Value(at * 7 % 3_000, random)]);
        }

        foreach (var series in new[] { 1, 2, 3 })
        {
            Assert.InRange(_connection.ReadLong("SELECT count(*) FROM value_block WHERE series = $series", ("$series", series)), 8, 16);
            Assert.Equal(3_000, _connection.ReadLong("SELECT sum(count) FROM value_block WHERE series = $series", ("$series", series)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    public void A_damaged_block_is_said_to_be_damaged(int length)
    {
        var body = ValueBlock.Pack([new StoredValue(0, Minute, 1, 1, ReadingFlags.None), new StoredValue(Minute, Minute, 2, 1, ReadingFlags.None)]);

        Assert.Throws<InvalidDataException>(() => ValueBlock.Unpack(body.AsSpan(0, length), 0, []));
    }

    [Fact]
    public void A_block_whose_number_is_damaged_takes_no_memory()
    {
        var body = ValueBlock.Pack([new StoredValue(0, Minute, 1, 1, ReadingFlags.None)]);

        Assert.Throws<InvalidDataException>(() => ValueBlock.Unpack([body[0], 0xFF, 0xFF, 0xFF, 0xFF, 0x07, .. body[2..]], 0, []));
    }

    [Fact]
    public void Values_that_are_not_in_order_are_no_block() => Assert.Throws<InvalidOperationException>(
        () => new ValueBlocks(_connection, 1).Replace(0, Minute, [new StoredValue(0, Minute, 1, 1, ReadingFlags.None), new StoredValue(0, Minute, 2, 2, ReadingFlags.None)]));

    [Fact]
    public async Task Values_of_a_file_with_a_row_for_each_are_taken_into_blocks()
    {
        var path = Path.Combine(_folder.Path, "older.db");
        using (var older = new SqliteDatabase(path, [.. IngestionDatabase.Schema.SkipLast(1)]))
        {
            await older.WriteAsync(
                connection => connection.Execute(
                    """
                    INSERT INTO series(id, equipment, metric, length, kind, unit, count) VALUES (1, 'm1', 'active_power', 0, 2, 'kW', 25000), (2, 'm1', 'voltage', 0, 2, 'V', 0);
                    WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 24999)
                    INSERT INTO value SELECT 1, n / 3 * 60000, n % 3, 7, n / 8.0, n % 2 * 64, iif(n % 5 = 0, n, NULL), iif(n % 5 = 0, 'MW', NULL) FROM number;
                    """),
                TestContext.Current.CancellationToken);
        }

        using var database = new SqliteDatabase(path, IngestionDatabase.Schema);
        using var connection = database.Open();

        Assert.Equal(
            Enumerable.Range(0, 25_000).Select(n => new StoredValue(
                n / 3 * Minute, n % 3, n / 8.0, 7, (ReadingFlags)(n % 2 * 64), n % 5 == 0 ? n : null, n % 5 == 0 ? "MW" : null)),
            new ValueBlocks(connection, 1).Read(long.MinValue, long.MaxValue));
        Assert.Equal(0, connection.ReadLong("SELECT count(*) FROM sqlite_master WHERE name IN ('value', 'value_found')"));
        Assert.InRange(connection.ReadLong("SELECT count(*) FROM value_block"), 62, 70);
    }

    private static IEnumerable<StoredValue> Values(int at, Random random) => random.Next(20) == 0
        ? [Value(at, random), Value(at, random) with { Length = 2 * Minute }, Value(at, random) with { Length = 3 * Minute }]
        : [Value(at, random)];

    private static StoredValue Value(int at, Random random) => new(
        at * Minute, Minute, random.NextDouble() - 0.5, random.Next(3) == 0 ? random.Next(1, 1_000_000) : 5,
        random.Next(200) == 0 ? ReadingFlags.Spike : ReadingFlags.None, random.Next(9) == 0 ? random.NextDouble() : null,
        random.Next(30) == 0 ? "m³" : null);

    private void Check(ValueBlocks blocks, List<StoredValue> model, Random random)
    {
        var first = (random.Next(4_400) - 200) * Minute;
        var last = first + (random.Next(1_000) * Minute);
        var count = random.Next(1, 900);
        Assert.Equal(model, blocks.Read(long.MinValue, long.MaxValue));
        Assert.Equal(model.Where(value => value.Start >= first && value.Start <= last), blocks.Read(first, last));
        Assert.Equal(model.Where(value => (value.Flags & ReadingFlagSets.Found) != 0 && value.Start >= first && value.Start <= last), blocks.ReadFound(first, last, ReadingFlagSets.Found));
        Assert.Empty(blocks.ReadFound(first, last, ReadingFlags.Imbalance));
        var (values, until) = blocks.ReadAt(first);
        Assert.Equal(model.Where(value => values.Count > 0 && value.Start >= values[0].Start && value.Start <= until), values);
        Assert.Equal(values.Count > 0, model.Exists(value => value.Start >= first && value.Start <= until));
        Assert.Equal(model.Where(value => value.Start >= first).Take(count), blocks.ReadFrom(first, count));
        Assert.Equal(model.Where(value => value.Start < first).TakeLast(count), blocks.ReadBefore(first, count));
        Assert.Equal(
            model.Where(value => value.Start >= first).Skip(count).Select(value => value.Start).FirstOrDefault(long.MaxValue), blocks.FindEnd(first, count));

        var rows = _connection.ReadAll(
            row => (First: row.GetInt64(0), Last: row.GetInt64(1), Count: row.GetInt64(2)),
            "SELECT first_at, last_at, count FROM value_block WHERE series = 1 ORDER BY first_at");
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.First.Last < pair.Second.First));
        Assert.All(rows, row => Assert.InRange(row.Count, 1, ValueBlocks.MostValues + 2));
        Assert.All(rows, row => Assert.Equal(model.LongCount(value => value.Start >= row.First && value.Start <= row.Last), row.Count));
    }
}
