using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Ems.Core.Storage;
using Ems.Core.Tables;
using Ems.Ingestion.Readings;
using Ems.ServiceDefaults.Lists;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Ingestion.Sites;

internal static partial class SitesEndpoints
{
    private const string SiteNotFound = "SITE_NOT_FOUND";

    public static void MapSites(this IEndpointRouteBuilder routes)
    {
        var sites = routes.MapGroup("/sites").RequireAuthorization().WithTags("Sites");

        sites.MapGet("/", ListSites)
            .WithName(nameof(ListSites))
            .WithSummary("Lists sites by id")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        sites.MapGet("/{id}", GetSite)
            .WithName(nameof(GetSite))
            .WithExample("id", "plant-1")
            .WithSummary("One site")
            .ProducesProblem(StatusCodes.Status404NotFound);
        sites.MapPut("/{id}", PutSite)
            .WithName(nameof(PutSite))
            .WithExample("id", "plant-1")
            .WithBodyExample("""{"name": "Plant 1", "time_zone": "Europe/Berlin", "country": "DE", "holidays": ["2026-12-25"]}""")
            .WithSummary("Creates or replaces a site")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    internal static async Task<Results<Ok<SiteList>, FileContentHttpResult, ProblemHttpResult>> ListSites(
        ICatalogue catalogue, [AsParameters] ListQuery query, CancellationToken cancellationToken)
    {
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var (sites, next) = query.PageById(await catalogue.ListSitesAsync(cancellationToken), site => site.Id);
        return query.IsFile
            ? TableAnswer.Of(query.Format, ToTable(sites))
            : TypedResults.Ok(new SiteList(sites.ConvertAll(SiteView.Of), next));
    }

    internal static async Task<Results<Ok<SiteView>, ProblemHttpResult>> GetSite(
        string id, ICatalogue catalogue, CancellationToken cancellationToken) =>
        await catalogue.FindSiteAsync(id, cancellationToken) is { } site
            ? TypedResults.Ok(SiteView.Of(site))
            : EmsProblem.Of(StatusCodes.Status404NotFound, SiteNotFound, $"There is no site '{id}'.");

    internal static async Task<Results<Ok<SiteView>, Created<SiteView>, ProblemHttpResult>> PutSite(
        string id, SiteBody body, ICatalogue catalogue, SiteZones zones, CancellationToken cancellationToken)
    {
        var (holidays, holidayFault) = HolidayList.Parse(body.Holidays);
        var errors = Check(id, body, holidayFault);
        if (errors.Count > 0)
        {
            return EmsProblem.Of(
                StatusCodes.Status400BadRequest, IntakeCodes.DataValidationFailed, $"{errors[0].Field} {errors[0].Message}", errors);
        }

        var site = new Site
        {
            Id = id,
            Name = string.IsNullOrWhiteSpace(body.Name) ? id : body.Name,
            TimeZone = body.TimeZone ?? zones.Default.Id,
            Country = body.Country,
            Locale = body.Locale,
            Holidays = holidays,
            DemandIntervalMinutes = body.DemandIntervalMinutes ?? 15,
            FloorAreaM2 = body.FloorAreaM2,
            TemperatureSeries = body.TemperatureSeries,
        };
        var isNew = await catalogue.FindSiteAsync(id, cancellationToken) is null;
        await catalogue.SaveSiteAsync(site, cancellationToken);
        return isNew
            ? TypedResults.Created((string?)null, SiteView.Of(site))
            : TypedResults.Ok(SiteView.Of(site));
    }

    private static Table ToTable(IReadOnlyList<Site> sites) => new(
        "sites",
        ["id", "name", "time_zone", "country", "locale", "demand_interval_minutes", "floor_area_m2", "temperature_series", "holidays"],
        sites.Select(IReadOnlyList<object?> (site) =>
        [
            site.Id, site.Name, site.TimeZone, site.Country, site.Locale, site.DemandIntervalMinutes, site.FloorAreaM2,
            site.TemperatureSeries, site.Holidays.Count,
        ]));

    private static List<FieldFault> Check(string id, SiteBody body, string? holidayFault)
    {
        List<FieldFault> faults = [.. (body.Unknown ?? []).Keys.Select(name => new FieldFault(name, "is not a field that is kept."))];
        faults.AddIf(Identifier.FaultOf(id), "id");
        faults.AddIf(body.Id is null || body.Id == id ? null : $"is '{body.Id}' in the body and '{id}' in the address.", "id");
        faults.AddIf(body.Name is { Length: > 256 } ? "has more than 256 characters." : null, "name");
        faults.AddIf(SiteZones.FaultOf(body.TimeZone), "time_zone");
        faults.AddIf(
            body.Country is null || Country().IsMatch(body.Country)
                ? null : "must be two capital letters (ISO 3166), such as DE.", "country");
        faults.AddIf(
            body.Locale is null || Locale().IsMatch(body.Locale) ? null : "must be a language tag, such as de-DE.", "locale");
        faults.AddIf(holidayFault, "holidays");
        faults.AddIf(
            body.DemandIntervalMinutes is null or 15 or 30
                ? null : $"is {body.DemandIntervalMinutes}; it must be 15 or 30.", "demand_interval_minutes");
        faults.AddIf(
            body.FloorAreaM2 is null or (> 0 and < double.PositiveInfinity) ? null : "must be a number above 0.", "floor_area_m2");
        faults.AddIf(
            body.TemperatureSeries is null || IsSeries(body.TemperatureSeries)
                ? null : "must be an equipment id and a metric, such as roof/temperature.", "temperature_series");
        return faults;
    }

    private static bool IsSeries(string text) =>
        text.Split('/') is [var equipmentId, var metric]
        && Identifier.FaultOf(equipmentId) is null && Identifier.FaultOf(metric) is null;

    [GeneratedRegex(@"\A[A-Z]{2}\z")]
    private static partial Regex Country();

    [GeneratedRegex(@"\A[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}\z")]
    private static partial Regex Locale();
}

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record SiteList(IReadOnlyList<SiteView> Sites, string? NextCursor);

/// <summary>A site as it is sent. What is left out takes its default.</summary>
/// <param name="TimeZone">IANA name; default Ems:TimeZone.</param>
/// <param name="Holidays">A list of dates, or the text of an .ics file.</param>
internal sealed record SiteBody(
    string? Id, string? Name, string? TimeZone, string? Country, string? Locale, JsonElement? Holidays,
    int? DemandIntervalMinutes, double? FloorAreaM2, string? TemperatureSeries)
{
    /// <summary>Fields that nothing is done with: refused, so that nobody believes they were kept.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>A site as it is answered.</summary>
internal sealed record SiteView(
    string Id, string Name, string TimeZone, string? Country, string? Locale, IReadOnlyList<DateOnly> Holidays,
    int DemandIntervalMinutes, double? FloorAreaM2, string? TemperatureSeries)
{
    public static SiteView Of(Site site) => new(
        site.Id, site.Name, site.TimeZone, site.Country, site.Locale, [.. site.Holidays.Select(day => day.ToDateOnly())],
        site.DemandIntervalMinutes, site.FloorAreaM2, site.TemperatureSeries);
}
