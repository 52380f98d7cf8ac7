using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// Where values changed since they were last checked: per series and block of time the first and the last of them, so that
/// live readings leave a short range and a late one does not stretch it over years.
/// </summary>
internal static class UncheckedRanges
{
    public static void Add(SqliteConnection connection, long series, TouchedRanges touched)
    {
        foreach (var (block, first, last) in UncheckedBlocks.Of(touched))
        {
            Add(connection, series, block, first, last);
        }
    }

    public static void AddAgain(SqliteConnection connection, IEnumerable<(SeriesKey Series, Instant First, Instant Last)> ranges)
    {
        foreach (var (key, first, last) in ranges)
        {
            if (SeriesTable.Find(connection, key) is { } series)
            {
                var start = first.ToUnixTimeMilliseconds();
                Add(connection, series.Id, UncheckedBlocks.BlockOf(start), start, last.ToUnixTimeMilliseconds());
            }
        }
    }

    /// <summary>All that there is of an equipment; what is being found about it counts as outdated.</summary>
    public static void AddAll(SqliteConnection connection, string equipmentId) => connection.Execute(
        $"""
        UPDATE series SET revision = {IngestionDatabase.NextRevision} WHERE equipment = $equipment AND count > 0;
        INSERT INTO unchecked(series, block, first_at, last_at, mark)
            SELECT id, first_at / $block, first_at, last_at, random() FROM series WHERE equipment = $equipment AND count > 0
            ON CONFLICT DO UPDATE SET
                first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at), mark = excluded.mark
        """,
        ("$equipment", equipmentId), ("$block", UncheckedBlocks.LengthMs));

    private static void Add(SqliteConnection connection, long series, long block, long first, long last) => connection.Execute(
        """
        INSERT INTO unchecked(series, block, first_at, last_at, mark) VALUES ($series, $block, $first, $last, random())
        ON CONFLICT DO UPDATE SET first_at = min(first_at, $first), last_at = max(last_at, $last), mark = random()
        """,
        ("$series", series), ("$block", block), ("$first", first), ("$last", last));
}
