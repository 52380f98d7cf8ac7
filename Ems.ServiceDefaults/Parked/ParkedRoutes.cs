using Ems.Core.Messaging;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Ems.ServiceDefaults.Parked;

/// <summary>The parked messages of a host whose modules consume events; the gateway puts those of all hosts together.</summary>
internal static class ParkedRoutes
{
    private const int MaxLimit = 100_001;

    public static void MapParked(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IParkedMessages)))
        {
            var parked = app.MapGroup("/parked").RequireAuthorization().WithTags("Parked");
            parked.MapGet("", ListParkedHere).WithName(nameof(ListParkedHere)).WithSummary("Messages of this service that could not be handled");
            parked.MapPost("/{id}/retry", RetryParkedHere).WithName(nameof(RetryParkedHere)).WithSummary("Has a message handled again")
                .ProducesProblem(StatusCodes.Status404NotFound);
        }
    }

    private static async Task<Ok<ParkedPage>> ListParkedHere(
        IParkedMessages messages, CancellationToken cancellationToken, int limit = 100, string? after = null) =>
        TypedResults.Ok(new ParkedPage(await messages.ListAsync(Math.Clamp(limit, 1, MaxLimit), after, cancellationToken)));

    private static async Task<Results<NoContent, ProblemHttpResult>> RetryParkedHere(
        string id, IParkedMessages messages, CancellationToken cancellationToken) =>
        await messages.RetryAsync(id, cancellationToken)
            ? TypedResults.NoContent()
            : EmsProblem.Of(StatusCodes.Status404NotFound, ProblemCodes.NotFound, $"No message '{id}' is parked here.");
}

/// <summary>By id.</summary>
internal sealed record ParkedPage(IReadOnlyList<ParkedMessage> Parked);
