using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Columns;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Subjects;

/// <summary>
/// Lines of invoices (<c>Date | Description | Quantity | Unit | Rate | Amount</c>): quantities whose unit stands beside them, and what they cost. Lines of days, of pieces and of
/// levies on what other lines count are none of energy.
/// </summary>
/// <param name="description">What says what a line is of; null where there is none.</param>
/// <param name="levies">Descriptions of lines that are charged once more on what others count, besides those whose words say so.</param>
internal sealed partial class InvoiceLines(int? description, int quantity, int unit, IReadOnlySet<string> levies)
{
    private const int MostShown = 5;
    private const double Tolerance = 0.005;
    private const double MatchingShare = 0.9;

    private static readonly string[] Quantities = ["quantity", "qty", "menge", "quantité", "qté", "cantidad", "quantità", "aantal", "hoeveelheid"];

    private static readonly string[] Descriptions =
        ["description", "line", "charge", "charges", "item", "detail", "details", "beschreibung", "bezeichnung", "position", "désignation", "libellé", "omschrijving", "descripción", "concepto", "descrizione", "voce"];

    private static readonly string[] Sums = ["net", "gross", "vat", "tax", "total", "subtotal", "value", "netto", "brutto", "mwst", "betrag", "summe", "montant", "importe", "importo", "bedrag"];

    // What lines are counted in that no meter counts.
    private static readonly string[] Pieces =
    [
        "day", "days", "month", "months", "mth", "mths", "year", "years", "week", "weeks", "each", "ea", "pcs", "item", "items", "lot", "fixed", "meter", "meters", "tag", "tage", "monat", "monate", "jahr", "stk", "stück",
        "jour", "jours", "mois", "día", "días", "mes", "meses", "giorno", "giorni", "mese", "mesi", "dag", "dagen", "maand", "maanden", "stuk",
    ];

    private static readonly string[] Taxes = ["levy", "levies", "ccl", "tax", "taxes", "duty", "vat", "surcharge", "umlage", "steuer", "stromsteuer", "konzessionsabgabe", "accise", "cspe", "taxe", "contribution", "imposta", "accisa", "oneri", "impuesto", "energiebelasting"];

    // Of what a price has in it, or has not.
    private static readonly string[] Beside = ["excl", "ex", "excluding", "incl", "including", "inc", "plus", "before", "exkl", "inkl", "zzgl", "hors", "ht", "ttc", "sin", "con"];

    private static readonly string[] OfNetworks =
        ["network", "distribution", "transmission", "delivery", "duos", "tnuos", "bsuos", "balancing", "capacity", "obligation", "certificates", "renewables", "losses", "netz", "netzentgelt", "netznutzung", "turpe", "acheminement", "trasporto", "peaje", "peajes", "transport"];

    /// <summary>Why they are left out.</summary>
    public const string Why = "they are lines of an invoice that count no energy or volume, or are charged once more on what other lines count";

    /// <summary>Whether a header is that of quantities, and says nothing else.</summary>
    public static bool NameQuantities(HeaderWords header) => header.Count == 1 && header.Any((IEnumerable<string>)Quantities);

    /// <summary>Whether a line is one of those.</summary>
    public bool Have(IReadOnlyList<Cell> cells)
    {
        var (of, text) = (TextOf(At(cells, unit)), description is { } named ? TextOf(At(cells, named)) : "");
        return (of.Length == 0 ? MissingMarkers.IsMissing(At(cells, quantity)) || AreTaxes(text) : CountsPieces(of)) || AreTaxes(text) || levies.Contains(text);
    }

