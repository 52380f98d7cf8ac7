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
internal sealed record PlantedFault(
    FaultKind Kind, string EquipmentId, string? Metric, Instant Start, Instant End, double? Factor, string Planted)
{
    public bool Covers(Instant instant) => instant >= Start && instant < End;
}
