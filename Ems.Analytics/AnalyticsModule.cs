namespace Ems.Analytics;

/// <summary>Finds what was not normal and says what comes next.</summary>
public static class AnalyticsModule
{
    /// <summary>Registers what the module needs; may be called in a process of its own or beside other modules.</summary>
    public static IHostApplicationBuilder AddAnalytics(this IHostApplicationBuilder builder) => builder;

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapAnalytics(this IEndpointRouteBuilder routes) => routes;
}
