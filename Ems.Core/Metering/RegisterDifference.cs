namespace Ems.Core.Metering;

/// <summary>What a register counted between two neighbouring values; never negative.</summary>
/// <param name="Quantity">In the register's unit.</param>
/// <param name="Restarted">The register decreased: it was reset, exchanged or rolled over.</param>
/// <param name="Estimated">What was counted before a reset is lost, so the quantity is the least it can have been.</param>
internal readonly record struct RegisterDifference(double Quantity, bool Restarted, bool Estimated)
{
    /// <summary>
    /// The difference between value <paramref name="index"/> and the next one. A decrease is a roll-over when the register was
    /// in the last tenth below a power of ten, is now in the first tenth, and the distance fits the rate of the neighbours;
    /// else it is a restart from zero when less than half of the value is left; else (a correction, a used meter put in) nothing
    /// is known of the quantity, and it counts 0.
    /// </summary>
    public static RegisterDifference Between(IReadOnlyList<Sample> samples, int index)
    {
        var (before, after) = (samples[index].Value, samples[index + 1].Value);
        if (after >= before)
        {
            return new(after - before, Restarted: false, Estimated: false);
        }

        if (RolledOver(samples, index) is { } quantity)
        {
            return new(quantity, Restarted: true, Estimated: false);
        }

        return new(after >= 0 && after < before / 2 ? after : 0, Restarted: true, Estimated: true);
    }

    private static double? RolledOver(IReadOnlyList<Sample> samples, int index)
    {
        const double smallestTurn = 1_000;
        var (from, to) = (samples[index], samples[index + 1]);
        var turn = smallestTurn;
        while (turn <= from.Value && double.IsFinite(turn))
        {
            turn *= 10;
        }

        if (from.Value < 0.9 * turn || to.Value < 0 || to.Value > 0.1 * turn)
        {
            return null;
        }

        var quantity = turn - from.Value + to.Value;
        var fits = HighestRateAround(samples, index) is { } rate
            ? quantity <= 3 * rate * (to.Start - from.Start).TotalHours
            : quantity <= 0.01 * turn;
        return fits ? quantity : null;
    }

    private static double? HighestRateAround(IReadOnlyList<Sample> samples, int index)
    {
        const int pairsPerSide = SeriesArithmetic.Neighbours - 1;
        double? highest = null;
        for (var i = Math.Max(index - pairsPerSide, 0); i <= index + pairsPerSide && i + 1 < samples.Count; i++)
        {
            var hours = (samples[i + 1].Start - samples[i].Start).TotalHours;
            var rise = samples[i + 1].Value - samples[i].Value;
            if (hours > 0 && rise > 0)
            {
                highest = Math.Max(highest ?? 0, rise / hours);
            }
        }

        return highest;
    }
}
