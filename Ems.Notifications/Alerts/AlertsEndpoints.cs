using Ems.Core.Tables;
using Ems.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Notifications.Alerts;

internal static class AlertsEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/alerts").RequireAuthorization().WithTags("Alerts")
            .MapGet("", ListAlerts)
            .WithName(nameof(ListAlerts))
            .WithSummary("Alerts, newest first; there are none as long as there are no rules")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static Results<Ok<AlertList>, FileContentHttpResult, ProblemHttpResult> ListAlerts([AsParameters] ListQuery query) =>
        query.Problem is { } problem ? problem
        : query.IsFile ? TableAnswer.Of(query.Format, new Table("alerts", Columns, []))
        : TypedResults.Ok(new AlertList([], null));

    private static readonly string[] Columns = ["id", "rule", "state", "severity", "equipment_id", "opened_local", "opened_utc", "count"];
}

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record AlertList(IReadOnlyList<AlertView> Alerts, string? NextCursor);

internal sealed record AlertView(
    string Id, string Rule, string State, string Severity, string? EquipmentId, DateTimeOffset OpenedAt, int Count);
