using Ems.Core.Metering;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Two readings of one register that each row has, and what was used between them: columns of numbers side by side, whatever they are called.</summary>
/// <param name="Before">The column of the earlier reading.</param>
/// <param name="After">The column of the later one.</param>
/// <param name="Amount">The column of what was used.</param>
internal sealed record ReadingPair(int Before, int After, int Amount)
{
    // Amounts are rounded.
    private const double Rounding = 0.005;

    // Of rows that go on where the one before ends, so many show that they do.
    private const int FewestLinks = 2;

    // Behind them stands what comes of adding numbers up.
    private const int MostDigits = 6;
    private const double Noise = 1e-3;
    private const double Half = 0.51;

    private static readonly string[] Earlier =
    [
        "previous", "prior", "prev", "last", "opening", "start", "starting", "beginning", "begin", "old", "first", "initial", "from",
        "alt", "alte", "alter", "altes", "altstand", "anfang", "anfangsstand", "vorher", "vorheriger", "vorherige", "voriger", "vorwert", "vorstand", "letzter", "letzte", "beginn",
        "ancien", "ancienne", "précédent", "précédente", "début", "anterior", "inicial", "oud", "oude", "vorige", "beginstand", "precedente", "iniziale", "poprzedni", "poprzednie", "předchozí", "föregående", "forrige", "edellinen", "önceki", "ilk",
    ];

    private static readonly string[] Later =
    [
        "present", "current", "this", "closing", "end", "ending", "final", "latest", "new", "now", "to",
        "neu", "neue", "neuer", "neues", "neustand", "ende", "endstand", "aktuell", "aktueller", "aktuelle", "jetzt", "jetziger",
        "nouvel", "nouveau", "nouvelle", "actuel", "actuelle", "fin", "actual", "atual", "nieuw", "nieuwe", "huidig", "huidige", "eindstand", "attuale", "finale", "nuovo", "nuova", "nuevo", "nueva",
        "bieżący", "bieżące", "obecny", "obecne", "aktuální", "nový", "nuvarande", "nåværende", "nykyinen", "son",
    ];

    // What was used then is no reading, and a time that passes no amount.
    private static readonly string[] Others =
    [
        "year", "years", "month", "months", "week", "weeks", "day", "days", "quarter", "period", "jahr", "monat", "woche", "tag", "année", "mois", "semaine", "año", "mes", "semana", "anno", "mese", "settimana", "jaar", "maand", "week",
        "hours", "hour", "hrs", "minutes", "mins", "duration", "stunden", "dauer", "durée", "heures", "horas", "ore", "change", "variance", "growth", "increase", "balance", "stock", "temp", "temperature", "temperatur", "température", "temperatura",
        "km", "mileage", "odometer", "actuals", "budget",
    ];

    /// <summary>What was used, where it has not been multiplied, beside <see cref="Amount"/> that has; null where there is no such column.</summary>
    public int? Unmultiplied { get; init; }

    /// <summary>Whether readings are multiplied, as a column of the rows says, and the amounts are not.</summary>
    public bool LacksMultiplier { get; init; }

    /// <summary>Whether it is what the readings differ by, and no multiple of it.</summary>
    public bool IsPlain { get; init; }

