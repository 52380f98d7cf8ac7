using System.Runtime.InteropServices;
using Ems.Core.Metering;
using Microsoft.Data.Sqlite;

namespace Ems.Core.Storage.Sqlite;

/// <summary>
/// The current values of one series, which lie in the file in blocks of up to <see cref="MostValues"/>. Blocks do not overlap, and
/// values that start together lie in one.
/// </summary>
internal sealed class ValueBlocks(SqliteConnection connection, long series)
{
    /// <summary>About as many numbers as fill a page of the file, each with a version of its own.</summary>
    public const int MostValues = 400;

    private const int FewValues = MostValues / 4;
    private const string Columns = "SELECT first_at, last_at, count, body FROM value_block WHERE series = $series";

    private const string Found = "SELECT first_at, last_at, count, body FROM value_block INDEXED BY value_block_found WHERE series = $series AND found <> 0";

    // From the block that holds the first start, or would.
    private const string Within = """
        first_at >= ifnull((SELECT max(first_at) FROM value_block WHERE series = $series AND first_at <= $first), $first) AND first_at <= $last
        """;

    private readonly record struct Block(long FirstAt, long LastAt, int Count, byte[] Body);

    /// <summary>The values that start within [first, last], in order of start and length.</summary>
    public List<StoredValue> Read(long first, long last)
    {
        var blocks = ListWithin(first, last);
        var values = new List<StoredValue>(blocks.Sum(block => block.Count));
        foreach (var block in blocks)
        {
            AddWithin(values, block, first, last);
        }

        return values;
    }

    /// <summary>Gives those of <see cref="Read"/> block by block, in the same list each time.</summary>
    public void ReadEach(long first, long last, Action<List<StoredValue>> take)
    {
        var values = new List<StoredValue>(MostValues);
        foreach (var block in ListWithin(first, last))
        {
            values.Clear();
            AddWithin(values, block, first, last);
            take(values);
        }
    }

    /// <summary>Those of <see cref="Read"/> that have any of these flags, which are of those found by comparison; read as they are taken.</summary>
    public IEnumerable<StoredValue> ReadFound(long first, long last, ReadingFlags flags)
    {
        using var command = connection.Prepare(
            $"{Found} AND found & $flags <> 0 AND {Within} ORDER BY first_at",
            ("$series", series), ("$first", first), ("$last", last), ("$flags", (int)flags));
        using var reader = command.ExecuteReader();
        var values = new List<StoredValue>();
        while (reader.Read())
        {
            values.Clear();
            AddWithin(values, ReadBlock(reader), first, last);
            foreach (var value in values.Where(value => (value.Flags & flags) != 0))
            {
                yield return value;
            }
        }
    }

    /// <summary>The first <paramref name="count"/> values that start at <paramref name="first"/> or later, in order of start and length.</summary>
    public List<StoredValue> ReadFrom(long first, int count) =>
        ReadEnough($"{Columns} AND {Within} AND last_at >= $first ORDER BY first_at", first, long.MaxValue, count, backwards: false);

    /// <summary>The last <paramref name="count"/> values that start before <paramref name="end"/>, in order of start and length.</summary>
    public List<StoredValue> ReadBefore(long end, int count) =>
        ReadEnough($"{Columns} AND first_at BETWEEN $first AND $last ORDER BY first_at DESC", long.MinValue, end - 1, count, backwards: true);

    /// <summary>The last start of about as many values, counted from those that start at <paramref name="first"/>; the end of time when there are fewer.</summary>
    public long FindEnd(long first, int count) => ReadFrom(first, count + 1) is { } values && values.Count > count ? values[^1].Start : long.MaxValue;

    /// <summary>The values of the block that <paramref name="start"/> falls into, none between blocks; and until when nothing else comes.</summary>
    public (List<StoredValue> Values, long Until) ReadAt(long start)
    {
        var before = connection.ReadAll(
            ReadBlock, $"{Columns} AND first_at <= $start ORDER BY first_at DESC LIMIT 1", ("$series", series), ("$start", start));
        if (before is [var block] && block.LastAt >= start)
        {
            var values = new List<StoredValue>(block.Count);
            AddWithin(values, block, long.MinValue, long.MaxValue);
            return (values, block.LastAt);
        }

        return ([], Next(start)?.FirstAt - 1 ?? long.MaxValue);
    }

    /// <summary>Puts <paramref name="values"/> in the place of all that start within [first, last].</summary>
    /// <param name="values">In order of start and length, all within [first, last].</param>
    public void Replace(long first, long last, List<StoredValue> values)
    {
        List<StoredValue> before = [], after = [];
        List<long> old = [];
        foreach (var block in List($"{Columns} AND {Within} ORDER BY first_at", first, last))
        {
            var isApart = block.LastAt < first;
            if (isApart && (values.Count == 0 || block.Count >= MostValues))
            {
                continue;
            }

            old.Add(block.FirstAt);
            if (block.FirstAt < first)
            {
                AddWithin(before, block, long.MinValue, first - 1);
            }

            if (block.LastAt > last)
            {
                AddWithin(after, block, last + 1, long.MaxValue);
            }
        }

        List<StoredValue> all = [.. before, .. values, .. after];
        if (all.Count is > 0 and < FewValues && Next(last) is { } next && next.Count + all.Count <= MostValues)
        {
            old.Add(next.FirstAt);
            ValueBlock.Unpack(next.Body, next.FirstAt, all);
        }

        Write(old, all, isEven: after.Count > 0);
    }

