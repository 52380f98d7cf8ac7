using Ems.Core.Series;
using NodaTime;

namespace Ems.Ingestion.Quality;

/// <summary>A day, and the piece of the calendar that it is judged by.</summary>
internal readonly record struct BalanceDay(Interval Day, CalendarBucket Kind, Interval Bucket);

/// <summary>
/// The days on which meters have to be compared. A day is judged by itself, or by its week or month where intervals reach into it that are
/// longer: this depends on nothing but the series, so that the same values in one file or in two are judged alike.
/// </summary>
internal sealed class BalanceDays
{
    private static readonly CalendarBucket[] Kinds = [CalendarBucket.Day, CalendarBucket.Week, CalendarBucket.Month];

    private BalanceDays(IEnumerable<BalanceDay> days)
    {
        Pieces = Joined(days, one => one.Day);
        Edges =
        [
            .. Pieces.SelectMany(piece => piece).GroupBy(one => one.Kind, one => one.Bucket)
                .SelectMany(ofKind => Joined(ofKind.Distinct(), bucket => bucket))
                .Select(row => row.Select(bucket => bucket.Start).Append(row[^1].End).ToList()),
        ];
    }

    /// <summary>The days in order of time, those that follow each other together.</summary>
    public IReadOnlyList<List<BalanceDay>> Pieces { get; }

    /// <summary>Edges of the buckets that they are judged by, in rows of buckets that follow each other.</summary>
    public IReadOnlyList<List<Instant>> Edges { get; }

    /// <param name="changed">Where values have changed: all days that are judged by something of it are compared.</param>
    public static BalanceDays Of(IEnumerable<Interval> changed, DateTimeZone zone, IReadOnlyCollection<MetricSeries> series)
    {
        var known = new Dictionary<Interval, BalanceDay>();
        return new BalanceDays(changed.SelectMany(range => DaysIn(range, zone)).Distinct().Select(Judged).Select(one => one.Bucket).Distinct()
            .SelectMany(bucket => DaysIn(bucket, zone).Select(Judged).Where(one => one.Bucket == bucket))
            .OrderBy(one => one.Day.Start));

        BalanceDay Judged(Interval day) => known.TryGetValue(day, out var judged) ? judged : known[day] = Judge(day, zone, series);
    }

    private static BalanceDay Judge(Interval day, DateTimeZone zone, IReadOnlyCollection<MetricSeries> series)
    {
        var fitting = Kinds.Select(kind => new BalanceDay(day, kind, new Interval(kind.Floor(zone, day.Start), kind.EndOf(zone, day.Start))));
        return fitting.FirstOrDefault(
            one => series.All(each => each.LongestInterval(one.Bucket.Start, one.Bucket.End) <= one.Kind.Nominal), fitting.Last());
    }

    private static IEnumerable<Interval> DaysIn(Interval range, DateTimeZone zone)
    {
        for (var at = CalendarBucket.Day.Floor(zone, range.Start); at < range.End;)
        {
            var end = CalendarBucket.Day.EndOf(zone, at);
            yield return new Interval(at, end);
            at = end;
        }
    }

    /// <summary>In rows of those that follow each other.</summary>
    private static List<List<T>> Joined<T>(IEnumerable<T> ordered, Func<T, Interval> timeOf)
    {
        List<List<T>> rows = [];
        foreach (var one in ordered)
        {
            if (rows.Count > 0 && timeOf(rows[^1][^1]).End == timeOf(one).Start)
            {
                rows[^1].Add(one);
            }
            else
            {
                rows.Add([one]);
            }
        }

        return rows;
    }
}
