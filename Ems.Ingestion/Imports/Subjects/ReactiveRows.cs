using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>
/// Columns whose texts tell which rows have reactive energy: there is no metric for it, and its numbers are not those of the other rows. Nor are those of
/// both directions together.
/// </summary>
/// <param name="byUnit">Columns in which only its unit says so: names of meters and places, all of them beside powers, which may be reactive too, and where the values are headed by a unit of energy all but channels, units and those that name active energy too.</param>
/// <param name="byCode">Columns of channels, or of such codes alone, in which the codes of these say so.</param>
/// <param name="nets">Texts that name both directions, by their columns.</param>
internal sealed class ReactiveRows(IReadOnlyList<int> columns, IReadOnlySet<int> byUnit, IReadOnlySet<int> byCode, IReadOnlyDictionary<int, IReadOnlySet<string>> nets)
{
    // The same few texts come in each row.
    private const int MostRemembered = 10_000;
    private const int MostShown = 5;

    private readonly Dictionary<(int Column, string Text), bool> _known = [];

    /// <summary>Why they are left out.</summary>
    public string Why => nets.Count == 0 ? "they are of reactive energy, for which there is no metric"
        : $"they are of {string.Join(", ", nets.Values.SelectMany(texts => texts).Order(StringComparer.Ordinal).Take(MostShown))}: {NetNames.Why}; or of reactive energy, for which there is no metric";

    public bool Have(SampleRow row) => columns.Any(column => Says(row[column], column));

    public bool Have(IReadOnlyList<Cell> cells) => columns.Any(column => column < cells.Count && Says(cells[column], column));

    /// <summary>The table without such rows, and what tells them; null where it has none.</summary>
    /// <param name="others">Columns of times and values.</param>
    /// <exception cref="ImportFaultException">All rows are.</exception>
    public static (SheetTable Table, ReactiveRows Rows)? TakeOut(SheetTable table, MappedTable told, IReadOnlyCollection<int> others)
    {
        // What the sender has a metric for is kept.
        if (table.ToldColumns is not null || told.Of(ColumnRole.Value).Select(column => told.Find(column)!.Metric).Append(told.OfMatrix?.Metric).Any(metric => metric is not null && MetricCatalogue.Find(metric) is null))
        {
            return null;
        }

        var texts = table.Columns.Where(column => !others.Contains(column) && told.Find(column)?.Purpose is not ColumnRole.Value && table.HoldsTexts(column, _ => true)).ToList();
        var havePowers = table.Headers.Concat(texts.SelectMany(column => table.Filled(column).Select(HeaderTexts.TextOf))).Distinct()
            .Any(text => HeaderReader.Read(text).Unit?.Dimension is Dimension.ReactivePower or Dimension.ApparentPower);
        var haveEnergy = table.Headers.Any(header => HeaderReader.Read(header).Unit?.Dimension == Dimension.Energy);
        var byCode = texts.Where(column => HeadsChannels(new HeaderWords(table.HeaderOf(column))) ? table.Filled(column).Select(HeaderTexts.TextOf).Any(text => ReactiveEnergy.IsCodeOfActive(text) || text is "RI" or "RE") : HasCodesAlone(table, column)).ToHashSet();
        var found = new ReactiveRows(
            texts,
            texts.Where(column => new HeaderWords(table.HeaderOf(column)) is var header && (havePowers || SubjectFinder.NamesSubject(table.HeaderOf(column)) || header.Any((IEnumerable<string>)SubjectFinder.Remarks)
                || (haveEnergy && !HeadsChannels(header) && !byCode.Contains(column) && !SubjectFinder.NameUnits(header) && !table.Filled(column).Any(cell => ReactiveEnergy.NamesActive(HeaderTexts.TextOf(cell)))))).ToHashSet(),
            byCode,
            texts.Select(column => (Column: column, Nets: NetNames.FindIn(table.Filled(column).Select(HeaderTexts.TextOf)))).Where(found => found.Nets.Count > 0).ToDictionary(found => found.Column, found => found.Nets));
        // A file that is sorted by channels has such rows far below: where channels or units are named, each row says it.
        found = new ReactiveRows([.. texts.Where(column => table.Rows.Any(row => found.Says(row[column], column)) || byCode.Contains(column) || MaySay(table, column))], found.ByUnit, found.ByCode, found.Nets);
        return found.Columns.Count == 0 ? null
            : table.Rows.FirstOrDefault(found.Have) is not { } first ? (table, found)
            : table.Without(found.Have) is { } left ? (left, found)
            : throw new ImportFaultException(new ImportFault(
                ImportFault.UnknownUnit, "All rows are of reactive energy, for which there is no metric. Give the values one of your own in the mapping to keep them.", table.Sheet, first.Number,
                table.HeaderOf(found.Columns.First(column => table.Rows.Any(row => found.Says(row[column], column))))));
    }

    private static bool MaySay(SheetTable table, int column) => new HeaderWords(table.HeaderOf(column)) is var header
        && (HeadsChannels(header) || SubjectFinder.NameUnits(header) || table.Filled(column).Any(cell => ReactiveEnergy.NamesActive(HeaderTexts.TextOf(cell))));

    /// <summary>Whether a column, whatever its header is, has nothing but codes of what flows in and out, and that of active energy among them: <c>AE</c> and <c>RE</c> alone may be regions.</summary>
    private static bool HasCodesAlone(SheetTable table, int column) => !SubjectFinder.NamesSubject(table.HeaderOf(column))
        && table.Filled(column).Select(HeaderTexts.TextOf).Distinct().ToList() is var codes && codes.TrueForAll(code => code is "AI" or "AE" or "RI" or "RE") && codes.Contains("AI");

    private IReadOnlyList<int> Columns => columns;

    private IReadOnlySet<int> ByUnit => byUnit;

    private IReadOnlySet<int> ByCode => byCode;

    private IReadOnlyDictionary<int, IReadOnlySet<string>> Nets => nets;

    private static bool HeadsChannels(HeaderWords header) => header.Any((IEnumerable<string>)PartColumn.Names) || header.Any((IEnumerable<string>)SubjectFinder.Measured);

    private bool Says(in Cell cell, int column)
    {
        if (cell.Kind != CellKind.Text)
        {
            return false;
        }

        if (!_known.TryGetValue((column, cell.Text!), out var says))
        {
            says = byUnit.Contains(column) ? ReactiveEnergy.HasUnit(cell.Text!) : ReactiveEnergy.IsNamedBy(cell.Text!) || (byCode.Contains(column) && ReactiveEnergy.IsCode(cell.Text!));
            says |= nets.TryGetValue(column, out var both) && both.Contains(cell.Text!);
            if (_known.Count < MostRemembered)
            {
                _known[(column, cell.Text!)] = says;
            }
        }

        return says;
    }
}
