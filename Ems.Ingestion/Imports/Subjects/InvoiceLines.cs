using System.Globalization;
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
/// <param name="areNamed">Whether lines are told apart by what they are of: then those of power are of what is paid for it.</param>
internal sealed partial class InvoiceLines(int? description, int quantity, int unit, IReadOnlySet<string> levies, bool areNamed)
{
    private const int MostShown = 5;
    private const double Tolerance = 0.005;
    private const double MatchingShare = 0.9;

    private static readonly string[] Quantities = ["quantity", "qty", "menge", "quantité", "qté", "cantidad", "quantità", "aantal", "hoeveelheid"];

    private static readonly string[] Descriptions =
        ["description", "line", "charge", "charges", "item", "detail", "details", "beschreibung", "bezeichnung", "position", "désignation", "libellé", "omschrijving", "descripción", "concepto", "descrizione", "voce"];

    private static readonly string[] Sums = ["net", "gross", "vat", "tax", "total", "subtotal", "value", "netto", "brutto", "mwst", "betrag", "summe", "montant", "importe", "importo", "bedrag"];

    // Of these, what samples and readings are called, too.
    private static readonly string[] Vague = ["net", "gross", "total", "subtotal", "value", "netto", "brutto", "summe"];

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
        // What has a unit of energy may be a tax office's.
        return levies.Contains(text) || (of.Length == 0 ? MissingMarkers.IsMissing(At(cells, quantity)) || AreTaxes(text) : CountsPieces(of, areNamed));
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
        var described = open.FindAll(column => new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)Descriptions) && table.HoldsTexts(column, text => !DecimalColumn.LooksNumeric(text)));
        int? description = described.FindIndex(column => MayBe(column, ColumnRole.Part, ColumnRole.Ignored)) is >= 0 and var named ? described[named] : null;
        var vague = money.FindAll(column => told.Find(column) is null && IsVague(table.HeaderOf(column)));
        if (vague.Count > 0 && vague.Count == money.Count && described.Count == 0 && !DescribedColumns.NameAnyValue(table.HeaderOf(vague[0])) && AreAlike(table, quantity, unit))
        {
            throw MayBeSamples(table, quantity, vague[0]);
        }

        if (money.Count == 0 || (vague.Count > 0 && ((vague.Count == money.Count && described.Count == 0) || AreAlike(table, quantity, unit)))
            || !LevelsAreApart(table, description ?? (described.Count > 0 ? described[0] : null), unit))
        {
            return null;
        }

        List<int> key = [.. times, .. open.Where(column => column != description && column != unit && column != quantity && !money.Contains(column))];
        var says = new Dictionary<int, MappedColumn>
        {
            [quantity] = new(table.HeaderOf(quantity)) { Role = ColumnRole.Value, Kind = QuantityKind.Interval },
            [unit] = new(table.HeaderOf(unit)) { Role = ColumnRole.Unit },
        };
        foreach (var column in money)
        {
            says[column] = ColumnProposals.Ignored(table.HeaderOf(column), $"it is what {table.HeaderOf(quantity)} costs");
        }

        var lines = new InvoiceLines(description, quantity, unit, description is { } texts ? LeviesIn(table, texts, quantity, unit, [[.. times], key]) : new HashSet<string>(), described.Count > 0);
        if (table.Without(row => lines.Have(row.Cells)) is not { } left)
        {
            return null;
        }

        if (description is { } lined && told.Find(lined) is null && AreSeveral(left, lined, key))
        {
            if (!AreTariffs(left, lined) && (NameCarriers(left, lined, key) || (NamesMeters(table.HeaderOf(lined)) && !table.Rows.Any(row => lines.Have(row.Cells) && !IsLevel(TextOf(row[unit]))))))
            {
                return null;
            }

            says[lined] = PartsIn(left, lined);
        }

        return (left, told.With(says), lines);

        bool MayBe(int column, params ReadOnlySpan<ColumnRole> roles) => told.Allows(column, roles) && told.Find(column)?.Metric is null;
    }

    /// <summary>Of what is called a value, the columns that rows describe ask.</summary>
    private static ImportFaultException MayBeSamples(SheetTable table, int quantity, int other)
    {
        var ignored = ColumnProposals.Ignored(table.HeaderOf(other), $"{table.HeaderOf(quantity)} may be what its unit counts");
        return new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{table.HeaderOf(quantity)} is the same in nearly all rows, as numbers of samples are, and {table.HeaderOf(other)} may be what the unit counts. Say in the mapping which to leave out: {ImportMapping.Written(ignored)}, or the other one.",
            table.Sheet, table.HeaderRow, table.HeaderOf(other), [ImportMapping.Written(ignored)])
        {
            Guess = new ImportMapping { Columns = [ignored] },
        });
    }

    /// <summary>Tariffs are counted apart. Of other lines only their sender knows whether their amounts are those of others once more.</summary>
    private static MappedColumn PartsIn(SheetTable table, int description)
    {
        var texts = table.Filled(description).Select(TextOf).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var part = new MappedColumn(table.HeaderOf(description)) { Role = ColumnRole.Part, Confidence = 0.6, Reason = "its lines are counted apart" };
        return AreTariffs(table, description) ? part : throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"Each time has several lines: {string.Join(", ", texts.Take(MostShown).Select(text => ImportFault.Shorten(text)))}. Take out those that are charged on what other lines count already; "
            + $"if each of the rest is an amount of its own, send {ImportMapping.Written(part)}, or with the role equipment if they are names of meters.",
            table.Sheet, table.HeaderRow, table.HeaderOf(description), [ImportMapping.Written(part)])
        {
            Guess = new ImportMapping { Columns = [part] },
        });
    }

    private static bool AreTariffs(SheetTable table, int description) => table.Filled(description).Select(TextOf).All(text => PartNames.HaveTariff(text) && !AreOfNetworks(text));

    /// <summary>Whether each line of a time names what flows, and none the same as another: then nothing is charged on what others count.</summary>
    private static bool NameCarriers(SheetTable table, int description, List<int> key) => Times(table, key).All(rows =>
        rows.Select(row => TextOf(row[description])).Distinct(StringComparer.OrdinalIgnoreCase).Select(text => Carriers.Find(text)).ToList() is var found && !found.Contains(null) && found.Distinct().Count() == found.Count);

    /// <summary>Whether what stands below a header is taken for meters where nothing else shows an invoice: <c>Item</c>.</summary>
    private static bool NamesMeters(string header) => new HeaderWords(header).Any((IEnumerable<string>)SubjectFinder.Parts);

    /// <summary>Whether about all amounts of energy or volume are the same, as numbers of samples are.</summary>
    private static bool AreAlike(SheetTable table, int quantity, int unit)
    {
        var amounts = table.Rows.Where(row => Counts(TextOf(row[unit]))).Select(row => TextOf(row[quantity])).ToList();
        return amounts.Count > 1 && amounts.GroupBy(amount => amount, StringComparer.Ordinal).Max(same => same.Count()) >= MatchingShare * amounts.Count;
    }

    /// <summary>Whether rows of power and shares, where there are any, are lines of their own and nothing that meters measure beside what they count.</summary>
    private static bool LevelsAreApart(SheetTable table, int? description, int unit)
    {
        var levels = table.Rows.Where(row => IsLevel(TextOf(row[unit]))).ToList();
        if (levels.Count == 0 || description is not { } lined)
        {
            return levels.Count == 0;
        }

        var counted = table.Rows.Where(row => Counts(TextOf(row[unit]))).Select(row => TextOf(row[lined])).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return levels.TrueForAll(row => CountsPieces(TextOf(row[unit]), areNamed: true) && !counted.Contains(TextOf(row[lined])));
    }

    /// <summary>Whether several lines are of one time and meter.</summary>
    private static bool AreSeveral(SheetTable table, int description, List<int> key) =>
        Times(table, key).Any(rows => rows.Select(row => TextOf(row[description])).Distinct(StringComparer.OrdinalIgnoreCase).Skip(1).Any());

    /// <summary>Descriptions of taxes and of what networks take, whose quantities are those of the other lines of their times together.</summary>
    /// <param name="keys">Columns of times, alone and with those that may tell meters apart.</param>
    private static HashSet<string> LeviesIn(SheetTable table, int description, int quantity, int unit, List<int>[] keys) =>
        keys.SelectMany(key => LeviesIn(table, description, quantity, unit, key)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> LeviesIn(SheetTable table, int description, int quantity, int unit, List<int> key)
    {
        var counted = new Dictionary<string, (int Rows, int Equal)>(StringComparer.OrdinalIgnoreCase);
        foreach (var rows in Times(table, key))
        {
            var lines = rows.Where(row => Counts(TextOf(row[unit])))
                .Select(row => (Text: TextOf(row[description]), Number: DecimalColumn.NumberIn(row[quantity], decimalComma: false) ?? DecimalColumn.NumberIn(row[quantity], decimalComma: true))).ToList();
            var used = lines.Where(line => !MayBeLevies(line.Text)).Sum(line => line.Number ?? 0);
            foreach (var (text, number) in lines.Where(line => MayBeLevies(line.Text)))
            {
                var (all, equal) = counted.GetValueOrDefault(text);
                counted[text] = (all + 1, equal + (used != 0 && number is { } found && Math.Abs(found - used) <= Tolerance * Math.Abs(used) ? 1 : 0));
            }
        }

        return counted.Where(entry => entry.Value.Equal >= MatchingShare * entry.Value.Rows).Select(entry => entry.Key);
    }

    private static IEnumerable<IGrouping<string, SampleRow>> Times(SheetTable table, List<int> key) =>
        table.Rows.GroupBy(row => string.Join('\n', key.Select(column => TextOf(row[column]))));

    private static bool IsMoney(string header) => HeaderReader.Read(header) is var reading && reading.Unit is null
        && (reading.IsRatio || (new HeaderWords(header) is { Count: > 0 } words && (words.NamePrice || words.NameMoney || words.Except(Sums).Count == 0)));

    /// <summary>Whether nothing says that it is money where nothing else does.</summary>
    private static bool IsVague(string header) => new HeaderWords(header).Except(Vague).Count == 0 && !header.Any(sign => char.GetUnicodeCategory(sign) == UnicodeCategory.CurrencySymbol);

    private static bool Counts(string unit) => Units.TryParse(unit, out var found) && found.Dimension is Dimension.Energy or Dimension.Volume;

    private static bool IsLevel(string unit) => Units.TryParse(unit, out var found) && found.Dimension is not (Dimension.Energy or Dimension.Volume);

    /// <summary>A unit that is not known is one that its sender corrects.</summary>
    private static bool CountsPieces(string unit, bool areNamed) => Units.TryParse(unit, out var found) ? areNamed && found.Dimension is Dimension.ActivePower or Dimension.ApparentPower or Dimension.ReactivePower or Dimension.Ratio
        : Sign().IsMatch(unit) || (new HeaderWords(unit) is { Count: > 0 } words && (words.NameMoney || words.NameCurrency || words.Any((IEnumerable<string>)Pieces)));

    private static bool MayBeLevies(string text) => AreTaxes(text) || AreOfNetworks(text);

    private static bool AreTaxes(string text) => new HeaderWords(Duty().Replace(text, " ")).Any((IEnumerable<string>)Taxes) && !new HeaderWords(text).Any((IEnumerable<string>)Beside);

    private static bool AreOfNetworks(string text) => new HeaderWords(text).Any((IEnumerable<string>)OfNetworks);

    private static Cell At(IReadOnlyList<Cell> cells, int column) => column < cells.Count ? cells[column] : Cell.Empty;

    private static string TextOf(Cell cell) => cell.Kind == CellKind.Empty ? "" : HeaderTexts.TextOf(cell).Trim();

    [GeneratedRegex(@"^\s*(\p{Sc}|%)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Sign();

    // A duty boiler is the one that runs.
    [GeneratedRegex(@"\bduty\s+(?=\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Duty();
}
