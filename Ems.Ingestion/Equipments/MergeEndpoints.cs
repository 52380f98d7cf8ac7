using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ems.Core.Json;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Jobs;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Ems.Ingestion.Equipments;

internal static class MergeEndpoints
{
    public static void MapMerge(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/equipment/{id}/merge", MergeEquipment)
            .RequireAuthorization()
            .WithTags("Equipment")
            .WithName(nameof(MergeEquipment))
            .WithExample("id", "main-meter")
            .WithBodyExample("""{"from": "main-meter-copy"}""")
            .WithSummary("Joins the readings of another equipment into this one")
            .WithDescription(
                "For a meter that came in under two names. Of two values of the same time the one that was written later counts, as if both had "
                + "always been one; what comes for the other name from now on goes here too. The answer is a job, by which it can be undone. "
                + "It is answered when it has ended; with wait=false at once.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<JobView>, Accepted<JobView>, ProblemHttpResult>> MergeEquipment(
        string id, MergeBody body, bool? wait, EquipmentMerges merges, JobWatch watch, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (job, problem) = await merges.AddAsync(body, id, user.Identity?.Name ?? "unknown", cancellationToken);
        if (job is null)
        {
            return problem!;
        }

        job = wait == false ? job : await watch.WaitAsync(job, cancellationToken);
        return JobWatch.HasEnded(job)
            ? TypedResults.Ok(JobView.Of(job))
            : TypedResults.Accepted(JobsEndpoints.PublicPathOf(job), JobView.Of(job));
    }
}

/// <param name="From">The equipment whose readings are joined into the other.</param>
internal sealed record MergeBody(string? From)
{
    /// <summary>Fields that nothing is done with: refused, so that nobody believes they count.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>Checks merges and makes jobs of them.</summary>
internal sealed class EquipmentMerges(ICatalogue catalogue, IReadingStore readings, IJobStore jobs, JobSignal signal, TimeProvider time)
{
    public async Task<(StoredJob? Job, ProblemHttpResult? Problem)> AddAsync(
        MergeBody body, string intoId, string actor, CancellationToken cancellationToken)
    {
        List<FieldFault> faults = [.. (body.Unknown ?? []).Keys.Select(name => new FieldFault(name, "is not a field of a merge: there is from."))];
        faults.AddIf(
            string.IsNullOrEmpty(body.From) || body.From == intoId ? "must name another equipment, the one whose readings are to be joined into this one." : null, "from");
        if (faults.Count > 0)
        {
            return (null, Refused(ProblemCodes.DataValidationFailed, faults));
        }

        var fromId = body.From!;

        if (await catalogue.FindEquipmentAsync(intoId, cancellationToken) is not { } into)
        {
            return (null, NotFound(intoId));
        }

        if (await catalogue.FindEquipmentAsync(fromId, cancellationToken) is not { } from)
        {
            return (null, NotFound(fromId));
        }

        if (await CheckAsync(from, into, cancellationToken) is { } problem)
        {
            return (null, problem);
        }

        var now = time.GetUtcNow();
        var job = new StoredJob(
            Guid.CreateVersion7(now).ToString("N"), JobState.Queued, actor, new MergeJob(fromId, intoId).ToBody(), Instant.FromDateTimeOffset(now));
        await jobs.AddAsync(job, int.MaxValue, cancellationToken); // Takes no room on disk: not limited as imports are.
        signal.Pulse();
        return (job, null);
    }

    private async Task<ProblemHttpResult?> CheckAsync(Equipment from, Equipment into, CancellationToken cancellationToken)
    {
        foreach (var one in new[] { from, into })
        {
            if (one.MergedInto is { } other)
            {
                return Refused($"cannot be joined: {one.Id} was merged into {other} already.");
            }

            if (one.Virtual is not null)
            {
                return Refused($"cannot be joined: {one.Id} is a virtual meter, which has no readings of its own.");
            }
        }

        if (from.Site is not null && into.Site is not null && from.Site != into.Site)
        {
            return Refused($"cannot be joined: {from.Id} is at the site {from.Site} and {into.Id} at {into.Site}.", ImportFault.EquipmentSiteMismatch);
        }

        var series = (await readings.ListSeriesAsync([from.Id, into.Id], null, cancellationToken)).ToLookup(one => one.Key.EquipmentId);
        if (series[from.Id].Any() && DifferenceOf(await BelowAsync(from, cancellationToken), await BelowAsync(into, cancellationToken)) is { } difference)
        {
            return Refused(difference);
        }

        var odd = series[from.Id].FirstOrDefault(mine => series[into.Id].Any(
            other => other.Key == mine.Key with { EquipmentId = into.Id } && (other.Kind != mine.Kind || other.Unit != mine.Unit)));
        return odd is null
            ? null
            : Refused($"does not fit: {odd.Key.Metric} is a {odd.Kind.ToString().ToLowerInvariant()} in {odd.Unit} there and something else here.");
    }

    /// <summary>The equipment with the parent that it is below by now: the one given may have been merged.</summary>
    private async Task<Equipment> BelowAsync(Equipment equipment, CancellationToken cancellationToken) => equipment.Parent is { } parent
        ? equipment with { Parent = (await catalogue.FindTargetAsync(parent, cancellationToken))?.Id ?? parent }
        : equipment;

    /// <summary>
    /// Readings are read by what is said of the equipment that they belong to: nothing may be lost that was said of the first. Where
    /// nothing was, as of a copy that a file name made, it is as what is said of the other.
    /// </summary>
    private static string? DifferenceOf(Equipment from, Equipment into)
    {
        var nothing = new Equipment { Id = from.Id, Name = from.Name };
        IEnumerable<(string Name, string? From, string? Into, string? Unsaid)> said =
        [
            ("multiplier", Json(from.Multiplier), Json(into.Multiplier), Json(nothing.Multiplier)),
            ("export", Json(from.Export), Json(into.Export), Json(nothing.Export)),
            ("carrier", from.Carrier, into.Carrier, null),
            ("site", from.Site, into.Site, null),
            ("parent", from.Parent, into.Parent, null),
        ];
        return said.Where(one => one.From != one.Into && one.From != one.Unsaid).Select(one =>
            $"cannot be joined: the {one.Name} of {from.Id} is {one.From} and that of {into.Id} is {one.Into ?? "none"}, which would hold for the readings of both. "
            + $"Where one of the two is wrong, correct it first (PUT data/equipment/{from.Id} or data/equipment/{into.Id}); else they are two meters.").FirstOrDefault();
    }

    private static string Json<T>(Timeline<T> timeline) => JsonSerializer.Serialize(timeline, EmsJson.Options);

    private static ProblemHttpResult NotFound(string id) =>
        EmsProblem.Of(StatusCodes.Status404NotFound, "EQUIPMENT_NOT_FOUND", $"There is no equipment '{id}'.");

    /// <param name="message">About the equipment that the request names.</param>
    private static ProblemHttpResult Refused(string message, string code = ProblemCodes.DataValidationFailed) => Refused(code, [new FieldFault("from", message)]);

    private static ProblemHttpResult Refused(string code, List<FieldFault> faults) =>
        EmsProblem.Of(StatusCodes.Status400BadRequest, code, $"{faults[0].Field} {faults[0].Message}", faults);
}
