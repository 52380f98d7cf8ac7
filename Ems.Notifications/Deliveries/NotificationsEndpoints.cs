namespace Ems.Notifications.Deliveries;

internal static class NotificationsEndpoints
{
    public static void MapDeliveries(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/notifications").RequireAuthorization().WithTags("Notifications")
            .MapGet("", ListNotifications)
            .WithName(nameof(ListNotifications))
            .WithSummary("Deliveries, newest first; there are none as long as there are no recipients");

    internal static NotificationList ListNotifications() => new([], null);
}

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record NotificationList(IReadOnlyList<NotificationView> Notifications, string? NextCursor);

internal sealed record NotificationView(string Id, string AlertId, string Recipient, string State, DateTimeOffset SentAt);
