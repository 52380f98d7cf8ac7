using Ems.Core.Live;
using Ems.Gateway.Keys;
using Ems.Gateway.Routes;
using Ems.ServiceDefaults.Streams;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Gateway.Events;

/// <summary>What happens in the whole system, as it happens.</summary>
internal static class EventsEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet($"{PublicRoutes.Prefix}/events", StreamEvents)
            .RequireAuthorization(ApiKey.Policy)
            .WithTags("Dashboard")
            .WithName(nameof(StreamEvents))
            .WithSummary("Live server-sent events, as they happen: readings that were stored, jobs that came on")
            .WithDescription(
                "Events are named readings ({equipment_id, readings, from, to}) and job ({id, state}; data/jobs tells the rest); one named alive comes "
                + "at the beginning and in silence. Nothing is sent twice or kept: who reconnects looks at data/series and data/jobs for what was missed.");

    internal static ServerSentEventsResult<string> StreamEvents(
        LiveEvents events, IHostApplicationLifetime host, TimeProvider time, CancellationToken cancellationToken) =>
        EventStream.Of(events, host, time, cancellationToken);
}
