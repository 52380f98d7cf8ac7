using System.Diagnostics;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Checks;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Profiles;
using Ems.Ingestion.Quality;
using Ems.Ingestion.Readings;
using Ems.ServiceDefaults.Problems;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>Runs one import from wherever it stands to its end, or until it is told to stop.</summary>
internal sealed partial class ImportRunner(
    IReadingStore store, IJobStore jobs, ImportedMeters meters, MeterChecks checks, FileZones zones, ProfileMemory profiles, SpoolFolder spool,
    RejectedFolder rejections, ImportBatches batches, QualityCheck quality, ImportTelemetry telemetry, TimeProvider time, ILogger<ImportRunner> logger)
{
    // A file that ends the process each time must not do so for ever.
    private const int MaxAttemptsWithoutProgress = 30;

    // What fails so once mostly does so again: nobody waits for it as long as for a process that may come back.
    private const int MaxSameFailures = 3;

    /// <summary>Leaves the job queued when <paramref name="stopping"/> fires: the next one goes on after the last batch.</summary>
    /// <param name="lost">Fires with it, and when the job was cancelled or taken over.</param>
    public async Task RunAsync(StoredJob stored, string owner, CancellationToken lost, CancellationToken stopping)
    {
        var run = new ImportRun(stored, owner, jobs, time);
        using var activity = ImportTelemetry.StartRun(stored.Id, run.Job);
        try
        {
            await RunAsync(run, lost);
            run.Job = NothingTaken(run.Job) && run.Job.Errors.Count == 0 ? run.Job.WithFault(NoValues(run.Job)) : run.Job;
            await EndAsync(run, NothingTaken(run.Job) ? JobState.Failed : JobState.Completed);
        }
        catch (ImportFaultException fault)
        {
            run.Job = run.Job.WithFault(fault.Fault) with { Gaps = fault.Fault.Gaps.Count > 0 ? fault.Fault.Gaps : run.Job.Gaps };
            await SaveRejectedAsync(run);
            activity?.SetStatus(ActivityStatusCode.Error, fault.Fault.Code);
            await EndAsync(run, JobState.Failed);
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && (exception is OperationCanceledException || IsOfProgram(exception)))
        {
            // A process that stops takes stores and connections away from under the job, which says nothing of the file.
            await ReleaseAsync(run);
            return;
        }
        catch (Exception exception) when (exception is JobLostException or OperationCanceledException)
        {
            LogLost(stored.Id);
        }
        catch (Exception exception) when (IsOfProgram(exception))
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            if (!await EndIfAgainAsync(run, exception))
            {
                throw;
            }
        }

        await ClearUpAsync(run);
    }

    private async Task RunAsync(ImportRun run, CancellationToken lost)
    {
        await BeginAsync(run);
        var job = run.Job;
        await spool.FetchAsync(job.Spool, lost);
        var scan = new FileScan(spool.Upload(job.Spool, job.FileName), job.Form, spool.RowsPath(job.Spool), await meters.ListAsync(job.Form, lost));
        run.Mark();
        await Task.Run(() => scan.Copy(run.NoteRead, lost), lost);
        await meters.TellAsync(scan, job.FileName, job.Form, lost);
        var zone = await FindZoneAsync(run, scan, lost);
        var facts = await meters.CompleteAsync(await Task.Run(() => scan.Run(zone, lost), lost), zone, lost);
        var known = run.Job.Assumptions.Concat(await meters.AssumeSiteAsync(facts.Meters, job.Form, zone, lost));
        run.Job = job = run.Job with
        {
            RowsTotal = facts.Rows,
            RowsRead = facts.Rows,
            Mapping = facts.Mapping,
            Gaps = facts.Gaps,
            Assumptions =
            [
                .. known.Where(assumption => assumption.What is "time_zone" or "profile" or "site").Distinct(), .. facts.Assumptions,
                .. await meters.AssumeMultipliersAsync(facts.Meters, lost), .. await checks.AssumeSharedAsync(job.FileName, job.Form, facts, lost),
                .. await checks.AssumeCarriersAsync(facts, lost),
            ],
        };
        await run.SaveAsync();
        var delivered = await DeliveredAsync(facts);
        IEnumerable<ImportedReading> Read(SheetFacts sheet) =>
            new ReadingStream(sheet, spool.RowsPath(job.Spool), spool.StagingPath(job.Spool), zone, delivered).Read(lost);

        await RefuseAsync(run, facts, zone, Read);
        await PlaceAsync(run, facts);
        run.Meters = await meters.DescribeAsync(facts.Meters, run.Job, run.Stored.Id);
        var skip = run.Job.Position;
        run.Sheets = facts.Sheets;
        var contradictions = await Task.Run(() => SheetContradictions.Find(facts.Sheets, Read, spool.SheetsPath(job.Spool)), lost);
        foreach (var sheet in facts.Sheets)
        {
            skip = await batches.StoreAsync(run, contradictions.Without(sheet, Read(sheet)), skip, lost);
        }

        await SaveRejectedAsync(run);
        run.Job = run.Job with { RowsDone = run.Job.RowsTotal ?? 0, Percentage = 100 };
        run.Job = run.Job.Checked(await quality.RunJobAsync(run.Stored.Id, run.Job.Changes, lost));
        if (run.Job.KeepsMapping && !NothingTaken(run.Job))
        {
            await RememberAsync(run);
        }
    }

    /// <summary>What is taken to a site is written down first, so that it can be put back whenever the process is killed.</summary>
    private async Task PlaceAsync(ImportRun run, FileFacts facts)
    {
        if (await meters.FindHomelessAsync(facts.Meters, run.Job.Form, CancellationToken.None) is { Count: > 0 } homeless)
        {
            run.Job = run.Job.PlacedTo(await meters.WithHeldAsync(homeless, CancellationToken.None));
            await run.SaveAsync();
            await meters.PlaceAsync(homeless, run.Job, run.Stored.Id);
        }
    }

    /// <summary>What there was before is written down first, so that it can be put back whenever the process is killed.</summary>
    private async Task RememberAsync(ImportRun run)
    {
        var layouts = run.Sheets.Select(sheet => sheet.Layout).ToList();
        if (await profiles.PrepareAsync(run.Stored.Id, run.Job, layouts) is var (profile, before))
        {
            run.Job = run.Job with { Profile = profile.Id, ProfileBefore = before };
            await run.SaveAsync();
            await profiles.SaveAsync(profile);
        }
    }

    /// <summary>Whoever goes on with the job keeps the zone that its first readings were stored by.</summary>
    private async Task<DateTimeZone> FindZoneAsync(ImportRun run, FileScan scan, CancellationToken cancellationToken)
    {
        var found = await zones.FindAsync(run.Job.TimeZone, run.Job.Form, scan, cancellationToken);
        if (found.Open is { } open)
        {
            throw new ImportFaultException(open);
        }

        run.Job = run.Job with
        {
            TimeZone = found.Zone.Id,
            Assumptions = found.Assumption is { } assumption ? [.. run.Job.Assumptions, assumption] : run.Job.Assumptions,
        };
        return found.Zone;
    }

    /// <summary>Before anything is written.</summary>
    private async Task RefuseAsync(ImportRun run, FileFacts facts, DateTimeZone zone, Func<SheetFacts, IEnumerable<ImportedReading>> read)
    {
        List<ImportFault> faults =
        [
            .. await checks.FaultsOfAsync(facts.Meters, run.Job.Form.Site, CancellationToken.None),
            .. await checks.FaultsOfUnitsAsync(facts.Mapping, facts.Meters, CancellationToken.None),
            .. await checks.FaultsOfProfileAsync(run.Job.Profile, run.Job.Form, facts, CancellationToken.None),
            .. await checks.FaultsOfCarriersAsync(run.Job.FileName, run.Job.Form, facts, CancellationToken.None),
            .. run.Job.Position > 0 ? [] : await checks.FaultsOfOverwritingAsync(run.Job.FileName, run.Job.Form, facts, zone, read, CancellationToken.None),
            .. run.Job.Position > 0 ? [] : await checks.FaultsOfContinuedAsync(run.Job.Form, facts, read, CancellationToken.None),
        ];
        if (faults.Count > 0)
        {
            run.Job = faults.SkipLast(1).Aggregate(run.Job, (job, fault) => job.WithFault(fault));
            throw new ImportFaultException(faults[^1]);
        }
    }

    private async Task BeginAsync(ImportRun run)
    {
        if (run.Job.Attempts >= MaxAttemptsWithoutProgress)
        {
            throw new ImportFaultException(new ImportFault(
                ProblemCodes.ServiceUnavailable,
                $"The import ended unexpectedly {run.Job.Attempts} times at the same place; the log of the service says why. What is stored stays: "
                + "import the file again when the cause is gone."));
        }

        run.Job = run.Job with { StartedAt = run.Job.StartedAt ?? Now(), Attempts = run.Job.Attempts + 1 };
        await run.SaveAsync();
    }

    /// <summary>Which equipment delivers what a reading may miss: in this file, or at any time before.</summary>
    private async Task<HashSet<(string EquipmentId, string Metric)>> DeliveredAsync(FileFacts facts)
    {
        var series = await store.ListSeriesAsync(null, ReadingChecks.Expected, CancellationToken.None);
        return [.. facts.Delivered, .. series.Select(found => (found.Key.EquipmentId, found.Key.Metric))];
    }

    /// <summary>Whether it comes of the file and of what the program makes of it, not of the machine, its disks or other services.</summary>
    private static bool IsOfProgram(Exception exception) => exception is ArgumentException or ArithmeticException or FormatException or IndexOutOfRangeException
        or InvalidCastException or InvalidOperationException or KeyNotFoundException or NotSupportedException or NullReferenceException;

    /// <summary>Whether the job has failed in the same way so often that it ended; else it waits for the next attempt.</summary>
    private async Task<bool> EndIfAgainAsync(ImportRun run, Exception exception)
    {
        var failure = $"{exception.GetType().Name}: {exception.Message}";
        var times = run.Job.Failure == failure ? run.Job.Failures + 1 : 1;
        run.Job = run.Job with { Failure = failure, Failures = times };
        if (times < MaxSameFailures)
        {
            await jobs.UpdateAsync(run.Stored.Id, [JobState.Running], JobState.Queued, run.Job.ToBody(), run.Owner, CancellationToken.None);
            return false;
        }

        LogFailed(exception, run.Stored.Id, times);
        run.Job = run.Job.WithFault(new ImportFault(
            ProblemCodes.InternalError,
            $"The import failed {times} times in the same way, which is a fault of this program. Send the file and the id of the job, {run.Stored.Id}, to whoever runs it: the service has logged the cause beside this id. "
            + "What is stored stays, and counts as duplicate when the file is imported again."));
        await EndAsync(run, JobState.Failed);
        return true;
    }

    /// <summary>Nobody goes on with a job that has ended.</summary>
    private async Task ClearUpAsync(ImportRun run)
    {
        var ended = await jobs.FindAsync(run.Stored.Id, CancellationToken.None);
        if (ended is { State: JobState.Queued or JobState.Running })
        {
            return;
        }

        try
        {
            // Who cancels a job ends it at once.
            if (ended is { State: JobState.Cancelled or JobState.Undone })
            {
                await TakeBackAsync(ImportJob.From(ended.Body));
                await SaveRejectedAsync(run);
            }
        }
        finally
        {
            await spool.ForgetAsync(run.Job.Spool);
        }
    }

    /// <summary>As far as the file was read.</summary>
    private Task SaveRejectedAsync(ImportRun run) => run.Rejected.IsEmpty
        ? Task.CompletedTask
        : Task.Run(() => rejections.SaveAsync(run.Stored.Id, run.Job, spool.Upload(run.Job.Spool, run.Job.FileName), run.Sheets, run.Rejected));

    private async Task EndAsync(ImportRun run, JobState state)
    {
        await TakeBackAsync(run.Job);
        var ended = run.Job with { EndedAt = Now() };
        if (await jobs.UpdateAsync(run.Stored.Id, [JobState.Running], state, ended.ToBody(), run.Owner, CancellationToken.None))
        {
            telemetry.Ended(ended, state);
            LogEnded(run.Stored.Id, state, ended.RowsRead, ended.RowsStored, ended.RowsRejected);
        }
    }

    private Task TakeBackAsync(ImportJob ended) => NothingTaken(ended) ? meters.TakeBackAsync(ended) : Task.CompletedTask;

    private async Task ReleaseAsync(ImportRun run)
    {
        var body = (run.Job with { Attempts = 0 }).ToBody();
        await jobs.UpdateAsync(run.Stored.Id, [JobState.Running], JobState.Queued, body, run.Owner, CancellationToken.None);
        LogReleased(run.Stored.Id);
    }

    private static bool NothingTaken(ImportJob job) => job.RowsStored + job.RowsDuplicate + job.RowsChanged == 0;

    private static ImportFault NoValues(ImportJob job) =>
        new(ImportFault.DataValidationFailed, $"None of the {job.RowsRead} rows has a value to store: gaps says what stands in their place, and assumptions what was left out.");

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());

    [LoggerMessage(Level = LogLevel.Information, Message = "Import {Id} ended {State}: {Read} rows read, {Stored} readings stored, {Rejected} rejected")]
    private partial void LogEnded(string id, JobState state, int read, long stored, long rejected);

    [LoggerMessage(Level = LogLevel.Error, Message = "Import {Id} ended: it failed {Times} times in the same way")]
    private partial void LogFailed(Exception exception, string id, int times);

    [LoggerMessage(Level = LogLevel.Information, Message = "Import {Id} stopped at a batch and waits to be gone on with")]
    private partial void LogReleased(string id);

    [LoggerMessage(Level = LogLevel.Information, Message = "Import {Id} was cancelled or taken over")]
    private partial void LogLost(string id);
}
