using Ems.Core.Storage;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports;

/// <summary>Where an import stands that this process runs.</summary>
internal sealed class ImportRun(StoredJob stored, string owner, IJobStore jobs, TimeProvider time)
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);
    private long _savedAt;
    private long _markedAt;
    private int _doneBefore;

    public StoredJob Stored => stored;

    public string Owner => owner;

    public ImportJob Job { get; set; } = ImportJob.From(stored.Body);

    public DescribedMeters? Meters { get; set; }

    public IReadOnlyList<SheetFacts> Sheets { get; set; } = [];

    public RejectedRows Rejected { get; } = new();

    /// <exception cref="JobLostException">It was cancelled, or another process has taken it over.</exception>
    public async Task SaveAsync()
    {
        if (!await jobs.UpdateAsync(stored.Id, [JobState.Running], JobState.Running, Job.ToBody(), owner, CancellationToken.None))
        {
            throw new JobLostException(stored.Id);
        }
    }

    /// <summary>Called while the file is looked through, on a thread of its own.</summary>
    public void NoteRead(int rows, double share)
    {
        if (_savedAt == 0 || time.GetElapsedTime(_savedAt) >= SaveEvery)
        {
            _savedAt = time.GetTimestamp();
            Job = Job.WithRead(rows, share) with { RowsPerSecond = Pace(rows) };
            SaveAsync().GetAwaiter().GetResult();
        }
    }

    /// <summary>From here on rows are counted for the pace.</summary>
    public void Mark() => (_markedAt, _doneBefore) = (time.GetTimestamp(), Job.RowsDone);

    public ImportJob After(IReadOnlyList<ImportedReading> batch, IReadOnlyList<WriteOutcome> outcomes)
    {
        var next = Job.After(batch, outcomes);
        return next with { RowsPerSecond = Pace(next.RowsDone - _doneBefore) };
    }

    private double? Pace(int rows) => time.GetElapsedTime(_markedAt).TotalSeconds is > 0 and var seconds ? Math.Round(rows / seconds, 1) : null;
}
