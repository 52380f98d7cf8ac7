using Ems.Core.Metering;
using Ems.SamplePlant;
using Ems.SamplePlant.Faults;
using Ems.SamplePlant.Readings;
using Ems.SamplePlant.Sites;
using NodaTime;

namespace Ems.Tests.Unit.SamplePlants;

/// <summary>What is found about the readings of the sample plant is what was planted there.</summary>
public sealed class PlantChecksTests
{
    private static readonly Instant From = Instant.FromUtc(2026, 7, 6, 0, 0);
    private static readonly Duration Quarter = Duration.FromMinutes(15);
    private static readonly Duration LiveStep = Duration.FromMinutes(1);
    private static readonly Duration LiveTime = Duration.FromDays(14);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Gaps_stuck_values_spikes_and_resets_are_found_and_nothing_else(ulong seed)
    {
        var found = new List<string>();
        var planted = new List<string>();
        foreach (var site in new Plant(seed).Sites)
        {
            foreach (var (meter, channel, index) in site.Site.Meters.SelectMany(meter => meter.Channels.Select((channel, i) => (meter, channel, i))))
            {
                var samples = Samples(site, meter, channel, index);
                var (kind, isNet) = (KindOf(channel.Metric), meter.Exports || channel.Metric == "reactive_power");
                var flags = new SeriesChecks(kind, _ => isNet || meter.Source is null, samples).Check(0, samples.Count);
                found.AddRange(Enumerable.Range(0, flags.Length).Where(i => flags[i] != ReadingFlags.None)
                    .Select(i => $"{meter.Id} {channel.Metric} {samples[i].Start} {flags[i]}"));
                planted.AddRange(Expected(site, meter, channel, kind, samples).Select(one => $"{meter.Id} {channel.Metric} {one.At} {one.Flags}"));
            }
        }

        Assert.Contains(planted, one => one.EndsWith(nameof(ReadingFlags.Gap), StringComparison.Ordinal));
        Assert.Contains(planted, one => one.EndsWith(nameof(ReadingFlags.Stuck), StringComparison.Ordinal));
        Assert.Contains(planted, one => one.EndsWith(nameof(ReadingFlags.Spike), StringComparison.Ordinal));
        Assert.Contains(planted, one => one.EndsWith(nameof(ReadingFlags.RegisterReset), StringComparison.Ordinal));
        Assert.Equal(planted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Of_live_readings_nothing_is_found_where_nothing_was_planted(ulong seed)
    {
        var (checkedSeries, unplanted) = (0, new List<string>());
        foreach (var site in new Plant(seed).Sites)
        {
            foreach (var meter in site.Site.Meters)
            {
                var live = Enumerable.Range(0, (int)(LiveTime / LiveStep)).Select(i => From + (LiveStep * i))
                    .Select(at => (At: at, Values: site.Now(meter, at))).Where(reading => reading.Values is not null).ToList();
                foreach (var metric in live.SelectMany(reading => reading.Values!.Keys).Distinct())
                {
                    List<Sample> samples = [.. live.Select(reading => new Sample(reading.At, Duration.Zero, reading.Values![metric]))];
                    var flags = new SeriesChecks(KindOf(metric), _ => meter.Exports || meter.Source is null, samples).Check(0, samples.Count);
                    checkedSeries++;
                    unplanted.AddRange(Enumerable.Range(0, flags.Length).Where(i => !IsPlanted(site, meter, metric, samples[i].Start, flags[i]))
                        .Select(i => $"{meter.Id} {metric} {samples[i].Start} {samples[i].Value} {flags[i]}"));
                }
            }
        }

        Assert.True(checkedSeries > 20, $"{checkedSeries} series");
        Assert.Empty(unplanted);
    }

    /// <summary>What follows from a fault is found at the first reading after it.</summary>
    private static bool IsPlanted(SiteReadings site, PlantMeter meter, string metric, Instant at, ReadingFlags flags)
    {
        var planted = ReadingFlags.None;
        foreach (var fault in site.Faults.Between(at - Quarter, at + Quarter)
            .Where(fault => fault.EquipmentId == meter.Id && (fault.Metric ?? metric) == metric && at >= fault.Start && at <= fault.End + LiveStep))
        {
            planted |= fault.Kind switch
            {
                FaultKind.Gap => ReadingFlags.Gap,
                FaultKind.StuckValue => ReadingFlags.Stuck,
                FaultKind.Spike => ReadingFlags.Spike,
                FaultKind.RegisterReset => ReadingFlags.RegisterReset,
                _ => ReadingFlags.None,
            };
        }

        return (flags & ~planted) == ReadingFlags.None;
    }

    private static IEnumerable<(Instant At, ReadingFlags Flags)> Expected(
        SiteReadings site, PlantMeter meter, Channel channel, QuantityKind kind, List<Sample> samples)
    {
        var stuck = Stuck(site, meter, channel, samples);
        for (var i = 1; i < samples.Count; i++)
        {
            var (before, at) = (samples[i - 1].Start, samples[i].Start);
            var flags = at - before > Quarter ? ReadingFlags.Gap : ReadingFlags.None;
            flags |= stuck[i] ? ReadingFlags.Stuck : 0;
            flags |= channel.Metric == "active_power" && site.Faults.Find(FaultKind.Spike, meter.Id, channel.Metric, at) is not null ? ReadingFlags.Spike : 0;
            flags |= kind == QuantityKind.Register && samples[i].Value < samples[i - 1].Value ? ReadingFlags.RegisterReset : 0;
            if (flags != ReadingFlags.None)
            {
                yield return (at, flags);
            }
        }
    }

    /// <summary>What happens to equal the values that are stuck, beside them, cannot be told from them.</summary>
    private static bool[] Stuck(SiteReadings site, PlantMeter meter, Channel channel, List<Sample> samples)
    {
        bool[] stuck = [.. samples.Select(sample => site.Faults.Find(FaultKind.StuckValue, meter.Id, channel.Metric, sample.Start) is not null)];
        for (var i = 1; i < stuck.Length; i++)
        {
            stuck[i] |= stuck[i - 1] && samples[i].Value == samples[i - 1].Value;
        }

        for (var i = stuck.Length - 2; i >= 0; i--)
        {
            stuck[i] |= stuck[i + 1] && samples[i].Value == samples[i + 1].Value;
        }

        return stuck;
    }

    private static List<Sample> Samples(SiteReadings site, PlantMeter meter, Channel channel, int index) =>
    [
        .. Enumerable.Range(0, 61 * 96).Select(i => From + (Quarter * i)).Select(at => site.At(meter, at)).OfType<MeterReading>()
            .Select(reading => new Sample(reading.Start, KindOf(channel.Metric) == QuantityKind.Register ? Duration.Zero : Quarter, reading.Values[index])),
    ];

    private static QuantityKind KindOf(string metric) => metric switch
    {
        "energy_import_register" or "energy_export_register" => QuantityKind.Register,
        "energy" or "gas_volume" => QuantityKind.Interval,
        _ => QuantityKind.Level,
    };
}
