using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Changes the flags found about the values of one series.</summary>
internal sealed class FoundFlags(SqliteConnection connection, SeriesRow series)
{
    private readonly ValueBlocks _blocks = new(connection, series.Id);

    private readonly List<ValueBlocks> _others =
    [
        .. SeriesTable.ListGroup(connection, series.Key.EquipmentId, series.Key.Length)
            .Where(row => row.Id != series.Id).Select(row => new ValueBlocks(connection, row.Id)),
    ];

    /// <summary>Values that start within [from, to] get those of <paramref name="mask"/> that are wanted, and lose the others.</summary>
    public void Save(long from, long to, ReadingFlags mask, IReadOnlyDictionary<(long Start, long Length), ReadingFlags> wanted)
    {
        var starts = _blocks.ReadFound(from, to, ReadingFlagSets.Found).Select(value => value.Start).Concat(wanted.Keys.Select(key => key.Start));
        var tally = new FlagTally();
        long? done = null;
        foreach (var start in starts.Distinct().Order().ToList())
        {
            if (done is null || start > done)
            {
                done = _blocks.ReadAt(start) is { Values.Count: > 0 } block ? block.Until : start;
                Change(start, done.Value, FlagsOf, tally);
            }
        }

        FlagCounts.Add(connection, series.Key.EquipmentId, tally);

        ReadingFlags FlagsOf(StoredValue value) =>
            wanted.TryGetValue(value.Key, out var flags) || (value.Start >= from && value.Start <= to) ? (value.Flags & ~mask) | flags : value.Flags;
    }

    private void Change(long first, long last, Func<StoredValue, ReadingFlags> flagsOf, FlagTally tally)
    {
        var values = _blocks.Read(first, last);
        var changed = values.ConvertAll(value => value with { Flags = flagsOf(value) });
        if (!changed.SequenceEqual(values))
        {
            var (before, after) = (new FlagTally.Readings(), new FlagTally.Readings());
            before.Add(values);
            after.Add(changed);
            foreach (var other in _others.ConvertAll(blocks => blocks.Read(first, last)))
            {
                before.Add(other);
                after.Add(other);
            }

            tally.Replace(before, after);
            _blocks.Replace(first, last, changed);
        }
    }
}
