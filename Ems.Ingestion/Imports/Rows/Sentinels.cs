namespace Ems.Ingestion.Imports.Rows;

/// <summary>
/// Recognises numbers of nines (9999, −9999, 99999.9) and the greatest of 16 and 32 bits that stand for no value: those that lie far outside the range of all other values
/// of their column, or that are all of them, below zero.
/// </summary>
internal sealed class Sentinels
{
    /// <summary>A value this many times as great as all others is none.</summary>
    private const double FarFactor = 2;

    /// <summary>Nothing that is measured stays at one such number below zero for so many rows.</summary>
    private const int FewestAlone = 3;

    private readonly HashSet<double> _candidates = [];
    private int _count;
    private double _least = double.PositiveInfinity;
    private double _greatest = double.NegativeInfinity;

    public void Note(double number)
    {
        if (MayBe(number))
        {
            _candidates.Add(number);
            _count++;
        }
        else
        {
            _least = Math.Min(_least, number);
            _greatest = Math.Max(_greatest, number);
        }
    }

    public IReadOnlySet<double> Find() => double.IsInfinity(_least)
        ? (_count >= FewestAlone && _candidates.Count == 1 ? _candidates : []).Where(number => number < 0).ToHashSet()
        : _candidates.Where(number => number > 0 ? number > FarFactor * Math.Max(_greatest, 0) : number < FarFactor * Math.Min(_least, 0)).ToHashSet();

    /// <summary>Whether a number is one of those that may stand for none.</summary>
    public static bool MayBe(double number) => number is ushort.MaxValue or uint.MaxValue || IsNines(Math.Abs(number));

    /// <summary>At least three nines and nothing else.</summary>
    private static bool IsNines(double number)
    {
        if (number is < 999 or > 1e9)
        {
            return false;
        }

        var digits = number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return digits.All(digit => digit is '9' or '.');
    }
}
