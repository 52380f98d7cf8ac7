using Ems.Core.Series;
using Ems.Query.Places;
using Ems.Query.Requests;
using Ems.ServiceDefaults.Lists;
using NodaTime;

namespace Ems.Query.Series;

/// <summary>A valid request for series, but for what only the stored series can tell.</summary>
/// <param name="Bucket">Null for readings as they are.</param>
/// <param name="Aggregate">Null for the sum of amounts and the mean of levels.</param>
internal sealed record SeriesQuestion(
    IReadOnlyList<string> EquipmentIds, string Metric, string? From, string? To, CalendarBucket? Bucket, string? Aggregate, DateTimeZone? Zone)
{
    private static readonly string[] Aggregates = ["sum", "mean", "min", "max", "last"];

    public static (SeriesQuestion Question, IReadOnlyList<Fault> Faults) Of(SeriesRequest request)
    {
        List<Fault> faults = [];
        var ids = (request.EquipmentId ?? []).Where(id => id.Length > 0).Distinct().ToList();
        if (ids.Count == 0)
        {
            faults.Add(Fault.Of("equipment_id", "equipment_id is missing: name one or more (equipment_id=A&equipment_id=B)."));
        }

        var name = request.Bucket ?? "hour";
        var bucket = CalendarBucket.Parse(name);
        if (bucket is null && name != "raw")
        {
            faults.Add(Fault.Of("bucket", $"bucket '{name}' is not known: raw, 15m, 30m, hour, day, week or month."));
        }

        if (request.Aggregate is { } aggregate && !Aggregates.Contains(aggregate))
        {
            faults.Add(Fault.Of("aggregate", $"aggregate '{aggregate}' is not known here: {string.Join(", ", Aggregates)}."));
        }
        else if (name == "raw" && request.Aggregate is not null)
        {
            faults.Add(Fault.Of("aggregate", "bucket=raw gives readings as they are; leave aggregate out."));
        }

        var zone = Zones.Find(request.TimeZone);
        if (request.TimeZone is not null && zone is null)
        {
            faults.Add(Fault.Of("time_zone", $"time_zone '{request.TimeZone}' is not an IANA zone such as Europe/Berlin."));
        }

        if (TableAnswer.FaultOf(request.Format) is { } formatFault)
        {
            faults.Add(Fault.Of("format", formatFault));
        }

        var metric = string.IsNullOrEmpty(request.Metric) ? MetricSeries.Energy : request.Metric;
        return (new SeriesQuestion(ids, metric, request.From, request.To, bucket, request.Aggregate, zone), faults);
    }
}