    /// <summary>Puts values beside those that are there, and in the place of those of the same start and length.</summary>
    /// <param name="values">In order of start and length; not empty.</param>
    public void Put(List<StoredValue> values)
    {
        var (first, last) = (values[0].Start, values[^1].Start);
        var all = Read(first, last).ToDictionary(value => value.Key);
        values.ForEach(value => all[value.Key] = value);
        Replace(first, last, [.. all.Values.OrderBy(value => value.Key)]);
    }

    /// <param name="isEven">Whether more may come in between rather than at the end.</param>
    private void Write(List<long> old, List<StoredValue> values, bool isEven)
    {
        var most = isEven && values.Count > MostValues ? (values.Count + BlocksOf(values.Count) - 1) / BlocksOf(values.Count) : MostValues;
        HashSet<long> written = [];
        for (int first = 0, next; first < values.Count; first = next)
        {
            next = Math.Min(first + most, values.Count);
            while (next < values.Count && values[next].Start == values[next - 1].Start)
            {
                next++;
            }

            written.Add(values[first].Start);
            Write(CollectionsMarshal.AsSpan(values)[first..next]);
        }

        foreach (var firstAt in old.Where(firstAt => !written.Contains(firstAt)))
        {
            connection.Execute("DELETE FROM value_block WHERE series = $series AND first_at = $first", ("$series", series), ("$first", firstAt));
        }
    }

    private void Write(ReadOnlySpan<StoredValue> values)
    {
        var found = ReadingFlags.None;
        for (var i = 0; i < values.Length; i++)
        {
            found |= values[i].Flags & ReadingFlagSets.Found;
            if (i > 0 && values[i].Key.CompareTo(values[i - 1].Key) <= 0)
            {
                throw new InvalidOperationException($"Two values of series {series} at {values[i].Start} are not in order.");
            }
        }

        connection.Execute(
            """
            INSERT INTO value_block(series, first_at, last_at, count, found, body) VALUES ($series, $first, $last, $count, $found, $body)
            ON CONFLICT DO UPDATE SET last_at = $last, count = $count, found = $found, body = $body
            """,
            ("$series", series), ("$first", values[0].Start), ("$last", values[^1].Start), ("$count", values.Length),
            ("$found", (int)found), ("$body", ValueBlock.Pack(values)));
    }

    private List<StoredValue> ReadEnough(string sql, long first, long last, int count, bool backwards)
    {
        var values = new List<StoredValue>();
        using var command = connection.Prepare(sql, ("$series", series), ("$first", first), ("$last", last));
        using var reader = command.ExecuteReader();
        while (values.Count < count && reader.Read())
        {
            var of = new List<StoredValue>();
            AddWithin(of, ReadBlock(reader), first, last);
            values.InsertRange(backwards ? 0 : values.Count, of);
        }

        if (values.Count > count)
        {
            values.RemoveRange(backwards ? 0 : count, values.Count - count);
        }

        return values;
    }

    private Block? Next(long last) => connection.ReadAll(
        ReadBlock, $"{Columns} AND first_at > $last ORDER BY first_at LIMIT 1", ("$series", series), ("$last", last)) is [var next] ? next : null;

    private List<Block> ListWithin(long first, long last) => List($"{Columns} AND {Within} AND last_at >= $first ORDER BY first_at", first, last);

    private List<Block> List(string sql, long first, long last) =>
        connection.ReadAll(ReadBlock, sql, ("$series", series), ("$first", first), ("$last", last));

    private static void AddWithin(List<StoredValue> values, in Block block, long first, long last)
    {
        var from = values.Count;
        ValueBlock.Unpack(block.Body, block.FirstAt, values);
        if (values.Count - from != block.Count || values[^1].Start != block.LastAt)
        {
            throw new InvalidDataException(ValueBlock.Damaged);
        }

        if (block.LastAt > last)
        {
            var kept = values.FindIndex(from, value => value.Start > last);
            values.RemoveRange(kept, values.Count - kept);
        }

        if (block.FirstAt < first)
        {
            var kept = values.FindIndex(from, value => value.Start >= first);
            values.RemoveRange(from, (kept < 0 ? values.Count : kept) - from);
        }
    }

    private static int BlocksOf(int count) => (count + MostValues - 1) / MostValues;

    private static Block ReadBlock(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetFieldValue<byte[]>(3));
}
