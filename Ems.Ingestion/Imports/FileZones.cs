using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Times;
using Ems.Ingestion.Sites;
using NodaTime;
using NodaTime.TimeZones;

namespace Ems.Ingestion.Imports;

/// <summary>Where the local times of a file are.</summary>
/// <param name="Assumption">Null where the request has said it.</param>
/// <param name="Open">That its meters are in several zones, of which this is but one; or that its times are in another one.</param>
internal sealed record FileZone(DateTimeZone Zone, ImportAssumption? Assumption = null, ImportFault? Open = null)
{
    /// <summary>Whether the file names summer and winter time by turns, which are those of one place: a site may say of which.</summary>
    public bool IsInTurns { get; init; }

    /// <summary>Whether a site or a profile says it.</summary>
    public bool IsOfPlace { get; init; }
}

/// <summary>Finds the zone of a file whose request names none: what the file says itself, that of the site or of the sites of its meters, or of the profile that they come by.</summary>
internal sealed class FileZones(ICatalogue catalogue, RememberedMeters remembered, SiteZones zones)
{
    private const int MostNamed = 5;
    private const string ReadSo = "the file that these rejected rows are of was read so";
    private const string NothingSaysIt = "neither the request nor a site names a zone";

    // Countries that have shared a clock for long are one zone here.
    private static readonly ZoneEqualityComparer SameClock =
        ZoneEqualityComparer.ForInterval(new Interval(Instant.FromUtc(2000, 1, 1, 0, 0), Instant.FromUtc(2050, 1, 1, 0, 0)));

    private static readonly Instant Winter = Instant.FromUtc(2024, 1, 15, 0, 0);
    private static readonly Instant Summer = Instant.FromUtc(2024, 7, 15, 0, 0);

    /// <param name="told">IANA name; null when the request names no zone.</param>
    public async Task<FileZone> FindAsync(string? told, ImportForm form, FileScan scan, CancellationToken cancellationToken)
    {
        if (told is not null)
        {
            return new FileZone(DateTimeZoneProviders.Tzdb[told]);
        }

        var said = scan.IsAllTold ? null : Said(scan);
        if (said is { IsInTurns: false } && (said.Open is not null || (scan.ZonelessMembers.Count == 0 && !scan.SaysOffsetsAlone)))
        {
            return said;
        }

        var elsewhere = await FindElsewhereAsync(form, scan, cancellationToken);
        elsewhere = said is null && elsewhere.Open is null ? elsewhere with { Open = scan.FindClockJump(elsewhere.Zone) } : elsewhere;
        if (said is { IsInTurns: false, Open: null } && scan.SaysOffsetsAlone)
        {
            if (elsewhere is { IsOfPlace: true, Open: null, Assumption: { } place })
            {
                var isOfWinter = StandardOf(said.Zone) == StandardOf(elsewhere.Zone);
                said = isOfWinter ? Assume(elsewhere.Zone, $"{place.Why}, whose offset in winter the lines above the table have") : Assume(said.Zone, $"{said.Assumption!.Why}, and not {place.Value}, {place.Why}, whose offset in winter is another one");
                elsewhere = isOfWinter ? said : elsewhere;
            }

            if (scan.ZonelessMembers.Count == 0)
            {
                return said;
            }
        }

        if (said is { IsInTurns: false })
        {
            return elsewhere.Open is null && SameClock.Equals(said.Zone, elsewhere.Zone) ? said : said with { Open = AskOfMembers(said.Zone, elsewhere.Zone, scan.ZonelessMembers) };
        }

        return said is null || HasBoth(elsewhere.Zone, scan) ? elsewhere : said;
    }

    /// <summary>Whether the clocks of a zone show summer and winter time as the rows name them.</summary>
    private static bool HasBoth(DateTimeZone zone, FileScan scan) =>
        scan.SaidZones.Select(said => DateTimeZoneProviders.Tzdb[said.Zone].MinOffset).ToHashSet().SetEquals([zone.GetUtcOffset(Winter), zone.GetUtcOffset(Summer)]);

