using Ems.Core.Tables;
using Ems.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Notifications.Deliveries;

internal static class NotificationsEndpoints
{
    public static void MapDeliveries(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/notifications").RequireAuthorization().WithTags("Notifications")
            .MapGet("", ListNotifications)
            .WithName(nameof(ListNotifications))
            .WithSummary("Deliveries, newest first; there are none as long as there are no recipients")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static Results<Ok<NotificationList>, FileContentHttpResult, ProblemHttpResult> ListNotifications([AsParameters] ListQuery query) =>
        query.Problem is { } problem ? problem
        : query.IsFile ? TableAnswer.Of(query.Format, new Table("notifications", Columns, []))
        : TypedResults.Ok(new NotificationList([], null));

    private static readonly string[] Columns = ["id", "alert_id", "recipient", "state", "sent_local", "sent_utc"];
}

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record NotificationList(IReadOnlyList<NotificationView> Notifications, string? NextCursor);

internal sealed record NotificationView(string Id, string AlertId, string Recipient, string State, DateTimeOffset SentAt);
