using System.Globalization;
using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Jobs;
using Ems.Ingestion.Sites;
using NodaTime;

namespace Ems.Ingestion.Imports.Meters;

/// <summary>What an import knows of its meters when it begins to write.</summary>
/// <param name="Count">How many the file has.</param>
/// <param name="Describe">How to create each equipment that readings come for, by its id.</param>
/// <param name="SiteOf">The site that its readings are for; null where nothing says it.</param>
internal sealed record DescribedMeters(int Count, Func<string, Equipment> Describe, Func<string, string?> SiteOf);

/// <summary>Equipment at no site, and the site that an import takes it to.</summary>
/// <param name="Name">Of the site, where the rows have one.</param>
internal sealed record HomelessEquipment(string Id, string Site, string? Name)
{
    /// <summary>How many values it had of what, and from when to when: something else once somebody has added some.</summary>
    public string? Held { get; init; }
}

/// <summary>Describes the meters of a file that do not exist yet. What exists is left as it is, but for the site of what has none.</summary>
internal sealed class ImportedMeters(ICatalogue catalogue, IReadingStore readings, IJobStore jobs, NewEquipment unknown, SiteZones zones)
{
    private const int MostNamed = 5;

    // Further back nobody looks for what was undone.
    private const int LatestJobs = 100;

    private const char BeforeValues = ':';