    /// <summary>That of its clocks in winter, wherever it is.</summary>
    private static Offset StandardOf(DateTimeZone zone) => Offset.Min(zone.GetUtcOffset(Winter), zone.GetUtcOffset(Summer));

    private async Task<FileZone> FindElsewhereAsync(ImportForm form, FileScan scan, CancellationToken cancellationToken)
    {
        if (form is { Site: { } own, Remembered: not { TimeZone: not null } } && await catalogue.FindSiteAsync(own, cancellationToken) is { } known)
        {
            return Assume(DateTimeZoneProviders.Tzdb[known.TimeZone], $"the zone of the site {own}") with { IsOfPlace = true };
        }

        if (scan is { IsAllTold: true, ToldZones: [var (_, before)] })
        {
            return Assume(DateTimeZoneProviders.Tzdb[before], ReadSo);
        }

        List<Place> places = [.. await PlacesOfAsync(form, scan.Meters, cancellationToken), .. scan.ToldZones.Select(told => new Place(told.File, told.Zone, ReadSo))];
        if (scan.FeedZone is { } ofFeed && places.TrueForAll(place => place.IsOfImport))
        {
            return Assume(DateTimeZoneProviders.Tzdb[ofFeed], "the feed says it");
        }

        var clocks = places.GroupBy(place => DateTimeZoneProviders.Tzdb[place.TimeZone], SameClock).OrderByDescending(clock => clock.Count()).ToList();
        return clocks.Count switch
        {
            0 when scan is { HasLocalTimes: true, UnclearZone: { } unclear } => Assume(
                zones.Default,
                $"{NothingSaysIt}; {unclear.Name} in {unclear.Where} is not used, as "
                + (ZoneNames.Find(unclear.Name) is null ? "several zones are called so: send time_zone, as America/Los_Angeles" : "it does not say whether clocks change: send time_zone, as Europe/Berlin or Etc/GMT-1")),
            0 => Assume(zones.Default, NothingSaysIt),
            1 => Assume(clocks[0].Key, WhyOf(places)) with { IsOfPlace = places.Exists(place => !place.IsOfImport) },
            _ when !scan.HasLocalTimes => Assume(zones.Default, "all times of the file carry their offset; its meters' sites are in several zones"),
            _ => Assume(clocks[0].Key, "its meters' sites are in several zones; this is a guess") with { Open = Ask(clocks) },
        };
    }

    /// <summary>The zone that the file names for its times; null where it names none.</summary>
    private static FileZone? Said(FileScan scan)
    {
        var clocks = scan.SaidZones.GroupBy(said => DateTimeZoneProviders.Tzdb[said.Zone], SameClock).ToList();
        return clocks.Count == 0 ? null
            : clocks.Count == 1 ? Assume(clocks[0].Key, clocks[0].First().Why)
            : !scan.HasLocalTimes ? Assume(clocks[0].Key, "all times of the file carry their offset; its rows name several zones")
            : Assume(clocks[0].Key, "its rows name several zones; this is a guess") with
            {
                IsInTurns = clocks.TrueForAll(clock => clock.Key.MinOffset == clock.Key.MaxOffset)
                    && clocks.Count == 2 && Math.Abs(clocks[0].Key.MinOffset.Seconds - clocks[1].Key.MinOffset.Seconds) == NodaConstants.SecondsPerHour,
                Open = new ImportFault(
                    ImportFault.AmbiguousMapping,
                    $"The file has local times in several zones: {string.Join(", ", clocks.Take(MostNamed).Select(clock => clock.First().Zone))}. Send time_zone if all are written in one, as time_zone={clocks[0].First().Zone}; else send the rows of each zone in a file of their own.",
                    Alternatives: [.. clocks.Select(clock => clock.First().Zone)]),
            };
    }

