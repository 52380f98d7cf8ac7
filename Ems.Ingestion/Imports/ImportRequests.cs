using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Profiles;
using Ems.Ingestion.Sites;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Ingestion.Imports;

/// <summary>What is to be read, and how.</summary>
/// <param name="TimeZone">IANA name of the zone of local times; null where the file, the site or its meters tell it.</param>
/// <param name="Profile">Id of the profile that says a part of it, or that is to keep the mapping.</param>
/// <param name="KeepsMapping">Whether the request says what columns mean, by a mapping of its own or by metric and unit.</param>
/// <param name="Assumptions">What the request did not say.</param>
internal sealed record ImportTerms(
    string FileName, ImportForm Form, string? TimeZone, string? Profile, bool KeepsMapping, IReadOnlyList<ImportAssumption> Assumptions);

/// <summary>Takes a file and its form in, and settles what the form leaves open.</summary>
internal sealed class ImportRequests(UploadReader uploads, SpoolFolder spool, ProfileMemory profiles, ICatalogue catalogue)
{
    /// <param name="spoolName">Where the file is kept; whoever asks deletes it.</param>
    public async Task<(ImportTerms? Terms, ProblemHttpResult? Problem)> ReadAsync(HttpRequest request, string spoolName, CancellationToken cancellationToken)
    {
        var upload = await uploads.ReadAsync(request, spoolName, cancellationToken);
        if (upload.Problem is not null)
        {
            return (null, upload.Problem);
        }

        var (form, faults) = FormFields.Read(upload.Fields);
        faults.AddRange(upload.Repeated.Select(name => new FieldFault(name, "comes more than once: send it once.")));
        try
        {
            var profile = await FindProfileAsync(form, spool.Upload(spoolName, upload.FileName), cancellationToken);
            var complete = profile?.Complete(form) ?? form;
            await CheckAsync(complete, faults, cancellationToken);
            faults.AddIf(
                profile is null && form is { Profile: { } id, Mapping: null } && Identifier.FaultOf(id) is null ? $"'{id}' does not exist: data/profiles lists them." : null,
                "profile");
            return faults.Count > 0
                ? (null, FormFields.Refuse(faults))
                : (Settle(upload.FileName, form, complete, profile), null);
        }
        catch (ImportFaultException fault)
        {
            return (null, faults.Count > 0 ? FormFields.Refuse(faults) : ImportProblems.Of([fault.Fault]));
        }
    }

    /// <summary>What the request or its profile names must be there.</summary>
    private async Task CheckAsync(ImportForm form, List<FieldFault> faults, CancellationToken cancellationToken)
    {
        faults.AddIf(SiteZones.FaultOf(form.TimeZone), "time_zone");
        faults.AddIf(
            (form.Site ?? form.Remembered?.Site) is not { } site || await catalogue.FindSiteAsync(site, cancellationToken) is not null
                ? null
                : $"'{site}' does not exist: put the site first.",
            "site");
    }

    /// <summary>The profile that the request names; else, if it does not say itself what the columns mean, that of the headers.</summary>
    private async Task<NamedProfile?> FindProfileAsync(ImportForm form, ITableFile file, CancellationToken cancellationToken) => form switch
    {
        { Profile: { } id } => await profiles.FindAsync(id, cancellationToken),
        { Mapping: null, HasAnswers: false } => await profiles.FindAsync(file, form, cancellationToken),
        _ => null,
    };

    private static IEnumerable<string> Said(string field, string? value) => value is null ? [] : [$"{field}={value}"];

    private static ImportTerms Settle(string fileName, ImportForm asked, ImportForm form, NamedProfile? profile)
    {
        var assumptions = new List<ImportAssumption>();
        if (profile is not null)
        {
            var why = asked.Profile is null ? "the file has the headers that it remembers" : "the request names it";
            string[] answers = profile.Profile.IsOfAnswers && !asked.HasAnswers ? [.. Said("metric", form.Metric), .. Said("unit", form.Unit)] : [];
            assumptions.Add(new ImportAssumption("profile", profile.Id, answers.Length > 0 ? $"{why}, and was kept when {string.Join(", ", answers)} was sent" : why));
            assumptions.AddRange(profile.Assumptions);
        }

        if (asked.TimeZone is null && form.TimeZone is { } remembered)
        {
            assumptions.Add(new ImportAssumption("time_zone", remembered, $"the profile {profile!.Id} has it"));
        }

        return new ImportTerms(fileName, form, form.TimeZone, profile?.Id ?? asked.Profile, asked.Mapping is not null || asked is { HasAnswers: true, Profile: null }, assumptions);
    }
}
