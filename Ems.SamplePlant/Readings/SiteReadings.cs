using Ems.SamplePlant.Faults;
using Ems.SamplePlant.Sites;
using NodaTime;

namespace Ems.SamplePlant.Readings;

/// <summary>What a meter delivered at one time.</summary>
/// <param name="Start">Of the quarter of an hour; of registers, the instant.</param>
/// <param name="Values">In the units of the meter's channels, rounded as the meter does.</param>
internal readonly record struct MeterReading(PlantMeter Meter, Instant Start, IReadOnlyList<double> Values);

/// <summary>What the meters of a site tell of what happens there; the same for a seed, whenever it is asked.</summary>
internal sealed class SiteReadings
{
    private const double KwhPerCubicMetre = 11.2;

    private readonly SitePower _power;
    private readonly ulong _seed;
    private readonly Dictionary<string, RegisterCount> _registers;

    public SiteReadings(PlantSite site, ulong seed)
    {
        (Site, _seed) = (site, seed);
        Faults = new FaultPlan(site, seed);
        _power = new SitePower(site, Faults, seed);
        _registers = site.Meters.Where(meter => meter.Kind == MeterKind.Registers)
            .ToDictionary(meter => meter.Id, meter => new RegisterCount(_power, Faults, meter.Id));
    }

    public PlantSite Site { get; }

    public FaultPlan Faults { get; }

    /// <summary>
    /// What the meters of a kind delivered: the quarters that start in [from, to), the registers at their starts and at
    /// <paramref name="to"/>; by time, then by meter.
    /// </summary>
    public IEnumerable<MeterReading> Of(MeterKind kind, Instant from, Instant to)
    {
        var meters = Site.Meters.Where(meter => meter.Kind == kind).ToList();
        var last = Moment.IndexOf(to) - (kind == MeterKind.Registers ? 0 : 1);
        for (var quarter = Moment.IndexOf(from); quarter <= last; quarter++)
        {
            foreach (var meter in meters)
            {
                if (At(meter, Moment.StartOf(quarter)) is { } reading)
                {
                    yield return reading;
                }
            }
        }
    }

    /// <summary>The reading of the quarter that starts then, or of the registers at that instant; null in a gap.</summary>
    public MeterReading? At(PlantMeter meter, Instant start) => Faults.Find(FaultKind.Gap, meter.Id, null, start) is not null
        ? null
        : new MeterReading(meter, start, [.. meter.Channels.Select(channel => ValueOf(meter, channel, start))]);

    /// <summary>Registers and momentary values, for live readings; null in a gap.</summary>
    /// <returns>Values in the canonical units of their metrics.</returns>
    public IReadOnlyDictionary<string, double>? Now(PlantMeter meter, Instant at)
    {
        var quarter = Moment.StartOf(Moment.IndexOf(at));
        if (Faults.Find(FaultKind.Gap, meter.Id, null, quarter) is not null)
        {
            return null;
        }

        var values = meter.Channels.Where(channel => IsMomentary(channel.Metric)).ToDictionary(
            channel => channel.Metric,
            channel => CanonicalUnits.Convert(channel, channel.Metric == "active_power" ? 0 : ValueOf(meter, channel, at)));
        if (meter.Source is not null && meter.Kind != MeterKind.Gas)
        {
            var mean = _power.MeanKw(Moment.IndexOf(at))[_power.IndexOf(meter.Id)] * SpikeFactor(meter, quarter);
            values["active_power"] = Math.Round(mean * Ripple.Factor(at - quarter), Channel.ActivePower.Decimals);
        }

        return values.Count == 0 ? null : values;
    }

    private static bool IsMomentary(string metric) => metric is not ("energy" or "gas_volume");

    private double ValueOf(PlantMeter meter, Channel channel, Instant at)
    {
        var stuck = Faults.Find(FaultKind.StuckValue, meter.Id, channel.Metric, at);
        return Math.Round(Measure(meter, channel, stuck?.Start ?? at), channel.Decimals);
    }

    private double Measure(PlantMeter meter, Channel channel, Instant at)
    {
        var quarter = Moment.IndexOf(at);
        var moment = _power.MomentOf(quarter);
        var meanKw = _power.MeanKw(quarter)[_power.IndexOf(meter.Id)];
        double Jitter(string what) => new Noise(_seed, $"{meter.Id} {what}").At(quarter);

        return channel.Metric switch
        {
            "energy_import_register" => _registers[meter.Id].At(at).ImportKwh,
            "energy_export_register" => _registers[meter.Id].At(at).ExportKwh,
            "energy" => CanonicalUnits.ToUnit(channel, meanKw * Moment.Hours),
            "gas_volume" => meanKw * Moment.Hours / KwhPerCubicMetre,
            "active_power" => meanKw * SpikeFactor(meter, moment.Start),
            "voltage" => VoltageOf(meanKw, Jitter("voltage")),
            "power_factor" => PowerFactorOf(meanKw, Jitter("power factor")),
            "current" => meanKw * 1000
                / (Math.Sqrt(3) * VoltageOf(meanKw, Jitter("voltage")) * PowerFactorOf(meanKw, Jitter("power factor"))),
            "temperature" when meter.Kind == MeterKind.Weather => CanonicalUnits.ToUnit(channel, moment.OutdoorC),
            "temperature" => 18.5 + (0.12 * moment.OutdoorC) + (0.3 * Jitter("temperature")),
            "airflow" => Math.Min(9_500, (180 * meanKw) + (60 * Jitter("airflow"))),
            _ => throw new InvalidOperationException($"No meter of the plant measures {channel.Metric}."),
        };
    }

    private double SpikeFactor(PlantMeter meter, Instant quarter) =>
        Faults.Find(FaultKind.Spike, meter.Id, "active_power", quarter)?.Factor ?? 1;

    private static double VoltageOf(double kw, double jitter) => 402 - (0.03 * kw) + (2.5 * jitter);

    private static double PowerFactorOf(double kw, double jitter) => 0.8 + (0.13 * Math.Min(1, kw / 150)) + (0.01 * jitter);
}
