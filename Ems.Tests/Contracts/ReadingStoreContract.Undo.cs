using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract partial class ReadingStoreContract
{
    [Fact]
    public async Task Undoing_brings_back_the_newest_version_that_is_left_in_any_order()
    {
        (string? Job, double? Value)[] writes = [("a", 1), (null, 2), ("b", 3), ("c", 3), ("d", 4)];
        string[][] orders = [["a", "b", "c", "d"], ["d", "c", "b", "a"], ["c", "d", "a", "b"], ["b", "a", "d", "c"]];
        for (var i = 0; i < orders.Length; i++)
        {
            var start = Start + (Hour * 100 * i);
            foreach (var (job, value) in writes)
            {
                await _store.WriteAsync(
                    new ReadingBatch([Reading("m1", start, Hour, value!.Value)], "ann", JobId: job is null ? null : $"{job}{i}"), Cancel);
            }

            var left = writes.ToList();
            foreach (var job in orders[i])
            {
                var before = left[^1].Value;
                left.RemoveAll(write => write.Job == job);

                var changed = await _store.UndoAsync($"{job}{i}", "bob", Cancel);

                var sample = Assert.Single(await _store.ReadAsync(Power, start, start + Hour, 0, Cancel));
                Assert.Equal(left[^1].Value, sample.Value);
                Assert.Equal(before == left[^1].Value ? 0 : 1, changed);
            }
        }
    }

    [Fact]
    public async Task Undoing_the_only_job_removes_its_values_and_its_history_says_so()
    {
        await Write("a", (0, 1), (1, 2));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(2, await _store.UndoAsync("a", "bob", Cancel));

        Assert.Equal(0, await _store.UndoAsync("a", "bob", Cancel));
        Assert.Empty(await Values(Power, 0, 9));
        Assert.Empty(await _store.ListSeriesAsync(null, null, Cancel));
        var history = await _store.ReadHistoryAsync("m1", "active_power", Start, Start + Hour, 10, null, Cancel);
        Assert.Equal(new ValueChange(Power, Start, 1, null, Now, "bob", "a"), Assert.Single(history.Changes));
        Assert.Equal([WriteOutcome.Stored], await Write("b", (0, 1)));
    }

    [Fact]
    public async Task A_value_that_two_jobs_delivered_outlives_the_undoing_of_either()
    {
        await Write("a", (0, 1));
        Assert.Equal([WriteOutcome.Duplicate], await Write("b", (0, 1)));

        Assert.Equal(0, await _store.UndoAsync("a", "bob", Cancel));
        Assert.Equal([1.0], await Values(Power, 0, 9));
        Assert.Equal(1, await _store.UndoAsync("b", "bob", Cancel));
        Assert.Empty(await Values(Power, 0, 9));
    }

    [Fact]
    public async Task A_series_has_another_revision_after_every_change_and_only_then()
    {
        await Write("a", (0, 1), (1, 2));
        var seen = new List<long?> { await Revision() };
        await Write("a", (0, 1));
        Assert.Equal(seen[^1], await Revision());
        await _quality.SaveFlagsAsync(
            Power, Start, Start + Hour, ReadingFlags.Spike, new Dictionary<(Instant, Duration), ReadingFlags> { [(Start, Hour)] = ReadingFlags.Spike }, Current, Cancel);
        Assert.Equal(seen[^1], await Revision());

        await Write("b", (5, 1));
        seen.Add(await Revision());
        await Write("c", (0, 9));
        seen.Add(await Revision());
        await _store.UndoAsync("b", "bob", Cancel);
        seen.Add(await Revision());

        Assert.Distinct(seen);

        async Task<long?> Revision() => Assert.Single(await _store.ListSeriesAsync(null, null, Cancel)).Revision;
    }

    [Fact]
    public async Task Others_write_while_a_large_job_is_undone()
    {
        await _store.WriteAsync(
            new ReadingBatch([.. Enumerable.Range(0, 30_000).Select(i => Reading("m1", Start + (Hour * i), Hour, i))], "ann", JobId: "a"), Cancel);
        var undo = Task.Run(() => _store.UndoAsync("a", "bob", Cancel), Cancel);

        await _store.WriteAsync(new ReadingBatch([Reading("m2", Start, Hour, 1)], "ann"), Cancel);

        Assert.False(undo.IsCompleted);
        Assert.Equal(30_000, await undo);
        Assert.Equal("m2", Assert.Single(await _store.ListSeriesAsync(null, null, Cancel)).Key.EquipmentId);
        Assert.Equal("m2", Assert.Single(await _store.CountFlagsAsync(Cancel)).Key);
    }

    [Fact]
    public async Task A_job_that_ended_is_marked_as_undone_and_one_that_runs_is_not()
    {
        foreach (var (id, state) in new[] { ("a", JobState.Completed), ("b", JobState.Cancelled), ("c", JobState.Running) })
        {
            await _jobs.AddAsync(new StoredJob(id, state, "ann", "{}", Now), int.MaxValue, Cancel);
        }

        await Write("a", (0, 1));
        await _store.UndoAsync("a", "bob", Cancel);
        await _store.UndoAsync("b", "bob", Cancel);
        await _store.UndoAsync("c", "bob", Cancel);

        Assert.Equal(JobState.Undone, (await _jobs.FindAsync("a", Cancel))!.State);
        Assert.Equal(JobState.Undone, (await _jobs.FindAsync("b", Cancel))!.State);
        Assert.Equal(JobState.Running, (await _jobs.FindAsync("c", Cancel))!.State);
    }

    [Fact]
    public async Task Equipment_goes_with_the_job_that_created_it_unless_something_else_uses_it()
    {
        List<string> created = ["own", "used", "described", "parent", "added", "subtracted"];
        await _store.WriteAsync(new ReadingBatch(created.ConvertAll(id => Reading(id, Start, Hour, 1)), "ann", JobId: "a"), Cancel);
        await _store.WriteAsync(new ReadingBatch([Reading("used", Start + Hour, Hour, 2)], "ann"), Cancel);
        await _catalogue.SaveEquipmentAsync(new Equipment { Id = "described", Name = "Mine", Parent = "parent" }, Cancel);
        await _catalogue.SaveEquipmentAsync(new Equipment { Id = "virtual", Name = "Mine", Virtual = new VirtualMeter(["used", "added"], ["subtracted"]) }, Cancel);

        await _store.UndoAsync("a", "bob", Cancel);

        Assert.Equal(["added", "described", "parent", "subtracted", "used", "virtual"], (await _catalogue.ListEquipmentAsync(Cancel)).Select(one => one.Id));
    }

    [Fact]
    public async Task A_series_whose_values_were_all_undone_takes_kind_and_unit_anew_and_one_with_values_keeps_them()
    {
        await WritePressure("m", "a", 0, 50, QuantityKind.Level, "psi");
        await _store.UndoAsync("a", "bob", Cancel);

        await WritePressure("m", "b", 0, 3, QuantityKind.Interval, "bar");
        await WritePressure("m", "c", 1, 4, QuantityKind.Level, "psi");

        var series = Assert.Single(await _store.ListSeriesAsync(null, null, Cancel));
        Assert.Equal((QuantityKind.Interval, "bar", 2L), (series.Kind, series.Unit, series.Count));
    }

    [Fact]
    public async Task A_series_without_values_merges_with_any_and_has_the_kind_and_unit_of_the_other()
    {
        foreach (var emptied in (string[])["main", "other"])
        {
            await WritePressure(emptied, $"undone {emptied}", 0, 50, QuantityKind.Level, "psi");
            await _store.UndoAsync($"undone {emptied}", "bob", Cancel);
            await _catalogue.SaveEquipmentAsync(new Equipment { Id = emptied, Name = emptied }, Cancel);
        }

        await WritePressure("copy", "b", 1, 3, QuantityKind.Interval, "bar");

        await _store.MergeAsync("copy", "main", "m1", "ann", Cancel);
        await _store.MergeAsync("other", "main", "m2", "ann", Cancel);
        Assert.Equal([("main", QuantityKind.Interval, "bar")], await NaturesOf());
        await _store.UndoAsync("m2", "bob", Cancel);
        await _store.UndoAsync("m1", "bob", Cancel);

        Assert.Equal([("copy", QuantityKind.Interval, "bar")], await NaturesOf());

        async Task<IEnumerable<(string, QuantityKind, string)>> NaturesOf() =>
            (await _store.ListSeriesAsync(null, null, Cancel)).Select(one => (one.Key.EquipmentId, one.Kind, one.Unit));
    }

    private Task<IReadOnlyList<WriteOutcome>> WritePressure(string equipment, string job, int hour, double value, QuantityKind kind, string unit) => _store.WriteAsync(
        new ReadingBatch([new Reading(equipment, Start + (Hour * hour), Hour, [new MetricValue("pressure", kind, unit, value, value, unit)])], "ann", JobId: job), Cancel);

    [Fact]
    public async Task Sites_go_with_the_job_that_created_them_unless_something_else_uses_them()
    {
        foreach (var (id, job) in new[] { ("own", "a"), ("used", "a"), ("remembered", "a"), ("other", "b"), ("described", null), ("none", "c") })
        {
            await _catalogue.SaveSiteAsync(new Site { Id = id, Name = id, CreatedBy = job }, Cancel);
        }

        await Profiles.SaveAsync(new StoredProfile("p", "f", """{"site":"remembered"}""", Now), Cancel);
        await _store.WriteAsync(
            new ReadingBatch([Reading("m", Start, Hour, 1)], "ann", id => new Equipment { Id = id, Name = id, Site = "own" }, JobId: "a"), Cancel);
        await _catalogue.SaveEquipmentAsync(new Equipment { Id = "n", Name = "Mine", Site = "used" }, Cancel);

        await _store.UndoAsync("a", "bob", Cancel);
        Assert.Equal(["described", "none", "other", "remembered", "used"], (await _catalogue.ListSitesAsync(Cancel)).Select(one => one.Id));

        await _store.UndoAsync("c", "bob", Cancel);
        Assert.Equal(["described", "other", "remembered", "used"], (await _catalogue.ListSitesAsync(Cancel)).Select(one => one.Id));
    }

    [Fact]
    public async Task Equipment_that_is_written_to_while_the_job_that_created_it_is_undone_is_there()
    {
        for (var i = 0; i < 20; i++)
        {
            var (id, job) = ($"new{i}", $"job{i}");
            await _store.WriteAsync(new ReadingBatch([Reading(id, Start, Hour, 1)], "ann", JobId: job), Cancel);

            await Task.WhenAll(
                Task.Run(() => _store.UndoAsync(job, "bob", Cancel), Cancel),
                Task.Run(() => _store.WriteAsync(new ReadingBatch([Reading(id, Start + Hour, Hour, 2)], "ann"), Cancel), Cancel));

            Assert.NotNull(await _catalogue.FindEquipmentAsync(id, Cancel));
        }
    }

    [Fact]
    public async Task History_is_walked_page_by_page_newest_first()
    {
        for (var i = 0; i < 4; i++)
        {
            await Write(null, (0, i), (1, i), (2, i));
        }

        List<ValueChange> walked = [];
        string? after = null;
        do
        {
            var page = await _store.ReadHistoryAsync("m1", null, Start, Start + (Hour * 9), 2, after, Cancel);
            Assert.InRange(page.Changes.Count, 1, 2);
            walked.AddRange(page.Changes);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal([3.0, 3, 3, 2, 2, 2, 1, 1, 1], walked.Select(change => change.NewValue!.Value));
        Assert.Equal(9, walked.Distinct().Count());
        const string beyond = "99999999999999999999";
        foreach (var position in (string[])["no position", $"{beyond} 1 1 1", $"{beyond} 507f1f77bcf86cd799439011 1 1 m", $"1 507f1f77bcf86cd799439011 {beyond} 1 m"])
        {
            await Assert.ThrowsAsync<FormatException>(() => _store.ReadHistoryAsync("m1", null, Start, Start + Hour, 2, position, Cancel));
        }
    }

    [Fact]
    public async Task Changes_of_one_write_come_by_metric()
    {
        foreach (var value in (double[])[1, 2])
        {
            MetricValue[] values = [new("voltage", QuantityKind.Level, "V", value, value, "V"), new("current", QuantityKind.Level, "A", value, value, "A")];
            await _store.WriteAsync(new ReadingBatch([new Reading("m1", Start, Hour, values)], "ann"), Cancel);
        }

        var history = await _store.ReadHistoryAsync("m1", null, Start, Start + Hour, 10, null, Cancel);

        Assert.Equal(["current", "voltage"], history.Changes.Select(change => change.Series.Metric));
    }

    [Fact]
    public async Task Two_processes_write_at_once_and_nothing_is_lost()
    {
        var (other, _, _, _) = OpenProcess(_time);
        const int batches = 40;

        async Task Fill(IReadingStore store, string equipment)
        {
            var writes = Enumerable.Range(0, batches).Select(i => store.WriteAsync(
                new ReadingBatch([.. Enumerable.Range(0, 50).Select(j => Reading(equipment, Start + (Hour * ((i * 50) + j)), Hour, j))], "ann"), Cancel));
            await Task.WhenAll(writes);
        }

        await Task.WhenAll(Task.Run(() => Fill(_store, "m1"), Cancel), Task.Run(() => Fill(other, "m2"), Cancel), Task.Run(() => Fill(other, "m1"), Cancel));

        var series = await _store.ListSeriesAsync(null, null, Cancel);
        Assert.Equal([("m1", batches * 50L), ("m2", batches * 50L)], series.Select(one => (one.Key.EquipmentId, one.Count)));
        Assert.Equal(batches * 2, (await ReadOutbox()).Count);
    }
}
