using System.Globalization;
using System.Text;
using System.Text.Json;
using Ems.Core.Storage;
using Ems.Ingestion.Imports;
using Ems.Tests.EndToEnd;
using Ems.Tests.Unit.Imports;
using NodaTime;

namespace Ems.Tests.Functional;

public sealed class ImportsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-imports-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_import_that_fails_in_the_same_way_each_time_ends_soon_and_says_so()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var host = await ImportHost.StartAsync(_folder);
        // No file can be called so.
        var broken = new ImportJob("a.csv", "a\0", new ImportForm(), null);
        await host.Jobs.AddAsync(new StoredJob("broken", JobState.Queued, "ann", broken.ToBody(), Instant.FromUtc(2024, 1, 1, 0, 0)), int.MaxValue, cancel);

        var job = (await host.Jobs.FindAsync("broken", cancel))!;
        for (; job.State is JobState.Queued or JobState.Running; job = (await host.Jobs.FindAsync("broken", cancel))!)
        {
            if (await host.Jobs.LeaseAsync("runner", Duration.FromMinutes(1), cancel) is { } leased)
            {
                await Record.ExceptionAsync(() => host.Runner.RunAsync(leased, "runner", cancel, cancel));
            }
        }

        var error = Assert.Single(ImportJob.From(job.Body).Errors);
        Assert.Equal((JobState.Failed, "INTERNAL_ERROR", 3), (job.State, error.Code, ImportJob.From(job.Body).Failures));
        Assert.Contains("failed 3 times in the same way", error.Message, StringComparison.Ordinal);
        Assert.Contains("id of the job, broken", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_while_the_process_stops_counts_as_no_failure()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var host = await ImportHost.StartAsync(_folder);
        StoredJob? leased = null;
        for (var i = 0; leased?.Id != $"broken{i}"; leased = await host.Jobs.LeaseAsync("runner", Duration.FromMinutes(1), cancel))
        {
            // No file can be called so. The host may take it first.
            await host.Jobs.AddAsync(
                new StoredJob($"broken{++i}", JobState.Queued, "ann", new ImportJob("a.csv", "a\0", new ImportForm(), null).ToBody(), Instant.FromUtc(2024, 1, 1, 0, 0)), int.MaxValue, cancel);
        }

        await host.Runner.RunAsync(leased!, "runner", cancel, new CancellationToken(canceled: true));

        var job = (await host.Jobs.FindAsync(leased!.Id, cancel))!;
        Assert.Equal(0, ImportJob.From(job.Body).Failures);
        Assert.Empty(ImportJob.From(job.Body).Errors);
    }

    [Fact]
    public async Task A_file_without_any_value_has_no_rejected_rows_to_offer()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, job) = await host.ImportAsync("empty.csv", Encoding.UTF8.GetBytes("Date,kWh\n2024-01-01,n/a\n2024-01-02,n/a\n"), wait: true);

        Assert.Equal("failed", job.Text("state"));
        var none = await host.GetAsync($"/jobs/{job.Text("id")}/rejected");
        Assert.Equal((404, "NOT_FOUND"), (none.GetProperty("status").GetInt32(), none.Text("code")));
        Assert.Contains("rejected no single row", none.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_meter_sample_is_stored_once_however_often_it_is_sent()
    {
        var file = await File.ReadAllBytesAsync(ImportBench.RealFile("original/EMS_Energy_Meter_Data.xlsx"), TestContext.Current.CancellationToken);
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, first) = await host.ImportAsync("meter.xlsx", file, wait: true, ("equipment_id", "IKC0073"));
        var (_, second) = await host.ImportAsync("meter.xlsx", file, wait: true, ("equipment_id", "IKC0073"));

        Assert.Equal(200, status);
        Assert.Equal(("completed", 100, 0), Counts(first));
        Assert.Equal(("completed", 0, 100), Counts(second));
        Assert.Equal(39, first.GetProperty("flags").GetProperty("power_exceeds_apparent").GetInt32());
        Assert.Equal(["timestamp_label", "time_zone"], first.GetProperty("assumptions").EnumerateArray()
            .Select(assumption => assumption.GetProperty("what").GetString()!).OrderDescending().Where(what => what.StartsWith("time", StringComparison.Ordinal)));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "spool")));
    }

    [Fact]
    public async Task An_import_whose_upload_is_gone_fails_at_once_and_says_so()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var job = new ImportJob("m.csv", "gone", new ImportForm(), "UTC");

        await host.Jobs.AddAsync(
            new StoredJob("a", JobState.Queued, "ann", job.ToBody(), Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow())), 5, TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            async () => (await host.GetAsync("/jobs/a")).Text("state") == "failed", TimeSpan.FromSeconds(20), () => "The job waits for its upload.");

        var fault = Assert.Single((await host.GetAsync("/jobs/a")).GetProperty("errors").EnumerateArray());
        Assert.Contains("import the file again", fault.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_school_year_reports_its_one_contradiction()
    {
        var file = await File.ReadAllBytesAsync(ImportBench.RealFile("meters/nmecr_school_2018_hourly_kWh.csv"), TestContext.Current.CancellationToken);
        await using var host = await ImportHost.StartAsync(_folder);

        var (_, job) = await host.ImportAsync("school.csv", file, wait: true, ("timestamp_label", "start"), ("time_zone", "UTC"));

        Assert.Equal(8761, job.GetProperty("rows_read").GetInt32());
        Assert.Equal(("completed", 8760, 1), Counts(job));
        Assert.Equal("DUPLICATE_IN_FILE", Assert.Single(job.GetProperty("errors").EnumerateArray()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_job_that_is_stopped_goes_on_where_it_was_and_counts_nothing_twice()
    {
        const int Rows = 40_000;
        var text = new StringBuilder("timestamp,kWh\n");
        var start = new DateTime(2020, 1, 1);
        for (var i = 0; i < Rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{start.AddMinutes(15 * i):yyyy-MM-dd HH:mm:ss},{i % 7}\n");
        }

        string id;
        await using (var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:ImportBatchSize=500"))
        {
            var (status, job) = await host.ImportAsync("grid.csv", Encoding.UTF8.GetBytes(text.ToString()), wait: false);
            Assert.Equal(202, status);
            id = job.GetProperty("id").GetString()!;
            await UntilAsync(host, id, found => found.GetProperty("rows_stored").GetInt32() > 0);
        }

        await using (var host = await ImportHost.StartAsync(_folder))
        {
            var job = await UntilAsync(host, id, found => found.GetProperty("state").GetString() is "completed" or "failed");
            Assert.Equal(("completed", Rows, 0), Counts(job));
            Assert.Equal(Rows, Assert.Single(await host.Store.ListSeriesAsync(null, null, TestContext.Current.CancellationToken)).Count);
        }
    }

    [Fact]
    public async Task A_cancelled_job_stays_cancelled()
    {
        var text = new StringBuilder("timestamp,kWh\n");
        for (var i = 0; i < 20_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{new DateTime(2020, 1, 1).AddHours(i):yyyy-MM-dd HH:mm},{i % 5}\n");
        }

        await using var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:ImportBatchSize=10");
        var (_, job) = await host.ImportAsync("grid.csv", Encoding.UTF8.GetBytes(text.ToString()), wait: false);
        var id = job.GetProperty("id").GetString()!;
        using var cancelled = await host.Client.DeleteAsync($"/jobs/{id}", TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)cancelled.StatusCode);
        Assert.Equal("cancelled", (await host.GetAsync($"/jobs/{id}")).GetProperty("state").GetString());
        Assert.Equal(id, (await host.GetAsync("/jobs")).GetProperty("jobs")[0].GetProperty("id").GetString());
        Assert.Equal("JOB_NOT_FOUND", (await host.GetAsync("/jobs/none")).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("empty.csv", "", "INVALID_FILE_FORMAT")]
    [InlineData("text.xlsx", "timestamp,kWh\n2020-01-01 00:00,1\n", "INVALID_FILE_FORMAT")]
    [InlineData("cut.xlsx", "PK\u0003\u0004 and no more", "INVALID_FILE_FORMAT")]
    [InlineData("notime.csv", "name,kWh\na,1\nb,2\n", "MISSING_REQUIRED_COLUMNS")]
    [InlineData("nonumbers.csv", "timestamp,name\n2020-01-01 00:00,a\n2020-01-02 00:00,b\n", "MISSING_REQUIRED_COLUMNS")]
    [InlineData("unnamed.csv", "timestamp,x\n2020-01-01 00:00,1\n2020-01-02 00:00,2\n", "AMBIGUOUS_MAPPING")]
    public async Task A_file_that_is_no_table_of_readings_is_refused_and_the_service_stays_up(string name, string content, string code)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, problem) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(content), wait: true);

        Assert.Equal(400, status);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Empty((await host.GetAsync("/jobs")).GetProperty("jobs").EnumerateArray());
    }

    private static (string State, int Stored, int Duplicate) Counts(JsonElement job) => (
        job.GetProperty("state").GetString()!, job.GetProperty("rows_stored").GetInt32(), job.GetProperty("rows_duplicate").GetInt32());

    private static async Task<JsonElement> UntilAsync(ImportHost host, string id, Func<JsonElement, bool> reached)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var job = await host.GetAsync($"/jobs/{id}");
            if (reached(job))
            {
                return job;
            }

            deadline.Token.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }
    }
}
