using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// Where values changed since they were last checked: per series and block of time the first and the last of them, so that
/// live readings leave a short range and a late one does not stretch it over years.
/// </summary>
internal static class UncheckedRanges
{
    private const long BlockMs = 32 * TouchedRanges.DayMs;

    public static void Add(SqliteConnection connection, long series, TouchedRanges touched)
    {
        foreach (var block in touched.Ranges.SelectMany(Blocks).GroupBy(part => part.Block))
        {
            Add(connection, series, block.Key, block.Min(part => part.First), block.Max(part => part.Last));
        }
    }

    /// <summary>All that there is of an equipment.</summary>
    public static void AddAll(SqliteConnection connection, string equipmentId) => connection.Execute(
        """
        INSERT OR REPLACE INTO unchecked(series, block, first_at, last_at, mark)
            SELECT id, first_at / $block, first_at, last_at, random() FROM series WHERE equipment = $equipment AND count > 0
        """,
        ("$equipment", equipmentId), ("$block", BlockMs));

    private static void Add(SqliteConnection connection, long series, long block, long first, long last) => connection.Execute(
        """
        INSERT INTO unchecked(series, block, first_at, last_at, mark) VALUES ($series, $block, $first, $last, random())
        ON CONFLICT DO UPDATE SET first_at = min(first_at, $first), last_at = max(last_at, $last), mark = random()
        """,
        ("$series", series), ("$block", block), ("$first", first), ("$last", last));

    private static IEnumerable<(long Block, long First, long Last)> Blocks((long Start, long End) range)
    {
        for (var block = (long)Math.Floor((double)range.Start / BlockMs); block * BlockMs <= range.End; block++)
        {
            yield return (block, Math.Max(range.Start, block * BlockMs), Math.Min(range.End, ((block + 1) * BlockMs) - 1));
        }
    }
}
