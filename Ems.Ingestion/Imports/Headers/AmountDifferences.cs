using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Imports.Tables;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Recognises columns that say, row by row, by how much two amounts beside them differ: a budget and what was used, this year and the last one, what flows in and out.</summary>
internal static partial class AmountDifferences
{
    // Columns of numbers that lie between a difference and what it is of.
    private const int Next = 3;
    private const int FewestRows = 2;

    // What differs was rounded, and so was the difference.
    private const double PlacesOff = 1.5;
    private const int MostDigits = 3;

    // What it is of, and to what.
    private static readonly string[] Beside = ["to", "vs", "versus", "from", "in", "of", "on", "absolute", "abs", "year", "jahr", "zum", "zu", "gegenüber", "sur", "par", "rapport", "con", "met", "til", "mot", "actual", "actuals", "ist", "this", "current"];

    /// <param name="numbers">Columns of numbers from left to right.</param>
    public static IEnumerable<(int Difference, int One, int Other)> Find(SheetTable table, IReadOnlyList<int> numbers, MeterRows rows)
    {
        for (var at = 0; at < numbers.Count; at++)
        {
            if (AreNamedBy(table.HeaderOf(numbers[at])) && FindPair(table, numbers, at, rows) is var (one, other))
            {
                yield return (numbers[at], one, other);
            }
        }
    }

    /// <summary>Whether a header says so and no more than of what: a Delta Tower is a building, and a Change room a room.</summary>
    private static bool AreNamedBy(string header) => Words().IsMatch(PlainText.Of(header).Replace('_', ' ')) && HeaderReader.Read(header) is { IsRatio: false, Metric: null or { Dimension: Dimension.Energy or Dimension.Volume } } reading
        && Words().Replace(OtherAmounts.WithoutWords(Carriers.Without(reading.Rest.Replace('_', ' '))), " ") is var rest && (new HeaderWords(rest).Except(Beside).Count == 0 || GeneralNames.Have(rest));

    private static (int One, int Other)? FindPair(SheetTable table, IReadOnlyList<int> numbers, int at, MeterRows rows)
    {
        var beside = Enumerable.Range(at - Next, (2 * Next) + 1).Where(other => other >= 0 && other < numbers.Count && !AreNamedBy(table.HeaderOf(numbers[other])))
            .Select(other => (Column: numbers[other], Numbers: rows.NumbersOf(numbers[other]))).ToList();
        var differences = rows.NumbersOf(numbers[at]);
        var off = PlacesOff * Math.Pow(10, -Math.Min(MostDigits, differences.OfType<double>().Select(NetNames.DigitsOf).DefaultIfEmpty().Max()));
        return beside.SelectMany((one, i) => beside.Skip(i + 1).Select(other => (one, other)))
            .Where(pair => !PartNames.HaveSum(table.HeaderOf(pair.one.Column)) && !PartNames.HaveSum(table.HeaderOf(pair.other.Column)) && (!ReadingPair.AreNamedReadings(table, pair.one.Column, pair.other.Column) || (!AreRead(table, pair.one.Column, pair.other.Column) && Fall(pair.one.Numbers) && Fall(pair.other.Numbers) && differences.Any(number => number < 0) && differences.Any(number => number > 0))) && AreOf(differences, pair.one.Numbers, pair.other.Numbers, off))
            .Select(pair => ((int, int)?)(pair.one.Column, pair.other.Column)).FirstOrDefault();
    }

    private static bool AreRead(SheetTable table, params int[] columns) => Array.Exists(columns, column => RegisterReadings.AreRead(new HeaderWords(table.HeaderOf(column))));

    /// <summary>Whether numbers fall as often as those of amounts do: readings of registers go on.</summary>
    private static bool Fall(double?[] numbers)
    {
        var known = numbers.OfType<double>().ToList();
        return known.Zip(known.Skip(1)).Count(pair => pair.Second < pair.First) is > 1 and var falls && falls * 4 >= known.Count - 1;
    }

    private static bool AreOf(double?[] differences, double?[] one, double?[] other, double off)
    {
        var (all, above, below) = (0, 0, 0);
        var unlike = new HashSet<double>();
        for (var row = 0; row < differences.Length; row++)
        {
            if (differences[row] is { } difference && one[row] is { } first && other[row] is { } second && (first != 0 || second != 0))
            {
                all++;
                above += Math.Abs(first - second - difference) <= off ? 1 : 0;
                below += Math.Abs(second - first - difference) <= off ? 1 : 0;
                unlike.Add(difference);
            }
        }

        return all >= FewestRows && unlike.Count > 1 && Math.Max(above, below) * 10 >= all * 9;
    }

    [GeneratedRegex(
        @"(?<!\p{L})(" + OtherAmounts.Deviations + "|" + OtherAmounts.DifferenceWords
        + @"|diffs|diferença|różnica|rozdíl|skillnad|forskel|forskjell|erotus|fark|δ|Δ|variation|variación|variazione|variação|change|veränderung|änderung|[ée]volution|wijziging|verandering|variação|förändring|endring|ændring|muutos|zmiana|změna|değişim|increase|decrease|reduction|saved|einsparungen)(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
