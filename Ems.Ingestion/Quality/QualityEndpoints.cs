using Ems.Core.Storage;
using Ems.Core.Tables;
using Ems.Ingestion.Readings;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.Lists;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;

namespace Ems.Ingestion.Quality;

/// <summary>What was found about stored values.</summary>
internal static class QualityEndpoints
{
    public static IServiceCollection AddQuality(this IServiceCollection services)
    {
        services.AddSingleton<BalanceCheck>();
        services.AddSingleton<QualityCheck>();
        services.AddSingleton<QualityReport>();
        services.AddHostedService<QualityWorker>();
        return services;
    }

    public static void MapQuality(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/quality", ListFindings)
            .RequireAuthorization()
            .WithTags("Quality")
            .WithName(nameof(ListFindings))
            .WithExample("from", "2026-01-01")
            .WithExample("period", "month")
            .WithSummary("What is odd about stored values: gaps, late and stuck values, spikes, resets, imbalance …")
            .WithDescription("By equipment, metric, kind and period of the site's calendar, with counts and examples. Values are flagged, never changed.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<FindingList>, FileContentHttpResult, ProblemHttpResult>> ListFindings(
        [AsParameters] QualityRequest request, [AsParameters] ListQuery query, QualityReport report, ICatalogue catalogue, SiteZones zones,
        CancellationToken cancellationToken)
    {
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var zonesOf = await zones.OfEachAsync(request.EquipmentId is { Length: > 0 } ids ? ids : null, cancellationToken);
        var (question, faults) = QualityQuestion.Of(request, zonesOf.Values.Distinct().DefaultIfEmpty(zones.Default));
        if (faults.Count > 0)
        {
            return EmsProblem.Of(
                StatusCodes.Status400BadRequest, faults.TrueForAll(fault => fault.Field is "from" or "to") ? "INVALID_TIME_RANGE" : IntakeCodes.DataValidationFailed,
                $"{faults[0].Field} {faults[0].Message}", faults);
        }

        foreach (var id in question.EquipmentIds ?? [])
        {
            if (await catalogue.FindEquipmentAsync(id, cancellationToken) is null)
            {
                return EmsProblem.Of(StatusCodes.Status404NotFound, "EQUIPMENT_NOT_FOUND", $"There is no equipment '{id}'.", [new FieldFault("equipment_id", $"'{id}' does not exist.")]);
            }
        }

        var rows = await report.ReadAsync(question, zonesOf, cancellationToken);
        var (page, next) = query.PageById(rows, row => row.Id);
        var findings = new List<Finding>();
        foreach (var row in page)
        {
            findings.Add(await report.DescribeAsync(row, cancellationToken));
        }

        return query.IsFile ? TableAnswer.Of(query.Format, ToTable(findings, zonesOf)) : TypedResults.Ok(new FindingList(findings, next));
    }

    private static Table ToTable(IReadOnlyList<Finding> findings, IReadOnlyDictionary<string, DateTimeZone> zones) => new(
        "quality",
        [
            "equipment_id", "metric", "unit", "kind", "period", "episodes", "values", "first_at_local", "first_at_utc", "last_at_local", "last_at_utc",
            "example_at_local", "example_at_utc", "example_value", "example_previous_value",
        ],
        findings.Select(IReadOnlyList<object?> (one) =>
        [
            one.EquipmentId, one.Metric, one.Unit, one.Kind, LocalDatePattern.Iso.Format(one.Period), one.Episodes, one.Values,
            Local(one.FirstAt, zones[one.EquipmentId]), one.FirstAt.ToDateTimeUtc(), Local(one.LastAt, zones[one.EquipmentId]), one.LastAt.ToDateTimeUtc(),
            Local(one.Examples[0].Start, zones[one.EquipmentId]), one.Examples[0].Start.ToDateTimeUtc(), one.Examples[0].Value, one.Examples[0].PreviousValue,
        ]));

    private static DateTime Local(Instant at, DateTimeZone zone) => at.InZone(zone).ToDateTimeUnspecified();
}

/// <summary>What may be asked for.</summary>
internal sealed record QualityRequest
{
    [FromQuery(Name = "equipment_id")]
    public string[]? EquipmentId { get; init; }

    /// <summary>gap, late, stuck, spike, implausible_rate, register_reset, negative_consumption or imbalance; several may be named.</summary>
    [FromQuery(Name = "kind")]
    public string[]? Kind { get; init; }

    /// <summary>A date or time of the site (else of the default zone), or an instant with an offset.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>Like <see cref="From"/>, exclusive.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary>day, week or month (default).</summary>
    [FromQuery(Name = "period")]
    public string? Period { get; init; }
}

internal sealed record FindingList(IReadOnlyList<Finding> Findings, string? NextCursor);

/// <summary>What of one kind was found about a metric of an equipment in a period.</summary>
/// <param name="Period">First day of the period, in the site's calendar.</param>
/// <param name="Episodes">Times that it happened: values that follow each other are one.</param>
/// <param name="Values">Values that are flagged.</param>
internal sealed record Finding(
    string EquipmentId, string Metric, string Unit, string Kind, LocalDate Period, int Episodes, int Values, Instant FirstAt, Instant LastAt,
    IReadOnlyList<FindingExample> Examples);

/// <summary>One time that it happened.</summary>
/// <param name="Start">Of a gap, the end of the value in front of it; else of the first value.</param>
/// <param name="End">Of a gap, the start of the value behind it; else the end of the last value.</param>
/// <param name="Value">The first value that is flagged.</param>
/// <param name="PreviousAt">Start of the value in front of it.</param>
internal sealed record FindingExample(Instant Start, Instant End, double Value, Instant? PreviousAt, double? PreviousValue);
