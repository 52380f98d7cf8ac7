using System.Globalization;

namespace Ems.Bench;

/// <summary>Figures by what they are of, round by round, and the ratios between them within a round.</summary>
internal sealed class Results(string title)
{
    private readonly Dictionary<string, List<double>> _figures = [];

    public void Add(string what, double figure)
    {
        if (!_figures.TryGetValue(what, out var figures))
        {
            _figures[what] = figures = [];
        }

        figures.Add(figure);
    }

    public bool Has(string what) => _figures.ContainsKey(what);

    public static double Median(IReadOnlyList<double> figures)
    {
        var sorted = figures.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>A table of medians, and how far the rounds lie apart.</summary>
    public void Print(string unit)
    {
        Console.WriteLine($"\n{title}\n\n| | {unit} (median) | lowest to highest |\n|---|---|---|");
        foreach (var (what, figures) in _figures)
        {
            Console.WriteLine($"| {what} | {Show(Median(figures))} | {Show(figures.Min())} to {Show(figures.Max())} |");
        }
    }

    /// <summary>The median of the ratios of the rounds: what else the machine did meanwhile concerns both sides.</summary>
    public void PrintRatio(string what, string reference, string target)
    {
        var ratios = _figures[what].Zip(_figures[reference], (figure, other) => figure / other).ToList();
        Console.WriteLine($"\n{what} / {reference}: {Show(Median(ratios))} ({Show(ratios.Min())} to {Show(ratios.Max())}); target {target}");
    }

    private static string Show(double figure) => figure.ToString(figure >= 1000 ? "N0" : figure >= 100 ? "0" : figure >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
