using System.Text.Json.Serialization;
using Ems.Core.Tables;
using Ems.Query.Requests;
using Ems.ServiceDefaults.Lists;
using Ems.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ems.Query.Series;

internal static class SeriesEndpoints
{
    private static readonly string[] Parameters =
        ["equipment_id", "metric", "from", "to", "bucket", "aggregate", "time_zone", "format"];

    public static void MapSeries(this IEndpointRouteBuilder routes)
    {
        var series = routes.MapGroup("/series").RequireAuthorization().WithTags("Series");

        series.MapGet("", ReadSeries)
            .WithName(nameof(ReadSeries))
            .WithExample("equipment_id", "main-meter")
            .WithExample("metric", "active_power")
            .WithExample("from", "2026-01-01T00:00:00Z")
            .WithExample("to", "2026-01-02T00:00:00Z")
            .WithExample("bucket", "hour")
            .WithSummary("Values of one metric over time, by equipment")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static async Task<Results<Ok<SeriesAnswer>, FileContentHttpResult, ProblemHttpResult>> ReadSeries(
        [AsParameters] SeriesRequest request, HttpRequest http, SeriesAnswers answers, CancellationToken cancellationToken)
    {
        var (question, faults) = SeriesQuestion.Of(request);
        var unknown = http.Query.Keys.Where(k => !Parameters.Contains(k))
            .Select(k => Fault.Of(k, $"There is no parameter '{k}': {string.Join(", ", Parameters)}."));
        faults = [.. faults, .. unknown];
        if (faults.Count > 0)
        {
            return Fault.Problem(faults);
        }

        var (series, readFaults) = await answers.AnswerAsync(question, cancellationToken);
        if (readFaults.Count > 0)
        {
            return Fault.Problem(readFaults);
        }

        return TableAnswer.IsFile(request.Format)
            ? TableAnswer.Of(request.Format, ToTable(series))
            : TypedResults.Ok(new SeriesAnswer([.. series.Select(ToWire)]));
    }

    private static WireSeries ToWire(SeriesNumbers numbers) => new(
        numbers.Series.EquipmentId, numbers.Series.Metric, numbers.Unit, numbers.DerivedFrom, numbers.Bucket, numbers.Zone.Id,
        [.. numbers.Points.Select(p => new WirePoint(
            RequestTime.Text(p.Start, numbers.Zone), p.Value, p.Coverage, p.EstimatedFraction,
            p.At is { } at ? RequestTime.Text(at, numbers.Zone) : null))]);

    private static Table ToTable(IReadOnlyList<SeriesNumbers> series) => new(
        "series",
        ["equipment_id", "metric", "unit", "derived_from", "time_zone", "start_local", "start_utc", "end_local", "end_utc",
            "value", "coverage", "estimated_fraction"],
        series.SelectMany(s => s.Points.Select(IReadOnlyList<object?> (p) =>
        [
            s.Series.EquipmentId, s.Series.Metric, s.Unit, s.DerivedFrom, s.Zone.Id, Local(p.Start, s.Zone), p.Start.ToDateTimeUtc(),
            Local(p.End, s.Zone), p.End.ToDateTimeUtc(), p.Value, p.Coverage, p.EstimatedFraction,
        ])));

    private static DateTime Local(Instant at, DateTimeZone zone) => at.InZone(zone).ToDateTimeUnspecified();
}

internal sealed record SeriesRequest
{
    [FromQuery(Name = "equipment_id")]
    public string[]? EquipmentId { get; init; }

    [FromQuery(Name = "metric")]
    public string? Metric { get; init; }

    [FromQuery(Name = "from")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    public string? To { get; init; }

    [FromQuery(Name = "bucket")]
    public string? Bucket { get; init; }

    [FromQuery(Name = "aggregate")]
    public string? Aggregate { get; init; }

    [FromQuery(Name = "time_zone")]
    public string? TimeZone { get; init; }

    [FromQuery(Name = "format")]
    public string? Format { get; init; }
}

internal sealed record SeriesAnswer(IReadOnlyList<WireSeries> Series);

/// <summary>One metric of one equipment.</summary>
/// <param name="DerivedFrom">The metrics that were read: energy may come from a counter, from amounts or from power.</param>
/// <param name="Bucket">As asked for, or longer where readings are longer than that.</param>
internal sealed record WireSeries(
    string EquipmentId, string Metric, string Unit, string DerivedFrom, string Bucket, string TimeZone, IReadOnlyList<WirePoint> Points);

internal sealed record WirePoint(
    string Start, double? Value, double Coverage, double EstimatedFraction,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? At);
