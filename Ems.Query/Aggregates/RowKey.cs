using System.Globalization;
using Ems.Core.Series;
using NodaTime;

namespace Ems.Query.Aggregates;

/// <summary>What a row is about; parts that are not grouped by are null.</summary>
internal readonly record struct RowKey(
    string? Equipment, string? Site, string? Type, string? Carrier, string? Month, string? Day, int? Weekday, int? Hour, Instant? Bucket)
{
    /// <summary>The part that does not depend on time.</summary>
    public static RowKey OfMeter(AggregateQuestion question, Meter meter) => new(
        question.IsGroupedBy("equipment") ? meter.Equipment.Id : null,
        question.IsGroupedBy("site") ? meter.Equipment.Site ?? "" : null,
        question.IsGroupedBy("type") ? meter.Equipment.Type ?? "" : null,
        question.IsGroupedBy("carrier") ? meter.Equipment.Carrier : null,
        null, null, null, null, null);

    public RowKey At(AggregateQuestion question, LocalDateTime local, Instant? bucket) => this with
    {
        Month = question.IsGroupedBy("month") ? local.ToString("uuuu-MM", CultureInfo.InvariantCulture) : null,
        Day = question.IsGroupedBy("day") ? local.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture) : null,
        Weekday = question.IsGroupedBy("weekday") ? (int)local.DayOfWeek : null,
        Hour = question.IsGroupedBy("hour_of_day") ? local.Hour : null,
        Bucket = bucket,
    };

    /// <summary>One name for the same bucket in every zone: days of different zones start at different instants.</summary>
    public static Instant NameOf(CalendarBucket bucket, Meter meter, Instant at)
    {
        var zone = meter.ZoneOf(bucket);
        var start = bucket.Floor(zone, at);
        return bucket.IsPartOfDay ? start : start.InZone(zone).Date.AtMidnight().InUtc().ToInstant();
    }

    public static int Compare(RowKey a, RowKey b)
    {
        ReadOnlySpan<int> orders =
        [
            string.CompareOrdinal(a.Carrier, b.Carrier), string.CompareOrdinal(a.Site, b.Site), string.CompareOrdinal(a.Type, b.Type),
            string.CompareOrdinal(a.Equipment, b.Equipment), string.CompareOrdinal(a.Month, b.Month), string.CompareOrdinal(a.Day, b.Day),
            Nullable.Compare(a.Weekday, b.Weekday), Nullable.Compare(a.Hour, b.Hour), Nullable.Compare(a.Bucket, b.Bucket),
        ];
        foreach (var order in orders)
        {
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
