namespace Ems.Gateway.Routes;

/// <summary>A public path, and below it everything, that a service answers under a path of its own.</summary>
/// <param name="Public">Below <see cref="PublicRoutes.Prefix"/>, without a slash at either end.</param>
/// <param name="ServicePath">Takes the place of the public path.</param>
/// <param name="Method">The only method it holds for; null for all.</param>
/// <param name="IsAlias">Another name of a route that the documentation shows under its first one.</param>
internal sealed record PublicRoute(string Public, string Service, string ServicePath, string? Method = null, bool IsAlias = false)
{
    public string PublicPath => $"{PublicRoutes.Prefix}/{Public}";
}

/// <summary>Which service answers what: the one table for forwarding, for one process and for the documentation.</summary>
internal static class PublicRoutes
{
    public const string Prefix = "/api/v1";

    public static readonly IReadOnlyList<string> Services = ["ingestion", "analytics", "query", "notifications"];

    /// <summary>The first that fits holds.</summary>
    public static readonly IReadOnlyList<PublicRoute> Table =
    [
        new("data/ingest", "ingestion", "/ingest"),
        new("data/preview", "ingestion", "/preview"),
        new("data/profiles", "ingestion", "/profiles"),
        new("data/jobs", "ingestion", "/jobs"),
        new("data/validate", "ingestion", "/validate"),
        new("data/stats", "ingestion", "/stats"),
        new("data/sites", "ingestion", "/sites"),
        new("data/equipment", "ingestion", "/equipment"),
        new("data/history", "ingestion", "/history"),
        new("data/quality", "ingestion", "/quality"),
        new("data/series", "query", "/series"),
        new("data/aggregate", "query", "/aggregate"),
        new("analytics/detect_anomalies", "analytics", "/detect_anomalies"),
        new("analytics/anomalies", "analytics", "/detect_anomalies", "POST", IsAlias: true),
        new("analytics/anomalies", "analytics", "/anomalies"),
        new("analytics/predict", "analytics", "/predict"),
        new("analytics/train_models", "analytics", "/train_models"),
        new("analytics/train", "analytics", "/train_models", IsAlias: true),
        new("analytics/summary", "analytics", "/analytics/summary"),
        new("query", "query", "/query"),
        new("notifications/send", "notifications", "/send"),
        new("notifications", "notifications", "/notifications"),
        new("alerts", "notifications", "/alerts"),
        new("rules", "notifications", "/rules"),
        new("recipients", "notifications", "/recipients"),
    ];

    /// <summary>The path within the service that answers this public path; null when none does.</summary>
    public static (PublicRoute Route, string Path)? Find(string path, string method)
    {
        foreach (var route in Table)
        {
            if (Rest(path, route.PublicPath, route.Method is null) is { } rest
                && (route.Method is null || string.Equals(route.Method, method, StringComparison.OrdinalIgnoreCase)))
            {
                return (route, route.ServicePath + rest);
            }
        }

        return null;
    }

    /// <summary>The public path under which a service's own path is offered; null when it is not.</summary>
    public static string? PublicPathOf(string service, string servicePath, string method)
    {
        foreach (var route in Table.Where(route => route.Service == service && !route.IsAlias))
        {
            if (Rest(servicePath, route.ServicePath, true) is { } rest
                && Find(route.PublicPath + rest, method) is { } found && found.Path == servicePath)
            {
                return route.PublicPath + rest;
            }
        }

        return null;
    }

    private static string? Rest(string path, string prefix, bool withWhatIsBelow)
    {
        if (!path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = path[prefix.Length..];
        return rest.Length == 0 || (withWhatIsBelow && rest[0] == '/') ? rest : null;
    }
}
