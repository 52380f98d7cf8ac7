using Ems.Core.Storage;
using Ems.Ingestion.Readings;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.Lists;
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
            .WithBodyExample(
                """
                {"name": "Main meter", "type": "meter", "tags": ["main"], "carrier": "electricity",
                 "multiplier": [{"value": 1}, {"from": "2026-05-01", "value": 40}]}
                """)
            .WithSummary("Creates or replaces the description of equipment; its readings stay")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    internal static async Task<Results<Ok<EquipmentList>, FileContentHttpResult, ProblemHttpResult>> ListEquipment(
        ICatalogue catalogue, IReadingStore store, SiteZones zones, [AsParameters] ListQuery query, CancellationToken cancellationToken)
    {
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var (page, next) = query.PageById(await catalogue.ListEquipmentAsync(cancellationToken), equipment => equipment.Id);
        var series = page.Count == 0
            ? []
            : await store.ListSeriesAsync(page.ConvertAll(equipment => equipment.Id), null, cancellationToken);
        var metrics = series.ToLookup(one => one.Key.EquipmentId);
        var views = page.ConvertAll(one => EquipmentView.Of(one, metrics[one.Id]));
        return query.IsFile
            ? TableAnswer.Of(query.Format, EquipmentTable.Of(views, await zones.OfSitesAsync(cancellationToken)))
            : TypedResults.Ok(new EquipmentList(views, next));
    }

    internal static async Task<Results<Ok<EquipmentView>, ProblemHttpResult>> GetEquipment(
        string id, ICatalogue catalogue, IReadingStore store, CancellationToken cancellationToken) =>
        await catalogue.FindEquipmentAsync(id, cancellationToken) is { } equipment
            ? TypedResults.Ok(EquipmentView.Of(equipment, await store.ListSeriesAsync([id], null, cancellationToken)))
            : EmsProblem.Of(StatusCodes.Status404NotFound, EquipmentNotFound, $"There is no equipment '{id}'.");

    internal static async Task<Results<Ok<EquipmentView>, Created<EquipmentView>, ProblemHttpResult>> PutEquipment(
        string id, EquipmentBody body, ICatalogue catalogue, IReadingStore store, SiteZones zones, CancellationToken cancellationToken)
    {
        var zone = await zones.OfSiteAsync(body.Site, cancellationToken);
        var (multiplier, multiplierFault) = DatedField.ParseMultiplier(body.Multiplier, zone);
        var (export, exportFault) = DatedField.ParseExport(body.Export, zone);
        var faults = Check(id, body);
        faults.AddIf(multiplierFault, "multiplier");
        faults.AddIf(exportFault, "export");
        faults.AddIf(await SiteFaultAsync(body, catalogue, cancellationToken), "site");
        var (formula, partCarrier, formulaFault) = await VirtualField.ParseAsync(id, body.Virtual, catalogue, store, cancellationToken);
        faults.AddIf(formulaFault, "virtual");
        faults.AddIf(formula is not null && multiplier is not { First: 1, Changes: [] } ? "cannot be set for a virtual meter: set it for its parts." : null, "multiplier");
        faults.AddIf(await ParentFaultAsync(id, body, catalogue, cancellationToken), "parent");
        if (faults.Count > 0)
        {
            return EmsProblem.Of(
                StatusCodes.Status400BadRequest, IntakeCodes.DataValidationFailed, $"{faults[0].Field} {faults[0].Message}", faults);
        }

        var known = await catalogue.FindEquipmentAsync(id, cancellationToken);
        var equipment = new Equipment
        {
            Id = id,
            Name = string.IsNullOrWhiteSpace(body.Name) ? id : body.Name,
            Type = body.Type,
            Site = body.Site,
            Parent = body.Parent,
            Tags = [.. (body.Tags ?? []).Distinct()],
            Carrier = body.Carrier ?? partCarrier ?? "electricity",
            Virtual = formula,
            Multiplier = multiplier!,
            Export = export!,
            ImportZone = known?.ImportZone,
        };
        await catalogue.SaveEquipmentAsync(equipment, cancellationToken);
        var view = EquipmentView.Of(equipment with { MergedInto = known?.MergedInto }, known is null ? [] : await store.ListSeriesAsync([id], null, cancellationToken));
        return known is null ? TypedResults.Created((string?)null, view) : TypedResults.Ok(view);
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
