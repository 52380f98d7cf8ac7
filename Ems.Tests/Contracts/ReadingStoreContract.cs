using Ems.Core.Metering;
using Ems.Core.Storage;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract partial class ReadingStoreContract
{
    private static readonly Instant Start = Instant.FromUtc(2024, 3, 1, 0, 0);
    private static readonly Duration Hour = Duration.FromHours(1);
    private static readonly SeriesKey Power = new("m1", "active_power", Hour);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2024, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly IReadingStore _store;
    private readonly ICatalogue _catalogue;
    private readonly IJobStore _jobs;
    private readonly IQualityStore _quality;

    protected ReadingStoreContract() => (_store, _catalogue, _jobs, _quality) = OpenProcess(_time);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens the same data as a process of its own would.</summary>
    protected abstract (IReadingStore Readings, ICatalogue Catalogue, IJobStore Jobs, IQualityStore Quality) OpenProcess(FakeTimeProvider time);

    protected abstract IProfileStore Profiles { get; }

    /// <summary>What <see cref="IReadingStore.CountFlagsAsync"/> has to say, found by looking at every value.</summary>
    protected abstract Task<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>> RecountFlags();

    /// <summary>Name and body of every event, in order.</summary>
    protected abstract Task<IReadOnlyList<string>> ReadOutbox();

    [Fact]
    public async Task Values_come_back_in_order_with_neighbours()
    {
        await Write(null, (5, 5), (1, 1), (3, 3), (2, 2), (4, 4));

        Assert.Equal([2.0, 3, 4], await Values(Power, 2, 4, neighbours: 0, at: Start + Duration.FromMinutes(150)));
        Assert.Equal([1.0, 2, 3, 4], await Values(Power, 2, 4, neighbours: 1));
    }

    [Fact]
    public async Task The_same_batch_again_is_duplicate_and_a_different_value_is_a_change_that_keeps_the_old_one()
    {
        Assert.Equal([WriteOutcome.Stored, WriteOutcome.Stored], await Write(null, (0, 1), (1, 2)));
        Assert.Equal([WriteOutcome.Duplicate, WriteOutcome.Duplicate], await Write(null, (0, 1), (1, 2)));
        Assert.Equal([WriteOutcome.Duplicate, WriteOutcome.Changed, WriteOutcome.Stored], await Write("fix", (0, 1), (1, 9), (2, 3)));

        var change = Assert.Single((await _store.ReadHistoryAsync("m1", null, Start, Start + (Hour * 9), 10, null, Cancel)).Changes);
        Assert.Equal(new ValueChange(Power, Start + Hour, 2, 9, Now, "ann", "fix"), change);
        Assert.Equal([1.0, 9, 3], await Values(Power, 0, 9));
    }

    [Fact]
    public async Task A_value_that_is_confirmed_with_another_last_digit_stays_as_it_was_and_nothing_tells_of_a_change()
    {
        const double Converted = 51491.79570711099, Shown = 51491.795707111;
        await Write("a", (0, Converted));
        var events = (await ReadOutbox()).Count;

        Assert.Equal([WriteOutcome.Duplicate], await Write("b", (0, Shown)));
        Assert.Equal([Converted], await Values(Power, 0, 9));
        Assert.Equal(0, await _store.UndoAsync("a", "bob", Cancel));

        Assert.Equal([Converted], await Values(Power, 0, 9));
        Assert.Empty((await _store.ReadHistoryAsync("m1", null, Start, Start + Hour, 10, null, Cancel)).Changes);
        Assert.Equal(events, (await ReadOutbox()).Count);
        Assert.Equal(1, await _store.UndoAsync("b", "bob", Cancel));
    }

    [Fact]
    public async Task A_value_that_is_estimated_no_more_is_a_change_with_a_history()
    {
        await _store.WriteAsync(
            new ReadingBatch([Reading("m1", Start, Hour, 1) with { Flags = ReadingFlags.Estimated }], "ann", JobId: "preliminary"), Cancel);

        Assert.Equal([WriteOutcome.Changed], await Write("final", (0, 1)));
        var final = new ValueChange(Power, Start, 1, 1, Now, "ann", "final") { OldIsEstimated = true };
        Assert.Equal([final], (await _store.ReadHistoryAsync("m1", null, Start, Start + Hour, 10, null, Cancel)).Changes);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await _store.UndoAsync("final", "bob", Cancel));

        Assert.Equal(
            [new ValueChange(Power, Start, 1, 1, Now, "bob", "final") { NewIsEstimated = true }, final],
            (await _store.ReadHistoryAsync("m1", null, Start, Start + Hour, 10, null, Cancel)).Changes);
    }

    /// <summary>They are written many at once where nothing but time and number tells them apart.</summary>
    [Fact]
    public async Task Of_many_new_values_each_keeps_its_own_number_length_flags_and_source()
    {
        await Write(null, (70, 7), (71, 7.5));
        var random = new Random(7);
        var readings = Enumerable.Range(0, 230).Select(i => new Reading(
            "m1", Start + (Hour * i), i % 97 == 5 ? Hour + Hour : Hour,
            [
                i % 61 < 40 ? Value("active_power", i * 1.5)
                    : new MetricValue("active_power", QuantityKind.Level, "kW", i * 1.5, i * 1500, i % 2 == 0 ? "W" : "mW"),
                Value("voltage", random.Next(220, 240)),
            ],
            i % 83 == 11 ? ReadingFlags.Estimated : ReadingFlags.None)).ToList();

        var outcomes = await _store.WriteAsync(new ReadingBatch(readings, "ann"), Cancel);

        Assert.Equal([70, 71], Enumerable.Range(0, 230).Where(i => outcomes[i] == WriteOutcome.Changed));
        foreach (var metric in (string[])["active_power", "voltage"])
        {
            foreach (var length in new[] { Hour, Hour + Hour })
            {
                var expected = readings.Where(reading => reading.Length == length).Select(reading => (
                    reading.Start, length, reading.Values.Single(value => value.Metric == metric).Value, reading.Flags));
                var stored = await _store.ReadAsync(new SeriesKey("m1", metric, length), Start, Start + (Hour * 500), 0, Cancel);
                Assert.Equal(expected, stored.Select(sample => (sample.Start, sample.Length, sample.Value, sample.Flags)));
            }
        }

        Assert.All(await _store.WriteAsync(new ReadingBatch(readings, "ann"), Cancel), outcome => Assert.Equal(WriteOutcome.Duplicate, outcome));
    }

    [Fact]
    public async Task Days_of_23_and_25_hours_are_one_series_and_keep_their_length()
    {
        var days = new[] { 24, 23, 24, 25 };
        var at = Start;
        var readings = new List<Reading>();
        foreach (var hours in days)
        {
            readings.Add(Reading("m1", at, Duration.FromHours(hours), hours));
            at += Duration.FromHours(hours);
        }

        await _store.WriteAsync(new ReadingBatch(readings, "ann"), Cancel);

        var series = Assert.Single(await _store.ListSeriesAsync(["m1"], ["active_power"], Cancel));
        Assert.Equal(Duration.FromDays(1), series.Key.Length);
        Assert.Equal((4L, Start, at), (series.Count, series.FirstAt, series.EndAt));
        var samples = await _store.ReadAsync(series.Key, at - Duration.FromMinutes(1), at, 0, Cancel);
        Assert.Equal(Duration.FromHours(25), Assert.Single(samples).Length);
    }

    [Fact]
    public async Task Unknown_equipment_is_created_as_described_and_known_equipment_stays_as_it_is()
    {
        await _catalogue.SaveEquipmentAsync(new Equipment { Id = "known", Name = "Known", Site = "here" }, Cancel);
        var readings = new[] { Reading("known", Start, Hour, 1), Reading("new", Start, Hour, 1) };

        await _store.WriteAsync(
            new ReadingBatch(readings, "ann", Describe: id => new Equipment { Id = id, Name = "Gas meter", Site = "there", Carrier = "gas" }), Cancel);
        await _store.WriteAsync(new ReadingBatch([Reading("plain", Start, Hour, 1)], "ann"), Cancel);

        Assert.Equal("here", (await _catalogue.FindEquipmentAsync("known", Cancel))!.Site);
        var created = await _catalogue.FindEquipmentAsync("new", Cancel);
        Assert.Equal(("Gas meter", "there", "gas"), (created!.Name, created.Site, created.Carrier));
        Assert.Equal("plain", (await _catalogue.FindEquipmentAsync("plain", Cancel))!.Name);
    }

    [Fact]
    public async Task One_event_tells_of_each_equipment_with_new_or_changed_values()
    {
        await _store.WriteAsync(
            new ReadingBatch([Reading("m1", Start, Hour, 1), Reading("m1", Start + Hour, Hour, 2), Reading("m2", Start, Hour, 1)], "ann", id => new Equipment { Id = id, Name = id, Site = "s" }), Cancel);
        await _store.WriteAsync(new ReadingBatch([Reading("m1", Start, Hour, 1), Reading("m2", Start, Hour, 5)], "bob"), Cancel);

        Assert.Equal(
            [
                """readings.stored.v1 {"equipment_id":"m1","site":"s","metrics":["active_power"],"from":"2024-03-01T00:00:00Z","to":"2024-03-01T02:00:00Z","count":2,"actor":"ann","job_id":null}""",
                """readings.stored.v1 {"equipment_id":"m2","site":"s","metrics":["active_power"],"from":"2024-03-01T00:00:00Z","to":"2024-03-01T01:00:00Z","count":1,"actor":"ann","job_id":null}""",
                """readings.stored.v1 {"equipment_id":"m2","site":"s","metrics":["active_power"],"from":"2024-03-01T00:00:00Z","to":"2024-03-01T01:00:00Z","count":1,"actor":"bob","job_id":null}""",
            ],
            await ReadOutbox());
    }

    [Fact]
    public async Task A_checkpoint_is_saved_with_its_readings_or_not_at_all()
    {
        await _jobs.AddAsync(new StoredJob("j", JobState.Running, "ann", "0", Now), int.MaxValue, Cancel);
        var batch = new ReadingBatch(
            [Reading("m1", Start, Hour, 1)], "ann", JobId: "j", Checkpoint: outcomes => $"{outcomes.Count} {outcomes[0]}");
        await _store.WriteAsync(batch, Cancel);
        Assert.Equal("1 Stored", (await _jobs.FindAsync("j", Cancel))!.Body);

        var failing = batch with
        {
            Readings = [Reading("m1", Start + Hour, Hour, 2)],
            Checkpoint = _ => throw new InvalidOperationException("killed"),
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.WriteAsync(failing, Cancel));

        Assert.Equal([1.0], await Values(Power, 0, 9));
        Assert.Single(await ReadOutbox());
    }

    [Fact]
    public async Task A_job_that_another_process_took_over_or_that_was_cancelled_writes_nothing_more()
    {
        await _jobs.AddAsync(new StoredJob("j", JobState.Queued, "ann", "0", Now), int.MaxValue, Cancel);
        await _jobs.LeaseAsync("one", Hour, Cancel);
        var batch = new ReadingBatch([Reading("m1", Start, Hour, 1)], "ann", JobId: "j", Checkpoint: _ => "1", JobOwner: "one");
        await _store.WriteAsync(batch, Cancel);

        var next = batch with { Readings = [Reading("m1", Start + Hour, Hour, 2)], Checkpoint = _ => "2" };
        await Assert.ThrowsAsync<JobLostException>(() => _store.WriteAsync(next with { JobOwner = "two" }, Cancel));
        await _jobs.UpdateAsync("j", [JobState.Running], JobState.Cancelled, "1", null, Cancel);
        await Assert.ThrowsAsync<JobLostException>(() => _store.WriteAsync(next, Cancel));

        Assert.Equal("1", (await _jobs.FindAsync("j", Cancel))!.Body);
        Assert.Equal([1.0], await Values(Power, 0, 9));
        Assert.Single(await ReadOutbox());
    }

    [Fact]
    public async Task Readings_for_one_site_are_never_written_to_equipment_of_another()
    {
        static Equipment At(string id, string site) => new() { Id = id, Name = id, Site = site };
        var first = new ReadingBatch([Reading("m1", Start, Hour, 1)], "ann", id => At(id, "a")) { SiteOf = _ => "a" };
        var other = new ReadingBatch([Reading("m2", Start, Hour, 2), Reading("m1", Start + Hour, Hour, 2)], "bob", id => At(id, "b")) { SiteOf = _ => "b" };
        await _store.WriteAsync(first, Cancel);

        var refused = await Assert.ThrowsAsync<EquipmentSiteException>(() => _store.WriteAsync(other, Cancel));
        await _store.WriteAsync(first with { Readings = [Reading("m1", Start + (Hour * 2), Hour, 3)] }, Cancel);
        await _store.WriteAsync(other with { SiteOf = _ => null, Readings = [Reading("m1", Start + (Hour * 3), Hour, 4)] }, Cancel);

        Assert.Equal(("m1", "a", "b"), (refused.EquipmentId, refused.Actual, refused.Expected));
        Assert.Equal([1.0, 3, 4], await Values(Power, 0, 9));
        Assert.Equal(["m1"], (await _store.ListSeriesAsync(null, null, Cancel)).Select(series => series.Key.EquipmentId));
    }

    private static MetricValue Value(string metric, double value, QuantityKind kind = QuantityKind.Level) =>
        new(metric, kind, "kW", value, value * 1000, "W");

    private static Reading Reading(string equipment, Instant start, Duration length, double value) =>
        new(equipment, start, length, [Value("active_power", value)]);

    private Instant Now => Instant.FromDateTimeOffset(_time.GetUtcNow());

    private Task<IReadOnlyList<WriteOutcome>> Write(string? job, params (int Hour, double Value)[] values) => _store.WriteAsync(
        new ReadingBatch([.. values.Select(one => Reading("m1", Start + (Hour * one.Hour), Hour, one.Value))], "ann", JobId: job), Cancel);

    private async Task<IEnumerable<double>> Values(SeriesKey series, int fromHour, int toHour, int neighbours = 0, Instant? at = null) =>
        (await _store.ReadAsync(series, at ?? Start + (Hour * fromHour), Start + (Hour * toHour) + (at is null ? Duration.Zero : Hour), neighbours, Cancel))
        .Select(sample => sample.Value);
}
