using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Reads the current values of a series.</summary>
internal static class SampleReader
{
    // Of a series that lies unevenly in its time more may be foreseen than there is.
    private const long MostForeseen = 100_000;
    private const string Columns = "SELECT start, length, value, flags FROM value WHERE series = ?";

    /// <summary>The values in [from, to) or reaching into it, with neighbours on either side, in order of start.</summary>
    public static List<Sample> Read(SqliteConnection connection, SeriesRow series, Instant from, Instant to, int neighbours)
    {
        var foreseen = Math.Min(series.Count, Math.Min(series.CountWithin(from, to) + (2L * neighbours), MostForeseen));
        var samples = new List<Sample>((int)foreseen);
        ReadInto(samples, connection, series, from, to, neighbours);
        return samples;
    }

    /// <summary>The same, in the place of what the list holds.</summary>
    public static void ReadInto(List<Sample> samples, SqliteConnection connection, SeriesRow series, Instant from, Instant to, int neighbours) =>
        ReadInto(samples, connection, series, (from, to), to, neighbours);

    /// <summary>Those of <see cref="Read"/> that do not start in [from, to).</summary>
    public static List<Sample> ReadAround(SqliteConnection connection, SeriesRow series, Instant from, Instant to, int neighbours)
    {
        var samples = new List<Sample>();
        ReadInto(samples, connection, series, (from, to), from, neighbours);
        return samples;
    }

    /// <param name="until">Before which those in the range start that are read.</param>
    private static void ReadInto(
        List<Sample> samples, SqliteConnection connection, SeriesRow series, (Instant From, Instant To) range, Instant until, int neighbours)
    {
        samples.Clear();
        var first = FirstReaching(connection, series, range.From.ToUnixTimeMilliseconds());
        if (neighbours > 0)
        {
            Add($"{Columns} AND start < ? ORDER BY start DESC, length DESC LIMIT ?", first, neighbours);
            samples.Reverse();
        }

        Add($"{Columns} AND start >= ? AND start < ? ORDER BY start, length", first, until.ToUnixTimeMilliseconds());
        if (neighbours > 0)
        {
            Add($"{Columns} AND start >= ? ORDER BY start, length LIMIT ?", range.To.ToUnixTimeMilliseconds(), neighbours);
        }

        void Add(string sql, long a, long b)
        {
            using var statement = new SqliteStatement(connection, sql);
            statement.Bind(1, series.Id).Bind(2, a).Bind(3, b);
            while (statement.Step())
            {
                samples.Add(new Sample(
                    Instant.FromUnixTimeMilliseconds(statement.Long(0)), Duration.FromMilliseconds(statement.Long(1)),
                    statement.Double(2), (ReadingFlags)statement.Long(3)));
            }
        }
    }

    private static long FirstReaching(SqliteConnection connection, SeriesRow series, long from) =>
        series.Key.Length == Duration.Zero
            ? from
            : connection.FindLong(
                "SELECT min(start) FROM value WHERE series = $series AND start >= $earliest AND start < $from AND start + length > $from",
                ("$series", series.Id), ("$earliest", from - NominalLength.Longest(series.Key.Length).Milliseconds()), ("$from", from)) ?? from;
}
