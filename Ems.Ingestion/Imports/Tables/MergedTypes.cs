using Ems.Core.Metering;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Subjects;

namespace Ems.Ingestion.Imports.Tables;

/// <summary>Tells types whose cells are merged from those that only some rows have.</summary>
internal static class MergedTypes
{
    private const int FewestTypes = 2;

    /// <summary>
    /// Whether it stands before what it is of, several types have blanks below, and none comes again right after itself: what only some rows say is theirs alone.
    /// No blank is of a row whose name or unit is of another type.
    /// </summary>
    /// <param name="of">The column of meters or times.</param>
    public static bool AreIn(SheetTable table, SubjectColumns subject, int type, int of)
    {
        var texts = table.Filled(type).Select(HeaderTexts.TextOf).ToList();
        if (table.ToldColumns is not null || type >= of || texts.Zip(texts.Skip(1)).Any(pair => pair.First == pair.Second))
        {
            return false;
        }

        var above = "";
        var merged = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in table.Rows.Where(row => row.Filled > 1))
        {
            var own = HeaderTexts.TextOf(row[type]);
            if (own.Length == 0 && Contradict(row, subject, above))
            {
                return false;
            }

            _ = own.Length == 0 && merged.Add(above);
            above = own.Length == 0 ? above : own;
        }

        return merged.Count >= FewestTypes;
    }

    public static IEnumerable<ImportAssumption> Assume(SheetTable table, SubjectColumns subject)
    {
        if (subject is { TypeFillsDown: true, Type: { } type })
        {
            yield return new ImportAssumption("layout", $"{table.HeaderOf(type)}: blank cells are those of the row above", "they stand below several types, of which none comes again right after itself, as in merged cells");
        }

        if (subject.Type is { } use && table.Told is null && CarrierTexts.MayBeUses(table, use))
        {
            yield return new ImportAssumption(
                "carrier", $"{table.HeaderOf(use)}: {string.Join(", ", table.Filled(use).Select(HeaderTexts.TextOf).Distinct())}",
                "it is taken for what the meters count; give the column the role ignored in the mapping if it says what electricity is used for");
        }
    }

    private static bool Contradict(SampleRow row, SubjectColumns subject, string type) => Carriers.Find(type) is { } carrier
        && (new[] { subject.Equipment, subject.Name }.OfType<int>().Any(column => Carriers.FindAll(HeaderTexts.TextOf(row[column])).Any(other => other != carrier))
            || (subject.Unit is { } unit && Units.TryParse(HeaderTexts.TextOf(row[unit]), out var of)
                && (of.Dimension == Dimension.Volume ? Carriers.MetricOf(carrier, of.Dimension) is null : of.Dimension == Dimension.Energy && carrier == Carriers.Water)));
}
