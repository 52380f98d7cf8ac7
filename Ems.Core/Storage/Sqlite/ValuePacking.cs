using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Takes the values of a file that has each in a row of its own into blocks.</summary>
internal static class ValuePacking
{
    // With all that start together with the last of them.
    private const string Some = $"""
        SELECT {ValueVersions.Columns} FROM value
        WHERE series = $series AND start BETWEEN $first AND ifnull(
            (SELECT start FROM value WHERE series = $series AND start >= $first ORDER BY start LIMIT 1 OFFSET 10000), {MaxTime})
        ORDER BY start, length
        """;

    private const string MaxTime = "9223372036854775807";

    public static void Run(SqliteConnection connection)
    {
        foreach (var series in connection.ReadAll(row => row.GetInt64(0), "SELECT id FROM series"))
        {
            var blocks = new ValueBlocks(connection, series);
            var values = Read(long.MinValue);
            while (values.Count > 0)
            {
                blocks.Replace(values[0].Start, values[^1].Start, values);
                values = Read(values[^1].Start + 1);
            }

            List<StoredValue> Read(long first) => connection.ReadAll(ValueVersions.Read, Some, ("$series", series), ("$first", first));
        }

        connection.Execute("DROP TABLE value");
        foreach (var equipment in connection.ReadAll(row => row.GetString(0), "SELECT DISTINCT equipment FROM series"))
        {
            FlagCounts.Recount(connection, equipment);
        }
    }
}
