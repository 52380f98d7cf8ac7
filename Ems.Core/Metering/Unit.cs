namespace Ems.Core.Metering;

/// <summary>What a unit measures. Units of one dimension convert into each other.</summary>
public enum Dimension
{
    Energy,
    ActivePower,
    ReactivePower,
    ApparentPower,
    Voltage,
    Current,
    Frequency,
    Temperature,
    Volume,
    VolumeFlow,
    Ratio,
}

/// <summary>A unit of measure: canonical value = value × factor + offset.</summary>
/// <param name="Symbol">As people write it.</param>
/// <param name="Factor">
/// Into kWh, kW, kvar, kVA, V, A, Hz, °C, m³, cfm or 1, whichever is the canonical unit of the dimension.
/// </param>
/// <param name="Offset">In the canonical unit; zero but for temperatures.</param>
public sealed record Unit(string Symbol, Dimension Dimension, double Factor, double Offset = 0)
{
    // As many as a double holds of any number.
    private const int Digits = 15;

    // Those that a double holds exactly.
    private static readonly double[] Powers =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Rounded to the digits that a number has for sure: 0.07 MWh are 70 kWh, not 70.00000000000001.</summary>
    public double ToCanonical(double value)
    {
        var converted = (value * Factor) + Offset;
        return Factor == 1 && Offset == 0 ? converted : Rounded(converted, Math.Max(Math.Abs(value * Factor), Math.Abs(Offset)));
    }

    /// <param name="largest">Of what was added up: what is left of it when the rest was taken away has its last digit.</param>
    private static double Rounded(double value, double largest)
    {
        var decimals = Digits - 1 - Math.Floor(Math.Log10(largest));
        // A zero has no sign.
        return !(Math.Abs(decimals) < Powers.Length) ? value
            : decimals >= 0 ? (Math.Round(value * Powers[(int)decimals]) / Powers[(int)decimals]) + 0
            : Math.Round(value / Powers[(int)-decimals]) * Powers[(int)-decimals];
    }
}
