using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Makes totals of buckets from roll-ups where there are any and from values elsewhere.</summary>
internal sealed class TotalsReader
{
    private const double MostValuesAtOnce = 100_000;

    private readonly SqliteConnection _connection;
    private readonly SeriesRow _series;
    private readonly IReadOnlyList<Instant> _edges;
    private readonly BucketTotal[] _totals;
    private int _bucket;

    private TotalsReader(SqliteConnection connection, SeriesRow series, IReadOnlyList<Instant> edges, BucketTotal[] totals)
    {
        _connection = connection;
        _series = series;
        _edges = edges;
        _totals = totals;
    }

    public static BucketTotal[] Read(SqliteConnection connection, SeriesRow? series, IReadOnlyList<Instant> edges)
    {
        var totals = new BucketTotal[edges.Count - 1];
        Array.Fill(totals, BucketTotal.Empty);
        if (series is not null)
        {
            new TotalsReader(connection, series, edges, totals).Run();
        }

        return totals;
    }

    private void Run()
    {
        var at = _edges[0];
        if (_series.RollsUp)
        {
            foreach (var day in RollUps.Read(_connection, _series, _edges[0], _edges[^1]).Where(IsUsable))
            {
                AddValues(at, day.Start);
                AddRollUp(day);
                at = Instant.Min(day.End, _edges[^1]);
            }
        }

        AddValues(at, _edges[^1]);
    }

    /// <summary>Whether all edges within the day are edges of its buckets.</summary>
    private bool IsUsable(RollUpDay day)
    {
        for (var i = FirstEdgeAfter(day.Start); i < _edges.Count && _edges[i] < day.End; i++)
        {
            if ((_edges[i] - day.Start).BclCompatibleTicks % day.Bucket.BclCompatibleTicks != 0)
            {
                return false;
            }
        }

        return (_edges[0] <= day.Start || (_edges[0] - day.Start).BclCompatibleTicks % day.Bucket.BclCompatibleTicks == 0);
    }

    private void AddRollUp(RollUpDay day)
    {
        MoveTo(Instant.Max(day.Start, _edges[0]));
        if (_edges[_bucket] <= day.Start && _edges[_bucket + 1] >= day.End)
        {
            _totals[_bucket] = _totals[_bucket].Merge(day.Total());
            return;
        }

        foreach (var (start, total) in day.Buckets().Where(bucket => bucket.Start >= _edges[0] && bucket.Start < _edges[^1]))
        {
            MoveTo(start);
            _totals[_bucket] = _totals[_bucket].Merge(total);
        }
    }

    private void AddValues(Instant from, Instant to)
    {
        if (from >= to)
        {
            return;
        }

        var longest = LongestRead();
        while (from < to)
        {
            MoveTo(from);
            var edges = new List<Instant> { from };
            for (var i = _bucket + 1; edges[^1] < to && (edges.Count == 1 || _edges[i] - from <= longest); i++)
            {
                edges.Add(Instant.Min(_edges[i], to));
            }

            var samples = SampleReader.Read(_connection, _series, from, edges[^1], SeriesArithmetic.Neighbours + 2);
            var totals = SeriesArithmetic.Totals(_series.Kind, samples, edges);
            for (var i = 0; i < totals.Length; i++)
            {
                _totals[_bucket + i] = _totals[_bucket + i].Merge(totals[i]);
            }

            from = edges[^1];
        }
    }

    /// <summary>The time that holds about as many values as should be in memory together.</summary>
    private Duration LongestRead()
    {
        var (count, milliseconds) = _connection.ReadAll(
            row => (row.GetInt64(0), row.GetInt64(1)),
            "SELECT count, coalesce(last_at - first_at, 0) FROM series WHERE id = $id",
            ("$id", _series.Id)).Single();
        return count <= MostValuesAtOnce ? Duration.MaxValue : Duration.FromMilliseconds(milliseconds * (MostValuesAtOnce / count));
    }

    /// <summary>Goes on to the bucket that holds the instant.</summary>
    private void MoveTo(Instant at)
    {
        while (_edges[_bucket + 1] <= at)
        {
            _bucket++;
        }
    }

    private int FirstEdgeAfter(Instant at)
    {
        var (low, high) = (_bucket, _edges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _edges[middle] > at ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
