using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Where a job has written values that are not undone yet, by series.</summary>
internal static class JobRanges
{
    /// <summary>The extent that the series had before the job, or before now where there is no job.</summary>
    public static KnownExtent FindKnown(SqliteConnection connection, string? job, SeriesRow series)
    {
        var known = job is null
            ? []
            : connection.ReadAll(
                row => new KnownExtent(row.FindLong(0), row.FindLong(1)),
                "SELECT known_from, known_until FROM job_range WHERE job = $job AND series = $series",
                ("$job", job), ("$series", series.Id));
        return known.Count > 0 ? known[0] : new KnownExtent(series.FirstAt, series.LastAt);
    }

    public static void Add(SqliteConnection connection, string job, SeriesRow series, TouchedRanges touched, KnownExtent known) => connection.Execute(
        """
        INSERT INTO job_range(job, series, first_at, last_at, known_from, known_until)
        VALUES ($job, $series, $first, $last, $known_from, $known_until)
        ON CONFLICT DO UPDATE SET first_at = min(first_at, $first), last_at = max(last_at, $last)
        """,
        ("$job", job), ("$series", series.Id), ("$first", touched.First), ("$last", touched.Last),
        ("$known_from", known.From), ("$known_until", known.Until));
}
