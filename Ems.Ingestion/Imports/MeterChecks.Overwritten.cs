using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Equipments;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Jobs;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <content>Meters that a file of another name has given other values for the same times.</content>
internal sealed partial class MeterChecks
{
    // Enough to tell another meter from one that was corrected.
    private const int MostCompared = 2_000;
    private const int FewestOther = 6;
    private const int MostNamed = 5;

    /// <summary>
    /// Meters that their headers alone name, as every building has a <c>Lighting</c>, and that a file of another name has given values of which
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

        var others = new Dictionary<string, (string Id, string File)>();
        var sheets = facts.Sheets.Where(sheet => sheet.Layout is { NamedBy: null, WholeFile: null }).ToList();
        foreach (var id in sheets.SelectMany(sheet => sheet.Layout.Columns).Select(column => column.EquipmentId).OfType<string>().Distinct())
        {
            if (await catalogue.FindTargetAsync(id, cancellationToken) is { CreatedBy: { } creator } known
                && await jobs.FindAsync(creator, cancellationToken) is { } stored && JobBody.From(stored.Body) is ImportJob { FileName: var file } && NameOf(file) != NameOf(fileName))
            {
                others[id] = (known.Id, file);
            }
        }

        if (others.Count == 0)
        {
            return [];
        }

        var brought = sheets.SelectMany(read).SelectMany(reading => reading.Parts).Where(part => others.ContainsKey(part.EquipmentId))
            .SelectMany(part => part.Values, (part, value) => (Meter: part.EquipmentId, value.Metric, part.Start, part.Length, value.Value)).Take(MostCompared).ToList();
        var overwritten = new List<string>();
        foreach (var meter in brought.GroupBy(value => value.Meter))
        {
            var (same, other) = (0, 0);
            foreach (var series in meter.GroupBy(value => new SeriesKey(others[meter.Key].Id, value.Metric, NominalLength.Of(value.Length))))
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

            if (other >= FewestOther && other > same)
            {
                overwritten.Add(meter.Key);
            }
        }

        return overwritten.Count == 0 ? [] : [Overwriting(fileName, overwritten, others[overwritten[0]].File)];
    }

    private static ImportFault Overwriting(string fileName, List<string> meters, string other)
    {
        var own = meters.ToDictionary(id => id, id => EquipmentNames.ToId($"{EquipmentNames.FromSheetOrFile("", fileName)} {id}"));
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

    [GeneratedRegex(
        @"(?<![\p{L}])(corrected|correction|corrections|revised|revision|fixed|updated|final|new|original|old|again|korrigiert|korrektur|neu|alt|corrigé|corrige|corregido|corretto|gecorrigeerd|v?\d+|rev\d*)(?![\p{L}])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Corrections();
}
