using NodaTime;

namespace Ems.Core.Series;

/// <summary>A piece of the calendar of a place: so many minutes from its midnight on, or its day, week (from Monday) or month.</summary>
public sealed record CalendarBucket
{
    public static readonly CalendarBucket QuarterHour = OfMinutes(15);
    public static readonly CalendarBucket Hour = OfMinutes(60);
    public static readonly CalendarBucket Day = new("day", null, Duration.FromDays(1));
    public static readonly CalendarBucket Week = new("week", null, Duration.FromDays(7));
    public static readonly CalendarBucket Month = new("month", null, Duration.FromDays(30.436875));

    private CalendarBucket(string name, Duration? step, Duration nominal)
    {
        Name = name;
        Step = step;
        Nominal = nominal;
    }

    public string Name { get; }

    /// <summary>Usual length; days of 23 or 25 hours and months of 28 to 31 days count as the usual ones.</summary>
    public Duration Nominal { get; }

    /// <summary>Whether the bucket is a part of a day, and not a day, week or month.</summary>
    public bool IsPartOfDay => Step is not null;

    private Duration? Step { get; }

    /// <summary>The bucket with this name (15m, 30m, hour, day, week, month), or null.</summary>
    public static CalendarBucket? Parse(string name) => name switch
    {
        "15m" => QuarterHour,
        "30m" => OfMinutes(30),
        "hour" => Hour,
        "day" => Day,
        "week" => Week,
        "month" => Month,
        _ => null,
    };

    /// <summary>This bucket, or a longer one where readings are intervals longer than it: they are never spread.</summary>
    public CalendarBucket AtLeast(Duration interval)
    {
        if (interval <= Nominal)
        {
            return this;
        }

        var minutes = interval.TotalMinutes;
        if (minutes < 1440 && minutes == Math.Floor(minutes) && 1440 % (int)minutes == 0)
        {
            return OfMinutes((int)minutes);
        }

        return interval <= Day.Nominal ? Day : interval <= Week.Nominal ? Week : Month;
    }

    /// <summary>Start of the bucket that <paramref name="at"/> lies in.</summary>
    public Instant Floor(DateTimeZone zone, Instant at)
    {
        var start = zone.AtStartOfDay(FirstDate(at.InZone(zone).Date)).ToInstant();
        return Step is { } step ? start + (step * Math.Floor((at - start) / step)) : start;
    }

    /// <summary>End of the bucket that <paramref name="at"/> lies in.</summary>
    public Instant EndOf(DateTimeZone zone, Instant at) =>
        Step is { } step ? Floor(zone, at) + step : zone.AtStartOfDay(Next(FirstDate(at.InZone(zone).Date))).ToInstant();

    /// <summary>The edges of the buckets that [from, to) is made of; the first and the last bucket are cut to it.</summary>
    public List<Instant> Edges(DateTimeZone zone, Instant from, Instant to)
    {
        List<Instant> edges = [from];
        var date = FirstDate(from.InZone(zone).Date);
        for (var start = zone.AtStartOfDay(date).ToInstant(); start < to;)
        {
            date = Next(date);
            var end = zone.AtStartOfDay(date).ToInstant();
            for (var edge = start; edge < end && edge < to; edge = Step is { } step ? edge + step : end)
            {
                if (edge > from)
                {
                    edges.Add(edge);
                }
            }

            start = end;
        }

        edges.Add(to);
        return edges;
    }

    private static CalendarBucket OfMinutes(int minutes) =>
        new(minutes == 60 ? "hour" : $"{minutes}m", Duration.FromMinutes(minutes), Duration.FromMinutes(minutes));

    private LocalDate FirstDate(LocalDate date) => Name switch
    {
        "month" => new LocalDate(date.Year, date.Month, 1),
        "week" => date.PlusDays(1 - (int)date.DayOfWeek),
        _ => date,
    };

    private LocalDate Next(LocalDate date) => Name switch
    {
        "month" => date.PlusMonths(1),
        "week" => date.PlusDays(7),
        _ => date.PlusDays(1),
    };
}
