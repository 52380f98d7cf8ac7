using Ems.Core.Series;
using Ems.Query.Requests;
using NodaTime;

namespace Ems.Query.Aggregates;

/// <summary>How a question is worked out.</summary>
/// <param name="Slot">The pieces of time that are read; null for the whole range at once.</param>
/// <param name="Row">The bucket of a row; null where rows are not buckets.</param>
/// <param name="Combine">The bucket in which the meters are put together before values are compared; null for readings as they are.</param>
internal sealed record AggregatePlan(CalendarBucket? Slot, CalendarBucket? Row, CalendarBucket? Combine)
{
    private const double MaxSlots = 5_000_000;

    public static (AggregatePlan Plan, IReadOnlyList<Fault> Faults) Of(AggregateQuestion question, IReadOnlyList<Meter> meters)
    {
        var longest = meters.Max(m => m.Series.LongestInterval(m.Range.Start, m.Range.End));
        var asked = question.Bucket?.AtLeast(longest);
        var isGrouped = question.GroupBy.Count > 0;
        var row = isGrouped ? null : asked;
        var combine = isGrouped ? asked : null;
        if (combine is not null || question.Aggregate is "sum" or "count")
        {
            // What is compared or added up are the totals of buckets.
        }
        else if (!AddsMeters(question, meters))
        {
            row = row?.AtLeast(meters.Max(m => m.Series.LongestObservation(m.Range.Start, m.Range.End)));
        }
        else
        {
            combine = CalendarBucket.Hour.AtLeast(longest);
            var shortest = meters.Min(m => m.Series.LongestInterval(m.Range.Start, m.Range.End));
            combine = longest < CalendarBucket.Hour.Nominal && shortest > Duration.Zero ? CalendarBucket.QuarterHour.AtLeast(longest) : combine;
            combine = row is not null && row.Nominal < combine.Nominal ? row : combine;
        }

        var byTime = FinestOf(question);
        var slot = new[] { row, combine, byTime }.OfType<CalendarBucket>().MinBy(b => b.Nominal);
        List<Fault> faults = [];
        if (byTime is not null && longest > byTime.Nominal)
        {
            faults.Add(Fault.Of("group_by",
                $"Readings are {longest.TotalHours:0.##} h long and are not spread: they cannot be told apart by {byTime.Name}."));
        }

        if (byTime is not null && isGrouped && combine is not null && combine.Nominal > byTime.Nominal && question.Bucket is not null)
        {
            faults.Add(Fault.Of("bucket", $"bucket {combine.Name} cannot be told apart by {byTime.Name}: take bucket {byTime.Name} or shorter."));
        }

        if (slot is not null && meters.Sum(m => m.Range.Duration / slot.Nominal) > MaxSlots)
        {
            faults.Add(new Fault("to", Fault.InvalidTimeRange,
                "That is more than 5,000,000 buckets to read. Ask for a shorter range, longer buckets or less equipment."));
        }

        return (new AggregatePlan(slot, row, combine), faults);
    }

    /// <summary>Whether a row would hold simultaneous values of several meters that can be added.</summary>
    private static bool AddsMeters(AggregateQuestion question, IReadOnlyList<Meter> meters) =>
        meters[0].Series.IsAdditive && !meters[0].Series.IsCounter
        && meters.GroupBy(m => RowKey.OfMeter(question, m)).Any(g => g.Count() > 1);

    private static CalendarBucket? FinestOf(AggregateQuestion question)
    {
        if (question.Hours is not null || question.IsGroupedBy("hour_of_day"))
        {
            return CalendarBucket.Hour;
        }

        if (question.Weekdays is not null || question.IsGroupedBy("weekday") || question.IsGroupedBy("day"))
        {
            return CalendarBucket.Day;
        }

        return question.IsGroupedBy("month") ? CalendarBucket.Month : null;
    }
}