    /// <summary>The table without such lines, with what its columns are; null where its rows are no lines of an invoice.</summary>
    /// <param name="times">Columns of times.</param>
    /// <exception cref="ImportFaultException">Nothing says whether some lines are amounts of their own, or what is charged on those of others.</exception>
    public static (SheetTable Table, MappedTable Told, InvoiceLines Lines)? Find(SheetTable table, MappedTable told, IReadOnlyCollection<int> times)
    {
        var open = table.Columns.Where(column => !times.Contains(column)).ToList();
        if (table.ToldColumns is not null || open.FirstOrDefault(column => MayBe(column, ColumnRole.Value) && NameQuantities(new HeaderWords(table.HeaderOf(column))) && table.HoldsNumbers(column), -1) is not (>= 0 and var quantity)
            || open.FirstOrDefault(column => MayBe(column, ColumnRole.Unit) && SubjectFinder.NameUnitsAlone(new HeaderWords(table.HeaderOf(column))) && table.Filled(column).Any(cell => Counts(TextOf(cell))), -1) is not (>= 0 and var unit))
        {
            return null;
        }

        var money = open.FindAll(column => column != quantity && MayBe(column, ColumnRole.Ignored) && table.HoldsNumbers(column) && IsMoney(table.HeaderOf(column)));
        if (money.Count == 0)
        {
            return null;
        }

        int? description = open.FirstOrDefault(column => MayBe(column, ColumnRole.Part, ColumnRole.Ignored) && new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)Descriptions) && table.HoldsTexts(column, text => !DecimalColumn.LooksNumeric(text)), -1) is >= 0 and var named ? named : null;
        var says = new Dictionary<int, MappedColumn>
        {
            [quantity] = new(table.HeaderOf(quantity)) { Role = ColumnRole.Value, Kind = QuantityKind.Interval },
            [unit] = new(table.HeaderOf(unit)) { Role = ColumnRole.Unit },
        };
        foreach (var column in money)
        {
            says[column] = ColumnProposals.Ignored(table.HeaderOf(column), $"it is what {table.HeaderOf(quantity)} costs");
        }

        var lines = new InvoiceLines(description, quantity, unit, description is { } texts ? LeviesIn(table, texts, quantity, unit, times) : new HashSet<string>());
        if (table.Without(row => lines.Have(row.Cells)) is not { } left)
        {
            return null;
        }

        if (description is { } lined && told.Find(lined) is null && AreSeveral(left, lined, quantity, [.. times, .. open.Where(column => column != lined && column != unit && !money.Contains(column))]))
        {
            says[lined] = PartsIn(left, lined);
        }

        return (left, told.With(says), lines);

        bool MayBe(int column, params ReadOnlySpan<ColumnRole> roles) => told.Allows(column, roles) && told.Find(column)?.Metric is null;
    }

    /// <summary>Tariffs are counted apart. Of other lines only their sender knows whether their amounts are those of others once more.</summary>
    private static MappedColumn PartsIn(SheetTable table, int description)
    {
        var texts = table.Filled(description).Select(TextOf).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var part = new MappedColumn(table.HeaderOf(description)) { Role = ColumnRole.Part, Confidence = 0.6, Reason = "its lines are counted apart" };
        return texts.TrueForAll(text => PartNames.HaveTariff(text) && !AreOfNetworks(text)) ? part : throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"Each time has several lines: {string.Join(", ", texts.Take(MostShown).Select(text => ImportFault.Shorten(text)))}. Take out those that are charged on what other lines count already; "
            + $"if each of the rest is an amount of its own, send {ImportMapping.Written(part)}, or with the role equipment if they are names of meters.",
            table.Sheet, table.HeaderRow, table.HeaderOf(description), [ImportMapping.Written(part)])
        {
            Guess = new ImportMapping { Columns = [part] },
        });
    }

    /// <summary>Whether several lines are of one time and meter.</summary>
    private static bool AreSeveral(SheetTable table, int description, int quantity, IReadOnlyList<int> key) =>
        Times(table, [.. key.Where(column => column != quantity && column != description)]).Any(rows => rows.Select(row => TextOf(row[description])).Distinct(StringComparer.OrdinalIgnoreCase).Skip(1).Any());

    /// <summary>Descriptions of what networks take, whose quantities are those of the other lines of their times together, or those of one of them.</summary>
    private static HashSet<string> LeviesIn(SheetTable table, int description, int quantity, int unit, IReadOnlyCollection<int> times)
    {
        var counted = new Dictionary<string, (int Rows, int Equal)>(StringComparer.OrdinalIgnoreCase);
        foreach (var rows in Times(table, [.. times]))
        {
            var lines = rows.Where(row => Counts(TextOf(row[unit])) && !AreTaxes(TextOf(row[description])))
                .Select(row => (Text: TextOf(row[description]), Number: DecimalColumn.NumberIn(row[quantity], decimalComma: false) ?? DecimalColumn.NumberIn(row[quantity], decimalComma: true))).ToList();
            var used = lines.Where(line => !AreOfNetworks(line.Text)).Sum(line => line.Number ?? 0);
            foreach (var (text, number) in lines.Where(line => AreOfNetworks(line.Text)))
            {
                var (all, equal) = counted.GetValueOrDefault(text);
                counted[text] = (all + 1, equal + (used != 0 && number is { } found && Math.Abs(found - used) <= Tolerance * Math.Abs(used) ? 1 : 0));
            }
        }

        return counted.Where(entry => entry.Value.Equal >= MatchingShare * entry.Value.Rows).Select(entry => entry.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static IEnumerable<IGrouping<string, SampleRow>> Times(SheetTable table, IReadOnlyList<int> key) =>
        table.Rows.GroupBy(row => string.Join('\n', key.Select(column => TextOf(row[column]))));

    private static bool IsMoney(string header) => HeaderReader.Read(header) is var reading && reading.Unit is null
        && (reading.IsRatio || (new HeaderWords(header) is { Count: > 0 } words && (words.NamePrice || words.NameMoney || words.Except(Sums).Count == 0)));

    private static bool Counts(string unit) => Units.TryParse(unit, out var found) && found.Dimension is Dimension.Energy or Dimension.Volume;

    /// <summary>A unit that is not known is one that its sender corrects.</summary>
    private static bool CountsPieces(string unit) => Units.TryParse(unit, out var found) ? found.Dimension is not (Dimension.Energy or Dimension.Volume)
        : Sign().IsMatch(unit) || (new HeaderWords(unit) is { Count: > 0 } words && (words.NameMoney || words.NameCurrency || words.Any((IEnumerable<string>)Pieces)));

    private static bool AreTaxes(string text) => new HeaderWords(text) is var words && words.Any((IEnumerable<string>)Taxes) && !words.Any((IEnumerable<string>)Beside);

    private static bool AreOfNetworks(string text) => new HeaderWords(text).Any((IEnumerable<string>)OfNetworks);

    private static Cell At(IReadOnlyList<Cell> cells, int column) => column < cells.Count ? cells[column] : Cell.Empty;

    private static string TextOf(Cell cell) => cell.Kind == CellKind.Empty ? "" : HeaderTexts.TextOf(cell).Trim();

    [GeneratedRegex(@"^\s*(\p{Sc}|%)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Sign();
}
