using System.Text.Json;
using System.Text.Json.Serialization;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Tables;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Readings;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.Lists;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Ems.Ingestion.Profiles;

/// <summary>Remembered mappings.</summary>
internal static class ProfileEndpoints
{
    private static readonly string[] Columns = ["id", "name", "fingerprint", "site", "time_zone", "timestamp_label", "metric", "unit", "equipment_id", "columns", "saved_utc"];

    public static void MapProfiles(this IEndpointRouteBuilder routes)
    {
        var profiles = routes.MapGroup("/profiles").RequireAuthorization().WithTags("Profiles");
        profiles.MapGet("/", ListProfiles).WithName(nameof(ListProfiles)).WithSummary("Remembered mappings by id")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        profiles.MapGet("/{id}", GetProfile).WithName(nameof(GetProfile)).WithExample("id", "meter-exports")
            .WithSummary("What is remembered about files of one kind")
            .ProducesProblem(StatusCodes.Status404NotFound);
        profiles.MapPut("/{id}", PutProfile).WithName(nameof(PutProfile)).WithExample("id", "meter-exports")
            .WithBodyExample(
                """
                {"name": "Exports of the meters", "time_zone": "Europe/Berlin", "timestamp_label": "start",
                 "mapping": {"columns": [{"column": "Date", "role": "time"}, {"column": "Main", "metric": "active_power", "unit": "kW", "equipment_id": "main-meter"}]}}
                """)
            .WithSummary("Creates or replaces a profile. Without a fingerprint it is found again by the headers of its mapping, if they are all that a file has")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        profiles.MapDelete("/{id}", DeleteProfile).WithName(nameof(DeleteProfile)).WithExample("id", "meter-exports")
            .WithSummary("Forgets a profile; what was imported with it stays")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static async Task<Results<Ok<ProfileList>, FileContentHttpResult, ProblemHttpResult>> ListProfiles(
        IProfileStore store, [AsParameters] ListQuery query, CancellationToken cancellationToken)
    {
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var (page, next) = query.PageById(await store.ListAsync(cancellationToken), profile => profile.Id);
        var views = page.ConvertAll(ProfileView.Of);
        return query.IsFile ? TableAnswer.Of(query.Format, new Table("profiles", Columns, views.Select(Row))) : TypedResults.Ok(new ProfileList(views, next));
    }

    internal static async Task<Results<Ok<ProfileView>, ProblemHttpResult>> GetProfile(string id, IProfileStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } profile ? TypedResults.Ok(ProfileView.Of(profile)) : NotFound(id);

    internal static async Task<Results<Ok<ProfileView>, Created<ProfileView>, ProblemHttpResult>> PutProfile(
        string id, ProfileBody body, IProfileStore store, ICatalogue catalogue, TimeProvider time, CancellationToken cancellationToken)
    {
        var mapping = body.Mapping ?? new ImportMapping();
        List<FieldFault> faults = [.. (body.Unknown ?? []).Keys.Select(name => new FieldFault(name, "is not a field that is kept.")), .. MappingChecks.FaultsOf(mapping)];
        faults.AddIf(Identifier.FaultOf(id), "id");
        faults.AddIf(body.Id is null || body.Id == id ? null : $"is '{body.Id}' in the body and '{id}' in the address.", "id");
        faults.AddIf(body.Name is { Length: > 256 } ? "has more than 256 characters." : null, "name");
        faults.AddIf(body.Fingerprint is { Length: > 128 } ? "has more than 128 characters." : null, "fingerprint");
        faults.AddIf(SiteZones.FaultOf(body.TimeZone), "time_zone");
        faults.AddIf(body.TimestampLabel is { } label && !Enum.IsDefined(label) ? "must be start, end or instant." : null, "timestamp_label");
        faults.AddIf(FormFields.FaultOfMetric(body.Metric), "metric");
        faults.AddIf(FormFields.FaultOfUnit(body.Unit), "unit");
        faults.AddIf(body.EquipmentId is null ? null : Identifier.FaultOf(body.EquipmentId), "equipment_id");
        faults.AddIf(
            body.Site is null || await catalogue.FindSiteAsync(body.Site, cancellationToken) is not null ? null : $"'{body.Site}' does not exist: put the site first.", "site");
        if (faults.Count > 0)
        {
            return EmsProblem.Of(StatusCodes.Status400BadRequest, IntakeCodes.DataValidationFailed, $"{faults[0].Field} {faults[0].Message}", faults);
        }

        mapping = MappingChecks.AsSent(mapping);
        var before = await store.FindAsync(id, cancellationToken);
        var profile = new ImportProfile
        {
            Name = body.Name,
            Site = body.Site,
            TimeZone = body.TimeZone,
            TimestampLabel = body.TimestampLabel,
            Metric = body.Metric,
            Unit = FormFields.UnitOf(body.Unit),
            EquipmentId = body.EquipmentId,
            Mapping = mapping,
            Files = before is null ? null : ImportProfile.From(before).Files,
        };
        var stored = new StoredProfile(
            id, body.Fingerprint ?? HeaderFingerprint.Of(mapping.Columns.Select(column => column.Column)), profile.ToBody(), Instant.FromDateTimeOffset(time.GetUtcNow()));
        await store.SaveAsync(stored, cancellationToken);
        return before is not null ? TypedResults.Ok(ProfileView.Of(stored)) : TypedResults.Created((string?)null, ProfileView.Of(stored));
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteProfile(string id, IProfileStore store, CancellationToken cancellationToken) =>
        await store.DeleteAsync(id, cancellationToken) ? TypedResults.NoContent() : NotFound(id);

    private static IReadOnlyList<object?> Row(ProfileView profile) =>
    [
        profile.Id, profile.Name, profile.Fingerprint, profile.Site, profile.TimeZone, profile.TimestampLabel?.ToString().ToLowerInvariant(), profile.Metric, profile.Unit, profile.EquipmentId,
        string.Join(", ", profile.Mapping.Columns.Select(column => column.Column)), profile.SavedAt.UtcDateTime,
    ];

    private static ProblemHttpResult NotFound(string id) =>
        EmsProblem.Of(StatusCodes.Status404NotFound, "PROFILE_NOT_FOUND", $"There is no profile '{id}'.");
}

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record ProfileList(IReadOnlyList<ProfileView> Profiles, string? NextCursor);

/// <summary>What is remembered about files of one kind.</summary>
/// <param name="Fingerprint">By which a file with the same headers is known again.</param>
/// <param name="Metric">Of columns that do not say it; <paramref name="Unit"/> is theirs.</param>
/// <param name="EquipmentId">The meter where a file names none, in imports that name the profile.</param>
internal sealed record ProfileView(
    string Id, string? Name, string Fingerprint, string? Site, string? TimeZone, LabelMeaning? TimestampLabel, string? Metric, string? Unit, string? EquipmentId, ImportMapping Mapping,
    DateTimeOffset SavedAt)
{
    public static ProfileView Of(StoredProfile stored)
    {
        var profile = ImportProfile.From(stored);
        return new ProfileView(
            stored.Id, profile.Name, stored.Fingerprint, profile.Site, profile.TimeZone, profile.TimestampLabel, profile.Metric, profile.Unit, profile.EquipmentId, MappingChecks.AsSent(profile.Mapping),
            stored.SavedAt.ToDateTimeOffset());
    }
}

/// <summary>A profile as it is put; every field may be left out.</summary>
/// <remarks>saved_at is only answered: what is sent is not looked at.</remarks>
internal sealed record ProfileBody
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Fingerprint { get; init; }
    public string? Site { get; init; }
    public string? TimeZone { get; init; }
    public LabelMeaning? TimestampLabel { get; init; }
    public string? Metric { get; init; }
    public string? Unit { get; init; }
    public string? EquipmentId { get; init; }
    public ImportMapping? Mapping { get; init; }
    public JsonElement? SavedAt { get; init; }

    /// <summary>Fields that nothing is done with: refused, so that nobody believes they were kept.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}
