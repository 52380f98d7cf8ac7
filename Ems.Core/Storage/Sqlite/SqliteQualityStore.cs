using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Keeps flags found about values beside the values, and what is still to be checked.</summary>
internal sealed class SqliteQualityStore(IngestionDatabase database) : IQualityStore
{
    private const int LeastFound = (int)ReadingFlags.Stuck;

    public Task<IReadOnlyList<UncheckedRange>> ListUncheckedAsync(string? jobId, int limit, CancellationToken cancellationToken) =>
        database.File.ReadAsync<IReadOnlyList<UncheckedRange>>(
            connection => connection.ReadAll(
                row => new UncheckedRange(
                    new SeriesKey(row.GetString(3), row.GetString(4), row.GetLength(5)), row.GetInstant(0), row.GetInstant(1), row.GetInt64(2)),
                """
                SELECT unchecked.first_at, unchecked.last_at, mark, equipment, metric, length
                FROM unchecked JOIN series ON series.id = unchecked.series
                WHERE $job IS NULL OR series.id IN (SELECT series FROM job_range WHERE job = $job)
                ORDER BY unchecked.series, block LIMIT $limit
                """,
                ("$job", jobId), ("$limit", limit)),
            cancellationToken);

    public Task SaveFlagsAsync(
        SeriesKey series, Instant from, Instant to, ReadingFlags mask,
        IReadOnlyDictionary<(Instant Start, Duration Length), ReadingFlags> found, FlagBasis basis, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection =>
        {
            if (basis.Read.Any(one => SeriesTable.FindRevision(connection, one.Key) != one.Revision))
            {
                UncheckedRanges.AddAgain(connection, basis.Ranges);
            }

            if (SeriesTable.Find(connection, series) is { } row)
            {
                var wanted = found.ToDictionary(
                    one => (one.Key.Start.ToUnixTimeMilliseconds(), one.Key.Length.Milliseconds()), one => one.Value & mask);
                using var flags = new FoundFlags(connection, row);
                flags.Save(from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), mask, wanted);
            }

            return 0;
        },
        cancellationToken);

    public Task SaveCheckedAsync(IReadOnlyCollection<UncheckedRange> ranges, CancellationToken cancellationToken) => database.File.WriteAsync(
        connection => ranges.Sum(range => SeriesTable.Find(connection, range.Series) is { } row
            ? connection.Execute("DELETE FROM unchecked WHERE series = $series AND mark = $mark", ("$series", row.Id), ("$mark", range.Mark))
            : 0),
        cancellationToken);

    public Task<IReadOnlyList<FlaggedValue>> ListFlaggedAsync(FlaggedQuery query, CancellationToken cancellationToken) =>
        database.File.ReadAsync<IReadOnlyList<FlaggedValue>>(
            connection =>
            {
                var values = new List<FlaggedValue>();
                foreach (var key in SeriesTable.List(connection, query.EquipmentIds, null).Select(info => info.Key))
                {
                    if (query.After is { } after && Compare(key, after.Series) < 0)
                    {
                        continue;
                    }

                    values.AddRange(List(connection, SeriesTable.Find(connection, key)!, query, query.Limit - values.Count));
                    if (values.Count == query.Limit)
                    {
                        break;
                    }
                }

                return values;
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<ReadingFlags, long>> CountFlaggedAsync(string jobId, CancellationToken cancellationToken) =>
        database.File.ReadAsync<IReadOnlyDictionary<ReadingFlags, long>>(
            connection =>
            {
                var combinations = connection.ReadAll(
                    row => (Flags: (ReadingFlags)row.GetInt32(0), Count: row.GetInt64(1)),
                    $"""
                    SELECT flags, count(*)
                    FROM job_range CROSS JOIN value ON value.series = job_range.series AND value.start BETWEEN first_at AND last_at
                    WHERE job = $job AND flags >= {LeastFound}
                    GROUP BY flags
                    """,
                    ("$job", jobId));
                return Enum.GetValues<ReadingFlags>()
                    .Where(flag => flag != ReadingFlags.None && ReadingFlagSets.Found.HasFlag(flag))
                    .Select(flag => (Flag: flag, Count: combinations.Where(one => one.Flags.HasFlag(flag)).Sum(one => one.Count)))
                    .Where(one => one.Count > 0)
                    .ToDictionary(one => one.Flag, one => one.Count);
            },
            cancellationToken);

    private static List<FlaggedValue> List(SqliteConnection connection, SeriesRow row, FlaggedQuery query, int limit)
    {
        var after = query.After is { } last && last.Series == row.Key
            ? (Start: last.Start.ToUnixTimeMilliseconds(), Length: last.Length.Milliseconds())
            : (long.MinValue, 0);
        return connection.ReadAll(
            value => new FlaggedValue(row.Key, value.GetInstant(0), value.GetLength(1), value.GetDouble(2), (ReadingFlags)value.GetInt32(3)),
            $"""
            SELECT start, length, value, flags FROM value
            WHERE series = $series AND flags >= {LeastFound} AND flags & $flags <> 0
                AND start >= $from AND start < $to AND (start, length) > ($start, $length)
            ORDER BY start, length LIMIT $limit
            """,
            ("$series", row.Id), ("$flags", (int)query.Flags),
            ("$from", query.From?.ToUnixTimeMilliseconds() ?? long.MinValue), ("$to", query.To?.ToUnixTimeMilliseconds() ?? long.MaxValue),
            ("$start", after.Start), ("$length", after.Length), ("$limit", limit));
    }

    private static int Compare(SeriesKey a, SeriesKey b)
    {
        var byEquipment = string.CompareOrdinal(a.EquipmentId, b.EquipmentId);
        var byMetric = byEquipment != 0 ? byEquipment : string.CompareOrdinal(a.Metric, b.Metric);
        return byMetric != 0 ? byMetric : a.Length.CompareTo(b.Length);
    }
}
