namespace Ems.Core.Metering;

/// <summary>What a value of an equipment means.</summary>
/// <param name="Name">Canonical name, as it is stored and asked for.</param>
/// <param name="Unit">Symbol of the canonical unit.</param>
/// <param name="Kind">How the values add up, unless the source says otherwise.</param>
/// <param name="OtherKind">The kind it may have as well: a volume is a register's state or the quantity of an interval.</param>
/// <param name="Min">Least plausible value in the canonical unit, when there is one.</param>
/// <param name="Max">Greatest plausible value in the canonical unit, when there is one.</param>
public sealed record Metric(
    string Name,
    string Unit,
    Dimension Dimension,
    QuantityKind Kind,
    QuantityKind? OtherKind = null,
    double? Min = null,
    double? Max = null)
{
    public bool CanBe(QuantityKind kind) => kind == Kind || kind == OtherKind;

    /// <summary>Whether a value in the canonical unit is a finite number within the plausible range.</summary>
    public bool IsPlausible(double value) => double.IsFinite(value) && !(value < Min) && !(value > Max);
}
