using System.Reflection;
using Ems.Core.Metering;
using Ems.Core.Series;
using Ems.Core.Storage;
using Ems.Ingestion.Quality;
using Ems.Ingestion.Sites;
using Ems.Tests.Contracts;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>A main meter of 24 a day, and those below it, on the embedded store.</summary>
public sealed class BalanceTests : IDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2024, 1, 1, 0, 0);
    private static readonly Duration Hour = Duration.FromHours(1);

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStores _stores;
    private int _jobs;

    public BalanceTests() => _stores = new SqliteStores(_folder.Path, new FakeTimeProvider());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_virtual_meter_below_does_not_count_its_parts_again()
    {
        await SaveAsync(new Equipment { Id = "tenants", Name = "Tenants", Parent = "main", Virtual = new VirtualMeter(["sub-1", "sub-2"], []) });
        await WriteAsync("main", 10, 1);
        await WriteAsync("sub-1", 10, 0.5, "main");
        await WriteAsync("sub-2", 10, 0.4, "main");

        await CheckAsync();

        Assert.Empty(await OddDaysAsync());
    }

    [Fact]
    public async Task Meters_whose_parent_was_merged_away_are_below_the_other_one()
    {
        await WriteAsync("main", 10, 1);
        await WriteAsync("copy", 10, 1);
        await WriteAsync("sub", 10, day => day == 3 ? 2 : 0.5, "copy");
        await CheckAsync();
        Assert.Equal([("copy", 3)], await OddDaysAsync());

        await _stores.Readings.MergeAsync("copy", "main", "merge", "ann", Cancel);
        await CheckAsync();

        Assert.Equal([("main", 3)], await OddDaysAsync());
    }

    /// <summary>The values that leave with the undo are looked at where they were, however much of the meter is looked at besides.</summary>
    [Fact]
    public async Task A_meter_above_the_target_is_compared_again_for_the_days_that_a_merge_gave_and_its_undo_takes()
    {
        await WriteAsync("campus", 12, 1);
        await WriteAsync("main", 10, 0.5, "campus");
        await SaveAsync(new Equipment { Id = "old", Name = "Old" });
        await WriteAsync("old", Hours(10, 2, _ => 2), "energy");
        await WriteAsync("sub", 10, 0.1, "old");
        await _stores.Readings.MergeAsync("old", "main", "merge", "ann", Cancel);
        await CheckAsync();
        Assert.Equal([("campus", 10), ("campus", 11)], await OddDaysAsync());

        await _stores.Readings.UndoAsync("merge", "ann", Cancel);
        await CheckAsync();

        Assert.Empty(await OddDaysAsync());
    }

    [Fact]
    public async Task Meters_below_one_that_is_merged_are_compared_with_the_other_on_all_its_days_until_that_is_undone()
    {
        await WriteAsync("main", 10, 1);
        await SaveAsync(new Equipment { Id = "old", Name = "Old" });
        await WriteAsync("sub", 10, day => day == 3 ? 2 : 0.5, "old");
        await CheckAsync();
        Assert.Empty(await OddDaysAsync());

        await _stores.Readings.MergeAsync("old", "main", "merge", "ann", Cancel);
        await CheckAsync();
        Assert.Equal([("main", 3)], await OddDaysAsync());

        await _stores.Readings.UndoAsync("merge", "ann", Cancel);
        await CheckAsync();
        Assert.Empty(await OddDaysAsync());
    }

    [Fact]
    public async Task A_meter_is_in_balance_again_when_what_was_too_much_leaves_one_that_was_merged_into_it()
    {
        await WriteAsync("main", 10, 1);
        await SaveAsync(new Equipment { Id = "old", Name = "Old" });
        await WriteAsync("sub", 10, 2, "old");
        await _stores.Readings.MergeAsync("old", "main", "merge", "ann", Cancel);
        await CheckAsync();
        Assert.Equal(10, (await OddDaysAsync()).Count);

        await SaveAsync(new Equipment { Id = "sub", Name = "Sub" });
        await CheckAsync();

        Assert.Empty(await OddDaysAsync());
    }

    [Fact]
    public async Task Days_are_judged_anew_when_they_begin_at_other_times()
    {
        await _stores.Catalogue.SaveSiteAsync(new Site { Id = "here", Name = "Here" }, Cancel);
        await WriteAsync("main", 10, 1);
        await SaveAsync(new Equipment { Id = "main", Name = "Main", Site = "here" });
        await WriteAsync("sub", 10, day => day == 3 ? 3 : 0.5, "main");
        await CheckAsync();
        Assert.Equal([("main", 3)], await OddDaysAsync());

        await _stores.Catalogue.SaveSiteAsync(new Site { Id = "here", Name = "Here", TimeZone = "Asia/Tokyo" }, Cancel);
        await CheckAsync();

        Assert.Equal([("main", 2), ("main", 3), ("main", 4)], await OddDaysAsync());
    }

    [Theory]
    [InlineData("water_volume", "water")]
    [InlineData("gas_volume", "gas")]
    public async Task Water_and_gas_are_balanced_as_energy_is_and_each_for_itself(string metric, string carrier)
    {
        await WriteAsync("main", 10, _ => 1, null, metric, carrier);
        await WriteAsync("sub", 10, day => day == 3 ? 2 : 0.5, "main", metric, carrier);
        await WriteAsync("other", 10, _ => 5, "main");

        await CheckAsync();

        Assert.Equal([("main", 3)], await OddDaysAsync());
    }

    [Fact]
    public async Task A_meter_is_in_balance_again_when_what_was_too_much_is_undone_or_merged_away()
    {
        await WriteAsync("main", 10, 1);
        await WriteAsync("apart", 10, _ => 1, null);
        await WriteAsync("wrong", 10, _ => 2, "main");
        await CheckAsync();
        Assert.Equal(10, (await OddDaysAsync()).Count);

        await _stores.Readings.UndoAsync($"job {_jobs}", "ann", Cancel);
        await CheckAsync();
        Assert.Empty(await OddDaysAsync());

        await WriteAsync("wrong", 10, _ => 2, "main");
        await CheckAsync();
        Assert.Equal(10, (await OddDaysAsync()).Count);
        await _stores.Readings.MergeAsync("wrong", "apart", "merge", "ann", Cancel);
        await CheckAsync();
        Assert.Empty(await OddDaysAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_values_are_judged_alike_whether_they_come_at_once_or_one_after_the_other(bool isChecked)
    {
        await WriteAsync("main", 31 + 29 + 31, 1);
        await SaveAsync(new Equipment { Id = "sub", Name = "Sub", Parent = "main" });
        foreach (var (days, start, quantity) in new[] { (31, 0, 31 * 12), (29, 31, 29 * 30) })
        {
            await WriteAsync("sub", [(Start + Duration.FromDays(start), Duration.FromDays(days), quantity)], "energy");
            await CheckIfAsync(isChecked);
        }

        await WriteAsync("sub", Hours(31 + 29, 31, day => day == 70 ? 2 : 0.5), "energy");
        await CheckAsync();

        Assert.Equal([.. Enumerable.Range(31, 29).Select(day => ("main", day)), ("main", 70)], await OddDaysAsync());
    }

    [Fact]
    public async Task A_meter_is_compared_once_with_all_below_it_however_many_of_them_changed()
    {
        const int Subs = 12;
        await WriteAsync("main", 10, 1);
        for (var i = 0; i < Subs; i++)
        {
            await WriteAsync($"sub-{i}", 10, 0.05, "main");
        }

        var counted = CountingStore.Around(_stores.Readings);
        await CheckAsync(counted.Store);

        Assert.InRange(counted.Counter.Totals, Subs + 1, 2 * (Subs + 1));
    }

    [Fact]
    public async Task A_check_ends_though_others_write_all_the_time_and_what_is_flagged_already_is_not_saved_again()
    {
        await WriteAsync("main", 10, 1);
        await WriteAsync("sub", 10, day => day == 3 ? 2 : 0.5, "main");
        var live = Start + Duration.FromDays(400);
        var counted = CountingStore.Around(_stores.Readings);
        counted.Counter.BeforeTotals = () => WriteAsync("sub", [(live += Hour, Hour, 0.5)], "energy");

        await CheckAsync(counted.Store);
        Assert.Equal([("main", 3)], await OddDaysAsync());
        await CheckAsync(counted.Store);

        var left = await _stores.Quality.ListUncheckedAsync(jobId: null, 100, Cancel);
        Assert.All(left, range => Assert.True(range.First > Start + Duration.FromDays(300)));
        Assert.Equal([("main", 3)], await OddDaysAsync());
    }

    [Fact]
    public async Task What_is_found_bit_by_bit_is_what_is_found_at_once()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 4000).Select(i => i is >= 600 and < 2900 ? 41.5 : 30 + (random.NextDouble() * 40)).ToList();
        await WriteAsync("sensor", [.. values.Take(3500).Select((value, i) => (Start + (Hour * i), Hour, value))], "active_power");
        await CheckAsync();
        Assert.Equal(2300, await CountAsync(ReadingFlags.Stuck));

        // 20 equal values that are left at one end are too few.
        foreach (var (at, value, stuck) in new[] { (3500, 50.0, 2300), (500, 41.5, 2300), (2000, 37, 2299), (620, 37, 2278) })
        {
            await WriteAsync("sensor", [(Start + (Hour * at), Hour, value)], "active_power");
            await CheckAsync();
            Assert.Equal(stuck, await CountAsync(ReadingFlags.Stuck));
        }

        await _stores.Readings.UndoAsync($"job {_jobs}", "ann", Cancel);
        await CheckAsync();
        Assert.Equal(2299, await CountAsync(ReadingFlags.Stuck));

        async Task<int> CountAsync(ReadingFlags flag) =>
            (await _stores.Quality.ListFlaggedAsync(new FlaggedQuery(null, flag, null, null, 10_000), Cancel)).Count;
    }

    private static List<(Instant, Duration, double)> Hours(int firstDay, int days, Func<int, double> hourly) =>
        [.. Enumerable.Range(24 * firstDay, 24 * days).Select(hour => (Start + (Hour * hour), Hour, hourly(hour / 24)))];

    private Task WriteAsync(string id, int days, double hourly, string? parent = null) => WriteAsync(id, days, _ => hourly, parent);

    private async Task WriteAsync(
        string id, int days, Func<int, double> hourly, string? parent, string metric = "energy", string carrier = "electricity")
    {
        await SaveAsync(new Equipment { Id = id, Name = id, Parent = parent, Carrier = carrier });
        await WriteAsync(id, Hours(0, days, hourly), metric);
    }

    private async Task WriteAsync(string id, List<(Instant Start, Duration Length, double Value)> values, string metric)
    {
        var (unit, kind) = MetricCatalogue.Find(metric) is { } known ? (known.Unit, known.Kind) : throw new ArgumentException(metric);
        await _stores.Readings.WriteAsync(
            new ReadingBatch(
                [.. values.Select(one => new Reading(id, one.Start, one.Length, [new MetricValue(metric, kind, unit, one.Value, one.Value, unit)]))],
                "ann", JobId: $"job {++_jobs}"),
            Cancel);
    }

    private Task SaveAsync(Equipment equipment) => _stores.Catalogue.SaveEquipmentAsync(equipment, Cancel);

    private Task CheckIfAsync(bool isChecked) => isChecked ? CheckAsync() : Task.CompletedTask;

    private Task CheckAsync(IReadingStore? store = null)
    {
        var readings = store ?? _stores.Readings;
        var zones = new SiteZones(_stores.Catalogue, Options.Create(new TimeZoneOptions()));
        var balance = new BalanceCheck(readings, _stores.Quality, new SeriesReader(readings, _stores.Catalogue), zones);
        return new QualityCheck(readings, _stores.Quality, _stores.Catalogue, balance).RunAsync(jobId: null, Cancel);
    }

    /// <summary>By meter, the days from the start on with values that are out of balance.</summary>
    private async Task<List<(string, int)>> OddDaysAsync() =>
        [.. (await _stores.Quality.ListFlaggedAsync(new FlaggedQuery(null, ReadingFlags.Imbalance, null, null, 10_000), Cancel))
            .Select(value => (value.Series.EquipmentId, (int)(value.Start - Start).TotalDays)).Distinct()];
}

/// <summary>Counts how often totals are read, and does something before each time.</summary>
public class CountingStore : DispatchProxy
{
    private IReadingStore? _inner;
    private int _totals;

    public int Totals => _totals;

    public Func<Task>? BeforeTotals { get; set; }

    public static (IReadingStore Store, CountingStore Counter) Around(IReadingStore inner)
    {
        var store = Create<IReadingStore, CountingStore>();
        var counter = (CountingStore)(object)store;
        counter._inner = inner;
        return (store, counter);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IReadingStore.ReadTotalsAsync))
        {
            Interlocked.Increment(ref _totals);
            return BeforeTotals is { } prepare ? ReadAfterAsync(prepare, targetMethod, args) : targetMethod.Invoke(_inner, args);
        }

        return targetMethod.Invoke(_inner, args);
    }

    private async Task<BucketTotal[]> ReadAfterAsync(Func<Task> prepare, MethodInfo read, object?[]? args)
    {
        await prepare();
        return await (Task<BucketTotal[]>)read.Invoke(_inner, args)!;
    }
}
