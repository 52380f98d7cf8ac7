using Ems.Core.Storage;
using Ems.Core.Tables;
using Ems.Ingestion.Imports;
using NodaTime;

namespace Ems.Ingestion.Jobs;

/// <summary>The list of jobs as a table.</summary>
internal static class JobTable
{
    private static readonly string[] Columns =
    [
        "id", "state", "actor", "file_name", "rows_total", "rows_read", "rows_stored", "rows_duplicate", "rows_changed", "rows_rejected",
        "percentage", "first_error", "time_zone", "started_local", "started_utc", "ended_local", "ended_utc",
    ];

    public static Table Of(IReadOnlyList<IReadOnlyList<object?>> rows) => new("jobs", Columns, rows);

    public static IReadOnlyList<object?> Row(StoredJob stored)
    {
        var job = JobView.Of(stored);
        var zone = JobBody.From(stored.Body) is ImportJob { TimeZone: { } id } ? DateTimeZoneProviders.Tzdb[id] : DateTimeZone.Utc;
        return
        [
            job.Id, job.State.ToString().ToLowerInvariant(), stored.Actor, job.FileName ?? $"merge of {job.Merge?.From} into {job.Merge?.Into}",
            job.RowsTotal, job.RowsRead, job.RowsStored, job.RowsDuplicate, job.RowsChanged, job.RowsRejected, job.Percentage,
            job.Errors.Count == 0 ? null : job.Errors[0].Message, zone.Id,
            Local(job.StartedAt), job.StartedAt?.UtcDateTime, Local(job.EndedAt), job.EndedAt?.UtcDateTime,
        ];

        DateTime? Local(DateTimeOffset? at) => at is { } instant ? Instant.FromDateTimeOffset(instant).InZone(zone).ToDateTimeUnspecified() : null;
    }
}
