using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Words for what a register showed when somebody read it: <c>Present Reading</c>, <c>Closing Read</c>, <c>Reading</c>.</summary>
internal static partial class RegisterReadings
{
    // Amounts are rounded.
    private const double Rounding = 0.005;
    private const int FewestSteps = 3;
    private const double PlacesOff = 1.5;
    private const double MostOff = 0.1;
    private const int MostDigits = 3;
    private const double WholeFactor = 1e-4;

    // Less is met by chance.
    private const int LeastWhole = 5;

    // Between volumes and the energy in them stand their factors, which change little.
    private const int Converted = 5;
    private const double Richest = 1.2;

    // Among more readings those of an amount have its name or stand next to it.
    private const int Few = 16;
    private const int Next = 2;

    private static readonly string[] Nouns = ["reading", "readings", "read", "reads"];

    // What names a register wherever it stands (Zählerstand Wasser, Index eau).
    private static readonly string[] Registers =
    [
        "register", "cumulative", "ablesewert", "ablesestand", "counter", "counters", "totalizer", "totaliser", "index", "zählerstand", "stand", "meterstand", "relevé", "lectura", "lettura", "leitura",
        "zählerstände", "standen", "meterstanden", "relevés", "lecturas", "letture", "leituras",
        "mätarställning", "mätarställningar", "målerstand", "målerstande", "målerstander", "lukema", "lukemat", "mittarilukema", "mittarilukemat",
        "stan", "stany", "wskazanie", "wskazania", "stav", "stavy", "endeks", "endeksi", "endeksler",
    ];

    private static readonly string[] Summed = ["cumulative"];

    private static readonly string[] Titles =
        ["zählerstand", "zählerstände", "zählerablesung", "zählerablesungen", "meterstand", "meterstanden", "mätarställningar", "målerstander", "mittarilukemat"];

    private static readonly string[] TitledMeters = ["meter", "meters", "submeter", "submeters", "compteur", "compteurs", "contador", "contadores", "contatore", "contatori", "licznika", "liczników"];

    private static readonly string[] TitledReadings = ["reading", "readings", "reads", "relevé", "relevés", "lectura", "lecturas", "lettura", "letture", "stan", "stany", "odczyt", "odczyty"];

    // What a meter is called, and how its name ends: Wasserzähler, gasmeter, elmåler.
    private static readonly string[] MeterNouns = [.. TitledMeters, "medidor", "medidores", "teller", "tellers", "licznik", "liczniki", "elektroměr", "vodoměr", "plynoměr", "sayaç", "sayacı"];

    private static readonly string[] MeterEnds = ["meter", "zähler", "måler", "mätare", "mittari"];

    // Words that nothing separates from others.
    private static readonly string[] Written = ["指針", "指示数", "読数", "读数", "表底", "示数"];

    private static readonly string[] Amounts = ["usage", "use", "used", "quantity", "amount", "consumption", "menge", "verbrauch", "conso", "consommation", "consumo", "consumi", "verbruik", "spotřeba", "zużycie", "forbrug", "forbruk", "förbrukning", "kulutus", "fogyasztás", "tüketim"];

    private static readonly string[] Present = ["present", "current", "closing", "end", "ending", "final", "latest", "new"];

    private static readonly string[] Earlier = ["previous", "prior", "prev", "last", "opening", "start", "starting", "beginning", "old"];

    // What is opened and closed like books is read, with no noun as well.
    private static readonly string[] Books = ["opening", "closing"];

    /// <summary>How many words at the end of a header name such a reading; 0 when none do. Other words in front of a mere reading say what it is of.</summary>
    public static int CountAtEnd(IReadOnlyList<string> words)
    {
        var count = words.Count > 0 && Has(Nouns, words[^1]) ? 1 : 0;
        var noun = count + (count == 1 && words.Count > 1 && Has(["meter"], words[^2]) ? 1 : 0);
        count = noun;
        while (count > 0 && count < words.Count && (Has(Present, words[^(count + 1)]) || Has(Earlier, words[^(count + 1)])))
        {
            count++;
        }

        return count > noun || (count == 1 && words.Count == 1) ? count : words.Count > 0 && Has(Books, words[^1]) ? 1 : 0;
    }

