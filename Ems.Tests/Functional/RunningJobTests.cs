using Ems.Core.Storage;
using Ems.Ingestion;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Jobs;
using Ems.Tests.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Jobs of every kind while they run.</summary>
public sealed class RunningJobTests : IDisposable
{
    private static readonly Duration Minute = Duration.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SqliteStores _stores;
    private readonly IJobStore _jobs;
    private readonly JobLeases _leases;

    public RunningJobTests()
    {
        _stores = new SqliteStores(_folder.Path, _time);
        _jobs = _stores.Jobs;
        _leases = new JobLeases(_jobs, Options.Create(new IngestionOptions()), _time, NullLogger<JobLeases>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lease_is_kept_for_as_long_as_the_work_takes()
    {
        await AddAsync("a");
        await _leases.TakeAsync("one", Cancel);
        var ended = new TaskCompletionSource();
        var work = _leases.KeepAsync("a", "one", _ => ended.Task, Cancel);

        for (var i = 0; i < 12; i++)
        {
            await AdvanceAsync();
        }

        Assert.Null(await _jobs.LeaseAsync("two", Minute, Cancel));
        ended.SetResult();
        await work;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("a", (await _jobs.LeaseAsync("two", Minute, Cancel))!.Id);
    }

    [Fact]
    public async Task Work_whose_job_was_cancelled_is_told()
    {
        await AddAsync("a");
        await _leases.TakeAsync("one", Cancel);
        var work = _leases.KeepAsync("a", "one", lost => Task.Delay(Timeout.InfiniteTimeSpan, _time, lost), Cancel);

        await _jobs.UpdateAsync("a", [JobState.Running], JobState.Cancelled, body: null, owner: null, Cancel);
        await AdvanceAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    [Fact]
    public async Task A_merge_can_be_cancelled_while_it_waits_and_not_while_it_runs()
    {
        await AddAsync("runs");
        await _leases.TakeAsync("one", Cancel);
        await AddAsync("waits");

        var refused = Assert.IsType<ProblemHttpResult>(await CancelAsync("runs"));
        var cancelled = Assert.IsType<Ok<JobView>>(await CancelAsync("waits"));

        Assert.Equal(409, refused.StatusCode);
        Assert.Contains("undo", refused.ProblemDetails.Detail, StringComparison.Ordinal);
        Assert.Equal(JobState.Running, (await _jobs.FindAsync("runs", Cancel))!.State);
        Assert.Equal(JobState.Cancelled, cancelled.Value!.State);
        Assert.True(await _jobs.RenewAsync("runs", "one", Minute, Cancel));
    }

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }

    private Task<bool> AddAsync(string id) => _jobs.AddAsync(
        new StoredJob(id, JobState.Queued, "ann", new MergeJob("copy", "main").ToBody(), Instant.FromDateTimeOffset(_time.Start)), int.MaxValue, Cancel);

    private async Task<object> CancelAsync(string id)
    {
        var spool = new SpoolFolder(
            Options.Create(new StoreOptions { DataDirectory = _folder.Path }), Options.Create(new IngestionOptions()), new LocalFiles());
        return (await JobsEndpoints.CancelJob(id, _jobs, spool, new JobSignal(), _time, Cancel)).Result;
    }

    /// <summary>By the pause between two renewals.</summary>
    private async Task AdvanceAsync()
    {
        _time.Advance(new IngestionOptions().ImportLease / 6);

        // Writers of one process take turns: after this one the renewal has been there.
        await _jobs.UpdateAsync("none", [], JobState.Queued, body: null, owner: null, Cancel);
    }
}
