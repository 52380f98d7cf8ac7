using Ems.Core.Storage;
using Ems.Query.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Query.Summaries;

internal static class SummaryEndpoints
{
    public static void MapSummaries(this IEndpointRouteBuilder routes)
    {
        var summaries = routes.MapGroup("/energy-summary").RequireAuthorization().WithTags("Series");

        summaries.MapGet("", SummariseEnergy)
            .WithName(nameof(SummariseEnergy))
            .WithSummary("Energy of today, yesterday and this month by carrier, of main meters")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    internal static async Task<Results<Ok<EnergySummary>, ProblemHttpResult>> SummariseEnergy(
        string? site, EnergySummaries summaries, ICatalogue catalogue, CancellationToken cancellationToken) =>
        site is not null && await catalogue.FindSiteAsync(site, cancellationToken) is null
            ? Fault.Problem([Fault.Of("site", $"There is no site '{site}'. data/sites lists what there is.")])
            : TypedResults.Ok(await summaries.SummariseAsync(site, cancellationToken));
}
