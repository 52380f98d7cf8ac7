using System.Runtime.InteropServices;
using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>By how much the number of readings of each combination of flags grows.</summary>
internal sealed class FlagTally
{
    private readonly Dictionary<ReadingFlags, long> _growth = [];

    public IEnumerable<KeyValuePair<ReadingFlags, long>> Growth => _growth.Where(one => one.Value != 0);

    public void Replace(Readings before, Readings after)
    {
        foreach (var flags in before.Flags)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_growth, flags, out _)--;
        }

        foreach (var flags in after.Flags)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_growth, flags, out _)++;
        }
    }

    /// <summary>Readings put together from their values.</summary>
    internal sealed class Readings
    {
        private readonly Dictionary<(long Start, long Length), (long Version, ReadingFlags OfNewest, ReadingFlags Found)> _readings = [];

        /// <summary>The flags of each reading: those of its newest value, and those found about any.</summary>
        public IEnumerable<ReadingFlags> Flags => _readings.Values.Select(one => one.OfNewest | one.Found);

        public void Add(List<StoredValue> values)
        {
            _readings.EnsureCapacity(values.Count);
            foreach (ref readonly var value in CollectionsMarshal.AsSpan(values))
            {
                ref var reading = ref CollectionsMarshal.GetValueRefOrAddDefault(_readings, value.Key, out _);
                if (value.Version >= reading.Version)
                {
                    // Whichever of one write comes first.
                    var own = value.Flags & ~ReadingFlagSets.Found;
                    (reading.Version, reading.OfNewest) = (
                        value.Version, value.Version == reading.Version && reading.OfNewest > own ? reading.OfNewest : own);
                }

                reading.Found |= value.Flags & ReadingFlagSets.Found;
            }
        }
    }
}

/// <summary>Keeps the counts of readings by their flags.</summary>
internal static class FlagCounts
{
    private const int ValuesAtOnce = 4_000;

    public static void Add(SqliteConnection connection, string equipmentId, FlagTally tally)
    {
        foreach (var (flags, growth) in tally.Growth)
        {
            connection.Execute(
                """
                INSERT INTO flag_count(equipment, flags, readings) VALUES ($equipment, $flags, $growth)
                ON CONFLICT DO UPDATE SET readings = readings + $growth;
                DELETE FROM flag_count WHERE equipment = $equipment AND flags = $flags AND readings = 0;
                """,
                ("$equipment", equipmentId), ("$flags", (int)flags), ("$growth", growth));
        }
    }

    /// <summary>Counts anew, by looking at every value of the equipment.</summary>
    public static void Recount(SqliteConnection connection, string equipmentId)
    {
        var tally = new FlagTally();
        foreach (var group in SeriesTable.ListAll(connection, equipmentId, metric: null).GroupBy(row => row.Key.Length))
        {
            List<ValueBlocks> series = [.. group.Select(row => new ValueBlocks(connection, row.Id))];
            long? next = long.MinValue;
            while (next is { } first)
            {
                var last = series.Min(blocks => blocks.FindEnd(first, ValuesAtOnce));
                var readings = new FlagTally.Readings();
                series.ForEach(blocks => readings.Add(blocks.Read(first, last)));
                tally.Replace(new FlagTally.Readings(), readings);
                next = last == long.MaxValue ? null : last + 1;
            }
        }

        connection.Execute("DELETE FROM flag_count WHERE equipment = $equipment", ("$equipment", equipmentId));
        Add(connection, equipmentId, tally);
    }

    /// <summary>Those of all equipment together.</summary>
    public static IReadOnlyDictionary<ReadingFlags, long> SumUp(SqliteConnection connection) => connection
        .ReadAll(row => (Flags: (ReadingFlags)row.GetInt32(0), Count: row.GetInt64(1)), "SELECT flags, sum(readings) FROM flag_count GROUP BY flags")
        .ToDictionary(row => row.Flags, row => row.Count);

    public static IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>> Read(SqliteConnection connection) => connection
        .ReadAll(
            row => (Equipment: row.GetString(0), Flags: (ReadingFlags)row.GetInt32(1), Count: row.GetInt64(2)),
            "SELECT equipment, flags, readings FROM flag_count")
        .GroupBy(row => row.Equipment)
        .ToDictionary(
            rows => rows.Key,
            rows => (IReadOnlyDictionary<ReadingFlags, long>)rows.ToDictionary(row => row.Flags, row => row.Count));
}
