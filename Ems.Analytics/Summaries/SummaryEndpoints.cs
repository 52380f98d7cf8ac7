using System.Text.Json.Serialization;
using Ems.Analytics.Detection;
using Ems.Core.Caching;
using Microsoft.Extensions.Options;

namespace Ems.Analytics.Summaries;

/// <summary>What the module knows and what it has done.</summary>
internal static class SummaryEndpoints
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(5);

    public static void MapSummary(this IEndpointRouteBuilder routes)
    {
        var analytics = routes.MapGroup("/analytics").RequireAuthorization().WithTags("Analytics");

        analytics.MapGet("/summary", GetAnalyticsSummary)
            .WithName(nameof(GetAnalyticsSummary))
            .WithSummary("Models, runs, and the readings that wait for detection.");
    }

    internal static async Task<AnalyticsSummary> GetAnalyticsSummary(
        bool? equipment, IDetectionBacklog backlog, IOptions<AnalyticsOptions> options, CachedAnswers cache, CancellationToken cancellationToken)
    {
        var state = await backlog.ReadStateAsync(cancellationToken);
        var received = equipment == false
            ? new ReceivedSummary(state.Events, state.Readings, Equipment: null)
            : await cache.GetAsync("analytics", [state], Age, token => SumUpAsync(backlog, token), cancellationToken);
        return new AnalyticsSummary(Models: [], Runs: [], options.Value.PredictionWindow.TotalHours, received);
    }

    private static async Task<ReceivedSummary> SumUpAsync(IDetectionBacklog backlog, CancellationToken cancellationToken)
    {
        var equipment = await backlog.ListAsync(cancellationToken);
        return new ReceivedSummary(equipment.Sum(one => one.Events), equipment.Sum(one => one.Readings), equipment);
    }
}

/// <summary>State of the module. Neither detection nor training exists yet: both lists are empty and say nothing about the readings.</summary>
/// <param name="Models">Names of trained models.</param>
/// <param name="Runs">Names of past runs.</param>
/// <param name="PredictionWindowHours">How far ahead a prediction will reach where the request does not say.</param>
/// <param name="Received">What the module was told of.</param>
public sealed record AnalyticsSummary(
    IReadOnlyList<string> Models, IReadOnlyList<string> Runs, double PredictionWindowHours, ReceivedSummary Received);

/// <summary>Events and readings that arrived, in all and by equipment (left out with <c>equipment=false</c>).</summary>
public sealed record ReceivedSummary(
    long Events, long Readings, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ReceivedReadings>? Equipment);
