using System.Globalization;
using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Jobs;
using NodaTime;

namespace Ems.Ingestion.Imports.Meters;

/// <content>Meters that another file has given other values for the same times.</content>
internal sealed partial class MeterChecks
{
    // Enough to tell another meter from one that was corrected.
    private const int MostCompared = 500;
    private const int MostValues = 500_000;
    private const int FewestOther = 6;

    // Of files of one name: a later one may correct a few.
    private const int FewestOfOneName = 24;
    private const int MostNamed = 5;
    private const int MostWritten = 20;

    // More values of a series than these are not read between those that are compared.
    private const long MostBetween = 50_000;

    // Conversion leaves no more that were written.
    private const int MostPlaces = 6;

    // More digits are a number of its own, as that of a device or a point of a network.
    private const int MostDigits = 3;

    // Further back nobody looks for who has stored what.
    private const int LatestJobs = 100;

    // From the label of a row to where its interval is, whatever its zone.
    private static readonly Duration Farthest = Duration.FromDays(2);
    private static readonly Duration OneDay = Duration.FromDays(1);

    /// <summary>
    /// Meters that their headers alone name, as every building has a <c>Lighting</c>, or the sheet or the file, as many a workbook has a <c>Main</c>, and that a file of another name has given values of which
    /// most are others for the same times. So are those that rows call by a name, not a number, where nearly all are. Where the request says whose the file is, there are none, nor are those that its mapping
    /// gives ids, or that of a profile of files of this name. A meter of files of this name is asked about where one of another name has stored these values, or where one of another year or number has, as a number
    /// of a meter may be taken for a year, or any of a name that says nothing (<c>export.csv</c>), and nearly all are others.
    /// </summary>
    /// <param name="read">The readings of a sheet.</param>
    public async Task<IReadOnlyList<ImportFault>> FaultsOfOverwritingAsync(
        string fileName, ImportForm form, FileFacts facts, DateTimeZone zone, Func<SheetFacts, IEnumerable<ImportedReading>> read, CancellationToken cancellationToken)
    {
        if (form is { EquipmentId: not null } or { Profile: not null })
        {
            return [];
        }

        var (name, years) = (NameOf(fileName), YearsIn(fileName));
        var given = GivenBy(form);
        var sheets = facts.Sheets.Where(sheet => sheet.Layout is { NamedBy: null, WholeFile: null }).ToList();
        var named = sheets.SelectMany(sheet => NamesIn(sheet, IsArchive(fileName))).DistinctBy(one => one.Id).Where(one => form.IsMappingRemembered || !IsGiven(one.Id, one.Meter));
        var others = await FindOthersAsync([.. named], MayBeOfOthers, cancellationToken);
        if (others.Count == 0)
        {
            return [];
        }

        var extents = (await readings.ListSeriesAsync([.. others.Values.Select(one => one.Id).Distinct()], null, cancellationToken)).ToDictionary(series => series.Key);
        sheets = sheets.FindAll(sheet => extents.Values.Any(extent => MayMeet(sheet, extent)));
        if (sheets.Count == 0)
        {
            return [];
        }

        ILookup<SeriesKey, Written>? written = null;
        if (others.Values.Any(other => !other.IsOfOthers))
        {
            written = await ListWrittenAsync(fileName, MayBeOfOthers, cancellationToken);
            var met = extents.Keys.Where(series => written[series].Any(range => range.By != Writer.ThisFile && Meet(sheets, range.Range, zone))).Select(series => series.EquipmentId).ToHashSet();
            others = others.Where(other => other.Value.IsOfOthers || met.Contains(other.Value.Id)).ToDictionary();
            if (others.Count == 0)
            {
                return [];
            }
        }

        var most = Math.Clamp(MostValues / others.Count, 2 * FewestOther, MostCompared);
        var brought = new Dictionary<string, List<(SeriesKey Series, Instant Start, Duration Length, double Value)>>();
        var full = 0;
        foreach (var part in sheets.SelectMany(read).SelectMany(reading => reading.Parts).Where(part => others.ContainsKey(part.EquipmentId)))
        {
            var values = brought.TryGetValue(part.EquipmentId, out var known) ? known : brought[part.EquipmentId] = [];
            if (values.Count >= most)
            {
                continue;
            }

            // What stands still has the same zeros anywhere.
            values.AddRange(part.Values.Where(value => value.Value != 0)
                .Select(value => (Series: new SeriesKey(others[part.EquipmentId].Id, value.Metric, NominalLength.Of(part.Length)), part.Start, part.Length, value.Value))
                .Where(value => extents.TryGetValue(value.Series, out var extent) && value.Start >= extent.FirstAt && value.Start <= extent.LastAt));
            full += values.Count >= most ? 1 : 0;
            if (full == others.Count)
            {
                break;
            }
        }

        var overwritten = new List<(string Id, string File)>();
        foreach (var (meter, values) in brought)
        {
            var isOfYears = years.Count == 0 || values.Exists(value => years.Any(year => Math.Abs(year - value.Start.InUtc().Year) <= 1));
            if (isOfYears && IsGiven(meter, others[meter].Meter))
            {
                continue;
            }

            var (same, wrong) = (0, new List<(SeriesKey Series, Instant Start)>());
            foreach (var series in values.GroupBy(value => value.Series))
            {
                var there = await StoredAsync(extents[series.Key], [.. series.Select(value => value.Start).Distinct().Order()], cancellationToken);
                var both = series.Where(value => there.ContainsKey((value.Start, value.Length))).Select(value => (value.Start, value.Value, Before: there[(value.Start, value.Length)])).ToList();
                var differ = AreRounded(both) ? [] : both.FindAll(one => !SameValue.Is((one.Before, ReadingFlags.None), (one.Value, ReadingFlags.None)));
                same += both.Count - differ.Count;
                wrong.AddRange(differ.Select(one => (series.Key, one.Start)));
            }

            if (wrong.Count < FewestOther)
            {
                continue;
            }

            written ??= await ListWrittenAsync(fileName, MayBeOfOthers, cancellationToken);
            var by = wrong.ConvertAll(value => written[value.Series].Where(range => value.Start >= range.Range.First && value.Start <= range.Range.Last).ToList());
            var other = others[meter];
            var ofOthers = by.FindAll(ranges => !ranges.Exists(range => range.IsOwn) && (other.IsOfOthers || ranges.Exists(range => range.By == Writer.OtherName)));
            var ofOneName = by.FindAll(ranges => !ranges.Exists(range => range.By == Writer.ThisFile) && ranges.Exists(range => range.By == Writer.OtherNumber));
            if (AreMost(other, ofOthers.Count, same) && (!other.IsOfOthers || NameOf(other.File) != name || years.Count == 0 || !isOfYears))
            {
                overwritten.Add((meter, other.IsOfOthers ? other.File : ofOthers[0].Find(range => range.By == Writer.OtherName).File));
            }
            else if (ofOneName.Count >= FewestOfOneName && ofOneName.Count >= 9 * (same + wrong.Count - ofOneName.Count))
            {
                overwritten.Add((meter, ofOneName[0].Find(range => range.By == Writer.OtherNumber).File));
            }
        }

        return overwritten.Count == 0 ? []
            : [Overwriting(fileName, [.. overwritten.Select(one => (Name: CalledInFile(others[one.Id]), others[one.Id].Meter)).Distinct()], overwritten[0].File, form.IsMappingRemembered ? null : form.Mapping?.Equipment)];

        bool IsGiven(string id, string meter) => given.Contains(id) || given.Contains(meter);

        // A profile may call it otherwise.
        string CalledInFile(OtherMeter meter) => meter.IsOfRows ? form.Mapping?.Equipment.FirstOrDefault(entry => entry.Value == meter.Meter).Key ?? meter.Meter : meter.Meter;

        bool MayBeOfOthers(string file) => NameOf(file) != name || !YearsIn(file).SetEquals(years);
    }

