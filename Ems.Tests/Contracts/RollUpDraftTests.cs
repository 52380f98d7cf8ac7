using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using NodaTime;

namespace Ems.Tests.Contracts;

/// <summary>Roll-ups are made while others write: what is written before they are kept must not be lost in them.</summary>
public sealed class RollUpDraftTests : IDisposable
{
    private const int Days = 3;
    private static readonly Instant Start = Instant.FromUtc(2024, 1, 1, 0, 0);
    private static readonly SeriesKey Key = new("m", "active_power", Duration.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStores _stores;

    public RollUpDraftTests() => _stores = new SqliteStores(_folder.Path, TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_changed_and_all_are_kept() => Assert.Equal([0, 1, 2], await KeepAsync(meanwhile: null));

    /// <summary>Within the day; in the next day and the one before, as far as they have a say in it; and too far away for that.</summary>
    [Theory]
    [InlineData("1.12:05", new[] { 0, 2 })]
    [InlineData("1.00:05", new[] { 2 })]
    [InlineData("1.23:55", new[] { 0 })]
    [InlineData("2.12:05", new[] { 0, 1 })]
    public async Task What_a_write_reaches_meanwhile_is_not_kept_and_is_right_when_made_again(string at, int[] kept)
    {
        Assert.Equal(kept, await KeepAsync(Start + Duration.FromTimeSpan(TimeSpan.ParseExact(at, @"d\.hh\:mm", null))));

        await AssertRightAsync();
        Assert.Equal(Days - kept.Length, await _stores.Readings.RollUpAsync(100, Cancel));
        await AssertRightAsync();
    }

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }

    /// <returns>The days, from 0, whose roll-ups are there after a write that came between making and keeping them.</returns>
    private async Task<IEnumerable<int>> KeepAsync(Instant? meanwhile)
    {
        await WriteAsync(Enumerable.Range(0, Days * 144).Select(i => (Start + Duration.FromMinutes(10 * i), (double)(i % 37))));
        var drafts = await _stores.Database.File.ReadAsync(connection => RollUps.Draft(connection, Start + Duration.FromDays(100), 100), Cancel);
        if (meanwhile is { } late)
        {
            await WriteAsync([(late, 1_000)]);
        }

        var kept = await _stores.Database.File.WriteAsync(connection => RollUps.Keep(connection, drafts), Cancel);
        var days = await _stores.Database.File.ReadAsync(
            connection => connection.ReadAll(row => row.GetInt64(0), "SELECT day FROM rollup_day ORDER BY day"), Cancel);
        Assert.Equal(days.Count, kept);
        return days.Select(day => (int)(day - TouchedRanges.DayOf(Start.ToUnixTimeMilliseconds())));
    }

    private async Task WriteAsync(IEnumerable<(Instant At, double Value)> values) => await _stores.Readings.WriteAsync(
        new ReadingBatch(
            [.. values.Select(one => new Reading("m", one.At, Duration.Zero, [new MetricValue("active_power", QuantityKind.Level, "kW", one.Value, one.Value, "kW")]))],
            "ann"),
        Cancel);

    private async Task AssertRightAsync()
    {
        var edges = Enumerable.Range(0, Days + 1).Select(day => Start + Duration.FromDays(day)).ToList();
        var values = await _stores.Readings.ReadAsync(Key, edges[0], edges[^1], 20, Cancel);
        var expected = SeriesArithmetic.Totals(QuantityKind.Level, values, edges).Select(total => total.Quantity);

        var totals = await _stores.Readings.ReadTotalsAsync(Key, edges, Cancel);

        Assert.All(expected.Zip(totals), pair => Assert.Equal(pair.First, pair.Second.Quantity, 1e-9));
    }
}
