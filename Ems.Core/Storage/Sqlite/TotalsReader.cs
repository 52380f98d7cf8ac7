using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Reads totals of buckets.</summary>
internal static class TotalsReader
{
    public static BucketTotal[] Read(SqliteConnection connection, SeriesRow? series, IReadOnlyList<Instant> edges)
    {
        if (series is null)
        {
            return TotalsBuilder.Empty(edges);
        }

        var totals = new TotalsBuilder(series.Kind, edges, LongestRead(connection, series));
        if (series.RollsUp)
        {
            foreach (var day in RollUps.Read(connection, series, edges[0], edges[^1]).Where(totals.IsUsable))
            {
                AddValues(day.Start);
                totals.Add(day);
            }
        }

        AddValues(edges[^1]);
        return totals.Totals;

        void AddValues(Instant to)
        {
            foreach (var range in totals.Until(to))
            {
                totals.Add(range, SampleReader.Read(connection, series, range[0], range[^1], RollUpArithmetic.Reach));
            }
        }
    }

    private static Duration LongestRead(SqliteConnection connection, SeriesRow series)
    {
        var (count, milliseconds) = connection.ReadAll(
            row => (row.GetInt64(0), row.GetInt64(1)),
            "SELECT count, coalesce(last_at - first_at, 0) FROM series WHERE id = $id",
            ("$id", series.Id)).Single();
        return TotalsBuilder.LongestRead(count, Duration.FromMilliseconds(milliseconds));
    }
}