    /// <param name="numbers">Columns of numbers from left to right that may be readings or amounts.</param>
    public static IEnumerable<ReadingPair> Find(SheetTable table, IReadOnlyList<int> numbers, SubjectColumns subject, MeterRows rows)
    {
        var multipliers = subject.Multiplier is { } multiplier ? rows.NumbersOf(multiplier.Index, Multipliers.ValueOf) : null;
        var read = new Dictionary<int, double?[]>();
        for (var i = 0; i + 2 < numbers.Count; i++)
        {
            read.Remove(i - 1);
            if (Array.Exists([i, i + 1, i + 2], at => AreOthers(table.HeaderOf(numbers[at]))) || OrderOf(table, numbers[i], numbers[i + 1]) is not { } order)
            {
                continue;
            }

            var (before, after) = order > 0 ? (Of(i), Of(i + 1)) : (Of(i + 1), Of(i));
            var steps = before.Zip(after, (one, other) => other - one).ToArray();
            var at = AreSteps(steps, Of(i + 2), null) || (multipliers is not null && AreSteps(steps, Of(i + 2), multipliers)) ? i + 2
                : i + 3 < numbers.Count && Multipliers.AreNamedBy(new HeaderWords(table.HeaderOf(numbers[i + 2]))) && AreSteps(steps, Of(i + 3), Of(i + 2)) ? i + 3 : -1;
            if (at < 0 || !(AreLinked(rows, before, after, Of(at), order > 0 && !AreNamed(table, numbers[i], numbers[i + 1])) || (AreNamedAll(table, numbers[i], numbers[i + 1], numbers[at]) && (AreRead(table, numbers[i], numbers[i + 1]) || (GoOneWay(rows, before) && GoOneWay(rows, after))))))
            {
                continue;
            }

            var isMultiplied = multipliers is not null && AreSteps(steps, Of(at), multipliers);
            // Beside those that readings tell, others are a multiple of them.
            var multiplied = isMultiplied ? null : new[] { at + 1, at + 2 }.Where(other => other < numbers.Count && !AreOthers(table.HeaderOf(numbers[other]))
                && ((multipliers is not null && AreSteps(steps, Of(other), multipliers)) || (other == at + 2 && Multipliers.AreNamedBy(new HeaderWords(table.HeaderOf(numbers[at + 1]))) && AreSteps(steps, Of(other), Of(at + 1))))).Cast<int?>().FirstOrDefault();
            yield return new ReadingPair(numbers[order > 0 ? i : i + 1], numbers[order > 0 ? i + 1 : i], numbers[multiplied ?? at])
            {
                Unmultiplied = multiplied is null ? null : numbers[at],
                IsPlain = multiplied is null && AreSteps(steps, Of(at), null),
                LacksMultiplier = !isMultiplied && multiplied is null && multipliers is not null,
            };
            i = multiplied ?? at;
            read.Clear();
        }

        double?[] Of(int at) => read.TryGetValue(at, out var found) ? found : read[at] = rows.NumbersOf(numbers[at]);
    }

    /// <summary>Whether what a header speaks of is read on no register: another year, a budget, a temperature.</summary>
    private static bool AreOthers(string header) => OtherAmounts.AreNamedIn(header) || (new HeaderWords(header) is var words && (words.NameMoney || words.Any((IEnumerable<string>)Others)))
        || HeaderReader.Read(header) is { IsRatio: true } or { Unit: { Dimension: not (Dimension.Energy or Dimension.Volume) } };

    /// <summary>Above zero where the left one may be the earlier reading, below where the right one is; null where their names speak against both.</summary>
    private static int? OrderOf(SheetTable table, int left, int right)
    {
        var (one, other) = (new HeaderWords(table.HeaderOf(left)), new HeaderWords(table.HeaderOf(right)));
        return AreLater(one) && AreEarlier(other) ? -1 : AreLater(one) || AreEarlier(other) ? null : 1;
    }

    private static bool AreEarlier(HeaderWords header) => header.Any((IEnumerable<string>)Earlier);

    private static bool AreLater(HeaderWords header) => header.Any((IEnumerable<string>)Later) && !AreEarlier(header);

    /// <summary>Whether their names may be those of an earlier and a later reading.</summary>
    public static bool AreNamedReadings(SheetTable table, int one, int other) =>
        AreRead(table, one, other) || (AreNamed(table, one, other) && !AreOthers(table.HeaderOf(one)) && !AreOthers(table.HeaderOf(other)));

    private static bool AreNamed(SheetTable table, int left, int right) =>
        (AreEarlier(new HeaderWords(table.HeaderOf(left))) && AreLater(new HeaderWords(table.HeaderOf(right)))) || (AreLater(new HeaderWords(table.HeaderOf(left))) && AreEarlier(new HeaderWords(table.HeaderOf(right))));

