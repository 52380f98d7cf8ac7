using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using Microsoft.Extensions.Options;

namespace Ems.Ingestion.Imports;

/// <summary>Stores the readings of an import in batches, and with each of them how far the job is.</summary>
internal sealed class ImportBatches(IReadingStore store, ImportTelemetry telemetry, IOptions<IngestionOptions> options)
{
    // Rows of many meters have only a few readings of each: what a batch costs for every meter in it would cost more than they do.
    private const int FewestOfMeter = 40;
    private const int MostTimesLarger = 4;

    /// <summary>
    /// Stores what comes after the readings to skip; returns how many are still to be skipped in what follows. A batch is put together
    /// while the one before it is written.
    /// </summary>
    public async Task<long> StoreAsync(ImportRun run, IEnumerable<ImportedReading> readings, long skip, CancellationToken lost)
    {
        var size = SizeFor(run.Meters!.Count);
        var batch = new List<ImportedReading>();
        var parts = 0;
        var writing = Task.CompletedTask;
        run.Mark();
        try
        {
            foreach (var reading in readings)
            {
                run.Rejected.Note(reading);
                if (skip > 0)
                {
                    skip--;
                    continue;
                }

                batch.Add(reading);
                parts += reading.Parts.Count;
                if (parts >= size || batch.Count >= size)
                {
                    await writing;
                    lost.ThrowIfCancellationRequested();
                    writing = WriteAsync(run, batch);
                    (batch, parts) = ([], 0);
                }
            }
        }
        finally
        {
            await writing;
        }

        await WriteAsync(run, batch);
        return skip;
    }

    private int SizeFor(int meters)
    {
        var size = options.Value.ImportBatchSize;
        return (int)Math.Clamp((long)FewestOfMeter * meters, size, (long)MostTimesLarger * size);
    }

    /// <summary>Not cancelled on the way: a batch is written whole, then the job may stop.</summary>
    private async Task WriteAsync(ImportRun run, List<ImportedReading> batch)
    {
        var written = batch.SelectMany(reading => reading.Parts).ToList();
        if (written.Count == 0)
        {
            Advance(run, run.After(batch, []));
            await run.SaveAsync();
            return;
        }

        var next = run.Job;
        var whole = new ReadingBatch(written, run.Stored.Actor, run.Meters!.Describe, run.Stored.Id, outcomes =>
        {
            next = run.After(batch, outcomes);
            return next.ToBody();
        }, run.Owner)
        {
            SiteOf = run.Meters.SiteOf,
        };
        try
        {
            await store.WriteAsync(whole, CancellationToken.None);
        }
        catch (EquipmentSiteException taken)
        {
            // Another import has made it since this one began.
            throw new ImportFaultException(MeterChecks.OfAnotherSite(taken.EquipmentId, taken.Actual, taken.Expected));
        }

        Advance(run, next);
    }

    private void Advance(ImportRun run, ImportJob next)
    {
        telemetry.Count(run.Job, next);
        run.Job = next;
    }
}
