using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract partial class ReadingStoreContract
{
    [Fact]
    public async Task What_is_written_changed_or_undone_is_unchecked_until_it_is_checked()
    {
        await Write("a", (0, 1), (1, 2), (2, 3));
        var first = Assert.Single(await _quality.ListUncheckedAsync(null, 10, Cancel));
        Assert.Equal(Power, first.Series);
        Assert.True(first.First <= Start && first.Last >= Start + (Hour * 2));

        await Save([first]);
        Assert.Empty(await _quality.ListUncheckedAsync(null, 10, Cancel));
        await Write("b", (0, 1));
        await Write(null, (1, 2));
        await Write("c", (1, 9));
        var changed = Assert.Single(await _quality.ListUncheckedAsync("c", 10, Cancel));
        Assert.True(changed.First <= Start + Hour && changed.Last >= Start + Hour);

        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));
        await _store.UndoAsync("c", "bob", Cancel);
        Assert.Single(await _quality.ListUncheckedAsync(null, 10, Cancel));
    }

    [Fact]
    public async Task What_is_unchecked_of_a_job_is_listed_part_after_part_until_nothing_is_left_of_it()
    {
        string[] ids = [.. Enumerable.Range(0, 250).Select(i => $"m{i:000}")];
        await _store.WriteAsync(new ReadingBatch([.. ids.Select(id => Reading(id, Start, Hour, 1))], "ann", JobId: "a"), Cancel);
        await WriteTo("other", "b", (0, 1));
        var parts = new List<IReadOnlyList<UncheckedRange>>();
        while (await _quality.ListUncheckedAsync("a", 120, Cancel) is { Count: > 0 } part)
        {
            parts.Add(part);
            await Save(part);
        }

        Assert.Equal([120, 120, 10], parts.Select(part => part.Count));
        Assert.Equal(ids, parts.SelectMany(part => part).Select(range => range.Series.EquipmentId).Order(StringComparer.Ordinal));
        Assert.Equal(["other"], await Unchecked());
    }

    [Fact]
    public async Task A_range_that_changed_while_it_was_checked_stays_unchecked()
    {
        await Write(null, (0, 1), (1, 2));
        var before = await _quality.ListUncheckedAsync(null, 10, Cancel);
        await Write(null, (1, 3));

        await Save(before);

        var left = Assert.Single(await _quality.ListUncheckedAsync(null, 10, Cancel));
        await Save([left]);
        Assert.Empty(await _quality.ListUncheckedAsync(null, 10, Cancel));
    }

    [Fact]
    public async Task What_was_found_before_a_change_is_looked_at_again_when_another_check_has_seen_the_change()
    {
        await Write(null, (0, 1), (1, 2));
        var ranges = await _quality.ListUncheckedAsync(null, 10, Cancel);
        var before = await Basis(ranges);
        await Write(null, (1, 3));
        var other = await _quality.ListUncheckedAsync(null, 10, Cancel);
        await SaveSpike(1, await Basis(other));
        await Save(other);
        Assert.Empty(await _quality.ListUncheckedAsync(null, 10, Cancel));

        await SaveSpike(0, before);
        await Save(ranges);

        var again = Assert.Single(await _quality.ListUncheckedAsync(null, 10, Cancel));
        Assert.Equal((Power, ranges[0].First, ranges[0].Last), (again.Series, again.First, again.Last));
        await SaveSpike(1, await Basis([again]));
        await Save([again]);
        Assert.Empty(await _quality.ListUncheckedAsync(null, 10, Cancel));
        Assert.Equal([(1, ReadingFlags.Spike)], await Flagged(ReadingFlags.Spike));

        async Task<FlagBasis> Basis(IReadOnlyList<UncheckedRange> of) =>
            new(await _store.ListSeriesAsync(null, null, Cancel), [.. of.Select(range => (range.Series, range.First, range.Last))]);

        Task SaveSpike(int hour, FlagBasis basis) => _quality.SaveFlagsAsync(
            Power, Start, Start + (Hour * 5), ReadingFlags.Spike,
            new Dictionary<(Instant, Duration), ReadingFlags> { [(Start + (Hour * hour), Hour)] = ReadingFlags.Spike }, basis, Cancel);
    }

    [Fact]
    public async Task What_was_found_before_equipment_changed_is_looked_at_again()
    {
        var meter = new Equipment { Id = "m1", Name = "Main" };
        await _catalogue.SaveEquipmentAsync(meter, Cancel);
        await Write(null, (0, -1));
        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));
        var before = new FlagBasis(await _store.ListSeriesAsync(null, null, Cancel), [(Power, Start, Start)]);

        await _catalogue.SaveEquipmentAsync(meter with { Export = new Timeline<bool>(true) }, Cancel);
        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));
        await _quality.SaveFlagsAsync(
            Power, Start, Start, ReadingFlags.NegativeConsumption,
            new Dictionary<(Instant, Duration), ReadingFlags> { [(Start, Hour)] = ReadingFlags.NegativeConsumption }, before, Cancel);

        Assert.Equal(Power, Assert.Single(await _quality.ListUncheckedAsync(null, 10, Cancel)).Series);
    }

    [Fact]
    public async Task A_series_whose_values_are_gone_is_unchecked_until_it_is_checked()
    {
        await Write("a", (0, 1), (1, 2));
        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));

        await _store.UndoAsync("a", "bob", Cancel);

        var left = Assert.Single(await _quality.ListUncheckedAsync(null, 10, Cancel));
        Assert.True(left.Series == Power && left.First <= Start && left.Last >= Start + Hour);
        await Save([left]);
        Assert.Empty(await _quality.ListUncheckedAsync(null, 10, Cancel));
    }

    [Fact]
    public async Task Values_have_exactly_the_flags_that_were_found_last()
    {
        await Write(null, [.. Enumerable.Range(0, 6).Select(i => (i, 1.0 + i))]);
        await Flag(ReadingFlags.Spike | ReadingFlags.Stuck, 0, 5, (1, ReadingFlags.Spike), (2, ReadingFlags.Stuck), (4, ReadingFlags.Spike));
        await Flag(ReadingFlags.Gap, 0, 5, (2, ReadingFlags.Gap));
        await Flag(ReadingFlags.Spike, 0, 3, (3, ReadingFlags.Spike));

        Assert.Equal(
            [(2, ReadingFlags.Stuck | ReadingFlags.Gap), (3, ReadingFlags.Spike), (4, ReadingFlags.Spike)], await Flagged(ReadingFlagSets.Found));
        Assert.Equal([(2, ReadingFlags.Stuck | ReadingFlags.Gap)], await Flagged(ReadingFlags.Gap));
        await Write("fix", (4, 99));
        Assert.Equal([(3, ReadingFlags.Spike)], await Flagged(ReadingFlags.Spike));
        Assert.Equal([1.0, 2, 3, 4, 99, 6], await Values(Power, 0, 9));
    }

    [Fact]
    public async Task Flagged_values_are_listed_by_equipment_metric_and_time_in_pages()
    {
        string[] metrics = ["active_power", "voltage"];

        // The last two lie the other way round by their bytes in UTF-8.
        string[] ids = ["m1", "m2", "\U0001F600", "\uFF21"];
        foreach (var id in ids.Reverse())
        {
            await _store.WriteAsync(
                new ReadingBatch([.. Enumerable.Range(0, 5).Select(i => new Reading(id, Start + (Hour * i), Hour, [Value("voltage", i), Value("active_power", i)]))], "ann"),
                Cancel);
            foreach (var metric in metrics)
            {
                await _quality.SaveFlagsAsync(
                    new SeriesKey(id, metric, Hour), Start, Start + (Hour * 9), ReadingFlags.Spike,
                    Enumerable.Range(0, 5).ToDictionary(i => (Start + (Hour * i), Hour), _ => ReadingFlags.Spike), Current, Cancel);
            }
        }

        var query = new FlaggedQuery(null, ReadingFlags.Spike, Start + Hour, Start + (Hour * 4), 5);
        var all = new List<FlaggedValue>();
        while (await _quality.ListFlaggedAsync(query with { After = all.LastOrDefault() }, Cancel) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 5);
            all.AddRange(page);
        }

        Assert.Equal(
            from id in ids from metric in metrics from i in Enumerable.Range(1, 3) select (id, metric, (double)i),
            all.Select(value => (value.Series.EquipmentId, value.Series.Metric, value.Value)));
        Assert.Equal(6, (await _quality.ListFlaggedAsync(query with { EquipmentIds = ["m2"], Limit = 100 }, Cancel)).Count);
        var voltages = await _quality.ListFlaggedAsync(query with { Metrics = ["voltage"], Limit = 100 }, Cancel);
        Assert.Equal(ids.SelectMany(id => Enumerable.Repeat((id, "voltage"), 3)), voltages.Select(value => (value.Series.EquipmentId, value.Series.Metric)));
    }

    [Fact]
    public async Task Flags_are_counted_by_job()
    {
        await Write("a", [.. Enumerable.Range(0, 6).Select(i => (i, 1.0 + i))]);
        await Write("b", (10, 1), (11, 2));
        await Flag(ReadingFlagSets.Found, 0, 20, (1, ReadingFlags.Spike), (2, ReadingFlags.Spike | ReadingFlags.Gap), (11, ReadingFlags.Stuck));

        Assert.Equal(
            new Dictionary<ReadingFlags, long> { [ReadingFlags.Spike] = 2, [ReadingFlags.Gap] = 1 }, await _quality.CountFlaggedAsync("a", Cancel));
        Assert.Equal(new Dictionary<ReadingFlags, long> { [ReadingFlags.Stuck] = 1 }, await _quality.CountFlaggedAsync("b", Cancel));
    }

    [Fact]
    public async Task What_a_job_wrote_is_counted_from_the_first_to_the_last_value_until_it_is_undone()
    {
        await Write("a", (0, 1), (1, 2), (2, 3), (5, 6));
        await Write("b", (1, 9), (3, 4));
        await Flag(ReadingFlagSets.Found, 0, 20, (0, ReadingFlags.Spike), (1, ReadingFlags.Stuck), (2, ReadingFlags.Gap), (3, ReadingFlags.Late), (5, ReadingFlags.Spike));

        Assert.Equal(
            [ReadingFlags.Gap, ReadingFlags.Late, ReadingFlags.Spike, ReadingFlags.Spike, ReadingFlags.Stuck], await Counted("a"));
        Assert.Equal([ReadingFlags.Gap, ReadingFlags.Late, ReadingFlags.Stuck], await Counted("b"));
        await _store.UndoAsync("b", "bob", Cancel);
        Assert.Empty(await Counted("b"));
    }

    [Fact]
    public async Task What_a_job_wrote_to_a_meter_that_is_merged_it_wrote_to_the_other()
    {
        await Write("a", (0, 1));
        await WriteTo("old", "b", (3, 1), (4, 1));
        await _store.MergeAsync("old", "m1", "merge", "ann", Cancel);
        await WriteTo("old", "c", (7, 1));

        await Flag(ReadingFlagSets.Found, 0, 20, (0, ReadingFlags.Late), (3, ReadingFlags.Gap), (4, ReadingFlags.Stuck), (7, ReadingFlags.Spike));

        Assert.Equal([ReadingFlags.Gap, ReadingFlags.Stuck], await Counted("b"));
        Assert.Equal([ReadingFlags.Spike], await Counted("c"));
    }

    /// <summary>The flags of the values of a job, each as often as it is found.</summary>
    private async Task<IEnumerable<ReadingFlags>> Counted(string job) =>
        (await _quality.CountFlaggedAsync(job, Cancel)).SelectMany(one => Enumerable.Repeat(one.Key, (int)one.Value)).OrderBy(flag => flag.ToString(), StringComparer.Ordinal);

    [Fact]
    public async Task The_parents_of_equipment_that_moves_are_checked_again()
    {
        foreach (var id in new[] { "m1", "old", "new" })
        {
            await _catalogue.SaveEquipmentAsync(new Equipment { Id = id, Name = id, Parent = id == "m1" ? "old" : null }, Cancel);
            await _store.WriteAsync(new ReadingBatch([Reading(id, Start, Hour, 1)], "ann"), Cancel);
        }

        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));
        await _catalogue.SaveEquipmentAsync(new Equipment { Id = "m1", Name = "m1", Parent = "new" }, Cancel);

        Assert.Equal(
            ["m1", "new", "old"], (await _quality.ListUncheckedAsync(null, 10, Cancel)).Select(range => range.Series.EquipmentId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Equipment_that_moves_below_another_or_may_export_is_checked_again()
    {
        var meter = new Equipment { Id = "m1", Name = "Main" };
        await _catalogue.SaveEquipmentAsync(meter, Cancel);
        await Write(null, (0, 1));
        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));

        await _catalogue.SaveEquipmentAsync(meter with { Name = "Another name" }, Cancel);
        Assert.Empty(await _quality.ListUncheckedAsync(null, 10, Cancel));

        await _catalogue.SaveEquipmentAsync(meter with { Export = new Timeline<bool>(true) }, Cancel);
        Assert.Equal(Power, Assert.Single(await _quality.ListUncheckedAsync(null, 10, Cancel)).Series);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_meter_above_is_checked_again_also_behind_one_that_is_merged_or_virtual(bool merged)
    {
        await WriteTo("main", "a", (0, 1));
        await WriteTo("sub", "b", (0, 1));
        var between = new Equipment { Id = "between", Name = "Between" };
        await _catalogue.SaveEquipmentAsync(merged ? between : between with { Parent = "main", Virtual = new VirtualMeter(["sub"], []) }, Cancel);
        await _catalogue.SaveEquipmentAsync(new Equipment { Id = "sub", Name = "sub", Parent = "between" }, Cancel);
        if (merged)
        {
            await _store.MergeAsync("between", "main", "m", "ann", Cancel);
        }

        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));
        await _catalogue.SaveEquipmentAsync(new Equipment { Id = "sub", Name = "sub" }, Cancel);

        Assert.Equal(["main", "sub"], await Unchecked());
    }

    [Fact]
    public async Task All_of_a_meter_is_checked_again_when_a_merge_moves_meters_below_it_or_away()
    {
        await WriteTo("main", "a", (0, 1), (7, 1));
        await WriteTo("old", "b", (3, 1));
        await WriteTo("sub", "c", (0, 1));
        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));
        await _store.MergeAsync("old", "main", "without", "ann", Cancel);
        Assert.False(IsWhole(await MainRanges()));
        await _store.UndoAsync("without", "bob", Cancel);
        Assert.False(IsWhole(await MainRanges()));
        await _catalogue.SaveEquipmentAsync(new Equipment { Id = "sub", Name = "sub", Parent = "old" }, Cancel);
        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));

        await _store.MergeAsync("old", "main", "m", "ann", Cancel);
        Assert.True(IsWhole(await MainRanges()));
        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));
        await _store.UndoAsync("m", "bob", Cancel);
        Assert.True(IsWhole(await MainRanges()));

        async Task<IEnumerable<UncheckedRange>> MainRanges() =>
            (await _quality.ListUncheckedAsync(null, 10, Cancel)).Where(range => range.Series.EquipmentId == "main");

        static bool IsWhole(IEnumerable<UncheckedRange> ranges) => ranges.Any(range => range.First <= Start && range.Last >= Start + (Hour * 7));
    }

    [Fact]
    public async Task The_meters_of_a_site_are_checked_again_when_its_days_begin_at_other_times()
    {
        var site = new Site { Id = "here", Name = "Here" };
        await _catalogue.SaveSiteAsync(site, Cancel);
        await _catalogue.SaveEquipmentAsync(new Equipment { Id = "at", Name = "At", Site = "here" }, Cancel);
        await WriteTo("at", "a", (0, 1), (1, 1));
        await WriteTo("elsewhere", "a", (0, 1));
        await Save(await _quality.ListUncheckedAsync(null, 10, Cancel));

        await _catalogue.SaveSiteAsync(site with { Name = "Another name", FloorAreaM2 = 9 }, Cancel);
        Assert.Empty(await Unchecked());
        await _catalogue.SaveSiteAsync(site with { TimeZone = "Asia/Tokyo" }, Cancel);

        Assert.Equal(["at"], await Unchecked());
    }

    private async Task<IEnumerable<string>> Unchecked() =>
        (await _quality.ListUncheckedAsync(null, 10, Cancel)).Select(range => range.Series.EquipmentId).Order(StringComparer.Ordinal);

    private static FlagBasis Current => new([], []);

    private Task Save(IReadOnlyList<UncheckedRange> ranges) => _quality.SaveCheckedAsync(ranges, Cancel);

    private Task Flag(ReadingFlags mask, int fromHour, int toHour, params (int Hour, ReadingFlags Flags)[] found) => _quality.SaveFlagsAsync(
        Power, Start + (Hour * fromHour), Start + (Hour * toHour), mask, found.ToDictionary(one => (Start + (Hour * one.Hour), Hour), one => one.Flags), Current, Cancel);

    private async Task<IEnumerable<(int Hour, ReadingFlags Flags)>> Flagged(ReadingFlags flags) =>
        (await _quality.ListFlaggedAsync(new FlaggedQuery(["m1"], flags, null, null, 100), Cancel))
        .Select(value => ((int)(value.Start - Start).TotalHours, value.Flags));
}