    /// <summary>
    /// That a file adds to meters which its columns or sheets alone name and a file of another name has created: it may be of others that are called alike. Nothing contradicts it, as their times are others.
    /// </summary>
    public async Task<IReadOnlyList<ImportAssumption>> AssumeSharedAsync(string fileName, ImportForm form, FileFacts facts, CancellationToken cancellationToken)
    {
        var name = EquipmentNames.FromSheetOrFile("", fileName);
        if (form is { EquipmentId: not null } or { Profile: not null } or { Site: not null } || GeneralNames.HaveFile(name))
        {
            return [];
        }

        var given = GivenBy(form);
        var sheetsOf = (from sheet in facts.Sheets
                        where sheet.Layout is { NamedBy: null, WholeFile: null }
                        from id in sheet.Layout.Columns.Where(column => !column.IsMeterTold).Select(column => column.EquipmentId).Append(OfSheet(sheet.Layout)).OfType<string>().Distinct()
                        where !given.Contains(id)
                        select (Id: id, Sheet: sheet)).ToLookup(one => one.Id, one => one.Sheet);
        var others = await FindOthersAsync([.. sheetsOf.Select(meter => (meter.Key, meter.Key, false))], file => NameOf(file) != NameOf(fileName), cancellationToken);
        var specific = others.Values.Where(other => other.IsOfOthers).Select(other => other.File).Distinct().Where(file => !GeneralNames.HaveFile(EquipmentNames.FromSheetOrFile("", file))).ToHashSet();
        others = others.Where(other => other.Value.IsOfOthers && specific.Contains(other.Value.File)).ToDictionary();
        if (others.Count == 0)
        {
            return [];
        }

        var series = (await readings.ListSeriesAsync([.. others.Values.Select(one => one.Id).Distinct()], null, cancellationToken)).ToLookup(one => one.Key.EquipmentId);
        var added = others.Where(other => series[other.Value.Id].Any() && sheetsOf[other.Key].All(sheet => series[other.Value.Id].All(one => AreApart(sheet, one)))).ToList();
        return added.Count == 0 ? [] :
        [
            new ImportAssumption(
                "equipment", $"{string.Join(", ", added.Take(MostNamed).Select(one => one.Key))}{(added.Count > MostNamed ? $" and {added.Count - MostNamed} more" : "")}",
                $"{added[0].Value.File} has created {(added.Count > 1 ? "them" : "it")}, and these values are added: if {fileName} is of other meters that are called alike, undo its import and send ids of their own in the mapping: "
                + $"{{\"equipment\": {{\"{added[0].Key}\": \"{EquipmentNames.ToId($"{name} {added[0].Key}")}\"{(added.Count > 1 ? ", …" : "")}}}}}; or send site with the files of each place, from the first one on"),
        ];

        string? OfSheet(Layout layout) => layout.EquipmentId == layout.FileName && layout.EquipmentId != name && !IsArchive(fileName) ? layout.EquipmentId : null;
    }