    /// <summary>Whether their names alone say it: what was used before and what is used now may differ by what lies between, too.</summary>
    private static bool AreNamedAll(SheetTable table, int left, int right, int amount)
    {
        var used = new HeaderWords(table.HeaderOf(amount));
        return AreNamed(table, left, right) && (AreRead(table, left, right) || RegisterReadings.NameAmounts(used) || used.Any("units", "consumed", "consommation", "consumo", "verbruik")
            || HeaderReader.Read(table.HeaderOf(amount)).Unit is not null);
    }

    private static bool AreRead(SheetTable table, int left, int right) => RegisterReadings.AreRead(new HeaderWords(table.HeaderOf(left))) && RegisterReadings.AreRead(new HeaderWords(table.HeaderOf(right)));

    /// <summary>Whether the readings differ by the amounts, be it that these have been multiplied, and do not fall.</summary>
    private static bool AreSteps(double?[] steps, double?[] amounts, double?[]? factors)
    {
        var (all, fitting, used) = (0, 0, 0);
        double? rounding = null;
        for (var row = 0; row < steps.Length; row++)
        {
            if (steps[row] is not { } step || amounts[row] is not { } amount || (factors is null ? 1 : factors[row]) is not { } factor)
            {
                continue;
            }

            // Where nothing runs, any columns fit.
            if (step == 0 && amount == 0)
            {
                continue;
            }

            all++;
            used += amount > 0 ? 1 : 0;
            var off = Math.Abs((step * factor) - amount);
            fitting += step >= 0 && (off <= Rounding * Math.Abs(amount) || (off <= Rounding && off <= (rounding ??= RoundingOf(amounts)))) ? 1 : 0;
        }

        return used > 0 && fitting * 10 >= all * 9;
    }

    /// <summary>What small amounts may be off by: half of what the last place counts that any of them is written with.</summary>
    public static double RoundingOf(double?[] numbers)
    {
        var (digits, power) = (0, 1.0);
        foreach (var number in numbers)
        {
            while (number is { } found && digits < MostDigits && Math.Abs((found * power) - Math.Round(found * power)) > Noise)
            {
                digits++;
                power *= 10;
            }
        }

        return Math.Min(Rounding, Half / power);
    }

    /// <summary>Whether the rows of a meter go on where the one before ends, as they do that read one register.</summary>
    /// <param name="mustDiffer">Whether no name says so: then amounts that are all alike may be of what numbers the rows.</param>
    private static bool AreLinked(MeterRows rows, double?[] before, double?[] after, double?[] amounts, bool mustDiffer)
    {
        // One that used nothing ends where it began, as all do that idle.
        var (ahead, onward, behind, back) = (0, 0, 0, 0);
        var moving = new HashSet<double>();
        foreach (var meter in rows.Meters)
        {
            foreach (var (one, other) in meter.Zip(meter.Skip(1)))
            {
                if (before[one] is null || after[one] is null || before[other] is null || after[other] is null)
                {
                    continue;
                }

                ahead += amounts[one] > 0 ? 1 : 0;
                onward += amounts[one] > 0 && after[one] > before[one] && after[one] == before[other] ? 1 : 0;
                behind += amounts[other] > 0 ? 1 : 0;
                back += amounts[other] > 0 && after[other] > before[other] && before[one] == after[other] ? 1 : 0;
                _ = amounts[one] is > 0 and var amount && moving.Add(amount);
            }
        }

        return (AreMost(onward, ahead) || AreMost(back, behind)) && moving.Count > (mustDiffer ? 1 : 0) && GoOneWay(rows, before) && GoOneWay(rows, after);
    }

    private static bool AreMost(int links, int all) => links >= FewestLinks && links * 4 >= all * 3;

    /// <summary>Whether the numbers of meters rise, or fall where the newest is first, as those of registers do.</summary>
    private static bool GoOneWay(MeterRows rows, double?[] numbers)
    {
        var (rises, falls) = (0, 0);
        foreach (var meter in rows.Meters)
        {
            foreach (var (one, other) in meter.Zip(meter.Skip(1)))
            {
                rises += numbers[other] > numbers[one] ? 1 : 0;
                falls += numbers[other] < numbers[one] ? 1 : 0;
            }
        }

        // One register may have been replaced.
        var fewer = Math.Min(rises, falls);
        return fewer * (fewer == 1 ? 4 : 10) <= rises + falls;
    }
}