    public static bool AreNamedBy(HeaderWords header) => AreNamedFirmly(header) || header.Any([.. Nouns, .. Books]);

    /// <summary>Whether they say that somebody read it: what has been added up may be a sum of amounts as well.</summary>
    public static bool AreRead(HeaderWords header) => header.Any([.. Nouns, .. Registers.Except(Summed)]) || header.Contains(Written);

    /// <summary>Whether they name what a register showed: also as <c>Opening</c> and <c>Closing</c> alone, beside what was used between them.</summary>
    public static bool AreReadings(HeaderWords header) => AreNamedBy(header) || (header.Count > 0 && header.Except([.. Present, .. Earlier]).Count == 0);

    /// <summary>Whether they name the reading at the end of a time, as <c>Closing</c> does.</summary>
    public static bool NameLast(HeaderWords header) => header.Any((IEnumerable<string>)Present) && !header.Any((IEnumerable<string>)Earlier);

    /// <summary>Whether they name the reading before the first one, as <c>Opening</c> does.</summary>
    public static bool NameFirst(HeaderWords header) => header.Any((IEnumerable<string>)Earlier) && AreReadings(header);

    /// <summary>Whether they say that it is a register: a mere reading may be of anything.</summary>
    public static bool AreNamedFirmly(HeaderWords header) =>
        header.Any((IEnumerable<string>)Registers) || header.Contains(Written) || (header.Any((IEnumerable<string>)Nouns) && header.Any(["meter", .. Present, .. Earlier]));

    /// <summary>Whether a title says that registers were read: <c>Zählerstände Werk 2</c>.</summary>
    public static bool AreTitled(string title) => new HeaderWords(title) is var words && (words.Any((IEnumerable<string>)Titles) || (words.Any((IEnumerable<string>)TitledMeters) && words.Any((IEnumerable<string>)TitledReadings)));

    /// <summary>Whether they name a meter, which shows its readings if these grow.</summary>
    public static bool NameMeter(HeaderWords header) => header.Any((IEnumerable<string>)MeterNouns) || header.AnyEndsWith(MeterEnds);

    /// <summary>Whether the name of readings, or of what was used between them, says so: of meters beside each other one may be the difference of others.</summary>
    private static bool MayBeBetween(string reading, string amount) => new HeaderWords(reading) is var read && new HeaderWords(amount) is var used && !AreReadings(used)
        && (NameAmounts(used) || Directions.NameUse(used) || (NameMeter(read) && !NameMeter(used)) || AreReadings(read));

    /// <summary>Whether they name what was used in an interval.</summary>
    public static bool NameAmounts(HeaderWords header) => header.Any((IEnumerable<string>)Amounts);

    /// <summary>Whether a column that is headed as readings has what was used between them, as its values show.</summary>
    public static bool AreAmounts(ValueColumn column) => column is { Kind: QuantityKind.Interval, IsKindTold: false }
        && (AreNamedBy(new HeaderWords(column.Header)) || HeaderReader.Read(column.Header).Metric is { Kind: QuantityKind.Register });

    /// <summary>Whether it is taken for a register by words under which others write what was used between readings.</summary>
    public static bool MayBeAmounts(ValueColumn column) => column is { Kind: QuantityKind.Register, IsKindTold: false }
        && (column.IsSaidByRow || MetricCatalogue.Find(column.Metric)?.CanBe(QuantityKind.Interval) == true || HeaderReader.Read(column.Header) is { Sure: false } or { IsCode: true });