    /// <summary>Sites that exist, of the meters that are known or that the file puts there, and what the profile says that others come by.</summary>
    private async Task<List<Place>> PlacesOfAsync(ImportForm form, IReadOnlyList<MeterFacts> meters, CancellationToken cancellationToken)
    {
        var sites = (await catalogue.ListSitesAsync(cancellationToken)).ToDictionary(site => site.Id);
        var found = new HashSet<Place>();
        var (hasHomeless, hasRemembered) = (false, false);
        var comes = remembered.By(form);
        var named = meters.Select(meter => (Id: meter.EquipmentId, Place: meter.Site ?? meter.SiteName));
        named = form.EquipmentId is { } own ? named.Prepend((own, null)) : named;
        var targetOf = await catalogue.FindTargetsAsync(named.Select(one => one.Id), cancellationToken);
        foreach (var (id, place) in named)
        {
            var known = targetOf(id);
            var profile = await comes(id, known, cancellationToken) ? form.Remembered : null;
            hasRemembered |= profile is not null;
            if (profile?.TimeZone is { } zone)
            {
                found.Add(new Place(profile.Profile, zone, $"the profile {profile.Profile} has it"));
            }
            else if ((known?.Site ?? form.Site ?? profile?.Site ?? (place is null ? null : EquipmentNames.ToId(place))) is { } site && sites.TryGetValue(site, out var at))
            {
                found.Add(new Place(at.Id, at.TimeZone));
            }
            else if (known?.ImportZone is { } read)
            {
                found.Add(new Place(known.Id, read, $"{known.Id} came in it before") { IsOfImport = true });
            }
            else
            {
                hasHomeless |= known is not null;
            }
        }

        if (hasHomeless && hasRemembered)
        {
            found.Add(new Place("equipment without a site", zones.Default.Id, NothingSaysIt) { IsOfImport = true });
        }

        return [.. found];
    }

    private static string WhyOf(List<Place> places) =>
        places.Find(place => place.Why is not null)?.Why
        ?? $"the zone of the {(places.Count == 1 ? "site" : "sites")} {string.Join(", ", places.Take(MostNamed).Select(place => place.Name))}";

    private static FileZone Assume(DateTimeZone zone, string why) => new(zone, new ImportAssumption("time_zone", zone.Id, why));

    private static ImportFault Ask(IReadOnlyList<IGrouping<DateTimeZone, Place>> clocks) => new(
        ImportFault.AmbiguousMapping,
        $"The file has local times of meters whose sites are in several zones: {string.Join(", ", clocks.Take(MostNamed).Select(clock => $"{clock.First().Name} in {clock.Key.Id}"))}. "
        + $"Send time_zone, the zone that its times are written in, such as time_zone={clocks[0].Key.Id}; or send the meters of each zone in a file of their own.",
        Alternatives: [.. clocks.Select(clock => clock.Key.Id)]);

    /// <summary>What one file of an archive names is not the zone of the others.</summary>
    private static ImportFault AskOfMembers(DateTimeZone said, DateTimeZone elsewhere, IReadOnlyList<string> members) => new(
        ImportFault.AmbiguousMapping,
        $"The archive has a file that names {said.Id} for its local times, and {string.Join(", ", members.Take(MostNamed))}{(members.Count > MostNamed ? $" and {members.Count - MostNamed} more" : "")} "
        + $"{(members.Count > 1 ? "name" : "names")} no zone. Send time_zone if all are written in one, as time_zone={said.Id}; else send those that name none by themselves, or in an archive of their own.",
        Alternatives: [.. new[] { said.Id, elsewhere.Id }.Distinct()]);

    /// <param name="Name">Of a site, or of what else says the zone.</param>
    /// <param name="Why">Null for a site.</param>
    private sealed record Place(string Name, string TimeZone, string? Why = null)
    {
        /// <summary>Whether neither a site nor a profile says it.</summary>
        public bool IsOfImport { get; init; }
    }
}
