using System.Runtime.InteropServices;
using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Reads the current values of a series.</summary>
internal static class SampleReader
{
    // Of a series that lies unevenly in its time more may be foreseen than there is.
    private const long MostForeseen = 100_000;

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
        var blocks = new ValueBlocks(connection, series.Id);
        var first = FirstReaching(blocks, series, range.From.ToUnixTimeMilliseconds());
        if (neighbours > 0)
        {
            Add(blocks.ReadBefore(first, neighbours));
        }

        blocks.ReadEach(first, until.ToUnixTimeMilliseconds() - 1, Add);
        if (neighbours > 0)
        {
            Add(blocks.ReadFrom(range.To.ToUnixTimeMilliseconds(), neighbours));
        }

        void Add(List<StoredValue> values)
        {
            foreach (ref readonly var value in CollectionsMarshal.AsSpan(values))
            {
                samples.Add(new Sample(
                    Instant.FromUnixTimeMilliseconds(value.Start), Duration.FromMilliseconds(value.Length), value.Value, value.Flags));
            }
        }
    }

    private static long FirstReaching(ValueBlocks blocks, SeriesRow series, long from)
    {
        if (series.Key.Length == Duration.Zero)
        {
            return from;
        }

        var before = blocks.Read(from - NominalLength.Longest(series.Key.Length).Milliseconds(), from - 1);
        return before.FindIndex(value => value.Start + value.Length > from) is var at && at < 0 ? from : before[at].Start;
    }
}
