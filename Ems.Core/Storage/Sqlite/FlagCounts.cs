using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Counts readings by their flags.</summary>
internal static class FlagCounts
{
    // A reading has the flags of its newest value: SQLite takes a bare column from the row of the maximum.
    private const string Counts = """
        SELECT equipment, flags, count(*)
        FROM (
            SELECT equipment, flags, max(version)
            FROM value JOIN series ON series.id = value.series
            GROUP BY equipment, start, value.length)
        GROUP BY equipment, flags
        """;

    public static IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>> Read(SqliteConnection connection) => connection
        .ReadAll(row => (Equipment: row.GetString(0), Flags: (ReadingFlags)row.GetInt32(1), Count: row.GetInt64(2)), Counts)
        .GroupBy(row => row.Equipment)
        .ToDictionary(
            rows => rows.Key,
            rows => (IReadOnlyDictionary<ReadingFlags, long>)rows.ToDictionary(row => row.Flags, row => row.Count));
}