    public async Task<KnownMeters> ListAsync(ImportForm form, CancellationToken cancellationToken) =>
        new((await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(equipment => equipment.Id, equipment => new KnownMeter(equipment.Site, equipment.Export.IsEver(true)) { Carrier = equipment.Carrier }), form.Site ?? form.Remembered?.Site);

    /// <summary>Tells a scan which of its meters other files of its name have called, and which sites its lines name that are there, before its zone is asked for: they may be at a site.</summary>
    public async Task TellAsync(FileScan scan, string fileName, ImportForm form, CancellationToken cancellationToken)
    {
        var sites = await catalogue.ListSitesAsync(cancellationToken);
        var placed = new BuildingSheets(catalogue, jobs);
        await scan.TellAsync(async sheet => await new LoneColumns(catalogue, jobs).TellAsync(await placed.TellAsync(AtKnownSite(sheet, sites), fileName, form, cancellationToken), fileName, form, cancellationToken));
        placed.RefuseOpen();
    }

    /// <summary>What is exactly the id or the name of a site is that site, whatever it looks like.</summary>
    private static SheetFacts AtKnownSite(SheetFacts sheet, IReadOnlyList<Site> sites) => sheet.Layout is not { WholeFile: null, SiteLines: { Count: > 0 } lines } ? sheet
        : sheet with
        {
            Layout = sheet.Layout with
            {
                Site = PlaceLines.SiteOf(lines, text => (sites.FirstOrDefault(site => site.Id == EquipmentNames.ToId(text)) ?? sites.FirstOrDefault(site => PlaceLines.AreOne(site.Id, text) || PlaceLines.AreOne(site.Name, text)))?.Id),
            },
        };

    /// <summary>With what the store knows of when they were read.</summary>
    public Task<FileFacts> CompleteAsync(FileFacts facts, DateTimeZone zone, CancellationToken cancellationToken) =>
        new StoredReads(readings).CompleteAsync(facts, zone, cancellationToken);

    /// <summary>Sites that do not exist yet are made at once.</summary>
    public async Task<DescribedMeters> DescribeAsync(IReadOnlyList<MeterFacts> meters, ImportJob job, string jobId)
    {
        var targetOf = await catalogue.FindTargetsAsync(meters.Select(meter => meter.EquipmentId), CancellationToken.None);
        var described = new Dictionary<string, Equipment>();
        foreach (var meter in meters)
        {
            if (targetOf(meter.EquipmentId) is null)
            {
                var equipment = unknown.Describe(meter.EquipmentId);
                equipment = equipment with
                {
                    Name = meter.Name ?? meter.EquipmentId,
                    Type = meter.Type ?? equipment.Type,
                    Site = (SiteOf(job.Form) ?? meter.Site ?? meter.SiteName) is { } site ? await SiteAsync(site, SiteOf(job.Form) is null ? meter.SiteName : null, job, jobId) : null,
                    Parent = meter.Parent,
                    Export = new Timeline<bool>(meter.IsExport),
                    Multiplier = new Timeline<double>(meter.Multiplier ?? 1),
                    ImportZone = job.TimeZone == zones.Default.Id ? null : job.TimeZone,
                };
                described[meter.EquipmentId] = meter.Carrier is { } carrier ? equipment with { Carrier = carrier } : equipment;
            }
        }

        return new DescribedMeters(
            meters.Count,
            id => described.GetValueOrDefault(id) ?? unknown.Describe(id) with { Site = SiteOf(job.Form) },
            // Others may create the same equipment meanwhile.
            id => job.Form.Site ?? described.GetValueOrDefault(id)?.Site ?? job.PlacedAt.GetValueOrDefault(id));
    }

    /// <summary>The site that new ones get by a profile which the headers have found, and that of the request or the rows for those that have none.</summary>
    /// <param name="zone">That the times of the file are read in.</param>
    public async Task<IReadOnlyList<ImportAssumption>> AssumeSiteAsync(
        IReadOnlyList<MeterFacts> meters, ImportForm form, DateTimeZone zone, CancellationToken cancellationToken)
    {
        if (await FindHomelessAsync(meters, form, cancellationToken) is { Count: > 0 } homeless)
        {
            return
            [
                .. homeless.GroupBy(one => one.Site).Select(taken => new ImportAssumption(
                    "site", $"{taken.Key}: {string.Join(", ", taken.Take(MostNamed).Select(one => one.Id))}{(taken.Count() > MostNamed ? $" and {taken.Count() - MostNamed} more" : "")}",
                    $"the equipment was at no site, and {(form.Site is null ? "its rows, or a line above them, name" : "the import is for")} this one")),
            ];
        }

        if (form is { Site: null, Remembered: not { Site: not null } })
        {
            return [.. await AssumePlacesAsync(meters, cancellationToken), .. await AssumeDaysAsync(meters, zone, cancellationToken)];
        }

        if (form is not { Site: null, Remembered: { Site: { } site, Profile: var profile } })
        {
            return [];
        }

        return await HasNewAsync(meters, cancellationToken) ? [new ImportAssumption("site", site, $"the profile {profile} has it, for equipment that does not exist yet")] : [];
    }

    /// <summary>Sites that are made because rows name them as the places of new equipment: a place may be a room, or what a meter measures.</summary>
    private async Task<IReadOnlyList<ImportAssumption>> AssumePlacesAsync(IReadOnlyList<MeterFacts> meters, CancellationToken cancellationToken)
    {
        var sites = (await catalogue.ListSitesAsync(cancellationToken)).Select(site => site.Id).ToHashSet();
        var targetOf = await catalogue.FindTargetsAsync(meters.Select(meter => meter.EquipmentId), cancellationToken);
        var made = meters.Where(meter => (meter.Site ?? meter.SiteName) is not null && targetOf(meter.EquipmentId) is null)
            .Select(meter => EquipmentNames.ToId((meter.Site ?? meter.SiteName)!)).Distinct().Where(place => !sites.Contains(place)).ToList();
        return made.Count == 0 ? [] :
        [
            new ImportAssumption(
                "site", $"{string.Join(", ", made.Take(MostNamed))}{(made.Count > MostNamed ? $" and {made.Count - MostNamed} more" : "")}",
                "the rows, or a line above them, name it as the place of new equipment, which is put there: it becomes a site. Send site where all are at one, or give the column the role ignored in the mapping where it names no sites"),
        ];
    }

    /// <summary>That days and months of new equipment at no site do not begin where they do in the zone of the file.</summary>
    private async Task<IReadOnlyList<ImportAssumption>> AssumeDaysAsync(IReadOnlyList<MeterFacts> meters, DateTimeZone zone, CancellationToken cancellationToken) =>
        zone.Id != zones.Default.Id && await HasNewAsync(meters.Where(meter => (meter.Site ?? meter.SiteName) is null), cancellationToken)
            ?
            [
                new ImportAssumption(
                    "site", "none", $"nothing names a site for new equipment: its next files are read in {zone.Id} too, but its days and months are shown in {zones.Default.Id}. "
                    + "Put a site with this time_zone (PUT data/sites) and import the file again with site: the equipment is put there"),
            ]
            : [];

    private async Task<bool> HasNewAsync(IEnumerable<MeterFacts> meters, CancellationToken cancellationToken)
    {
        var targetOf = await catalogue.FindTargetsAsync(meters.Select(meter => meter.EquipmentId), cancellationToken);
        return meters.Any(meter => targetOf(meter.EquipmentId) is null);
    }

    /// <summary>Equipment of the file that is at no site: an import takes it to its own, or to that which its rows name.</summary>
    public async Task<IReadOnlyList<HomelessEquipment>> FindHomelessAsync(IReadOnlyList<MeterFacts> meters, ImportForm form, CancellationToken cancellationToken)
    {
        var targetOf = await catalogue.FindTargetsAsync(meters.Select(meter => meter.EquipmentId), cancellationToken);
        var found = new Dictionary<string, HomelessEquipment>();
        foreach (var meter in meters)
        {
            if ((form.Site ?? meter.Site ?? meter.SiteName) is { } text && targetOf(meter.EquipmentId) is { Site: null, Id: var id })
            {
                found.TryAdd(id, new HomelessEquipment(id, EquipmentNames.ToId(text), form.Site is null ? meter.SiteName : null));
            }
        }

        return [.. found.Values];
    }

    /// <summary>What it has of values, before it is taken anywhere: what another import writes to it meanwhile is for its site.</summary>
    public async Task<IReadOnlyList<HomelessEquipment>> WithHeldAsync(IReadOnlyList<HomelessEquipment> homeless, CancellationToken cancellationToken)
    {
        var held = await HeldAsync([.. homeless.Select(one => one.Id)], cancellationToken);
        return [.. homeless.Select(one => one with { Held = held[one.Id] })];
    }

    /// <exception cref="ImportFaultException">Another import has taken it elsewhere since this one looked.</exception>
    public async Task PlaceAsync(IEnumerable<HomelessEquipment> homeless, ImportJob job, string jobId)
    {
        foreach (var (id, site, name) in homeless)
        {
            var actual = await catalogue.PlaceEquipmentAsync(id, await SiteAsync(site, name, job, jobId), CancellationToken.None);
            if (actual is not null && actual != site)
            {
                throw new ImportFaultException(MeterChecks.OfAnotherSite(id, actual, site));
            }
        }
    }

    /// <summary>Puts back what an import that has stored nothing has taken to its site, unless somebody has put it elsewhere or written to it since.</summary>
    public async Task TakeBackAsync(ImportJob job)
    {
        var held = await HeldAsync([.. job.PlacedAt.Keys], CancellationToken.None);
        foreach (var id in job.PlacedAt.Keys.Where(id => job.Held.GetValueOrDefault(id) is not { } before || before == held[id]))
        {
            await TakeBackAsync(job, id, CancellationToken.None);
        }
    }

    /// <summary>
    /// Puts back what an import that is undone has taken to its site, as long as nobody has described it since and it has no values but those that it had then: others may be of later imports for the site.
    /// What had such is put back when these are undone too. Says whether it has put back anything.
    /// </summary>
    public async Task<bool> TakeBackUndoneAsync(string jobId, CancellationToken cancellationToken)
    {
        var latest = (await jobs.ListAsync(LatestJobs, null, cancellationToken)).Where(job => job.State == JobState.Undone && job.Id != jobId);
        var undone = latest.Append(await jobs.FindAsync(jobId, cancellationToken)).Select(job => (job!.Id, Job: JobBody.From(job.Body) as ImportJob)).Where(one => one.Job is not null).ToDictionary(one => one.Id, one => one.Job!);
        var written = undone[jobId].Changes.Select(range => range.Series.EquipmentId).ToHashSet();
        var isAny = false;
        foreach (var (id, job) in undone)
        {
            var placed = job.PlacedAt.Keys.Where(meter => id == jobId || written.Contains(meter)).ToList();
            var held = await HeldAsync(placed, cancellationToken);
            var back = placed.Where(meter => job.Held.GetValueOrDefault(meter) is { } before && (before == held[meter] || (held[meter].EndsWith(BeforeValues) && before.StartsWith(held[meter], StringComparison.Ordinal)))).ToList();
            foreach (var meter in back)
            {
                isAny |= await TakeBackAsync(job, meter, cancellationToken);
            }

            // Whoever takes it to that site from now on may do so by hand.
            if (back.Count > 0)
            {
                await jobs.UpdateAsync(id, [JobState.Undone], JobState.Undone, (job with { PlacedAt = job.PlacedAt.ExceptBy(back, one => one.Key).ToDictionary() }).ToBody(), null, cancellationToken);
            }
        }

        return isAny;
    }

    /// <summary>Which import has created it, as long as nobody has described it, and its values.</summary>
    private async Task<Dictionary<string, string>> HeldAsync(List<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var creators = (await catalogue.ListEquipmentAsync(cancellationToken)).ToDictionary(equipment => equipment.Id, equipment => equipment.CreatedBy);
        var series = (await readings.ListSeriesAsync([.. ids], null, cancellationToken)).ToLookup(one => one.Key.EquipmentId);
        return ids.ToDictionary(id => id, id => $"{creators.GetValueOrDefault(id)}{BeforeValues}{string.Join(';', series[id].Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key.Metric} {one.Key.Length.TotalSeconds} {one.Count} {one.FirstAt} {one.LastAt}")).Order(StringComparer.Ordinal))}");
    }

    private async Task<bool> TakeBackAsync(ImportJob job, string id, CancellationToken cancellationToken)
    {
        if (await catalogue.FindEquipmentAsync(id, cancellationToken) is { MergedInto: null } equipment && equipment.Site == job.PlacedAt[id])
        {
            await catalogue.SaveEquipmentAsync(equipment with { Site = null }, cancellationToken);
            return true;
        }

        return false;
    }

    /// <summary>What becomes of the multipliers that the file says: new equipment gets them, and what exists is left as it is.</summary>
    public async Task<IReadOnlyList<ImportAssumption>> AssumeMultipliersAsync(IReadOnlyList<MeterFacts> meters, CancellationToken cancellationToken)
    {
        var targetOf = await catalogue.FindTargetsAsync(meters.Select(meter => meter.EquipmentId), cancellationToken);
        var said = new List<(string Meter, double Multiplier, string Why)>();
        foreach (var meter in meters)
        {
            if (meter.Multiplier is { } multiplier and not 1)
            {
                var known = targetOf(meter.EquipmentId);
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

    private async Task<string> SiteAsync(string text, string? name, ImportJob job, string jobId)
    {
        var id = EquipmentNames.ToId(text);
        if (await catalogue.FindSiteAsync(id, CancellationToken.None) is null)
        {
            await catalogue.SaveSiteAsync(new Site { Id = id, Name = name ?? text, TimeZone = job.TimeZone!, CreatedBy = jobId }, CancellationToken.None);
        }

        return id;
    }

    private static string? SiteOf(ImportForm form) => form.Site ?? form.Remembered?.Site;
}
