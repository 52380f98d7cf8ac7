using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>A day's roll-up that is made but not kept yet, and what it was made of.</summary>
/// <param name="Mark">Of the day's values.</param>
/// <param name="Around">The values around the day that have a say in it.</param>
/// <param name="Body">Null where the day's values are as cheap to read.</param>
internal sealed record RollUpDraft(long Day, long Series, long Mark, IReadOnlyList<Sample> Around, int Minutes, byte[]? Body);

/// <summary>
/// Totals of the short buckets of a UTC day, kept where they are cheaper to read than the day's values. A day's row is deleted
/// in the transaction that changes a value it depends on, so a row that is there is right. They are made while others write, and kept
/// where nothing has changed meanwhile.
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
                    "INSERT OR REPLACE INTO rollup_missing(day, series, mark) VALUES ($day, $series, random())",
                    ("$day", day), ("$series", series.Id));
            }
        }
    }

    /// <summary>Makes those of up to <paramref name="limit"/> days that are over.</summary>
    public static List<RollUpDraft> Draft(SqliteConnection connection, Instant now, int limit)
    {
        var missing = connection.ReadAll(
            row => (Day: row.GetInt64(0), Series: row.GetInt64(1), Mark: row.GetInt64(2)),
            "SELECT day, series, mark FROM rollup_missing WHERE day < $today ORDER BY day, series LIMIT $limit",
            ("$today", Today(now)), ("$limit", limit));
        var series = missing.Select(one => one.Series).Distinct().ToDictionary(id => id, id => SeriesTable.Get(connection, id));
        var samples = new List<Sample>();
        return missing.ConvertAll(one => Draft(connection, series[one.Series], one.Day, one.Mark, samples));
    }

    /// <summary>Keeps those whose values are as they were; returns their number.</summary>
    public static int Keep(SqliteConnection connection, IEnumerable<RollUpDraft> drafts) => drafts.Count(draft => Keep(connection, draft));

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

        var blocks = new ValueBlocks(connection, series);
        var first = blocks.ReadBefore(start, Reach) is [var before, ..] ? before.Start : start;
        if (lastMade < TouchedRanges.DayOf(first))
        {
            return;
        }

        var last = lastMade <= TouchedRanges.DayOf(end)
            ? end
            : blocks.ReadFrom(end + 1, Reach).Select(after => after.Start + after.Length).DefaultIfEmpty(end).Max();
        (string, object?)[] days =
            [("$series", series), ("$first", TouchedRanges.DayOf(first)), ("$last", TouchedRanges.DayOf(Math.Max(last, end)))];
        connection.Execute(
            """
            INSERT OR REPLACE INTO rollup_missing(day, series, mark)
                SELECT day, series, random() FROM rollup_day WHERE series = $series AND day BETWEEN $first AND $last;
            DELETE FROM rollup_day WHERE series = $series AND day BETWEEN $first AND $last;
            """,
            days);
    }

    /// <param name="samples">Where those of the day find room.</param>
    private static RollUpDraft Draft(SqliteConnection connection, SeriesRow series, long day, long mark, List<Sample> samples)
    {
        var from = StartOf(day);
        var to = from + Duration.FromDays(1);
        SampleReader.ReadInto(samples, connection, series, from, to, Reach);
        var around = samples.FindAll(sample => sample.Start < from || sample.Start >= to);
        return RollUpArithmetic.Make(series.Kind, samples, from) is { } made
            ? new RollUpDraft(day, series.Id, mark, around, (int)made.Bucket.TotalMinutes, SqliteRollUpDay.Encode(made.Totals, from, made.Bucket))
            : new RollUpDraft(day, series.Id, mark, around, 0, null);
    }

    private static bool Keep(SqliteConnection connection, RollUpDraft draft)
    {
        var from = StartOf(draft.Day);
        var around = SampleReader.ReadAround(connection, SeriesTable.Get(connection, draft.Series), from, from + Duration.FromDays(1), Reach);
        if (!around.SequenceEqual(draft.Around) || connection.Execute(
            "DELETE FROM rollup_missing WHERE day = $day AND series = $series AND mark = $mark",
            ("$day", draft.Day), ("$series", draft.Series), ("$mark", draft.Mark)) == 0)
        {
            return false;
        }

        if (draft.Body is { } body)
        {
            connection.Execute(
                "INSERT OR REPLACE INTO rollup_day(series, day, minutes, body) VALUES ($series, $day, $minutes, $body)",
                ("$series", draft.Series), ("$day", draft.Day), ("$minutes", draft.Minutes), ("$body", body));
        }

        return true;
    }

    private static Instant StartOf(long day) => Instant.FromUnixTimeMilliseconds(day * TouchedRanges.DayMs);

    private static long Today(Instant now) => TouchedRanges.DayOf(now.ToUnixTimeMilliseconds());
}
