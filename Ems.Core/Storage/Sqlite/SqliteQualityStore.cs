using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Keeps flags found about values beside the values, and what is still to be checked.</summary>
internal sealed class SqliteQualityStore(IngestionDatabase database) : IQualityStore
{
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
                new FoundFlags(connection, row).Save(from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), mask, wanted);
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
                foreach (var key in query.InOrder(SeriesTable.List(connection, query.EquipmentIds, query.Metrics).Select(info => info.Key)))
                {
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
                var combinations = connection
                    .ReadAll(
                        row => (Series: row.GetInt64(0), First: row.GetInt64(1), Last: row.GetInt64(2)),
                        "SELECT series, first_at, last_at FROM job_range WHERE job = $job", ("$job", jobId))
                    .SelectMany(range => new ValueBlocks(connection, range.Series).ReadFound(range.First, range.Last, ReadingFlagSets.Found))
                    .CountBy(value => value.Flags)
                    .ToList();
                return Enum.GetValues<ReadingFlags>()
                    .Where(flag => flag != ReadingFlags.None && ReadingFlagSets.Found.HasFlag(flag))
                    .Select(flag => (Flag: flag, Count: combinations.Where(one => one.Key.HasFlag(flag)).Sum(one => (long)one.Value)))
                    .Where(one => one.Count > 0)
                    .ToDictionary(one => one.Flag, one => one.Count);
            },
            cancellationToken);

    private static List<FlaggedValue> List(SqliteConnection connection, SeriesRow row, FlaggedQuery query, int limit)
    {
        var after = query.After is { } last && last.Series == row.Key
            ? (Start: last.Start.ToUnixTimeMilliseconds(), Length: last.Length.Milliseconds())
            : (long.MinValue, 0);
        var first = Math.Max(after.Start, query.From?.ToUnixTimeMilliseconds() ?? long.MinValue);
        var end = query.To is { } to ? to.ToUnixTimeMilliseconds() - 1 : long.MaxValue;
        return
        [
            .. new ValueBlocks(connection, row.Id).ReadFound(first, end, query.Flags)
                .Where(value => value.Key.CompareTo(after) > 0)
                .Take(limit)
                .Select(value => new FlaggedValue(
                    row.Key, Instant.FromUnixTimeMilliseconds(value.Start), Duration.FromMilliseconds(value.Length), value.Value, value.Flags)),
        ];
    }
}