    /// <summary>One reading of a row is enough, and none is needed where what was used between them stands beside.</summary>
    /// <param name="isBill">Whether the rows have both ends of their intervals.</param>
    /// <param name="areAsGood">Whether amounts stand in about as many rows of each meter as readings do, and for whole months, which they are of.</param>
    public static IEnumerable<(ValueColumn Column, string Why)> FindNeedless(IReadOnlyList<ValueColumn> columns, bool isBill, Func<ValueColumn, ValueColumn, bool> areAsGood)
    {
        var readings = columns.Where(IsReading).ToList();
        var amounts = columns.Except(readings).Where(column => column.Kind == QuantityKind.Interval && (!column.IsSaidByRow || NameAmounts(new HeaderWords(column.Header)))).ToList();
        var byNames = amounts.ToLookup(amount => KeyOf(amount.Header));
        var saidByRow = amounts.FindAll(amount => amount.IsSaidByRow);
        var between = readings.Where(reading => (isBill ? amounts : saidByRow.Concat(byNames[KeyOf(reading.Header)].Where(amount => AreOfOne(reading, amount) && areAsGood(reading, amount)))).Any(amount => AreOf(reading, amount))).ToList();
        return between.Select(column => (column, "what was used between the readings stands beside it"))
            .Concat(readings.Except(between).GroupBy(column => column.Metric).SelectMany(same => FindOther([.. same], amounts, isBill)));
    }

    private static IEnumerable<(ValueColumn Column, string Why)> FindOther(List<ValueColumn> readings, List<ValueColumn> amounts, bool isBill)
    {
        var earlier = readings.Where(column => new HeaderWords(column.Header).Any((IEnumerable<string>)Earlier)).ToList();
        return earlier.Count == 0 || (earlier.Count == readings.Count && !amounts.Exists(amount => AreOf(readings[0], amount))) ? []
            // The time of a bill is its start, which is when the earlier reading was taken.
            : isBill ? readings.Except(earlier).Select(column => (column, "the earlier reading of the next row is the same"))
            : earlier.Select(column => (column, "it is the reading before, which the row before has"));
    }

    /// <summary>What dates are labels of where amounts are what a reading then is above the one before.</summary>
    public static (LabelMeaning Meaning, string Why) LabelOf(string reading) =>
        (LabelMeaning.End, AreSinceLast(reading) ? $"{reading} is what was used before the date; of the first one nothing says since when, and it is taken to be as long as most are" : $"the amounts are what {reading} is above the reading before: what was used lies before the date");

    /// <summary>Whether a header of amounts says that they are what was used since the row before: <c>kWh used since last</c>.</summary>
    public static bool AreSinceLast(string header) => SinceLast().IsMatch(header);

    /// <summary>The header of readings that, less earlier ones of their rows, are amounts of the rows; null where none are.</summary>
    public static string? FindLast(SheetTable table, IReadOnlyList<ValueColumn> amounts)
    {
        var readings = table.Columns.Select(column => (Column: column, Words: new HeaderWords(table.HeaderOf(column))))
            .Where(reading => AreNamedBy(reading.Words) && table.HoldsNumbers(reading.Column)).ToList();
        var earlier = readings.FindAll(reading => reading.Words.Any((IEnumerable<string>)Earlier));
        bool AreNear(int one, int other) => readings.Count <= Few || Math.Abs(one - other) <= Next;

        return readings.Except(earlier)
            .Where(last => earlier.Exists(before => AreNear(before.Column, last.Column) && amounts.Any(amount => AreNear(last.Column, amount.Index) && AreBetween(table, before.Column, last.Column, amount))))
            .Select(last => table.HeaderOf(last.Column)).FirstOrDefault();
    }

    /// <summary>
    /// Amounts that are what a reading of their row is above that of the row before, or a multiple of it, as the rows show. Null where none are.
    /// </summary>
    /// <param name="readings">Those of the table.</param>
    /// <param name="names">Columns that tell the meters of the rows apart.</param>
    public static Difference? FindDifference(SheetTable table, ReadingColumns readings, IReadOnlyCollection<int> names, ValueColumn amount)
    {
        foreach (var reading in readings.Beside(amount.Index))
        {
            var meters = StepsOf(table, names, reading, amount.Index);
            var areOfOne = AreOfOne(table.HeaderOf(reading), amount.Header);
            // One factor of all, or one of each.
            if ((DoesTell([.. meters.SelectMany(steps => steps)], areOfOne) ?? (areOfOne ? DoEachTell(meters) : null)) is { } tells)
            {
                return new Difference(reading, table.HeaderOf(reading), tells);
            }
        }

        return null;
    }

