using System.Globalization;
using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;

namespace Ems.Ingestion.Imports;

/// <summary>What an import knows of its meters when it begins to write.</summary>
/// <param name="Count">How many the file has.</param>
/// <param name="Describe">How to create each equipment that readings come for, by its id.</param>
/// <param name="SiteOf">The site that its readings are for; null where nothing says it.</param>
internal sealed record DescribedMeters(int Count, Func<string, Equipment> Describe, Func<string, string?> SiteOf);

/// <summary>Describes the meters of a file that do not exist yet; what exists is left as it is.</summary>
internal sealed class ImportedMeters(ICatalogue catalogue, NewEquipment unknown)
{
    private const int MostNamed = 5;

    public async Task<KnownMeters> ListAsync(ImportForm form, CancellationToken cancellationToken) =>
        new((await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(equipment => equipment.Id, equipment => equipment.Site), form.Site ?? form.Remembered?.Site);

    /// <summary>Sites that do not exist yet are made at once.</summary>
    public async Task<DescribedMeters> DescribeAsync(IReadOnlyList<MeterFacts> meters, ImportJob job, string jobId)
    {
        var described = new Dictionary<string, Equipment>();
        foreach (var meter in meters)
        {
            if (await catalogue.FindEquipmentAsync(meter.EquipmentId, CancellationToken.None) is null)
            {
                var equipment = unknown.Describe(meter.EquipmentId);
                equipment = equipment with
                {
                    Name = meter.Name ?? meter.EquipmentId,
                    Type = meter.Type ?? equipment.Type,
                    Site = await SiteAsync(meter, job, jobId),
                    Parent = meter.Parent,
                    Export = new Timeline<bool>(meter.IsExport),
                    Multiplier = new Timeline<double>(meter.Multiplier ?? 1),
                };
                described[meter.EquipmentId] = meter.Carrier is { } carrier ? equipment with { Carrier = carrier } : equipment;
            }
        }

        return new DescribedMeters(
            meters.Count,
            id => described.GetValueOrDefault(id) ?? unknown.Describe(id) with { Site = SiteOf(job.Form) },
            // Others may create the same equipment meanwhile.
            id => job.Form.Site ?? described.GetValueOrDefault(id)?.Site);
    }

    /// <summary>The site that new ones get by a profile which the headers have found; null where none does.</summary>
    public async Task<ImportAssumption?> AssumeSiteAsync(IReadOnlyList<MeterFacts> meters, ImportForm form, CancellationToken cancellationToken)
    {
        if (form is not { Site: null, Remembered: { Site: { } site, Profile: var profile } })
        {
            return null;
        }

        foreach (var meter in meters)
        {
            if (await catalogue.FindEquipmentAsync(meter.EquipmentId, cancellationToken) is null)
            {
                return new ImportAssumption("site", site, $"the profile {profile} has it, for equipment that does not exist yet");
            }
        }

        return null;
    }

    /// <summary>What becomes of the multipliers that the file says: new equipment gets them, and what exists is left as it is.</summary>
    public async Task<IReadOnlyList<ImportAssumption>> AssumeMultipliersAsync(IReadOnlyList<MeterFacts> meters, CancellationToken cancellationToken)
    {
        var said = new List<(string Meter, double Multiplier, string Why)>();
        foreach (var meter in meters)
        {
            if (meter.Multiplier is { } multiplier and not 1)
            {
                var known = await catalogue.FindTargetAsync(meter.EquipmentId, cancellationToken);
                said.Add((meter.EquipmentId, multiplier, known is null ? "the file says it of readings: what is counted is multiplied by it whenever it is read"
                    : known.Multiplier.IsEver(multiplier) ? "the file says it, and the equipment has it"
                    : "the file says it, but the equipment is there already without it: set multiplier if its readings are to be multiplied (PUT data/equipment)"));
            }
        }

        return
        [
            .. said.GroupBy(one => (one.Multiplier, one.Why)).Select(alike => new ImportAssumption(
                "multiplier",
                string.Create(CultureInfo.InvariantCulture, $"{alike.Key.Multiplier}: {string.Join(", ", alike.Take(MostNamed).Select(one => one.Meter))}{(alike.Count() > MostNamed ? $" and {alike.Count() - MostNamed} more" : "")}"),
                alike.Key.Why)),
        ];
    }

    private async Task<string?> SiteAsync(MeterFacts meter, ImportJob job, string jobId)
    {
        if ((SiteOf(job.Form) ?? meter.Site ?? meter.SiteName) is not { } text)
        {
            return null;
        }

        var id = EquipmentNames.ToId(text);
        if (await catalogue.FindSiteAsync(id, CancellationToken.None) is null)
        {
            var name = SiteOf(job.Form) ?? meter.SiteName ?? text;
            await catalogue.SaveSiteAsync(new Site { Id = id, Name = name, TimeZone = job.TimeZone!, CreatedBy = jobId }, CancellationToken.None);
        }

        return id;
    }

    private static string? SiteOf(ImportForm form) => form.Site ?? form.Remembered?.Site;
}
