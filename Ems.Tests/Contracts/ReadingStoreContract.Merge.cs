using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract partial class ReadingStoreContract
{
    [Fact]
    public async Task Merged_readings_are_those_of_the_other_and_the_one_written_later_counts()
    {
        await WriteTo("main", "a", (0, 1), (1, 2));
        await WriteTo("copy", "b", (1, 20), (2, 30));
        await WriteTo("main", "c", (2, 3));
        var events = (await ReadOutbox()).Count;

        var changed = await _store.MergeAsync("copy", "main", "m", "ann", Cancel);

        Assert.Equal(1, changed);
        Assert.Equal([1.0, 20, 3], await ValuesOf("main"));
        Assert.Empty(await ValuesOf("copy"));
        Assert.Equal(("main", 3L), Assert.Single((await _store.ListSeriesAsync(null, null, Cancel)).Select(one => (one.Key.EquipmentId, one.Count))));
        Assert.Equal("main", (await _catalogue.FindEquipmentAsync("copy", Cancel))!.MergedInto);
        Assert.Equal(await RecountFlags(), await _store.CountFlagsAsync(Cancel));
        Assert.Equal(events + 2, (await ReadOutbox()).Count);
    }

    [Fact]
    public async Task A_merge_that_is_repeated_after_a_kill_tells_what_it_did_before()
    {
        await WriteTo("main", "a", (0, 1), (1, 2));
        await WriteTo("copy", "b", (1, 20), (2, 30));
        await _store.MergeAsync("copy", "main", "m", "ann", Cancel);
        var events = (await ReadOutbox()).Count;

        Assert.Equal(2, await _store.MergeAsync("copy", "main", "m", "ann", Cancel));

        Assert.Equal([1.0, 20, 30], await ValuesOf("main"));
        Assert.Equal(events, (await ReadOutbox()).Count);
    }

    [Fact]
    public async Task What_a_merge_brings_is_another_value_where_it_would_be_if_it_was_written()
    {
        const double Converted = 51491.79570711099, Shown = 51491.795707111;
        await WriteTo("main", "a", (0, Converted));
        await _store.WriteAsync(
            new ReadingBatch([Reading("main", Start + Hour, Hour, 5) with { Flags = ReadingFlags.Estimated }], "ann", JobId: "a"), Cancel);
        await WriteTo("copy", "b", (0, Shown), (1, 5));

        Assert.Equal(1, await _store.MergeAsync("copy", "main", "m", "ann", Cancel));
        Assert.Equal([Start + Hour], (await _store.ReadHistoryAsync("main", null, Start, Start + (Hour * 9), 10, null, Cancel)).Changes.Select(one => one.Start));
        Assert.Equal(1, await _store.UndoAsync("b", "bob", Cancel));
        Assert.Equal([Converted, 5], await ValuesOf("main"));
    }

    [Fact]
    public async Task Both_names_of_a_merged_meter_in_one_batch_are_one_reading_and_the_later_one_counts()
    {
        await WriteTo("main", "a", (0, 1));
        await WriteTo("copy", "b", (1, 2));
        await _store.MergeAsync("copy", "main", "m", "ann", Cancel);

        await _store.WriteAsync(
            new ReadingBatch([Reading("main", Start + (Hour * 5), Hour, 3), Reading("copy", Start + (Hour * 5), Hour, 4), Reading("other", Start, Hour, 7)], "ann"),
            Cancel);

        Assert.Equal([1.0, 2, 4], await ValuesOf("main"));
        Assert.Equal([7.0], await ValuesOf("other"));
        Assert.Equal([2.0, 4], (await _store.ReadAsync(new SeriesKey("main", "active_power", Hour), Start + (Hour * 5), Start + (Hour * 9), 1, Cancel)).Select(one => one.Value));
        Assert.Equal(await RecountFlags(), await _store.CountFlagsAsync(Cancel));
    }

    [Fact]
    public async Task A_merge_can_be_undone_and_what_came_since_stays_where_it_is()
    {
        await WriteTo("main", "a", (0, 1), (1, 2));
        await WriteTo("copy", "b", (1, 20), (2, 30));
        await _store.MergeAsync("copy", "main", "m", "ann", Cancel);
        await WriteTo("copy", "d", (3, 40), (0, 1));

        Assert.Equal([1.0, 20, 30, 40], await ValuesOf("main"));
        await _store.UndoAsync("m", "bob", Cancel);

        Assert.Equal([1.0, 2, 40], await ValuesOf("main"));
        Assert.Equal([20.0, 30], await ValuesOf("copy"));
        Assert.Equal(
            [("copy", 2L), ("main", 3L)], (await _store.ListSeriesAsync(null, null, Cancel)).Select(one => (one.Key.EquipmentId, one.Count)));
        Assert.Null((await _catalogue.FindEquipmentAsync("copy", Cancel))!.MergedInto);
        Assert.Equal(await RecountFlags(), await _store.CountFlagsAsync(Cancel));
        Assert.Equal(2, await _store.MergeAsync("copy", "main", "again", "ann", Cancel));
        Assert.Equal([1.0, 20, 30, 40], await ValuesOf("main"));
    }

    [Theory]
    [InlineData("b", "m")]
    [InlineData("m", "b")]
    public async Task A_job_whose_readings_were_merged_is_undone_as_if_they_had_always_been_there(string first, string second)
    {
        await WriteTo("main", "a", (0, 1), (1, 2));
        await WriteTo("copy", "b", (1, 20), (2, 30));
        await _store.MergeAsync("copy", "main", "m", "ann", Cancel);

        await _store.UndoAsync(first, "bob", Cancel);
        Assert.Equal([1.0, 2], await ValuesOf("main"));
        await _store.UndoAsync(second, "bob", Cancel);

        Assert.Equal([1.0, 2], await ValuesOf("main"));
        Assert.Empty(await ValuesOf("copy"));
    }

    [Fact]
    public async Task A_merge_while_a_job_is_undone_leaves_nothing_of_the_job_behind()
    {
        const int Values = 8_000;
        await WriteTo("main", "a", (0, 1), (1, 2));
        await _store.WriteAsync(
            new ReadingBatch([.. Enumerable.Range(1, Values).Select(i => Reading("copy", Start + (Hour * i), Hour, i))], "ann", JobId: "b"), Cancel);
        var undo = Task.Run(() => _store.UndoAsync("b", "bob", Cancel), Cancel);
        await _store.WriteAsync(new ReadingBatch([Reading("copy", Start, Hour, 10)], "ann"), Cancel);
        await _store.MergeAsync("copy", "main", "m", "ann", Cancel);
        await undo;

        Assert.Equal([10.0, 2], await ValuesOf("main"));
        await _store.UndoAsync("m", "bob", Cancel);

        Assert.Equal([1.0, 2], await ValuesOf("main"));
        Assert.Equal([10.0], await ValuesOf("copy"));
        Assert.Equal(await RecountFlags(), await _store.CountFlagsAsync(Cancel));
    }

    [Fact]
    public async Task Equipment_that_is_described_anew_while_it_is_merged_stays_merged()
    {
        await WriteTo("main", "a", (0, 1));
        await WriteTo("copy", "b", (1, 2));
        var stale = (await _catalogue.FindEquipmentAsync("copy", Cancel))!;

        await _store.MergeAsync("copy", "main", "m", "ann", Cancel);
        await _catalogue.SaveEquipmentAsync(stale with { Name = "Described before the merge" }, Cancel);

        var saved = (await _catalogue.FindEquipmentAsync("copy", Cancel))!;
        Assert.Equal(("Described before the merge", "main"), (saved.Name, saved.MergedInto));
        await WriteTo("copy", "c", (2, 3));
        Assert.Equal([1.0, 2, 3], await ValuesOf("main"));
    }

    [Fact]
    public async Task What_one_write_gave_to_both_comes_back_to_each()
    {
        Reading[] both = [Reading("main", Start, Hour, 1), Reading("copy", Start, Hour, 5), Reading("copy", Start + Hour, Hour, 6)];
        await _store.WriteAsync(new ReadingBatch(both, "ann", JobId: "a"), Cancel);

        await _store.MergeAsync("copy", "main", "m", "ann", Cancel);
        Assert.Equal([1.0, 6], await ValuesOf("main"));
        await _store.UndoAsync("m", "bob", Cancel);

        Assert.Equal([1.0], await ValuesOf("main"));
        Assert.Equal([5.0, 6], await ValuesOf("copy"));
    }

    [Fact]
    public async Task Totals_follow_a_merge_and_its_undoing()
    {
        const int Minutes = 3 * 24 * 60;
        await _store.WriteAsync(new ReadingBatch([.. Fill("main", 0), .. Fill("copy", 1)], "ann"), Cancel);
        await _store.RollUpAsync(100, Cancel);
        var (main, day) = (new SeriesKey("main", "active_power", Duration.FromMinutes(1)), Duration.FromDays(1));
        Instant[] edges = [Start, Start + day, Start + (day * 2), Start + (day * 3)];

        await _store.MergeAsync("copy", "main", "m", "ann", Cancel);
        Assert.Equal(Minutes, (await _store.ReadTotalsAsync(main, edges, Cancel)).Sum(total => total.Count));
        await _store.RollUpAsync(100, Cancel);
        Assert.Equal(Minutes, (await _store.ReadTotalsAsync(main, edges, Cancel)).Sum(total => total.Count));
        await _store.UndoAsync("m", "bob", Cancel);
        Assert.Equal(Minutes / 2, (await _store.ReadTotalsAsync(main, edges, Cancel)).Sum(total => total.Count));

        static IEnumerable<Reading> Fill(string id, int first) => Enumerable.Range(0, Minutes / 2)
            .Select(i => Reading(id, Start + Duration.FromMinutes((i * 2) + first), Duration.FromMinutes(1), 1));
    }

    [Fact]
    public async Task What_does_not_fit_together_is_not_merged()
    {
        await WriteTo("main", "a", (0, 1));
        await WriteTo("copy", "b", (1, 2));
        await WriteTo("third", "c", (2, 3));
        await _store.WriteAsync(
            new ReadingBatch([new Reading("odd", Start, Hour, [Value("active_power", 1, QuantityKind.Register)])], "ann"), Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.MergeAsync("odd", "main", "m1", "ann", Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.MergeAsync("main", "main", "m2", "ann", Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.MergeAsync("nobody", "main", "m3", "ann", Cancel));
        await _catalogue.SaveEquipmentAsync(new Equipment { Id = "sum", Name = "Sum", Virtual = new VirtualMeter(["main"], []) }, Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.MergeAsync("copy", "sum", "m6", "ann", Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.MergeAsync("sum", "copy", "m7", "ann", Cancel));
        await _store.MergeAsync("copy", "main", "m4", "ann", Cancel);
        await _store.MergeAsync("main", "third", "m5", "ann", Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.UndoAsync("m4", "ann", Cancel));

        Assert.Equal([1.0, 2, 3], await ValuesOf("third"));
        await WriteTo("copy", "d", (3, 4));
        Assert.Equal([1.0, 2, 3, 4], await ValuesOf("third"));
        Assert.Null((await _catalogue.FindEquipmentAsync("odd", Cancel))!.MergedInto);
    }

    private Task<IReadOnlyList<WriteOutcome>> WriteTo(string equipment, string job, params (int Hour, double Value)[] values) => _store.WriteAsync(
        new ReadingBatch([.. values.Select(one => Reading(equipment, Start + (Hour * one.Hour), Hour, one.Value))], "ann", JobId: job), Cancel);

    private async Task<IEnumerable<double>> ValuesOf(string equipment) =>
        (await _store.ReadAsync(new SeriesKey(equipment, "active_power", Hour), Start, Start + (Hour * 9), 0, Cancel)).Select(one => one.Value);
}
