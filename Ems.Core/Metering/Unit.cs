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
    public double ToCanonical(double value) => (value * Factor) + Offset;
}
