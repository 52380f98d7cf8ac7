using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ems.Query.Aggregates;

/// <summary>The general question: how much of what, where, when, and grouped by what.</summary>
/// <param name="Aggregate">sum, mean, min, max, last, median, percentile, stddev (of a sample) or count.</param>
/// <param name="Percentile">0 to 100, with aggregate percentile.</param>
/// <param name="Equipment">An id or a list of ids. Without it, meters of a site without a parent are its total.</param>
/// <param name="Bucket">15m, 30m, hour, day, week or month: one row each or, with group_by, the values that are grouped.</param>
/// <param name="GroupBy">One or a list of equipment, site, type, carrier, hour_of_day, weekday, month, day.</param>
/// <param name="Order">asc or desc, by value; without it rows are in order of what they are grouped by.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AggregateRequest(
    string? Metric, string? Aggregate, double? Percentile, JsonElement? Equipment, string? Site, string? Type, string? Tag,
    string? Carrier, string? From, string? To, string? Bucket, JsonElement? GroupBy, AggregateFilters? Filters, string? Order,
    int? Limit, string? TimeZone, string? Format);

/// <summary>What counts.</summary>
/// <param name="Weekdays">ISO numbers (1 is Monday) or English names.</param>
/// <param name="Hours">Local hours, 0 to 23.</param>
/// <param name="MinCoverage">0 to 1: buckets that readings speak less for are left out.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AggregateFilters(
    IReadOnlyList<JsonElement>? Weekdays, IReadOnlyList<int>? Hours, double? MinValue, double? MaxValue, double? MinCoverage);

/// <summary>Rows, and what holds for all of them together.</summary>
internal sealed record AggregateAnswer(
    string Metric, string Aggregate, string Unit, string From, string To,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Bucket,
    string TimeZone, string DerivedFrom, IReadOnlyList<AggregateRow> Rows, double Coverage, double EstimatedFraction);

/// <summary>One group; names of what is not grouped by are left out.</summary>
/// <param name="At">When the minimum, maximum or last value was.</param>
internal sealed record AggregateRow(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Equipment,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Site,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Carrier,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Month,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Day,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Weekday,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? HourOfDay,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Start,
    double? Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? At,
    double Coverage, double EstimatedFraction);
