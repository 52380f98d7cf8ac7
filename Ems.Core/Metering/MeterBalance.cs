using NodaTime;

namespace Ems.Core.Metering;

/// <summary>Compares a meter with those below it.</summary>
public static class MeterBalance
{
    // Two meters of a common accuracy class, and their clocks, do not differ by more.
    private const double Tolerance = 0.05;
    private const double LeastKnown = 0.98;

    /// <summary>
    /// Whether the meters below counted more than the one above, by more than 5 % of what all of them counted. That they counted less is
    /// nothing odd: not everything below a meter has one of its own.
    /// </summary>
    /// <param name="length">
    /// Of the time that the totals are about. It is judged when the meter above covers 98 % of it, and no more than 2 % of what any of
    /// them counted is estimated: what a register counted across a gap may belong to another day.
    /// </param>
    public static bool IsOff(BucketTotal above, IReadOnlyCollection<BucketTotal> below, Duration length)
    {
        var counted = Math.Max(above.AbsoluteQuantity, below.Sum(total => total.AbsoluteQuantity));
        var estimated = above.EstimatedOrProrated + below.Sum(total => total.EstimatedOrProrated);
        return above.Covered >= length * LeastKnown
            && estimated <= (1 - LeastKnown) * counted
            && below.Sum(total => total.Quantity) - above.Quantity > Tolerance * counted;
    }
}
