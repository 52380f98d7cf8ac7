using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Changes the flags found about the values of one series.</summary>
internal sealed class FoundFlags(SqliteConnection connection, SeriesRow series) : IDisposable
{
    private const string Columns = "SELECT start, length, value, version, flags FROM value WHERE series = ? AND";

    private readonly List<long> _group = [.. SeriesTable.ListGroup(connection, series.Key.EquipmentId, series.Key.Length).Select(row => row.Id)];
    private readonly SqliteStatement _flagged = new(connection, $"{Columns} flags >= {(int)ReadingFlags.Stuck} AND start BETWEEN ? AND ?");
    private readonly SqliteStatement _one = new(connection, $"{Columns} start = ? AND length = ?");
    private readonly SqliteStatement _change = new(connection, "UPDATE value SET flags = ? WHERE series = ? AND start = ? AND length = ?");

    /// <summary>Values that start within [from, to] get those of <paramref name="mask"/> that are wanted, and lose the others.</summary>
    public void Save(long from, long to, ReadingFlags mask, IReadOnlyDictionary<(long Start, long Length), ReadingFlags> wanted)
    {
        var tally = new FlagTally();
        var flagged = Read(_flagged, series.Id, from, to);
        var unflagged = wanted.Keys.Except(flagged.Select(value => value.Key)).SelectMany(key => Read(_one, series.Id, key.Start, key.Length));
        foreach (var value in flagged.Concat(unflagged).ToList())
        {
            var flags = (value.Flags & ~mask) | wanted.GetValueOrDefault(value.Key);
            if (flags != value.Flags)
            {
                var before = ReadingOf(value);
                _change.Bind(1, (long)flags).Bind(2, series.Id).Bind(3, value.Start).Bind(4, value.Length).Run();
                tally.Replace(before, ReadingOf(value));
            }
        }

        FlagCounts.Add(connection, series.Key.EquipmentId, tally);
    }

    public void Dispose()
    {
        _flagged.Dispose();
        _one.Dispose();
        _change.Dispose();
    }

    /// <summary>The whole reading that a value belongs to.</summary>
    private FlagTally.Readings ReadingOf(StoredValue value)
    {
        var reading = new FlagTally.Readings();
        foreach (var id in _group)
        {
            reading.Add(Read(_one, id, value.Start, value.Length));
        }

        return reading;
    }

    private static List<StoredValue> Read(SqliteStatement statement, long series, long a, long b)
    {
        var values = new List<StoredValue>();
        statement.Bind(1, series).Bind(2, a).Bind(3, b);
        while (statement.Step())
        {
            values.Add(new StoredValue(
                statement.Long(0), statement.Long(1), statement.Double(2), statement.Long(3), (ReadingFlags)statement.Long(4)));
        }

        return values;
    }
}
