using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>Runs one import from wherever it stands to its end, or until it is told to stop.</summary>
internal sealed partial class ImportRunner(
    IReadingStore readings, IJobStore jobs, SpoolFolder spool, IOptions<IngestionOptions> options, TimeProvider time,
    ILogger<ImportRunner> logger)
{
    public static readonly Duration Lease = Duration.FromSeconds(30);

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    /// <summary>Leaves the job queued when <paramref name="stopping"/> fires: the next one goes on after the last batch.</summary>
    public async Task RunAsync(StoredJob stored, string owner, CancellationToken stopping)
    {
        var job = ImportJob.From(stored.Body);
        job = job with { StartedAt = job.StartedAt ?? Now() };
        var ended = true;
        try
        {
            var run = new Run(stored, owner, job);
            ended = await RunAsync(run, stopping);
            job = run.Job;
            if (ended)
            {
                await EndAsync(stored.Id, job, NothingTaken(job) ? JobState.Failed : JobState.Completed);
            }
        }
        catch (ImportFaultException fault)
        {
            await EndAsync(stored.Id, job.WithFault(fault.Fault), JobState.Failed);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            ended = false;
        }
        catch (OperationCanceledException)
        {
            LogLost(stored.Id);
        }

        if (!ended)
        {
            await jobs.ReleaseAsync(stored.Id, owner, CancellationToken.None);
            LogReleased(stored.Id);
            return;
        }

        if (await jobs.FindAsync(stored.Id, CancellationToken.None) is not { State: JobState.Queued or JobState.Running })
        {
            spool.Delete(job.Spool);
        }
    }

    private async Task<bool> RunAsync(Run run, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var renewal = time.CreateTimer(_ => _ = RenewAsync(run, lost), null, RenewEvery, RenewEvery);
        var job = run.Job;
        var facts = await Task.Run(
            () => new FileScan(spool.UploadPath(job.Spool), job.FileName, job.Form).Run(
                spool.RowsPath(job.Spool), (_, _) => { }, lost.Token),
            lost.Token);
        run.Job = job = job with
        {
            RowsTotal = facts.Rows,
            Mapping = [.. facts.Layout.Columns.Where((_, index) => !facts.TotalColumns.Contains(index))],
            Assumptions = [.. job.Assumptions.Where(assumption => assumption.What == "time_zone"), .. facts.Assumptions, .. LabelAssumptions(facts, job.Form)],
        };
        if (!await jobs.UpdateAsync(run.Stored.Id, [JobState.Running], JobState.Running, job.ToBody(), CancellationToken.None))
        {
            throw new OperationCanceledException();
        }

        var stream = new ReadingStream(
            facts, spool.RowsPath(job.Spool), spool.StagingPath(job.Spool),
            DateTimeZoneProviders.Tzdb[job.TimeZone], job.Form.TimestampLabel, await KnownAsync());
        return await StoreAsync(run, stream, lost.Token);
    }

    private async Task<bool> StoreAsync(Run run, ReadingStream stream, CancellationToken lost)
    {
        var batch = new List<ImportedReading>();
        var parts = 0;
        var skip = run.Job.Position;
        foreach (var reading in stream.Read())
        {
            if (skip-- > 0)
            {
                continue;
            }

            batch.Add(reading);
            parts += reading.Parts.Count;
            if (parts >= options.Value.BatchSize)
            {
                await WriteAsync(run, batch);
                batch.Clear();
                parts = 0;
                lost.ThrowIfCancellationRequested();
            }
        }

        await WriteAsync(run, batch);
        run.Job = run.Job with { RowsRead = run.Job.RowsTotal ?? 0, Percentage = 100 };
        return true;
    }

    /// <summary>Not cancelled on the way: a batch is written whole, then the job may stop.</summary>
    private async Task WriteAsync(Run run, List<ImportedReading> batch)
    {
        var written = batch.SelectMany(reading => reading.Parts).ToList();
        if (written.Count == 0)
        {
            run.Job = run.Job.After(batch, []);
            return;
        }

        var next = run.Job;
        await readings.WriteAsync(
            new ReadingBatch(written, run.Stored.Actor, run.Job.Form.Site, run.Stored.Id, outcomes =>
            {
                next = run.Job.After(batch, outcomes);
                return next.ToBody();
            }),
            CancellationToken.None);
        run.Job = next;
    }

    private async Task RenewAsync(Run run, CancellationTokenSource lost)
    {
        try
        {
            if (!await jobs.RenewAsync(run.Stored.Id, run.Owner, Lease, CancellationToken.None))
            {
                await lost.CancelAsync();
            }
        }
        catch (ObjectDisposedException)
        {
            // The run ended while the lease was renewed.
        }
    }

    private async Task<KnownMetrics> KnownAsync()
    {
        var series = await readings.ListSeriesAsync(null, ["temperature", "airflow"], CancellationToken.None);
        return new KnownMetrics(
            series.Where(found => found.Key.Metric == "temperature").Select(found => found.Key.EquipmentId).ToHashSet(),
            series.Where(found => found.Key.Metric == "airflow").Select(found => found.Key.EquipmentId).ToHashSet());
    }

    private async Task EndAsync(string id, ImportJob job, JobState state)
    {
        var ended = job with { EndedAt = Now() };
        if (await jobs.UpdateAsync(id, [JobState.Running], state, ended.ToBody(), CancellationToken.None))
        {
            LogEnded(id, state, ended.RowsRead, ended.RowsStored, ended.RowsRejected);
        }
    }

    private static bool NothingTaken(ImportJob job) => job.RowsStored + job.RowsDuplicate + job.RowsChanged == 0;

    private static IEnumerable<ImportAssumption> LabelAssumptions(FileFacts facts, ImportForm form)
    {
        if (form.TimestampLabel is null)
        {
            yield return facts.Layout.LabelInHeader is { } said
                ? new ImportAssumption("timestamp_label", said == LabelMeaning.End ? "end" : "start", $"the header {facts.Layout.TimeHeader} says so")
                : new ImportAssumption("timestamp_label", "instant for levels, start for intervals", "neither the file nor the request says it");
        }
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    private sealed class Run(StoredJob stored, string owner, ImportJob job)
    {
        public StoredJob Stored { get; } = stored;

        public string Owner { get; } = owner;

        public ImportJob Job { get; set; } = job;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Import {Id} ended {State}: {Read} rows read, {Stored} readings stored, {Rejected} rejected")]
    private partial void LogEnded(string id, JobState state, int read, long stored, long rejected);

    [LoggerMessage(Level = LogLevel.Information, Message = "Import {Id} stopped at a batch and waits to be gone on with")]
    private partial void LogReleased(string id);

    [LoggerMessage(Level = LogLevel.Information, Message = "Import {Id} was cancelled or taken over")]
    private partial void LogLost(string id);
}