    /// <summary>The column of numbers near amounts whose steps they are in rows enough, whatever it is called; null where there is none.</summary>
    /// <param name="numbers">Columns of numbers from left to right.</param>
    /// <param name="at">Which of them are the amounts.</param>
    public static int? FindSteps(MeterRows rows, IReadOnlyList<int> numbers, int at)
    {
        var amounts = rows.NumbersOf(numbers[at]);
        return Enumerable.Range(at - Next, (2 * Next) + 1).Where(other => other != at && other >= 0 && other < numbers.Count).OrderBy(other => Math.Abs(other - at))
            .Select(other => numbers[other]).Where(AreReadings).Cast<int?>().FirstOrDefault();

        bool AreReadings(int other)
        {
            var readings = rows.NumbersOf(other);
            var steps = rows.Meters.SelectMany(meter => StepsOf([.. meter.Select(row => (readings[row], amounts[row]))])).ToList();
            return steps.Count(step => step is { Step: > 0, Amount: > 0 }) >= FewestSteps && DoesTell(steps, areOfOne: false) is not null;
        }
    }

    /// <summary>Amounts that are, as the rows show and the headers allow, what was used between the readings near them.</summary>
    /// <param name="numbers">Columns of numbers from left to right.</param>
    public static IReadOnlyList<(int Amounts, int Readings)> FindBetween(SheetTable table, MeterRows rows, IReadOnlyList<int> numbers) =>
        [.. numbers.Select((column, at) => (Amounts: column, Readings: FindSteps(rows, numbers, at))).Where(found => found.Readings is { } readings && MayBeBetween(table.HeaderOf(readings), table.HeaderOf(found.Amounts)))
            .Select(found => (found.Amounts, found.Readings!.Value))];

    /// <summary>Of each meter, the steps of readings beside amounts.</summary>
    private static List<List<(double Step, double Amount)>> StepsOf(SheetTable table, IReadOnlyCollection<int> names, int reading, int amount) =>
        [.. table.Rows.Take(SheetTable.EnoughRows).GroupBy(row => string.Join('\n', names.Select(column => HeaderTexts.TextOf(row[column]))))
            .Select(meter => StepsOf([.. meter.Select(row => (Reading: NumberOf(row[reading]), Amount: NumberOf(row[amount])))]).ToList()).Where(steps => steps.Count > 0)];

    /// <summary>
    /// The header of volumes that are what readings of their rows are above those of the rows before, where energies are what these volumes have in them, at about the same factor in each row. Null where none are.
    /// </summary>
    public static string? FindVolumes(SheetTable table, ReadingColumns readings, IReadOnlyCollection<int> names, ValueColumn energy)
    {
        foreach (var volume in Enumerable.Range(energy.Index - Converted, (2 * Converted) + 1).Where(column => column >= 0 && column < table.Headers.Count && column != energy.Index && HeaderReader.Read(table.HeaderOf(column)) is { Unit.Dimension: Dimension.Volume, IsRatio: false }
            && table.HoldsNumbers(column) && !AreNamedBy(new HeaderWords(table.HeaderOf(column)))))
        {
            var factors = table.Rows.Take(SheetTable.EnoughRows).Select(row => (Volume: NumberOf(row[volume]), Energy: NumberOf(row[energy.Index]))).Where(row => row is not { Volume: null, Energy: null } and not { Volume: 0, Energy: 0 })
                .Select(row => row.Energy / row.Volume).ToList();
            if (factors.Count >= FewestSteps && factors.TrueForAll(factor => factor is { } of && double.IsFinite(of)) && factors.Max() <= factors.Min() * Richest
                && FindDifference(table, readings, names, new ValueColumn(volume, table.HeaderOf(volume), null, "", QuantityKind.Interval, "", "")) is not null)
            {
                return table.HeaderOf(volume);
            }
        }

        return null;
    }

