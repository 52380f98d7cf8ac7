using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Columns;

/// <summary>
/// Recognises what home automation keeps of a counter for each hour: what it showed when the hour ended (<c>state</c>), what has been counted until then (<c>sum</c>) and what was
/// counted in the hour (<c>change</c>). One of them is enough.
/// </summary>
/// <param name="Kept">The column that is taken.</param>
/// <param name="Others">Those that only tell it again.</param>
/// <param name="IsRegister">Whether the one that is taken has readings, and no amounts.</param>
internal sealed record StatisticColumns(int Kept, IReadOnlyList<int> Others, bool IsRegister)
{
    private static readonly string[] State = ["state"];
    private static readonly string[] Sum = ["sum"];
    private static readonly string[] Change = ["change", "delta"];

    private const int FewestSteps = 2;

    // Binary fractions that were added up.
    private const double Noise = 1e-6;

    /// <summary>Those of a table whose headers say so and whose numbers agree with each other; null where they do not.</summary>
    /// <param name="numbers">Columns of numbers that may be such.</param>
    /// <param name="areReadings">Whether the sender says that the values are readings.</param>
    /// <param name="isTold">Whether the sender says what a column is.</param>
    public static StatisticColumns? Find(SheetTable table, IReadOnlyList<int> numbers, MeterRows rows, bool areReadings, Func<int, bool> isTold)
    {
        var (sum, state, change) = (Only(Sum), Only(State), Only(Change));
        if (sum is not { } counted)
        {
            return null;
        }

        var counts = rows.NumbersOf(counted);
        state = state is { } shown && Agree(rows, counts, StepsBefore(rows, rows.NumbersOf(shown))) ? shown : null;
        change = change is { } used && Agree(rows, counts, rows.NumbersOf(used)) ? used : null;
        int[] all = [.. new[] { state, counted, change }.OfType<int>()];
        if (all.Length < 2)
        {
            return null;
        }

        var kept = all.Where(isTold).Cast<int?>().FirstOrDefault() ?? (areReadings ? counted : change ?? counted);
        return new StatisticColumns(kept, [.. all.Where(column => column != kept && !isTold(column))], kept != change);

        int? Only(string[] names) => numbers.Where(column => names.Contains(table.HeaderOf(column).Trim(), StringComparer.OrdinalIgnoreCase)).ToList() is [var only] ? only : null;
    }

    /// <summary>By how much each number is above the one before of its meter.</summary>
    private static double?[] StepsBefore(MeterRows rows, double?[] numbers)
    {
        var steps = new double?[numbers.Length];
        foreach (var (before, after) in rows.Meters.SelectMany(meter => meter.Zip(meter.Skip(1))))
        {
            steps[after] = numbers[after] - numbers[before];
        }

        return steps;
    }

    /// <summary>Whether counts rise by these amounts, be the newest first: a counter that was exchanged begins anew, and its count does not.</summary>
    private static bool Agree(MeterRows rows, double?[] counts, double?[] amounts)
    {
        var rounding = 2 * ReadingPair.RoundingOf(amounts);
        var (steps, rising, falling) = (0, 0, 0);
        foreach (var (one, other) in rows.Meters.SelectMany(meter => meter.Zip(meter.Skip(1))))
        {
            if (counts[other] - counts[one] is { } step && step != 0)
            {
                steps++;
                rising += IsNear(step, amounts[other]) ? 1 : 0;
                falling += IsNear(-step, amounts[one]) || IsNear(step, amounts[other]) ? 1 : 0;
            }
        }

        return steps >= FewestSteps && Math.Max(rising, falling) * 10 >= steps * 9;

        bool IsNear(double step, double? amount) => amount is { } found && Math.Abs(step - found) <= Math.Max(rounding, Noise * Math.Abs(step));
    }
}