    /// <summary>Whether values that are others say that a meter is another one. Rows may correct one that they name, as long as they leave some as they are.</summary>
    private static bool AreMost(OtherMeter meter, int other, int same) => other >= FewestOther && (meter.IsOfRows ? other >= 9 * same : other > same);

    /// <summary>The ids that the mapping says meters of this file have. One that was kept has ids of all columns, said or not.</summary>
    private static HashSet<string> GivenBy(ImportForm form) => form is not { Mapping: { } mapping, IsMappingOfOthers: false } ? []
        : [.. mapping.Equipment.Values, .. form.IsMappingRemembered ? [] : mapping.Columns.Select(column => column.EquipmentId).OfType<string>()];

    /// <summary>Whether one of both has the same values with fewer decimal places, as a report of a year may have them.</summary>
    private static bool AreRounded(List<(Instant Start, double Value, double Before)> both)
    {
        if (both.Count(one => one.Before != 0) < FewestOther)
        {
            return false;
        }

        var places = Math.Min(both.Max(one => PlacesOf(one.Value)), both.Max(one => PlacesOf(one.Before)));
        return both.TrueForAll(one => Math.Abs(one.Value - one.Before) <= 0.500001 * Math.Pow(10, -places));
    }

    private static int PlacesOf(double value) => Enumerable.Range(0, MostPlaces).FirstOrDefault(places => Math.Abs(Math.Round(value, places) - value) <= 1e-12 * Math.Abs(value), MostPlaces);

    /// <summary>What a series has at these times, the first of them first. Between a day and the next it may have thousands.</summary>
    private async Task<Dictionary<(Instant Start, Duration Length), double>> StoredAsync(SeriesInfo series, List<Instant> starts, CancellationToken cancellationToken)
    {
        var areFar = series.Count > MostBetween && series.Count * ((starts[^1] - starts[0]) / (series.LastAt - series.FirstAt)) > MostBetween;
        var there = new Dictionary<(Instant Start, Duration Length), double>();
        foreach (var (from, to) in areFar ? starts.Select(start => (start, start)) : [(starts[0], starts[^1])])
        {
            foreach (var sample in await readings.ReadAsync(series.Key, from, to + Duration.FromMilliseconds(1), 0, cancellationToken))
            {
                there[(sample.Start, sample.Length)] = sample.Value;
            }
        }

        return there;
    }

