using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// Totals of the short buckets of a UTC day, kept where they are cheaper to read than the day's values. A day's row is deleted
/// in the transaction that changes a value it depends on, so a row that is there is right.
/// </summary>
internal static class RollUps
{
    private const int Reach = RollUpArithmetic.Reach;

    public static void Invalidate(SqliteConnection connection, SeriesRow series, TouchedRanges touched)
    {
        if (!series.RollsUp)
        {
            return;
        }

        var lastMade = connection.FindLong("SELECT max(day) FROM rollup_day WHERE series = $series", ("$series", series.Id));
        foreach (var (start, end) in touched.Ranges)
        {
            DeleteBetween(connection, series.Id, start, end, lastMade);
            for (var day = TouchedRanges.DayOf(start); day <= TouchedRanges.DayOf(end); day++)
            {
                connection.Execute(
                    "INSERT OR IGNORE INTO rollup_missing(day, series) VALUES ($day, $series)", ("$day", day), ("$series", series.Id));
            }
        }
    }

    public static bool AnyMissing(SqliteConnection connection, Instant now) =>
        connection.FindLong("SELECT 1 FROM rollup_missing WHERE day < $today LIMIT 1", ("$today", Today(now))) is not null;

    /// <summary>Looks after up to <paramref name="limit"/> days that are over; returns how many it looked after.</summary>
    public static int Make(SqliteConnection connection, Instant now, int limit)
    {
        var missing = connection.ReadAll(
            row => (Day: row.GetInt64(0), Series: row.GetInt64(1)),
            "SELECT day, series FROM rollup_missing WHERE day < $today ORDER BY day, series LIMIT $limit",
            ("$today", Today(now)), ("$limit", limit));
        var samples = new List<Sample>();
        foreach (var (day, seriesId) in missing)
        {
            Make(connection, SeriesTable.Get(connection, seriesId), day, samples);
            connection.Execute("DELETE FROM rollup_missing WHERE day = $day AND series = $series", ("$day", day), ("$series", seriesId));
        }

        return missing.Count;
    }

    /// <summary>Valid days that overlap [from, to), in order of time.</summary>
    public static IEnumerable<SqliteRollUpDay> Read(SqliteConnection connection, SeriesRow series, Instant from, Instant to)
    {
        using var command = connection.Prepare(
            "SELECT day, minutes, body FROM rollup_day WHERE series = $series AND day BETWEEN $first AND $last ORDER BY day",
            ("$series", series.Id), ("$first", TouchedRanges.DayOf(from.ToUnixTimeMilliseconds())),
            ("$last", TouchedRanges.DayOf(to.ToUnixTimeMilliseconds() - 1)));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new SqliteRollUpDay(
                StartOf(reader.GetInt64(0)), Duration.FromMinutes(reader.GetInt32(1)), reader.GetFieldValue<byte[]>(2));
        }
    }

    /// <param name="lastMade">The last day that is there: live readings mostly come behind it, where there is nothing to look for.</param>
    private static void DeleteBetween(SqliteConnection connection, long series, long start, long end, long? lastMade)
    {
        if (lastMade is null)
        {
            return;
        }

        var first = connection.FindLong(
            "SELECT min(start) FROM (SELECT start FROM value WHERE series = $series AND start < $start ORDER BY start DESC LIMIT $reach)",
            ("$series", series), ("$start", start), ("$reach", Reach)) ?? start;
        if (lastMade < TouchedRanges.DayOf(first))
        {
            return;
        }

        var last = lastMade <= TouchedRanges.DayOf(end) ? end : connection.FindLong(
            """
            SELECT max(start + length)
            FROM (SELECT start, length FROM value WHERE series = $series AND start > $end ORDER BY start LIMIT $reach)
            """,
            ("$series", series), ("$end", end), ("$reach", Reach)) ?? end;
        (string, object?)[] days =
            [("$series", series), ("$first", TouchedRanges.DayOf(first)), ("$last", TouchedRanges.DayOf(Math.Max(last, end)))];
        connection.Execute(
            """
            INSERT OR IGNORE INTO rollup_missing(day, series)
                SELECT day, series FROM rollup_day WHERE series = $series AND day BETWEEN $first AND $last;
            DELETE FROM rollup_day WHERE series = $series AND day BETWEEN $first AND $last;
            """,
            days);
    }

    /// <param name="samples">Where those of the day find room.</param>
    private static void Make(SqliteConnection connection, SeriesRow series, long day, List<Sample> samples)
    {
        var from = StartOf(day);
        var to = from + Duration.FromDays(1);
        SampleReader.ReadInto(samples, connection, series, from, to, Reach);
        if (RollUpArithmetic.Make(series.Kind, samples, from) is { } made)
        {
            connection.Execute(
                "INSERT OR REPLACE INTO rollup_day(series, day, minutes, body) VALUES ($series, $day, $minutes, $body)",
                ("$series", series.Id), ("$day", day), ("$minutes", (int)made.Bucket.TotalMinutes),
                ("$body", SqliteRollUpDay.Encode(made.Totals, from, made.Bucket)));
        }
    }

    private static Instant StartOf(long day) => Instant.FromUnixTimeMilliseconds(day * TouchedRanges.DayMs);

    private static long Today(Instant now) => TouchedRanges.DayOf(now.ToUnixTimeMilliseconds());
}
