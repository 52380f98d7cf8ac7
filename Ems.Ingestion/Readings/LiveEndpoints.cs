using Ems.Core.Live;
using Ems.ServiceDefaults.Streams;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Ingestion.Readings;

/// <summary>What this process stores, for gateways that follow it.</summary>
internal static class LiveEndpoints
{
    public static void MapLiveEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", FollowEvents).RequireAuthorization().ExcludeFromDescription();

    internal static ServerSentEventsResult<string> FollowEvents(
        LiveEvents events, IHostApplicationLifetime host, TimeProvider time, CancellationToken cancellationToken) =>
        EventStream.Of(events, host, time, cancellationToken);
}
