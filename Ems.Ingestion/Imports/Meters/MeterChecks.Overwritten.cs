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

/// <content>Meters that a file of another name has given other values for the same times.</content>
internal sealed partial class MeterChecks
{
    // Enough to tell another meter from one that was corrected.
    private const int MostCompared = 500;
    private const int FewestOther = 6;
    private const int MostNamed = 5;

    /// <summary>
    /// Meters that their headers alone name, as every building has a <c>Lighting</c>, or the sheet or the file, as many a workbook has a <c>Main</c>, and that a file of another name has given values of which
    /// most are others for the same times. Where the request says whose the file is, there are none.
    /// </summary>
    /// <param name="read">The readings of a sheet.</param>
    public async Task<IReadOnlyList<ImportFault>> FaultsOfOverwritingAsync(
        string fileName, ImportForm form, FileFacts facts, Func<SheetFacts, IEnumerable<ImportedReading>> read, CancellationToken cancellationToken)
    {
        if (form is { EquipmentId: not null } or { Profile: not null } or { Mapping: not null, IsMappingRemembered: false })
        {
            return [];
        }

        var (name, years) = (NameOf(fileName), YearsIn(fileName));
        var sheets = facts.Sheets.Where(sheet => sheet.Layout is { NamedBy: null, WholeFile: null }).ToList();
        var others = await FindOthersAsync(fileName, sheets.ConvertAll(sheet => sheet.Layout), file => NameOf(file) != name || !YearsIn(file).SetEquals(years), cancellationToken);
        if (others.Count == 0)
        {
            return [];
        }

        var extents = (await readings.ListSeriesAsync([.. others.Values.Select(one => one.Id).Distinct()], null, cancellationToken)).ToDictionary(series => series.Key);
        var brought = new Dictionary<string, List<(SeriesKey Series, Instant Start, Duration Length, double Value)>>();
        foreach (var part in sheets.SelectMany(read).SelectMany(reading => reading.Parts).Where(part => others.ContainsKey(part.EquipmentId)))
        {
            var values = brought.TryGetValue(part.EquipmentId, out var known) ? known : brought[part.EquipmentId] = [];
            // What stands still has the same zeros anywhere.
            values.AddRange(part.Values.Where(value => value.Value != 0 && values.Count < MostCompared)
                .Select(value => (Series: new SeriesKey(others[part.EquipmentId].Id, value.Metric, NominalLength.Of(part.Length)), part.Start, part.Length, value.Value))
                .Where(value => extents.TryGetValue(value.Series, out var extent) && value.Start >= extent.FirstAt && value.Start <= extent.LastAt));
            if (brought.Count == others.Count && brought.Values.All(all => all.Count >= MostCompared))
            {
                break;
            }
        }

        var overwritten = new List<string>();
        foreach (var (meter, values) in brought)
        {
            var (same, other) = (0, 0);
            foreach (var series in values.GroupBy(value => value.Series))
            {
                var there = (await readings.ReadAsync(series.Key, series.Min(value => value.Start), series.Max(value => value.Start) + Duration.FromMilliseconds(1), 0, cancellationToken))
                    .ToDictionary(sample => (sample.Start, sample.Length), sample => sample.Value);
                foreach (var value in series)
                {
                    if (there.TryGetValue((value.Start, value.Length), out var before))
                    {
                        (same, other) = SameValue.Is((before, ReadingFlags.None), (value.Value, ReadingFlags.None)) ? (same + 1, other) : (same, other + 1);
                    }
                }
            }

            if (other >= FewestOther && other > same && (NameOf(others[meter].File) != name || !values.Exists(value => years.Any(year => Math.Abs(year - value.Start.InUtc().Year) <= 1))))
            {
                overwritten.Add(meter);
            }
        }

        return overwritten.Count == 0 ? [] : [Overwriting(fileName, overwritten, others[overwritten[0]].File)];
    }

    /// <summary>Meters that columns, sheets or the file's name call, and that a file which may be of others has created, each with its id and that file.</summary>
    private async Task<Dictionary<string, (string Id, string File)>> FindOthersAsync(
        string fileName, List<Layout> layouts, Func<string, bool> mayBeOfOthers, CancellationToken cancellationToken)
    {
        var targetOf = await catalogue.FindTargetsAsync(cancellationToken);
        var others = new Dictionary<string, (string Id, string File)>();
        // One import may have created thousands.
        var files = new Dictionary<string, string?>();
        var ofNames = layouts.Where(layout => layout.EquipmentId == layout.FileName && !IsArchive(fileName)).Select(layout => layout.EquipmentId);
        foreach (var id in layouts.SelectMany(layout => layout.Columns).Select(column => column.EquipmentId).OfType<string>().Concat(ofNames).Distinct())
        {
            if (targetOf(id) is { CreatedBy: { } creator } known)
            {
                if (!files.TryGetValue(creator, out var file))
                {
                    files[creator] = file = await jobs.FindAsync(creator, cancellationToken) is { } stored && JobBody.From(stored.Body) is ImportJob job && mayBeOfOthers(job.FileName) ? job.FileName : null;
                }

                if (file is not null)
                {
                    others[id] = (known.Id, file);
                }
            }
        }

        return others;
    }

    /// <summary>What lies in one has the name of a file.</summary>
    private static bool IsArchive(string fileName) => fileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    /// <summary>They are numbers of meters, as in <c>Building 2020</c>, where no value is of about that time.</summary>
    private static HashSet<int> YearsIn(string fileName) => [.. Years().Matches(fileName).Select(year => int.Parse(year.Value, CultureInfo.InvariantCulture))];

    private static ImportFault Overwriting(string fileName, List<string> meters, string other)
    {
        var name = EquipmentNames.FromSheetOrFile("", fileName);
        var own = meters.ToDictionary(id => id, id => EquipmentNames.ToId(id == name ? Path.GetFileNameWithoutExtension(fileName) : $"{name} {id}"));
        return new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{string.Join(", ", meters.Take(MostNamed))}{(meters.Count > MostNamed ? $" and {meters.Count - MostNamed} more" : "")} of {other} {(meters.Count > 1 ? "have" : "has")} other values for the same times, "
            + $"which {fileName} would overwrite. If it is of other meters, send ids of their own in the mapping: {{\"equipment\": {{\"{meters[0]}\": \"{own[meters[0]]}\"}}}}. "
            + $"If it corrects these, send theirs: {{\"equipment\": {{\"{meters[0]}\": \"{meters[0]}\"}}}}.",
            Alternatives: [.. own.Values])
        {
            Guess = new ImportMapping { Equipment = own },
        };
    }

    /// <summary>Without dates and copy numbers, and without what says that it corrects another one.</summary>
    private static string NameOf(string fileName) => Corrections().Replace(EquipmentNames.FromSheetOrFile("", fileName), "").Trim(' ', '_', '-', '.').ToUpperInvariant();

    [GeneratedRegex(@"(?<!\d)(19|20)\d{2}(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Years();

    [GeneratedRegex(
        @"(?<![\p{L}])(corrected|correction|corrections|revised|revision|fixed|updated|final|korrigiert|korrektur|corrigé|corrige|corregido|corretto|gecorrigeerd|v\d+|rev\d*)(?![\p{L}])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Corrections();
}
