using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ems.Core.Storage;
using Ems.Ingestion.Readings;

namespace Ems.Ingestion.Imports;

/// <summary>Spans and figures of imports.</summary>
internal sealed class ImportTelemetry
{
    private static readonly ActivitySource Activities = new(IntakeMeter.Name);

    private readonly Counter<long> _readings;
    private readonly Histogram<double> _duration;

    public ImportTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(IntakeMeter.Name);
        _readings = meter.CreateCounter<long>("ems.ingestion.imported", "{reading}", "Readings of files by what became of them.");
        _duration = meter.CreateHistogram<double>("ems.ingestion.import.duration", "s", "From the start of an import to its end, by how it ended.");
    }

    /// <summary>A span of the trace of the upload, whichever process runs the job and whenever.</summary>
    public static Activity? StartRun(string id, ImportJob job)
    {
        ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var parent);
        var activity = Activities.StartActivity("import", ActivityKind.Internal, parent);
        activity?.SetTag("ems.job.id", id);
        return activity;
    }

    /// <summary>Counts what a batch has added to the job.</summary>
    public void Count(ImportJob before, ImportJob after)
    {
        Add("accepted", after.RowsStored - before.RowsStored);
        Add("duplicate", after.RowsDuplicate - before.RowsDuplicate);
        Add("changed", after.RowsChanged - before.RowsChanged);
        Add("rejected", after.RowsRejected - before.RowsRejected);
    }

    public void Ended(ImportJob job, JobState state)
    {
        if (job is { StartedAt: { } startedAt, EndedAt: { } endedAt })
        {
            _duration.Record((endedAt - startedAt).TotalSeconds, new KeyValuePair<string, object?>("state", state == JobState.Completed ? "completed" : "failed"));
        }
    }

    private void Add(string outcome, long count)
    {
        if (count > 0)
        {
            _readings.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
