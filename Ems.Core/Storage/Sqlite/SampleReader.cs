using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Reads the current values of a series.</summary>
internal static class SampleReader
{
    private const string Columns = "SELECT start, length, value, flags FROM value";

    /// <summary>The values in [from, to) or reaching into it, with neighbours on either side, in order of start.</summary>
    public static List<Sample> Read(SqliteConnection connection, SeriesRow series, Instant from, Instant to, int neighbours)
    {
        var id = ("$series", (object?)series.Id);
        var first = ("$first", (object?)FirstReaching(connection, series, from.ToUnixTimeMilliseconds()));
        var end = ("$to", (object?)to.ToUnixTimeMilliseconds());
        var limit = ("$limit", (object?)neighbours);

        var samples = new List<Sample>();
        if (neighbours > 0)
        {
            samples = connection.ReadAll(
                Row, $"{Columns} WHERE series = $series AND start < $first ORDER BY start DESC, length DESC LIMIT $limit", id, first, limit);
            samples.Reverse();
        }

        samples.AddRange(connection.ReadAll(
            Row, $"{Columns} WHERE series = $series AND start >= $first AND start < $to ORDER BY start, length", id, first, end));
        if (neighbours > 0)
        {
            samples.AddRange(connection.ReadAll(
                Row, $"{Columns} WHERE series = $series AND start >= $to ORDER BY start, length LIMIT $limit", id, end, limit));
        }

        return samples;
    }

    private static long FirstReaching(SqliteConnection connection, SeriesRow series, long from) =>
        series.Key.Length == Duration.Zero
            ? from
            : connection.FindLong(
                "SELECT min(start) FROM value WHERE series = $series AND start >= $earliest AND start < $from AND start + length > $from",
                ("$series", series.Id), ("$earliest", from - NominalLength.Longest(series.Key.Length).Milliseconds()), ("$from", from)) ?? from;

    private static Sample Row(SqliteDataReader row) =>
        new(row.GetInstant(0), row.GetLength(1), row.GetDouble(2), (ReadingFlags)row.GetInt32(3));
}