    /// <summary>Whether values of a sheet may be of times that a series has.</summary>
    private static bool MayMeet(SheetFacts sheet, SeriesInfo series) => sheet.Extent is not var (from, to)
        || (from.InUtc().ToInstant() - series.Key.Length - Farthest <= series.LastAt && to.InUtc().ToInstant() + Farthest >= series.FirstAt);

    /// <summary>Whether labels of a sheet lie within what an import has stored. The file is read once more then.</summary>
    private static bool Meet(List<SheetFacts> sheets, WrittenRange range, DateTimeZone zone) => sheets.Exists(sheet => sheet.Extent is not var (from, to)
        || (from.InZoneLeniently(zone).ToInstant() < range.Last && to.InZoneLeniently(zone).ToInstant() > range.First));

    /// <summary>Whether no value of a sheet is of a time of the series, but for where a zone begins its days.</summary>
    private static bool AreApart(SheetFacts sheet, SeriesInfo series) => sheet.Extent is var (from, to)
        && (from.InUtc().ToInstant() + OneDay > series.LastAt || to.InUtc().ToInstant() - OneDay < series.FirstAt);

    /// <summary>The meters of a sheet that columns, rows without long numbers, or the sheet or the file call, each with the one that these call or of which it is a part.</summary>
    private static IEnumerable<(string Id, string Meter, bool IsOfRows)> NamesIn(SheetFacts sheet, bool isOfArchive)
    {
        var layout = sheet.Layout;
        var parts = layout.Columns.Where(column => column.EquipmentId is null).DistinctBy(column => column.Part).ToList();
        var ofRows = from id in sheet.Subjects.Select(subject => subject.EquipmentId).OfType<string>().Distinct()
                     where id.Count(char.IsAsciiDigit) <= MostDigits
                     from part in parts
                     select (part.MeterOf(id), id, true);
        return layout.Columns.Select(column => column.EquipmentId).OfType<string>().Concat(layout.EquipmentId == layout.FileName && !isOfArchive ? [layout.EquipmentId] : [])
            .Select(id => (id, id, false)).Concat(ofRows);
    }

    /// <summary>Those of these meters that imports have created, be it of files which may be of others or not.</summary>
    private async Task<Dictionary<string, OtherMeter>> FindOthersAsync(
        List<(string Id, string Meter, bool IsOfRows)> meters, Func<string, bool> mayBeOfOthers, CancellationToken cancellationToken)
    {
        var targetOf = await catalogue.FindTargetsAsync(meters.Select(one => one.Id), cancellationToken);
        var others = new Dictionary<string, OtherMeter>();
        // One import may have created thousands.
        var files = new Dictionary<string, (string? Name, bool IsOfOthers)>();
        foreach (var (id, meter, isOfRows) in meters)
        {
            if (targetOf(id) is { CreatedBy: { } creator } known)
            {
                if (!files.TryGetValue(creator, out var file))
                {
                    files[creator] = file = await jobs.FindAsync(creator, cancellationToken) is { } stored && JobBody.From(stored.Body) is ImportJob job ? (job.FileName, mayBeOfOthers(job.FileName)) : default;
                }

                if (file.Name is not null)
                {
                    others[id] = new OtherMeter(known.Id, file.Name, meter, isOfRows, file.IsOfOthers);
                }
            }
        }

        return others;
    }

    /// <summary>What the latest imports have stored, newest first, and what their files are to this one. What a request has said to be of a meter is left to its files.</summary>
    private async Task<ILookup<SeriesKey, Written>> ListWrittenAsync(string fileName, Func<string, bool> mayBeOfOthers, CancellationToken cancellationToken)
    {
        var (name, exact) = (NameOf(fileName), EquipmentNames.WithoutExtensions(fileName));
        var isOfAny = GeneralNames.HaveNoMeter(EquipmentNames.FromSheetOrFile("", fileName)) && !DatedNames.Corrects(exact);
        return (await jobs.ListAsync(LatestJobs, null, cancellationToken)).Where(job => job.State == JobState.Completed).Select(job => JobBody.From(job.Body)).OfType<ImportJob>()
            .Select(job => (Job: job, IsOwn: !mayBeOfOthers(job.FileName), By: NameOf(job.FileName) != name ? Writer.OtherName : isOfAny || DatedNames.HaveOtherNumbers(exact, EquipmentNames.WithoutExtensions(job.FileName)) ? Writer.OtherNumber : Writer.ThisFile, Given: GivenBy(job.Form)))
            .Where(one => one.By != Writer.OtherName || one.Job.Form is { EquipmentId: null, Profile: null })
            .SelectMany(one => one.Job.Changes.Where(range => one.By != Writer.OtherName || !one.Given.Contains(range.Series.EquipmentId)).Select(range => new Written(range, one.Job.FileName, one.By, one.IsOwn)))
            .ToLookup(one => one.Range.Series);
    }

