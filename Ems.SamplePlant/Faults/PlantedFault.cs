using NodaTime;

namespace Ems.SamplePlant.Faults;

internal enum FaultKind
{
    /// <summary>Nothing was delivered.</summary>
    Gap,

    /// <summary>The meter was exchanged: its registers start again at zero.</summary>
    RegisterReset,

    /// <summary>The sensor repeats one value.</summary>
    StuckValue,

    /// <summary>One value is many times too high.</summary>
    Spike,

    /// <summary>A machine ran through the weekend.</summary>
    LeftOn,

    /// <summary>The base load grows until somebody repairs what leaks.</summary>
    RisingBaseLoad,
}

/// <summary>A fault that the readings contain.</summary>
/// <param name="Metric">Null: every metric of the equipment.</param>
/// <param name="Start">First reading concerned; of a reset, the last one before it.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Factor">Of a spike, how many times too high; of a rising base load, how many times as high at the end.</param>
/// <param name="Planted">What was done, in words.</param>
/// <param name="IsCut">Whether this is only the part that lies in a range of readings: it began before it or goes on after it.</param>
internal sealed record PlantedFault(
    FaultKind Kind, string EquipmentId, string? Metric, Instant Start, Instant End, double? Factor, string Planted, bool IsCut = false)
{
    public bool Covers(Instant instant) => instant >= Start && instant < End;

    /// <summary>Of a rising base load, how many times as high at this time of it.</summary>
    public double FactorAt(Instant instant) => 1 + ((Factor!.Value - 1) * ((instant - Start) / (End - Start)));

    /// <summary>What readings of [from, to) show of it.</summary>
    public PlantedFault Within(Instant from, Instant to)
    {
        if (Start >= from && End <= to)
        {
            return this;
        }

        var end = Instant.Min(End, to);
        return this with
        {
            Start = Instant.Max(Start, from),
            End = end,
            Factor = Kind == FaultKind.RisingBaseLoad ? FactorAt(end) : Factor,
            IsCut = true,
        };
    }
}