    private static bool? DoEachTell(List<List<(double Step, double Amount)>> meters)
    {
        var found = meters.ConvertAll(steps => DoesTell(steps, areOfOne: true));
        return found.Count == 0 || found.Contains(null) ? null : found.TrueForAll(tells => tells == true);
    }

    /// <summary>Whether steps are the amounts beside them, all of them, or (false) but for a few, or multiplied by one factor; null where they are not.</summary>
    /// <param name="areOfOne">Whether both headers name the same: then two steps that say one factor are enough, or one that goes into its amount as a whole.</param>
    private static bool? DoesTell(List<(double Step, double Amount)> rows, bool areOfOne)
    {
        var factors = rows.Where(row => row is { Step: > 0, Amount: > 0 }).Select(row => row.Amount / row.Step).Order().ToList();
        if (factors.Count == 0)
        {
            return null;
        }

        var factor = factors[factors.Count / 2];
        var isOne = Math.Abs(factor - 1) < Rounding;
        var isWhole = Math.Round(factor) >= LeastWhole && Math.Abs(factor - Math.Round(factor)) < WholeFactor;
        if (!isOne && factors.Count < (areOfOne ? isWhole ? 1 : 2 : FewestSteps))
        {
            return null;
        }

        // Where both are of one, each may have been rounded by itself.
        var place = areOfOne && isOne ? PlacesOff * Math.Pow(10, -Math.Min(MostDigits, rows.Max(row => NetNames.DigitsOf(row.Amount)))) : 0;
        var alike = rows.Count(row => Math.Abs((row.Step * (isOne ? 1 : factor)) - row.Amount) <= Math.Max(Rounding * Math.Max(1, Math.Abs(row.Amount)), Math.Min(place, MostOff * Math.Abs(row.Amount))));
        // Where a meter was changed for another, the amount is what both have counted.
        var changes = rows.Count(row => row is { Step: < 0, Amount: >= 0 });
        var others = (isOne || areOfOne) && changes == 1 && rows.Count > FewestSteps ? rows.Count - 1 : rows.Count;
        return alike * 10 >= others * 9 ? isOne && alike == rows.Count : null;
    }

    /// <summary>How much each reading is above the one before, beside its amount; those of rows that have the newest first too.</summary>
    private static IEnumerable<(double Step, double Amount)> StepsOf(List<(double? Reading, double? Amount)> rows)
    {
        // A meter that was changed for another ends below what it began with, too.
        var read = rows.FindAll(row => row.Reading is not null);
        var rises = read.Zip(read.Skip(1), (one, other) => Math.Sign(other.Reading!.Value - one.Reading!.Value)).Sum();
        if (rises < 0 || (rises == 0 && read.Count > 0 && read[^1].Reading < read[0].Reading))
        {
            rows.Reverse();
        }

        foreach (var (before, row) in rows.Zip(rows.Skip(1)))
        {
            if (row.Reading - before.Reading is { } step && row.Amount is { } amount)
            {
                yield return (step, amount);
            }
        }
    }

    /// <summary>A reading whose steps amounts are.</summary>
    /// <param name="Tells">Whether it tells all of them: none is a multiple, or of a register that was changed for another.</param>
    public sealed record Difference(int Column, string Header, bool Tells);

    /// <summary>Whether rows have the reading before their own.</summary>
    public static bool HaveEarlier(SheetTable table) => table.Columns.Any(column => table.HoldsNumbers(column)
        && new HeaderWords(table.HeaderOf(column)) is var words && AreNamedBy(words) && words.Any((IEnumerable<string>)Earlier));

    private static bool AreBetween(SheetTable table, int earlier, int last, ValueColumn amount)
    {
        var rows = table.Rows.Take(SheetTable.EnoughRows).Select(row => (Earlier: NumberOf(row[earlier]), Last: NumberOf(row[last]), Amount: NumberOf(row[amount.Index])))
            .Where(row => row is { Earlier: not null, Last: not null, Amount: not null }).ToList();
        return amount.Index != last && rows.Exists(row => row.Amount != 0)
            && rows.Count(row => Math.Abs(row.Last!.Value - row.Earlier!.Value - row.Amount!.Value) <= Rounding * Math.Max(1, Math.Abs(row.Amount.Value))) * 10 >= rows.Count * 9;
    }