    private enum Writer { ThisFile, OtherNumber, OtherName }

    /// <param name="IsOwn">Whether the file is of this one's name and years.</param>
    private readonly record struct Written(WrittenRange Range, string File, Writer By, bool IsOwn);

    /// <summary>A meter that an import has created.</summary>
    /// <param name="Id">Of what has its values.</param>
    /// <param name="Meter">What this file's columns or rows name, of which it may be a part.</param>
    /// <param name="IsOfOthers">Whether the file that has created it is of another name.</param>
    private readonly record struct OtherMeter(string Id, string File, string Meter, bool IsOfRows, bool IsOfOthers);

    /// <summary>What lies in one has the name of a file.</summary>
    public static bool IsArchive(string fileName) => fileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    /// <summary>They are numbers of meters, as in <c>Building 2020</c>, where no value is of about that time.</summary>
    private static HashSet<int> YearsIn(string fileName) => [.. Years().Matches(fileName).Select(year => int.Parse(year.Value, CultureInfo.InvariantCulture))];

    /// <param name="sent">The ids that the request gives other meters: what it sends next has to have them, too.</param>
    private static ImportFault Overwriting(string fileName, List<(string Name, string Id)> meters, string other, IReadOnlyDictionary<string, string>? sent)
    {
        var name = EquipmentNames.FromSheetOrFile("", fileName);
        var whole = Path.GetFileNameWithoutExtension(fileName);
        var own = meters.ToDictionary(meter => meter.Name, meter => EquipmentNames.ToId(OwnName(meter)));
        return new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{string.Join(", ", meters.Take(MostNamed).Select(meter => meter.Id))}{(meters.Count > MostNamed ? $" and {meters.Count - MostNamed} more" : "")} of {other} {(meters.Count > 1 ? "have" : "has")} other values for the same times, "
            + $"which {fileName} would overwrite. If it is of other meters, send ids of their own in the mapping: {Written(own)}. "
            + $"If it corrects these, send theirs: {Written(meters.DistinctBy(meter => meter.Name).ToDictionary(meter => meter.Name, meter => meter.Id))}."
            + (own.Count + (sent?.Count ?? 0) > MostWritten ? " Others than those that are named so are asked about again: the mapping that data/preview proposes has ids of their own for all." : ""),
            Alternatives: [.. own.Values])
        {
            Guess = new ImportMapping { Equipment = own },
        };

        string OwnName((string Name, string Id) meter) => meter.Name != name ? $"{(NameOf(other) == NameOf(fileName) ? whole : name)} {meter.Name}" : whole == meter.Id ? $"{whole} 2" : whole;

        string Written(Dictionary<string, string> ids) =>
            $"{{\"equipment\": {{{string.Join(", ", ids.Concat(sent ?? new Dictionary<string, string>()).DistinctBy(entry => entry.Key).Take(MostWritten).Select(entry => $"\"{entry.Key}\": \"{entry.Value}\""))}}}}}";
    }

    /// <summary>Without dates and copy numbers, and without what says that it corrects another one.</summary>
    public static string NameOf(string fileName) => Corrections().Replace(EquipmentNames.FromSheetOrFile("", fileName), "").Trim(' ', '_', '-', '.').ToUpperInvariant();

    [GeneratedRegex(@"(?<!\d)(19|20)\d{2}(?=((0[1-9]|1[0-2])(\d{2})?)?(?!\d))", RegexOptions.CultureInvariant)]
    private static partial Regex Years();

    [GeneratedRegex($@"(?<![\p{{L}}])({DatedNames.Correcting}|v\d+)(?![\p{{L}}])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Corrections();
}
