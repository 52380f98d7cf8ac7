using Ems.Notifications.Alerts;
using Ems.Notifications.Deliveries;

namespace Ems.Notifications;

/// <summary>Tells the right person, once, in time.</summary>
public static class NotificationsModule
{
    /// <summary>Registers what the module needs; may be called in a process of its own or beside other modules.</summary>
    public static IHostApplicationBuilder AddNotifications(this IHostApplicationBuilder builder) => builder;

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapNotifications(this IEndpointRouteBuilder routes)
    {
        routes.MapAlerts();
        routes.MapDeliveries();
        return routes;
    }
}
