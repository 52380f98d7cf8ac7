using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rejections;
using Ems.Ingestion.Imports.Tables;
using NodaTime;

namespace Ems.Ingestion.Profiles;

/// <summary>A profile by its id.</summary>
internal sealed record NamedProfile(string Id, ImportProfile Profile)
{
    /// <summary>Of the headers that it was made of.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>What of it does not count.</summary>
    public IReadOnlyList<ImportAssumption> Assumptions { get; init; } = [];

    /// <summary>Whether it is of files of this one's name, which says whose they are.</summary>
    public bool KnowsFile { get; init; }

    /// <inheritdoc cref="ImportForm.Others"/>
    public IReadOnlyList<OtherProfile> Others { get; init; } = [];

    /// <summary>
    /// The form with what it leaves open said by the profile. Many kinds of meters have the same headers: a profile that only these have
    /// found does not say where all meters of the file are.
    /// </summary>
    public ImportForm Complete(ImportForm form)
    {
        var isAnswered = form.Mapping is not null || form.HasAnswers;
        var complete = form with
        {
            Metric = isAnswered ? form.Metric : Profile.Metric,
            Unit = isAnswered ? form.Unit : Profile.Unit,
            TimestampLabel = form.TimestampLabel ?? Profile.TimestampLabel,
            Mapping = form.Mapping ?? Profile.Mapping,
            IsMappingRemembered = form.Mapping is null,
            IsMappingOfOthers = form.Mapping is null && !KnowsFile,
            MappingFiles = form is { Mapping: null, Profile: null } ? Profile.Files : null,
            Others = Others,
            Fingerprint = Fingerprint,
        };
        return form.Profile is null
            ? complete with { Remembered = (Profile.Site ?? Profile.TimeZone) is null ? null : new RememberedPlace(Id, Profile.Site, Profile.TimeZone) }
            : complete with
            {
                Site = form.Site ?? Profile.Site,
                TimeZone = form.TimeZone ?? Profile.TimeZone,
                EquipmentId = form.EquipmentId ?? Profile.EquipmentId,
            };
    }

    public OtherProfile AsOther() => new(Id, [.. Profile.Mapping.Columns.Select(column => column.Metric).OfType<string>().Distinct()]);
}

/// <summary>Remembers mappings that were accepted, and finds them again.</summary>
internal sealed class ProfileMemory(IProfileStore profiles, RememberedEquipment equipment, IJobStore jobs, TimeProvider time)
{
    public async Task<NamedProfile?> FindAsync(string id, CancellationToken cancellationToken) =>
        await profiles.FindAsync(id, cancellationToken) is { } stored ? new NamedProfile(id, ImportProfile.From(stored)) { Fingerprint = stored.Fingerprint } : null;

    /// <summary>The newest profile of a file with these headers; one that knows a meter by this file's name, or is of files of its name, comes before others.</summary>
    /// <param name="form">May say which site and which sheet the file is for.</param>
    /// <exception cref="ImportFaultException">The file cannot be read.</exception>
    public async Task<NamedProfile?> FindAsync(ITableFile file, ImportForm form, CancellationToken cancellationToken)
    {
        var known = (await profiles.ListAsync(cancellationToken)).ToLookup(stored => stored.Fingerprint);
        if (known.Count == 0)
        {
            return null;
        }

        using var source = file.Open();
        do
        {
            var sample = RejectedHeader.TakeOff(SheetSample.Take(source));
            var (sheet, fileName) = sample.Told is { File: { } whole } rows ? (rows.Sheet ?? "", whole) : (source.SheetName, file.Name);
            var own = EquipmentNames.FromFile(sheet, fileName);
            string[] names = sample.Told is { File: not null } told ? [told.Name ?? EquipmentNames.FromSheetOrFile(sheet, fileName)]
                : [EquipmentNames.FromSheetOrFile(source.SheetName, file.Name), EquipmentNames.FromSheetOrFile(source.SheetName, file.Name, isAlone: true)];
            var found = HeaderFingerprint.Candidates(sample)
                .SelectMany(fingerprint => known[fingerprint])
                .Select(stored => (Named: new NamedProfile(stored.Id, ImportProfile.From(stored)) { Fingerprint = stored.Fingerprint }, stored.SavedAt))
                .Where(one => form.Site is null || one.Named.Profile.Site is null || one.Named.Profile.Site == form.Site)
                .Where(one => form.Sheet is null || one.Named.Profile.Mapping.Sheet is null || one.Named.Profile.Mapping.Sheet.Equals(form.Sheet, StringComparison.OrdinalIgnoreCase))
                .Where(one => one.Named.Profile is not { IsOfAnswers: true, Files: not null }
                    || (RankOf(one.Named, sample.Told?.Profile, own, names) > 0 && (form.EquipmentId is null || form.EquipmentId == one.Named.Profile.EquipmentId)))
                .OrderByDescending(one => RankOf(one.Named, sample.Told?.Profile, own, names)).ThenByDescending(one => one.SavedAt)
                .Select(one => one.Named)
                .ToList();
            if (found.Count > 0)
            {
                var others = RankOf(found[0], sample.Told?.Profile, own, names) == 0 ? found.Skip(1).Select(other => other.AsOther()) : [];
                var name = EquipmentNames.FromSheetOrFile("", file.Name);
                var knowsFile = found[0].Profile.Files?.Contains(name) == true && !GeneralNames.HaveFile(name);
                return await equipment.KeepAsync(found[0] with { Others = [.. others], KnowsFile = knowsFile }, own, form.Site, cancellationToken);
            }
        }
        while (source.NextSheet());
        return null;
    }

