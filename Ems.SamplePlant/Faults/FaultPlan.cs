using Ems.SamplePlant.Sites;
using NodaTime;

namespace Ems.SamplePlant.Faults;

/// <summary>Which faults the meters of a site have, and when.</summary>
internal sealed class FaultPlan
{
    private readonly Dictionary<string, FaultRule[]> _rules;

    public FaultPlan(PlantSite site, ulong seed)
    {
        var zone = DateTimeZoneProviders.Tzdb[site.TimeZone];
        FaultRule Rule(FaultKind kind, string equipmentId, string? metric, int everyWeeks) =>
            new(seed, zone, kind, equipmentId, metric, everyWeeks);

        FaultRule[] rules = site.Id switch
        {
            "hamburg" =>
            [
                Rule(FaultKind.Gap, "hamburg-main", null, 5),
                Rule(FaultKind.Gap, "hamburg-line-2", null, 3),
                Rule(FaultKind.RegisterReset, "hamburg-main", null, 52),
                Rule(FaultKind.StuckValue, "hamburg-hvac", "temperature", 5),
                Rule(FaultKind.RisingBaseLoad, "hamburg-compressors", "energy", 6),
            ],
            "chicago" =>
            [
                Rule(FaultKind.Gap, "chicago-lighting", null, 4),
                Rule(FaultKind.LeftOn, "chicago-hvac", "active_power", 4),
            ],
            _ =>
            [
                Rule(FaultKind.RegisterReset, "adelaide-main", null, 7),
                Rule(FaultKind.Spike, "adelaide-refrigeration", "active_power", 2),
            ],
        };
        _rules = rules.GroupBy(rule => rule.EquipmentId).ToDictionary(group => group.Key, group => group.ToArray());
    }

    /// <summary>Faults that touch [from, to), in order of start.</summary>
    public IReadOnlyList<PlantedFault> Between(Instant from, Instant to) =>
        [.. _rules.Values.SelectMany(rules => rules).SelectMany(rule => rule.Between(from, to)).OrderBy(fault => fault.Start)];

    public PlantedFault? Find(FaultKind kind, string equipmentId, string? metric, Instant at) =>
        _rules.GetValueOrDefault(equipmentId, [])
            .Where(rule => rule.Kind == kind && (rule.Metric is null || rule.Metric == metric))
            .Select(rule => rule.At(at))
            .FirstOrDefault(fault => fault.Covers(at));

    public Trouble TroubleOf(string equipmentId, Instant at)
    {
        var rules = _rules.GetValueOrDefault(equipmentId, []);
        var trouble = Trouble.None;
        foreach (var rule in rules)
        {
            if (rule.Kind is FaultKind.LeftOn or FaultKind.RisingBaseLoad && rule.At(at) is var fault && fault.Covers(at))
            {
                trouble = rule.Kind == FaultKind.LeftOn
                    ? trouble with { LeftOn = true }
                    : trouble with { BaseFactor = fault.FactorAt(at) };
            }
        }

        return trouble;
    }

    /// <summary>When the registers that are read at this instant started at zero: a reading at the moment of a reset is the last of the old meter.</summary>
    public Instant RegisterStart(string equipmentId, Instant at)
    {
        var rule = _rules[equipmentId].Single(one => one.Kind == FaultKind.RegisterReset);
        var fault = rule.At(at);
        return fault.Start < at ? fault.Start : rule.Before(fault).Start;
    }
}