    private static double? NumberOf(in Cell cell) => DecimalColumn.NumberIn(cell, decimalComma: false) ?? DecimalColumn.NumberIn(cell, decimalComma: true);

    private static bool IsReading(ValueColumn column) => new HeaderWords(column.Header) is var words && AreNamedBy(words)
        && (column.Kind == QuantityKind.Register || (column.IsSaidByRow && !NameAmounts(words)));

    /// <summary>Whether both headers name the same thing, or none: a budget, another year and another meter are not what was used between the readings.</summary>
    public static bool AreOfOne(ValueColumn reading, ValueColumn amount) => AreOfOne(reading.Header, amount.Header);

    private static bool AreOfOne(string reading, string amount) =>
        !OtherAmounts.AreNamedIn(amount) && !new HeaderWords(amount).Any((IEnumerable<string>)Earlier) && NamesIn(reading).SetEquals(NamesIn(amount));

    /// <summary>What a header names beside that it is a reading or an amount, and of which quantity.</summary>
    public static string KeyOf(string header) => string.Join('\n', NamesIn(header).Select(name => name.ToUpperInvariant()).Order(StringComparer.Ordinal));

    private static HashSet<string> NamesIn(string header) => Words().Matches(PlainText.Of(header)).Select(match => match.Value)
        .Where(word => !Has([.. Nouns, .. Registers, .. Books, .. Amounts, .. Present, .. Earlier, "meter", "units"], word) && !GeneralNames.HaveAny(word) && !DeviceNames.IsQuantity(word)
            && !(word.Length > 1 && Units.TryParse(word, out _)))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    // A reset may be of long ago.
    [GeneratedRegex(@"\bsince\s+(the\s+)?(last|previous)(\s+(read(ing)?|visit|time|entry))?\s*([(\[]|$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex SinceLast();

    /// <summary>Whether the readings are of the register that counts the amounts.</summary>
    public static bool AreOf(ValueColumn reading, ValueColumn amount) => reading.IsSaidByRow || amount.IsSaidByRow ? reading.IsSaidByRow
        : MetricCatalogue.Find(amount.Metric) is { } metric && MetricCatalogue.RegisterOf(metric)?.Name == reading.Metric
            && (Carriers.Of(reading) is not { } carrier || Carriers.Of(amount) is not { } other || carrier == other);

    private static bool Has(string[] words, string word) => words.Contains(word, StringComparer.OrdinalIgnoreCase);

    /// <summary>The columns of a table that are headed as readings.</summary>
    /// <param name="names">Columns that tell the meters of the rows apart.</param>
    /// <param name="told">Columns of which the sender says that they are registers.</param>
    public sealed class ReadingColumns(SheetTable table, IReadOnlyCollection<int> names, IReadOnlyCollection<int>? told = null)
    {
        private readonly List<int> _all = [.. table.Columns.Where(column => !names.Contains(column) && (told?.Contains(column) == true || MayBeReadings(new HeaderWords(table.HeaderOf(column)))) && table.HoldsNumbers(column))];
        private ILookup<string, int>? _byNames;

        /// <summary>What is called a meter shows its readings, if amounts are what they grow by.</summary>
        private static bool MayBeReadings(HeaderWords header) => AreNamedBy(header) || (NameMeter(header) && !NameAmounts(header));

        /// <summary>Those that an amount may be what was used between.</summary>
        public IEnumerable<int> Beside(int amount) => (_all.Count <= Few ? _all
                : (_byNames ??= _all.ToLookup(column => KeyOf(table.HeaderOf(column))))[KeyOf(table.HeaderOf(amount))].Take(Few)
                    .Union(Enumerable.Range(amount - Next, (2 * Next) + 1).Where(column => _all.BinarySearch(column) >= 0)))
            .Where(column => column != amount);
    }
}
