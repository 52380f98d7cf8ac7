using System.Text.Json;
using System.Text.Json.Serialization;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Paging;
using Ems.Ingestion.Readings;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Ingestion.Equipments;

internal static class EquipmentEndpoints
{
    private const string EquipmentNotFound = "EQUIPMENT_NOT_FOUND";
    private const int MaxTags = 64;

    public static void MapEquipment(this IEndpointRouteBuilder routes)
    {
        var equipment = routes.MapGroup("/equipment").RequireAuthorization().WithTags("Equipment");

        equipment.MapGet("/", ListEquipment)
            .WithName(nameof(ListEquipment))
            .WithSummary("Lists equipment by id, with what it has delivered")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        equipment.MapGet("/{id}", GetEquipment)
            .WithName(nameof(GetEquipment))
            .WithExample("id", "main-meter")
            .WithSummary("One equipment, with what it has delivered")
            .ProducesProblem(StatusCodes.Status404NotFound);
        equipment.MapPut("/{id}", PutEquipment)
            .WithName(nameof(PutEquipment))
            .WithExample("id", "main-meter")
            .WithBodyExample("""{"name": "Main meter", "type": "meter", "tags": ["main"], "carrier": "electricity"}""")
            .WithSummary("Creates or replaces the description of equipment; its readings stay")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    internal static async Task<Results<Ok<EquipmentList>, ProblemHttpResult>> ListEquipment(
        ICatalogue catalogue, IReadingStore store, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        if (IdPage.FaultOf(limit, cursor) is { } fault)
        {
            return EmsProblem.Of(StatusCodes.Status400BadRequest, IntakeCodes.DataValidationFailed, fault);
        }

        var (page, next) = IdPage.Of(
            await catalogue.ListEquipmentAsync(cancellationToken), equipment => equipment.Id, limit, cursor);
        var series = page.Count == 0
            ? []
            : await store.ListSeriesAsync(page.ConvertAll(equipment => equipment.Id), null, cancellationToken);
        var metrics = series.ToLookup(one => one.Key.EquipmentId);
        return TypedResults.Ok(new EquipmentList(page.ConvertAll(one => EquipmentView.Of(one, metrics[one.Id])), next));
    }

    internal static async Task<Results<Ok<EquipmentView>, ProblemHttpResult>> GetEquipment(
        string id, ICatalogue catalogue, IReadingStore store, CancellationToken cancellationToken) =>
        await catalogue.FindEquipmentAsync(id, cancellationToken) is { } equipment
            ? TypedResults.Ok(EquipmentView.Of(equipment, await store.ListSeriesAsync([id], null, cancellationToken)))
            : EmsProblem.Of(StatusCodes.Status404NotFound, EquipmentNotFound, $"There is no equipment '{id}'.");

    internal static async Task<Results<Ok<EquipmentView>, Created<EquipmentView>, ProblemHttpResult>> PutEquipment(
        string id, EquipmentBody body, ICatalogue catalogue, IReadingStore store, CancellationToken cancellationToken)
    {
        var faults = Check(id, body);
        faults.AddIf(await SiteFaultAsync(body, catalogue, cancellationToken), "site");
        faults.AddIf(await ParentFaultAsync(id, body, catalogue, cancellationToken), "parent");
        if (faults.Count > 0)
        {
            return EmsProblem.Of(
                StatusCodes.Status400BadRequest, IntakeCodes.DataValidationFailed, $"{faults[0].Field} {faults[0].Message}", faults);
        }

        var equipment = new Equipment
        {
            Id = id,
            Name = string.IsNullOrWhiteSpace(body.Name) ? id : body.Name,
            Type = body.Type,
            Site = body.Site,
            Parent = body.Parent,
            Tags = [.. (body.Tags ?? []).Distinct()],
            Carrier = body.Carrier ?? "electricity",
            Export = body.Export ?? false,
        };
        var isNew = await catalogue.FindEquipmentAsync(id, cancellationToken) is null;
        await catalogue.SaveEquipmentAsync(equipment, cancellationToken);
        var view = EquipmentView.Of(equipment, isNew ? [] : await store.ListSeriesAsync([id], null, cancellationToken));
        return isNew ? TypedResults.Created((string?)null, view) : TypedResults.Ok(view);
    }

    private static List<FieldFault> Check(string id, EquipmentBody body)
    {
        List<FieldFault> faults = [.. (body.Unknown ?? []).Keys.Select(name => new FieldFault(name, "is not a field that is kept."))];
        faults.AddIf(Identifier.FaultOf(id), "id");
        faults.AddIf(body.Id is null || body.Id == id ? null : $"is '{body.Id}' in the body and '{id}' in the address.", "id");
        faults.AddIf(body.Name is { Length: > 256 } ? "has more than 256 characters." : null, "name");
        faults.AddIf(body.Type is null ? null : Identifier.FaultOf(body.Type), "type");
        faults.AddIf(body.Carrier is null ? null : Identifier.FaultOf(body.Carrier), "carrier");
        faults.AddIf(body.Tags is { Count: > MaxTags } ? $"has more than {MaxTags} entries." : null, "tags");
        faults.AddIf(body.Tags?.Select(Identifier.FaultOf).FirstOrDefault(fault => fault is not null), "tags");
        return faults;
    }

    private static async Task<string?> SiteFaultAsync(
        EquipmentBody body, ICatalogue catalogue, CancellationToken cancellationToken) =>
        body.Site is null || await catalogue.FindSiteAsync(body.Site, cancellationToken) is not null
            ? null
            : $"'{body.Site}' does not exist: put the site first.";

    private static async Task<string?> ParentFaultAsync(
        string id, EquipmentBody body, ICatalogue catalogue, CancellationToken cancellationToken)
    {
        HashSet<string> seen = [id];
        for (var parent = body.Parent; parent is not null;)
        {
            if (!seen.Add(parent))
            {
                return $"'{body.Parent}' has '{parent}' above itself: equipment cannot be a part of itself.";
            }

            if (await catalogue.FindEquipmentAsync(parent, cancellationToken) is not { } equipment)
            {
                return $"'{parent}' does not exist: put it first.";
            }

            parent = equipment.Parent;
        }

        return null;
    }
}

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record EquipmentList(IReadOnlyList<EquipmentView> Equipment, string? NextCursor);

/// <summary>Equipment as it is sent. What is left out takes its default.</summary>
/// <param name="Parent">The equipment whose meter also counts what this one counts.</param>
/// <param name="Carrier">electricity (default), gas, heat, water …</param>
/// <param name="Export">Whether negative consumption is expected.</param>
/// <param name="Metrics">Only answered: what is sent is not looked at.</param>
internal sealed record EquipmentBody(
    string? Id, string? Name, string? Type, string? Site, string? Parent, IReadOnlyList<string>? Tags, string? Carrier,
    bool? Export, JsonElement? Metrics)
{
    /// <summary>Fields that nothing is done with: refused, so that nobody believes they were kept.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>Equipment as it is answered.</summary>
internal sealed record EquipmentView(
    string Id, string Name, string? Type, string? Site, string? Parent, IReadOnlyList<string> Tags, string Carrier, bool Export,
    IReadOnlyList<DeliveredMetric> Metrics)
{
    public static EquipmentView Of(Equipment equipment, IEnumerable<SeriesInfo> series) => new(
        equipment.Id, equipment.Name, equipment.Type, equipment.Site, equipment.Parent, equipment.Tags, equipment.Carrier,
        equipment.Export, [.. series.Select(DeliveredMetric.Of)]);
}

/// <summary>A metric that the equipment has delivered at one length of interval.</summary>
/// <param name="Kind">register, interval or level.</param>
/// <param name="DurationSeconds">Length of its intervals; 0 for instants.</param>
internal sealed record DeliveredMetric(
    string Metric, string Unit, string Kind, double DurationSeconds, DateTimeOffset FirstAt, DateTimeOffset LastAt, long Count)
{
    public static DeliveredMetric Of(SeriesInfo series) => new(
        series.Key.Metric, series.Unit, NameOf(series.Kind), series.Key.Length.TotalSeconds,
        series.FirstAt.ToDateTimeOffset(), series.LastAt.ToDateTimeOffset(), series.Count);

    private static string NameOf(QuantityKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
