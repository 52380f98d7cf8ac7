using Ems.Core.Storage;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract class JobStoreContract
{
    private static readonly Duration Minute = Duration.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract IJobStore Jobs { get; }

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Jobs_are_listed_newest_first_and_page_by_page()
    {
        await Add("a", "b", "c");

        Assert.Equal(["c", "b"], (await Jobs.ListAsync(2, null, Cancel)).Select(job => job.Id));
        Assert.Equal(["a"], (await Jobs.ListAsync(2, "b", Cancel)).Select(job => job.Id));
        Assert.Equal(Job("a"), await Jobs.FindAsync("a", Cancel));
    }

    [Fact]
    public async Task Open_jobs_are_those_that_wait_or_run()
    {
        await Add("a", "b", "c");
        await Jobs.LeaseAsync("one", Minute, Cancel);
        await Jobs.UpdateAsync("b", [JobState.Queued], JobState.Cancelled, null, null, Cancel);

        Assert.Equal([("a", JobState.Running), ("c", JobState.Queued)], (await Jobs.ListOpenAsync(Cancel)).Select(job => (job.Id, job.State)));
    }

    [Fact]
    public async Task The_oldest_job_is_leased_to_one_owner_until_the_lease_runs_out()
    {
        await Add("a");

        Assert.Equal(JobState.Running, (await Jobs.LeaseAsync("one", Minute, Cancel))!.State);
        Assert.Null(await Jobs.LeaseAsync("two", Minute, Cancel));

        Time.Advance(TimeSpan.FromSeconds(50));
        Assert.True(await Jobs.RenewAsync("a", "one", Minute, Cancel));
        Time.Advance(TimeSpan.FromSeconds(50));
        Assert.Null(await Jobs.LeaseAsync("two", Minute, Cancel));

        Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("a", (await Jobs.LeaseAsync("two", Minute, Cancel))!.Id);
        Assert.False(await Jobs.RenewAsync("a", "one", Minute, Cancel));
    }

    [Fact]
    public async Task A_job_put_back_by_its_owner_can_be_taken_at_once()
    {
        await Add("a");
        await Jobs.LeaseAsync("one", Minute, Cancel);

        Assert.False(await Jobs.UpdateAsync("a", [JobState.Running], JobState.Queued, "{}", "two", Cancel));
        Assert.Null(await Jobs.LeaseAsync("two", Minute, Cancel));

        Assert.True(await Jobs.UpdateAsync("a", [JobState.Running], JobState.Queued, "{}", "one", Cancel));
        Assert.Equal("a", (await Jobs.LeaseAsync("two", Minute, Cancel))!.Id);
        Assert.False(await Jobs.UpdateAsync("a", [JobState.Running], JobState.Completed, "{}", "one", Cancel));
    }

    [Fact]
    public async Task A_job_moves_only_from_an_expected_state_and_a_cancelled_one_loses_its_lease()
    {
        await Add("a");
        await Jobs.LeaseAsync("one", Minute, Cancel);

        Assert.False(await Jobs.UpdateAsync("a", [JobState.Queued], JobState.Cancelled, "{}", null, Cancel));
        Assert.True(await Jobs.UpdateAsync("a", [JobState.Queued, JobState.Running], JobState.Cancelled, "{\"n\":1}", null, Cancel));

        Assert.False(await Jobs.RenewAsync("a", "one", Minute, Cancel));
        Assert.Equal(Job("a") with { State = JobState.Cancelled, Body = "{\"n\":1}" }, await Jobs.FindAsync("a", Cancel));
        Assert.False(await Jobs.UpdateAsync("none", [JobState.Queued], JobState.Cancelled, "{}", null, Cancel));
    }

    [Fact]
    public async Task Saving_the_body_of_a_running_job_keeps_its_lease()
    {
        await Add("a");
        await Jobs.LeaseAsync("one", Minute, Cancel);

        Assert.True(await Jobs.UpdateAsync("a", [JobState.Running], JobState.Running, "{\"n\":2}", null, Cancel));

        Assert.True(await Jobs.RenewAsync("a", "one", Minute, Cancel));
        Assert.True(await Jobs.UpdateAsync("a", [JobState.Running], JobState.Cancelled, body: null, null, Cancel));
        Assert.Equal(("{\"n\":2}", JobState.Cancelled), ((await Jobs.FindAsync("a", Cancel))!.Body, (await Jobs.FindAsync("a", Cancel))!.State));
    }

    [Fact]
    public async Task An_actor_has_no_more_jobs_waiting_than_are_allowed()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Jobs.AddAsync(Job($"a{i:00}"), 5, Cancel)));
        var other = await Jobs.AddAsync(Job("b") with { Actor = "bob" }, 5, Cancel);

        Assert.Equal(5, added.Count(one => one));
        Assert.True(other);
        Assert.Equal(6, (await Jobs.ListAsync(100, null, Cancel)).Count);

        await Jobs.LeaseAsync("one", Minute, Cancel);
        Assert.True(await Jobs.AddAsync(Job("c"), 5, Cancel));
        Assert.False(await Jobs.AddAsync(Job("d"), 5, Cancel));
    }

    private StoredJob Job(string id) => new(id, JobState.Queued, "ann", "{}", Instant.FromDateTimeOffset(Time.Start));

    private async Task Add(params string[] ids)
    {
        foreach (var id in ids)
        {
            Assert.True(await Jobs.AddAsync(Job(id), int.MaxValue, Cancel));
        }
    }
}