    /// <summary>How much more than the headers speaks for a profile. What it calls a sheet of one file is not what other files call theirs.</summary>
    /// <param name="own">What the file is called.</param>
    /// <param name="names">What its sheet may be called, which may be as the file is.</param>
    private static int RankOf(NamedProfile named, string? told, string own, string[] names)
    {
        var (equipment, files) = (named.Profile.Mapping.Equipment, named.Profile.Files);
        return named.Id == told ? 3
            : equipment.ContainsKey(own) || (files?.Contains(own) != false && names.Any(equipment.ContainsKey)) ? 2
            : files?.Contains(own) == true ? 1 : 0;
    }

    /// <summary>What an import was told and what it made of it, to be kept, and what it takes the place of; null where that says more.</summary>
    /// <param name="jobId">Of the import; a process before this one may have kept its profile already.</param>
    public async Task<(StoredProfile Profile, StoredProfile? Before)?> PrepareAsync(string jobId, ImportJob job, IReadOnlyList<Layout> layouts)
    {
        var (id, form) = (job.Profile, job.Form);
        var fingerprint = HeaderFingerprint.Of(layouts[0]);
        var name = layouts[0].NamedBy is null ? layouts[0].FileOf(job.FileName) : layouts[0].FileName;
        id ??= $"{name}-{fingerprint[..8]}";
        var own = layouts.Where(layout => layout.NamesItsOwnEquipment).Select(layout => KeyValuePair.Create(layout.FileName, layout.EquipmentId));
        // Who has only said metric and unit has seen no mapping: the rest is decided anew.
        var mapping = form.Mapping is { } sent
            ? sent with
            {
                Sheet = sent.Sheet ?? form.Sheet,
                Columns = MappingChecks.AsSent(new ImportMapping { Columns = ColumnProposals.Join(layouts) }).Columns,
                Equipment = sent.Equipment.Concat(own).GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value),
            }
            : new ImportMapping { Sheet = form.Sheet, Equipment = form.EquipmentId is null ? new Dictionary<string, string>() : own.DistinctBy(entry => entry.Key).ToDictionary() };
        var stored = await profiles.FindAsync(id, CancellationToken.None);
        stored = stored is not null && ImportProfile.From(stored).SavedBy == jobId ? job.ProfileBefore : stored;
        var before = stored is null ? null : ImportProfile.From(stored);
        var names = layouts.Select(layout => layout.FileOf(job.FileName)).Distinct().ToList();
        var isWhole = layouts.All(layout => layout.WholeFile is null);
        // A few rejected rows show less of a kind of files than the whole one did, answers less than a mapping, and a report may be of anything.
        if (form.Mapping is null ? !isWhole || before is { IsOfAnswers: false } || (names.Exists(GeneralNames.HaveFile) && !AreNamed(form, layouts)) : !isWhole && before is not null)
        {
            return null;
        }

        var profile = new ImportProfile
        {
            Name = before?.Name ?? name,
            Site = form.Site,
            TimeZone = form.TimeZone,
            TimestampLabel = form.TimestampLabel,
            Metric = form.Metric,
            Unit = form.Unit,
            EquipmentId = form.EquipmentId ?? before?.EquipmentId,
            Mapping = mapping,
            // Files that name their meter themselves may be called anything.
            Files = form.Mapping is not null && layouts.Any(layout => layout.NamedBy is not null) ? null : names,
            SavedBy = jobId,
        };
        return (new StoredProfile(id, fingerprint, profile.ToBody(), Instant.FromDateTimeOffset(time.GetUtcNow())), stored);
    }

    /// <summary>
    /// Whether it was only said that columns are registers of which their headers name the meter and the unit: they are so in the next file, however that is called, unless their values show otherwise.
    /// </summary>
    private static bool AreNamed(ImportForm form, IReadOnlyList<Layout> layouts) => form is { Unit: null, Metric: { } metric } && MetricCatalogue.Find(metric) is { Kind: QuantityKind.Register }
        && layouts.SelectMany(layout => layout.Columns).Where(column => column.Metric == metric).ToList() is { Count: > 0 } said
        && said.TrueForAll(column => column is { IsSaidByRow: false, HasUnitOfRow: false, Name: { Length: > 0 } name } && HeaderReader.Read(column.Header).Unit is not null
            && !GeneralNames.Have(name) && !PartNames.HaveSum(name) && Carriers.Without(name).Length > 0);

    public Task SaveAsync(StoredProfile profile) => profiles.SaveAsync(profile, CancellationToken.None);

    /// <summary>Puts back what was there before the import kept its profile, unless somebody has changed it since.</summary>
    public async Task UndoAsync(string jobId, ImportJob job, CancellationToken cancellationToken)
    {
        if (job.Profile is not { } id || await profiles.FindAsync(id, cancellationToken) is not { } stored || ImportProfile.From(stored).SavedBy != jobId)
        {
            return;
        }

        // What an import kept that was undone meanwhile does not come back.
        var before = job.ProfileBefore;
        while (before is not null && ImportProfile.From(before).SavedBy is { } other
            && await jobs.FindAsync(other, cancellationToken) is { State: JobState.Undone, Body: var body })
        {
            before = ImportJob.From(body).ProfileBefore;
        }

        await (before is null ? profiles.DeleteAsync(id, cancellationToken) : profiles.SaveAsync(before, cancellationToken));
    }
}
