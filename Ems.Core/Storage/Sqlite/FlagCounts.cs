using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Counts readings by flag.</summary>
internal static class FlagCounts
{
    private static readonly ReadingFlags[] Flags = [.. Enum.GetValues<ReadingFlags>().Where(flag => flag != ReadingFlags.None)];

    public static IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>> Read(SqliteConnection connection)
    {
        var perReading = string.Join(", ", Flags.Select(flag => $"max(flags & {(int)flag}) > 0 AS f{(int)flag}"));
        var perEquipment = string.Join(", ", Flags.Select(flag => $"sum(f{(int)flag})"));
        return connection.ReadAll(
            row => (Equipment: row.GetString(0), Counts: Flags
                .Select((flag, i) => (flag, Count: row.GetInt64(i + 1)))
                .Where(one => one.Count > 0)
                .ToDictionary(one => one.flag, one => one.Count)),
            $"""
            SELECT equipment, {perEquipment}
            FROM (
                SELECT equipment, {perReading}
                FROM value JOIN series ON series.id = value.series
                WHERE flags <> 0
                GROUP BY equipment, start, value.length)
            GROUP BY equipment
            """).ToDictionary(row => row.Equipment, row => (IReadOnlyDictionary<ReadingFlags, long>)row.Counts);
    }
}
