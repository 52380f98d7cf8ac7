using Ems.SamplePlant;
using Ems.SamplePlant.Faults;
using Ems.SamplePlant.Readings;
using Ems.SamplePlant.Sites;
using NodaTime;

namespace Ems.Tests.EndToEnd;

/// <summary>What a loaded sample plant must amount to, worked out from what its meters delivered without the code under test.</summary>
internal sealed class PlantTruth(TruthFile truth, int days)
{
    private const double KwhPerTherm = 29.307107;
    private const double KwhPerMj = 1 / 3.6;

    private readonly Plant _plant = new(truth.Seed);

    public IReadOnlyList<SiteReadings> Sites => _plant.Sites;

    public IReadOnlyList<PlantedFault> Faults => _plant.Truth(days, truth.To).Faults;

    public IReadOnlyList<PlantMeter> EnergyMeters =>
        [.. Sites.SelectMany(site => site.Site.Meters).Where(meter => meter.Kind != MeterKind.Weather)];

    public long ReadingCount() => Sites.Sum(site => Enum.GetValues<MeterKind>().Sum(kind => (long)site.Of(kind, StartOf(site), truth.To).Count()));

    /// <summary>kWh of a meter in a range; null when it delivered nothing there.</summary>
    public double? EnergyKwh(PlantMeter meter, Instant from, Instant to)
    {
        var site = Sites.Single(one => one.Site.Meters.Contains(meter));
        var readings = site.Of(meter.Kind, StartOf(site), truth.To).Where(reading => reading.Meter == meter).ToList();
        List<double> parts = meter.Kind == MeterKind.Registers
            ? [.. RegisterParts(readings, from, to)]
            : [.. readings.Where(reading => reading.Start >= from && reading.Start < to).Select(KwhOf)];
        return parts.Count == 0 ? null : parts.Sum();
    }

    /// <summary>kWh of the main meters of a carrier on days of their own sites.</summary>
    public double? MainEnergyKwh(string carrier, Func<LocalDate, (LocalDate From, LocalDate To)> range, Instant now)
    {
        var parts = Sites.SelectMany(site => site.Site.Meters
            .Where(meter => meter.Parent is null && meter.Carrier == carrier && meter.Kind != MeterKind.Weather)
            .Select(meter => EnergyOf(site, meter))).ToList();
        return parts.TrueForAll(part => part is null) ? null : parts.Sum(part => part ?? 0);

        double? EnergyOf(SiteReadings site, PlantMeter meter)
        {
            var zone = DateTimeZoneProviders.Tzdb[site.Site.TimeZone];
            var (from, to) = range(now.InZone(zone).Date);
            return EnergyKwh(meter, zone.AtStartOfDay(from).ToInstant(), zone.AtStartOfDay(to).ToInstant());
        }
    }

    private Instant StartOf(SiteReadings site) => Plant.StartOf(site.Site, days, truth.To);

    private static double KwhOf(MeterReading reading)
    {
        var channel = reading.Meter.Channels.Index().First(entry => entry.Item.Metric is "energy" or "active_power");
        var value = reading.Values[channel.Index];
        return channel.Item.Unit switch
        {
            "kWh" => value,
            "kW" => value / 4,
            "therm" => value * KwhPerTherm,
            "MJ" => value * KwhPerMj,
            var unit => throw new InvalidOperationException($"{unit} is no unit of energy."),
        };
    }

    /// <summary>What was counted between neighbours, import less export; a gap across an edge is shared out evenly.</summary>
    private static IEnumerable<double> RegisterParts(List<MeterReading> readings, Instant from, Instant to)
    {
        foreach (var (before, after) in readings.Zip(readings.Skip(1)))
        {
            var inside = Duration.Max(Duration.Zero, Instant.Min(to, after.Start) - Instant.Max(from, before.Start));
            if (inside > Duration.Zero)
            {
                yield return (Counted(before, after, 0) - Counted(before, after, 1)) * (inside / (after.Start - before.Start));
            }
        }
    }

    private static double Counted(MeterReading before, MeterReading after, int register) =>
        after.Values[register] >= before.Values[register] ? after.Values[register] - before.Values[register] : after.Values[register];
}
