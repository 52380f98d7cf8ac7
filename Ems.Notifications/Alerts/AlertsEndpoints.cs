namespace Ems.Notifications.Alerts;

internal static class AlertsEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/alerts").RequireAuthorization().WithTags("Alerts")
            .MapGet("", ListAlerts)
            .WithName(nameof(ListAlerts))
            .WithSummary("Alerts, newest first; there are none as long as there are no rules");

    internal static AlertList ListAlerts() => new([], null);
}

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record AlertList(IReadOnlyList<AlertView> Alerts, string? NextCursor);

internal sealed record AlertView(
    string Id, string Rule, string State, string Severity, string? EquipmentId, DateTimeOffset OpenedAt, int Count);
