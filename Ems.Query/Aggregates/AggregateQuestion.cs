using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Series;
using Ems.Query.Places;
using Ems.Query.Requests;
using Ems.ServiceDefaults.Lists;
using NodaTime;

namespace Ems.Query.Aggregates;

/// <summary>A valid general question, but for what only the catalogue and the stored series can tell.</summary>
/// <param name="EquipmentIds">Null where not asked for by id.</param>
/// <param name="Weekdays">Null for all, like <paramref name="Hours"/>.</param>
internal sealed record AggregateQuestion(
    string Metric, string Aggregate, double? Percentile, IReadOnlyList<string>? EquipmentIds, CalendarBucket? Bucket,
    IReadOnlyList<string> GroupBy, IReadOnlySet<IsoDayOfWeek>? Weekdays, IReadOnlySet<int>? Hours, DateTimeZone? Zone, AggregateRequest Request)
{
    private static readonly string[] Aggregates = ["sum", "mean", "min", "max", "last", "median", "percentile", "stddev", "count"];
    private static readonly string[] Groups = ["equipment", "site", "type", "carrier", "month", "day", "weekday", "hour_of_day"];

    public double? MinValue => Request.Filters?.MinValue;

    public double? MaxValue => Request.Filters?.MaxValue;

    public double MinCoverage => Request.Filters?.MinCoverage ?? 0;

    public bool FiltersValues => MinValue is not null || MaxValue is not null;

    public bool IsGroupedBy(string name) => GroupBy.Contains(name);

    public static (AggregateQuestion Question, IReadOnlyList<Fault> Faults) Of(AggregateRequest request)
    {
        List<Fault> faults = [];
        var aggregate = request.Aggregate ?? "sum";
        Check(Aggregates.Contains(aggregate), "aggregate", $"aggregate '{aggregate}' is not known: {string.Join(", ", Aggregates)}.");
        Check((aggregate == "percentile") == request.Percentile.HasValue, "percentile",
            "percentile is a number from 0 to 100 and belongs to aggregate percentile, which needs it.");
        Check(request.Percentile is null or (>= 0 and <= 100), "percentile", "percentile must be from 0 to 100.");
        var bucket = request.Bucket is null ? null : CalendarBucket.Parse(request.Bucket);
        Check(request.Bucket is null || bucket is not null, "bucket",
            $"bucket '{request.Bucket}' is not known: 15m, 30m, hour, day, week or month.");
        var zone = Zones.Find(request.TimeZone);
        Check(request.TimeZone is null || zone is not null, "time_zone",
            $"time_zone '{request.TimeZone}' is not an IANA zone such as Europe/Berlin.");
        Check(request.Order is null or "asc" or "desc", "order", $"order '{request.Order}' is not known: asc or desc.");
        Check(request.Limit is null or (>= 1 and <= 100_000), "limit", "limit must be from 1 to 100,000.");
        Check(TableAnswer.FaultOf(request.Format) is null, "format", TableAnswer.FaultOf(request.Format) ?? "");

        var ids = Texts(request.Equipment, "equipment", faults);
        Check(ids is null or { Count: > 0 }, "equipment", "equipment is an empty list: name at least one, or leave it out.");
        var groups = Texts(request.GroupBy, "group_by", faults) ?? [];
        foreach (var group in groups.Where(g => !Groups.Contains(g)))
        {
            faults.Add(Fault.Of("group_by", $"group_by '{group}' is not known: {string.Join(", ", Groups)}."));
        }

        var (weekdays, hours) = Filters(request.Filters, faults);
        var metric = string.IsNullOrEmpty(request.Metric) ? MetricSeries.Energy : request.Metric;
        return (new AggregateQuestion(metric, aggregate, request.Percentile, ids, bucket, groups, weekdays, hours, zone, request), faults);

        void Check(bool valid, string field, string message)
        {
            if (!valid)
            {
                faults.Add(Fault.Of(field, message));
            }
        }
    }

    private static (IReadOnlySet<IsoDayOfWeek>? Weekdays, IReadOnlySet<int>? Hours) Filters(AggregateFilters? filters, List<Fault> faults)
    {
        if (filters is null)
        {
            return (null, null);
        }

        var weekdays = filters.Weekdays?.Select(Weekday).ToList();
        if (weekdays is not null && (weekdays.Count == 0 || weekdays.Contains(IsoDayOfWeek.None)))
        {
            faults.Add(Fault.Of("filters.weekdays", "filters.weekdays lists numbers from 1 (Monday) to 7, or names such as \"monday\"."));
        }

        if (filters.Hours is { } hours && (hours.Count == 0 || hours.Any(h => h is < 0 or > 23)))
        {
            faults.Add(Fault.Of("filters.hours", "filters.hours lists hours from 0 to 23."));
        }

        if (filters.MinValue > filters.MaxValue)
        {
            faults.Add(Fault.Of("filters.max_value", "filters.max_value is below filters.min_value."));
        }

        if (filters.MinCoverage is < 0 or > 1)
        {
            faults.Add(Fault.Of("filters.min_coverage", "filters.min_coverage must be from 0 to 1."));
        }

        return (weekdays?.ToHashSet(), filters.Hours?.ToHashSet());
    }

    private static IsoDayOfWeek Weekday(JsonElement day) => day.ValueKind switch
    {
        JsonValueKind.Number when day.TryGetInt32(out var number) && number is >= 1 and <= 7 => (IsoDayOfWeek)number,
        JsonValueKind.String when day.FindText() is { Length: >= 3 } name && char.IsLetter(name[0]) =>
            Enum.GetValues<IsoDayOfWeek>().FirstOrDefault(d => d.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)
                || d.ToString()[..3].Equals(name, StringComparison.OrdinalIgnoreCase)),
        _ => IsoDayOfWeek.None,
    };

    private static List<string>? Texts(JsonElement? element, string field, List<Fault> faults)
    {
        switch (element)
        {
            case null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }:
                return null;
            case { } one when one.FindText() is { } text:
                return [text];
            case { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(e => e.FindText() is not null):
                return [.. list.EnumerateArray().Select(e => e.FindText()!).Distinct()];
            default:
                faults.Add(Fault.Of(field, $"{field} must be a text or a list of texts."));
                return null;
        }
    }
}
