using Ems.Core.Metering;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Recognises columns that add up, from their first row on, the amounts beside them: no register has counted nothing before a file begins.</summary>
internal static class RunningTotals
{
    // Columns of numbers that lie between.
    private const int Next = 2;

    // Of what says that it adds up.
    private const int Farther = 4;
    private const int FewestSteps = 2;

    // Amounts are rounded.
    private const double Rounding = 0.005;

    private static readonly string[] Words =
    [
        "cumulative", "cumulated", "cumul", "cum", "cumulé", "cumulée", "cumulato", "cumulata", "cumulativo", "cumulativa", "progressivo", "progressiva", "acumulado", "acumulada", "accumulated", "cumulatief", "gecumuleerd",
        "kumuliert", "kumulierte", "kumulierter", "kumulierten", "kumulativ", "kumulativt", "kum", "aufgelaufen", "running", "narastająco", "skumulowane", "kumulované", "ackumulerad", "ackumulerat", "akkumuleret", "akkumulert", "kumulatiivinen", "kümülatif", "kumulirano", "cusum", "mtd",
    ];

    /// <param name="numbers">Columns of numbers from left to right that may be such.</param>
    /// <param name="amounts">Those, and others that may be amounts, from left to right.</param>
    public static IEnumerable<(int Total, int Amount)> Find(SheetTable table, IReadOnlyList<int> numbers, IReadOnlyList<int> amounts, MeterRows rows)
    {
        Dictionary<int, int>? positions = null;
        foreach (var total in numbers.Where(column => AreNamedBy(table.HeaderOf(column))))
        {
            var at = (positions ??= amounts.Select((column, at) => (column, at)).ToDictionary(entry => entry.column, entry => entry.at))[total];
            var next = new HeaderWords(table.HeaderOf(total)).Any((IEnumerable<string>)Words) ? Farther : Next;
            var beside = Enumerable.Range(at - next, (2 * next) + 1).Where(other => other != at && other >= 0 && other < amounts.Count).Select(other => amounts[other]).ToList();
            if (beside.OrderBy(amount => Math.Abs(amount - total)).Where(amount => !AreNamedBy(table.HeaderOf(amount)) && AddUp(rows, total, amount)).Cast<int?>().FirstOrDefault() is { } found)
            {
                yield return (total, found);
            }
        }
    }

    /// <summary>Whether a header may be that of such a column: what somebody read on a meter is none.</summary>
    private static bool AreNamedBy(string header) => new HeaderWords(header) is var words && !RegisterReadings.AreRead(words) && !OtherAmounts.AreNamedIn(header)
        && (words.Any((IEnumerable<string>)Words) || (words.Any("to") && words.Any("date")) || (PartNames.HaveSum(header) && HeaderReader.Read(header).Metric is not { Kind: QuantityKind.Register }));

    /// <summary>Whether what adds up amounts has added up nothing before its first row: a register has counted before the file begins.</summary>
    public static bool Begin(MeterRows rows, int total, int amount)
    {
        var (totals, amounts) = (rows.NumbersOf(total), rows.NumbersOf(amount));
        var rounding = ReadingPair.RoundingOf(amounts);
        return rows.Meters.Select(meter => meter.Where(at => totals[at] is not null).ToList()).All(meter => meter.Count == 0 || IsFirst(meter[0]) || IsFirst(meter[^1]));

        bool IsFirst(int at) => amounts[at] is { } first && AreSame(totals[at]!.Value, first, first, rounding);
    }

    private static bool AddUp(MeterRows rows, int total, int amount)
    {
        var (totals, amounts) = (rows.NumbersOf(total), rows.NumbersOf(amount));
        var meters = rows.Meters.Select(meter => meter.Where(at => totals[at] is not null).Select(at => (Total: totals[at]!.Value, Amount: amounts[at] ?? 0)).ToList()).Where(meter => meter.Exists(row => row.Amount != 0)).ToList();
        var rounding = ReadingPair.RoundingOf(amounts);
        // Amounts that are all alike may be summed up by what numbers the rows.
        return meters.SelectMany(meter => meter).Select(row => row.Amount).Where(number => number != 0).Distinct().Skip(1).Any() && meters.Sum(meter => StepsOf(meter).Count) >= FewestSteps
            && (meters.TrueForAll(meter => AddUp(meter, rounding)) || meters.TrueForAll(meter => AddUp([.. meter.AsEnumerable().Reverse()], rounding)));
    }

    /// <summary>Whether the first total is the first amount, and each other one that and the total before, or the amount alone where it begins anew.</summary>
    private static bool AddUp(List<(double Total, double Amount)> rows, double rounding)
    {
        if (!AreSame(rows[0].Total, rows[0].Amount, rows[0].Amount, rounding))
        {
            return false;
        }

        var steps = StepsOf(rows);
        // Whatever idles again falls to nothing.
        return steps.Count(step => AreSame(step.Second.Total - step.First.Total, step.Second.Amount, step.Second.Amount, rounding)
            || (step.Second.Total < step.First.Total && step.Second.Amount != 0 && AreSame(step.Second.Total, step.Second.Amount, step.Second.Amount, rounding))) * 10 >= steps.Count * 9;
    }

    /// <summary>Those in which something moves: where nothing runs, any columns add up.</summary>
    private static List<((double Total, double Amount) First, (double Total, double Amount) Second)> StepsOf(List<(double Total, double Amount)> rows) =>
        [.. rows.Zip(rows.Skip(1)).Where(step => step.First.Total != step.Second.Total || step.Second.Amount != 0)];

    private static bool AreSame(double one, double other, double amount, double rounding) => Math.Abs(one - other) <= Math.Max(rounding, Rounding * Math.Abs(amount));
}
