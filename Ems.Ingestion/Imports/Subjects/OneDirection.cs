using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>A column of directions that has one of them in the first rows, and so says nothing of them: the rows of another may stand far below.</summary>
internal sealed class OneDirection(int index, string header, string known, Layout layout)
{
    private const int MostNamed = 5;

    // Of registers that count one direction by the time of day: Afname Dag.
    private static readonly string[] Tariffs = ["dag", "nacht", "normaal", "piek", "dal", "hoog", "laag", "day", "night", "peak", "jour", "nuit", "tag", "ht", "nt", "hp", "hc"];

    /// <summary>The layout with such a column, and with what it means for the names of meters.</summary>
    public static Layout Watch(SheetTable table, MappedTable told, Layout layout, IEnumerable<int> values)
    {
        if (Find(table, told, layout, values) is not { } found)
        {
            return layout;
        }

        var flowsIn = found is { IsType: false, HasTariffs: false } && !Directions.IsExport(found.Known) && !Directions.ArePlain(new HeaderWords(found.Known));
        return layout with { OneDirection = found, Assumptions = [.. layout.Assumptions, .. flowsIn ? [found.Assume()] : (ImportAssumption[])[]] };
    }

    /// <summary>The sheet with it as a part, where a file that had both directions has made it one.</summary>
    public SheetFacts Tell(SheetFacts sheet, KnownMeters meters)
    {
        if (HasTariffs)
        {
            return sheet;
        }

        var ids = sheet.Subjects.Select(subject => subject.EquipmentId).OfType<string>().Select(meter => EquipmentNames.ToId($"{meter} {known}")).Distinct().Where(meters.Have).Take(MostNamed).ToList();
        return ids.Count == 0 ? sheet : new SheetFacts(
            sheet.Layout with
            {
                Subject = sheet.Layout.Subject with { Part = index },
                Assumptions = [.. sheet.Layout.Assumptions.Where(assumption => assumption != Assume()), new ImportAssumption("direction", header, $"it has {ImportFault.Shorten(known)} alone, which is a part of its meter as before: {string.Join(", ", ids)}")],
            },
            sheet.Spool, [.. sheet.Subjects.Select(subject => subject with { Part = known })], sheet.Order, sheet.DecimalComma)
        {
            HasOpenDates = sheet.HasOpenDates,
        };
    }

    private string Known => known;

    /// <summary>Whether its first rows have tariffs of one direction, which are of one meter.</summary>
    private bool HasTariffs { get; init; }

    /// <summary>Whether it is headed as a type alone, below which there may be other kinds of what flows in.</summary>
    private bool IsType => IsOfTypes(header);

    /// <summary>Whether a header is one of types, and of nothing that tells channels apart.</summary>
    public static bool IsOfTypes(string header) => new HeaderWords(header).Any("type", "typ", "tipo") && !PartColumn.AreNamedBy(header);

    private ImportAssumption Assume() => new(
        "direction", header, $"it has {ImportFault.Shorten(known)} alone, which is of the meter itself; of a file that has what flows out, too, it is a part: give it the role part in the mapping if it is to be one here");

    /// <summary>Null where no column is one.</summary>
    private static OneDirection? Find(SheetTable table, MappedTable told, Layout layout, IEnumerable<int> values)
    {
        var taken = values.Concat(layout.Time.Indexes).Concat(layout.Subject.Indexes).ToHashSet();
        // What is used may be called by what is measured.
        taken.ExceptWith(layout.Subject.Metric is { } measured && IsOfTypes(table.HeaderOf(measured)) ? [measured] : []);
        return table.Told is not null ? null : table.Columns.Where(column => !taken.Contains(column) && told.Find(column) is null && (PartColumn.AreNamedBy(table.HeaderOf(column)) || IsOfTypes(table.HeaderOf(column))))
            .Select(column => PartColumn.ChannelsIn(table, column).ToList() is [var only] ? new OneDirection(column, table.HeaderOf(column), only, layout)
                : TariffsIn(table, column) is [var first, ..] tariffs && tariffs.TrueForAll(tariff => Directions.IsExport(tariff) == Directions.IsExport(first)) ? new OneDirection(column, table.HeaderOf(column), first, layout) { HasTariffs = true }
                : null)
            .FirstOrDefault(found => found is not null);
    }

    /// <summary>The texts of a column of channels where all of them are tariffs of a direction; none where any other is.</summary>
    private static List<string> TariffsIn(SheetTable table, int column)
    {
        var texts = PartColumn.AreNamedBy(table.HeaderOf(column)) ? table.Rows.Select(row => row[column]).Where(cell => !MissingMarkers.IsMissing(cell)).Select(HeaderTexts.TextOf).Distinct(StringComparer.OrdinalIgnoreCase).ToList() : [];
        return texts.TrueForAll(IsTariff) ? texts : [];
    }

    private static bool IsTariff(string text) => Directions.NamedIn(text) && new HeaderWords(text) is var words && words.Any((IEnumerable<string>)Tariffs) && Directions.NameNothing(new HeaderWords(string.Join(' ', words.Except(Tariffs))));

    /// <exception cref="ImportFaultException">The row has another.</exception>
    public void Check(ITableSource row)
    {
        if (index >= row.Cells.Count || MissingMarkers.IsMissing(row.Cells[index]) || HeaderTexts.TextOf(row.Cells[index]) is not { } text
            || text.Equals(known, StringComparison.OrdinalIgnoreCase) || (HasTariffs ? Directions.IsExport(text) == Directions.IsExport(known) : !Directions.AreChannel(text)) || Directions.ArePlain(new HeaderWords(text))
            || (IsType && Directions.NameNoConsumption(text) == Directions.NameNoConsumption(known)))
        {
            return;
        }

        var parts = ImportMapping.Written(new MappedColumn(header) { Role = ColumnRole.Part });
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"The column {header} has {ImportFault.Shorten(known)} in the first rows and {ImportFault.Shorten(text)} in row {row.RowNumber}. Give it the role part in the mapping: both are then kept apart. Send {parts}.",
            layout.Sheet, row.RowNumber, header, [parts])
        {
            Guess = new ImportMapping { Columns = [new MappedColumn(header) { Role = ColumnRole.Part, Confidence = 0.8, Reason = "its cells name directions" }] },
        });
    }
}
