using Ems.Core.Storage;
using Ems.Core.Tables;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>The list of jobs as a table.</summary>
internal static class JobTable
{
    private static readonly string[] Columns =
    [
        "id", "state", "actor", "file_name", "rows_total", "rows_read", "rows_stored", "rows_duplicate", "rows_changed", "rows_rejected",
        "percentage", "first_error", "time_zone", "started_local", "started_utc", "ended_local", "ended_utc",
    ];

    public static Table Of(IReadOnlyList<StoredJob> jobs) => new("jobs", Columns, jobs.Select(Row));

    private static IReadOnlyList<object?> Row(StoredJob stored)
    {
        var job = ImportJob.From(stored.Body);
        var zone = DateTimeZoneProviders.Tzdb[job.TimeZone];
        return
        [
            stored.Id, stored.State.ToString().ToLowerInvariant(), stored.Actor, job.FileName, job.RowsTotal, job.RowsRead, job.RowsStored,
            job.RowsDuplicate, job.RowsChanged, job.RowsRejected, job.Percentage, job.Errors.Count == 0 ? null : job.Errors[0].Message,
            job.TimeZone, Local(job.StartedAt), job.StartedAt?.ToDateTimeUtc(), Local(job.EndedAt), job.EndedAt?.ToDateTimeUtc(),
        ];

        DateTime? Local(Instant? at) => at?.InZone(zone).ToDateTimeUnspecified();
    }
}
