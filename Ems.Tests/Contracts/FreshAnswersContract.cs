using System.Text.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Tests.Functional;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Ems.Tests.Contracts;

/// <summary>
/// Two replicas of Query over one store, which keep their answers, are asked after every kind of change, and say the same as one that
/// keeps none.
/// </summary>
public abstract class FreshAnswersContract : IAsyncDisposable
{
    private const string Range = "from=2025-06-01T00:00:00Z&to=2025-06-12T00:00:00Z";

    private static readonly Instant Start = Instant.FromUtc(2025, 6, 10, 0, 0);

    private QueryHost[] _keeping = [];
    private QueryHost _uncached = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract string[] Settings { get; }

    [Fact]
    public async Task No_replica_answers_with_what_was_true_before_an_acknowledged_change()
    {
        _keeping = [await QueryHost.StartAsync(Settings), await QueryHost.StartAsync(Settings)];
        _uncached = await QueryHost.StartAsync([.. Settings, "--Ems:Cache:Enabled=false"]);
        var store = _uncached.Services.GetRequiredService<IReadingStore>();
        await _uncached.AddSiteAsync("plant", "Europe/Berlin");
        await _uncached.AddEquipmentAsync("m1", "plant");
        await _uncached.AddEquipmentAsync("m2", "plant");
        await WriteAsync("m1", 1, job: await AddJobAsync());
        await WriteAsync("m2", 5, job: null);
        List<string> said = [await CheckAsync()];

        var correction = await AddJobAsync();
        await Change(() => WriteAsync("m1", 2, correction));
        await store.RollUpAsync(1_000, Cancel);
        Assert.Equal(said[^1], await CheckAsync());
        await Change(() => WriteAsync("m1", 3, job: null));
        await Change(() => store.WriteAsync(new ReadingBatch([ReadingOf("m1", Start + Duration.FromMinutes(1), 50)], "test"), Cancel));
        await Change(() => _uncached.Catalogue.SaveEquipmentAsync(
            new Equipment { Id = "m1", Name = "m1", Site = "plant", Multiplier = new Timeline<double>(40) }, Cancel));
        await Change(() => _uncached.Catalogue.SaveEquipmentAsync(
            new Equipment { Id = "m2", Name = "m2", Site = "plant", Carrier = "heat" }, Cancel));
        await Change(() => _uncached.AddSiteAsync("plant", "Asia/Kathmandu"));
        var merge = await AddJobAsync();
        await Change(() => store.MergeAsync("m2", "m1", merge, "test", Cancel));
        await store.UndoAsync(merge, "test", Cancel);
        Assert.Equal(said[^2], await CheckAsync());
        var more = await AddJobAsync();
        await Change(() => WriteAsync("m1", 7, more));
        await store.UndoAsync(more, "test", Cancel);
        Assert.Equal(said[^3], await CheckAsync());

        async Task Change(Func<Task> change)
        {
            await change();
            var now = await CheckAsync();
            Assert.DoesNotContain(now, said);
            said.Add(now);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var host in _keeping.Append(_uncached).OfType<QueryHost>())
        {
            await host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>All that every replica says, asked twice, so that the second time it is kept.</summary>
    private async Task<string> CheckAsync()
    {
        var expected = await SayAsync(_uncached);
        foreach (var replica in _keeping.Concat(_keeping))
        {
            Assert.Equal(expected, await SayAsync(replica));
        }

        return expected;
    }

    private static async Task<string> SayAsync(QueryHost host) => string.Join(
        '\n',
        await TextAsync(host.Client.GetAsync($"/series?equipment_id=m1&equipment_id=m2&bucket=day&{Range}")),
        await TextAsync(host.Client.GetAsync($"/series?equipment_id=m1&metric=active_power&bucket=raw&{Range}")),
        await TextAsync(host.Client.GetAsync("/energy-summary")),
        await host.AskAsync("""{"metric": "energy", "group_by": ["equipment", "day"]}"""));

    private static async Task<string> TextAsync(Task<HttpResponseMessage> asking)
    {
        using var answer = await asking;
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.ToString();
    }

    private async Task<string> AddJobAsync()
    {
        var id = Guid.NewGuid().ToString();
        var jobs = _uncached.Services.GetRequiredService<IJobStore>();
        await jobs.AddAsync(new StoredJob(id, JobState.Queued, "test", "{}", Start), int.MaxValue, Cancel);
        await jobs.UpdateAsync(id, [JobState.Queued], JobState.Completed, body: null, owner: null, Cancel);
        return id;
    }

    /// <summary>A value a minute over a day, so that it is rolled up.</summary>
    private Task<IReadOnlyList<WriteOutcome>> WriteAsync(string equipmentId, double powerKw, string? job) => _uncached.Services.GetRequiredService<IReadingStore>().WriteAsync(
        new ReadingBatch(
            [.. Enumerable.Range(0, 300).Select(minute => ReadingOf(equipmentId, Start + Duration.FromMinutes(minute), powerKw))], "test", JobId: job),
        Cancel);

    private static Reading ReadingOf(string equipmentId, Instant start, double powerKw) => new(
        equipmentId, start, Duration.FromMinutes(1), [new MetricValue("active_power", QuantityKind.Level, "kW", powerKw, powerKw, "kW")]);
}

public sealed class FreshInProcessAnswersTests : FreshAnswersContract
{
    private readonly TemporaryFolder _folder = new();

    protected override string[] Settings => [$"--Ems:DataDirectory={_folder.Path}"];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}

public sealed class FreshAnswersOverRedisTests : FreshAnswersContract
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _prefix = TestRedis.NewPrefix();

    protected override string[] Settings =>
        [$"--Ems:DataDirectory={_folder.Path}", $"--ConnectionStrings:redis={TestRedis.Address}", $"--Ems:Redis:Prefix={_prefix}"];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        await TestRedis.FlushAsync(_prefix);
    }
}

public sealed class FreshAnswersOfMongoOverRedisTests : FreshAnswersContract
{
    private readonly TestMongo _mongo = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _prefix = TestRedis.NewPrefix();

    protected override string[] Settings =>
    [
        $"--Ems:DataDirectory={_folder.Path}", $"--ConnectionStrings:ems={_mongo.ConnectionString}", $"--ConnectionStrings:redis={TestRedis.Address}",
        $"--Ems:Redis:Prefix={_prefix}",
    ];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        await _mongo.DisposeAsync();
        await TestRedis.FlushAsync(_prefix);
    }
}
