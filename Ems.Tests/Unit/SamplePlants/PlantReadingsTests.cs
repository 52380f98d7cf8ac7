using Ems.SamplePlant;
using Ems.SamplePlant.Faults;
using Ems.SamplePlant.Readings;
using Ems.SamplePlant.Sites;
using NodaTime;

namespace Ems.Tests.Unit.SamplePlants;

public sealed class PlantReadingsTests
{
    private static readonly Instant From = Instant.FromUtc(2026, 9, 21, 0, 0);
    private static readonly Instant To = From + Duration.FromDays(63);
    private static readonly Plant TestPlant = new(seed: 1);

    [Fact]
    public void A_value_is_the_same_whenever_and_in_whatever_order_it_is_asked_for()
    {
        var whole = TestPlant.Sites.SelectMany(site => All(site, From, From + Duration.FromDays(10))).ToDictionary(Key, Values);
        var later = new Plant(seed: 1).Sites.Reverse().SelectMany(site => All(site, From + Duration.FromDays(6), From + Duration.FromDays(12))).ToList();

        var shared = later.Where(reading => whole.ContainsKey(Key(reading))).ToList();

        Assert.True(shared.Count > 4 * 96 * 20, $"{shared.Count} readings in both");
        Assert.All(shared, reading => Assert.Equal(whole[Key(reading)], Values(reading)));
    }

    [Fact]
    public void Another_seed_gives_other_values()
    {
        var ours = All(TestPlant.Sites[0], From, From + Duration.FromHours(6)).Select(Values).ToList();
        var others = All(new Plant(seed: 2).Sites[0], From, From + Duration.FromHours(6)).Select(Values).ToList();

        Assert.NotEqual(ours, others);
    }

    [Fact]
    public void The_sites_lie_in_different_zones_and_have_what_meters_deliver()
    {
        var sites = TestPlant.Sites.Select(site => site.Site).ToList();

        Assert.Equal(3, sites.Select(site => site.TimeZone).Distinct().Count());
        Assert.Equal(Enum.GetValues<MeterKind>().ToHashSet(), sites.SelectMany(site => site.Meters).Select(meter => meter.Kind).ToHashSet());
        Assert.Contains(sites.SelectMany(site => site.Meters), meter => meter.Exports);
        Assert.All(sites, site =>
        {
            Assert.Contains(site.Meters, meter => meter is { Parent: null, Carrier: "electricity", Source: not null });
            Assert.Contains(site.Meters, meter => meter is { Parent: null, Carrier: "gas" });
            Assert.Contains(site.Meters, meter => meter.Parent is not null);
            Assert.NotEmpty(site.Holidays(2026));
        });
    }

    [Fact]
    public void A_main_meter_counts_what_its_sub_meters_count_and_something_beside()
    {
        foreach (var site in SampleSites.All)
        {
            var power = new SitePower(site, new FaultPlan(site, 1), 1);
            var main = site.Meters.Single(meter => meter is { Parent: null, Carrier: "electricity", Source: not null });
            var subs = site.Meters.Index().Where(entry => entry.Item.Parent == main.Id).Select(entry => entry.Index).ToList();
            Assert.All(Quarters(From, From + Duration.FromDays(2)), quarter =>
            {
                var means = power.MeanKw(quarter).ToArray();
                Assert.True(means[power.IndexOf(main.Id)] > subs.Sum(sub => means[sub]), $"{main.Id} at {Moment.StartOf(quarter)}");
            });
        }
    }

    [Fact]
    public void Registers_only_grow_but_at_the_planted_exchange_of_a_meter()
    {
        foreach (var site in TestPlant.Sites.Where(site => site.Site.Meters.Any(meter => meter.Kind == MeterKind.Registers)))
        {
            var readings = site.Of(MeterKind.Registers, From, To).ToList();
            var drops = readings.Zip(readings.Skip(1)).Where(pair => pair.Second.Values[0] < pair.First.Values[0]).Select(pair => pair.First.Start);
            var planted = site.Faults.Between(From, To).Where(fault => fault.Kind == FaultKind.RegisterReset).Select(fault => fault.Start);

            Assert.Equal(planted, drops);
        }
    }

    [Fact]
    public void A_register_counts_the_energy_of_every_quarter()
    {
        var site = TestPlant.Sites.Single(one => one.Site.Id == "hamburg");
        var power = new SitePower(site.Site, site.Faults, 1);
        var main = site.Site.Meters.Single(meter => meter.Kind == MeterKind.Registers);
        var (from, to) = (Instant.FromUtc(2026, 11, 2, 0, 0), Instant.FromUtc(2026, 11, 16, 0, 0));

        var (first, last) = (site.At(main, from)!.Value.Values, site.At(main, to)!.Value.Values);
        var energy = Quarters(from, to).Sum(quarter => power.MeanKw(quarter)[power.IndexOf(main.Id)] * Moment.Hours);

        Assert.DoesNotContain(site.Faults.Between(from, to), fault => fault.Kind == FaultKind.RegisterReset);
        Assert.Equal(energy, last[0] - first[0] - (last[1] - first[1]), 0.021);
    }

    [Fact]
    public void Live_values_run_through_those_of_the_quarters()
    {
        var site = TestPlant.Sites.Single(one => one.Site.Id == "adelaide");
        var main = site.Site.Meters.Single(meter => meter.Kind == MeterKind.Registers);
        var oven = site.Site.Meters.Single(meter => meter.Id == "adelaide-refrigeration");
        var start = Instant.FromUtc(2026, 11, 3, 2, 0);
        var steps = Enumerable.Range(0, 181).Select(step => start + Duration.FromSeconds(step * 5)).ToList();

        var registers = steps.ConvertAll(step => site.Now(main, step)!["energy_import_register"]);
        var power = steps.SkipLast(1).Select(step => site.Now(oven, step)!["active_power"]);

        Assert.Equal(registers.Order(), registers);
        Assert.Equal(site.At(main, start)!.Value.Values[0], registers[0]);
        Assert.Equal(site.At(main, start + Moment.Quarter)!.Value.Values[0], registers[^1]);
        Assert.Equal(site.At(oven, start)!.Value.Values[0], power.Average(), 0.02);
    }

    [Fact]
    public void The_sun_shines_by_day_alone_and_more_in_summer()
    {
        foreach (var site in TestPlant.Sites.Where(site => site.Site.Meters.Any(meter => meter.Type == "pv")))
        {
            var solar = site.Site.Meters.Single(meter => meter.Type == "pv");
            var night = new LocalDateTime(2026, 11, 10, 1, 0).InZoneStrictly(DateTimeZoneProviders.Tzdb[site.Site.TimeZone]).ToInstant();

            Assert.Equal(0, site.At(solar, night)!.Value.Values[0]);
            Assert.All(site.Of(MeterKind.Intervals, From, To).Where(reading => reading.Meter == solar), reading => Assert.True(reading.Values[0] <= 0));
            var (june, december) = (Generated(2026, 6), Generated(2026, 12));
            Assert.True(site.Site.Climate.Latitude > 0 ? june > 2 * december : december > 2 * june, $"{june} in June, {december} in December");

            double Generated(int year, int month) => Quarters(Instant.FromUtc(year, month, 1, 0, 0), Instant.FromUtc(year, month, 29, 0, 0))
                .Sum(quarter => -site.At(solar, Moment.StartOf(quarter))!.Value.Values[0]);
        }
    }

    [Fact]
    public void Work_follows_the_week_and_rests_on_holidays()
    {
        var site = TestPlant.Sites.Single(one => one.Site.Id == "hamburg");
        var line = site.Site.Meters.Single(meter => meter.Id == "hamburg-line-1");
        double NoonOf(int month, int day) =>
            site.At(line, new LocalDateTime(2026, month, day, 12, 0).InZoneStrictly(DateTimeZoneProviders.Tzdb["Europe/Berlin"]).ToInstant())!.Value.Values[0];

        var wednesday = NoonOf(9, 23);

        Assert.True(NoonOf(9, 26) < wednesday / 3, "a Saturday");
        Assert.True(NoonOf(5, 1) < wednesday / 3, "1 May, a Friday");
        Assert.InRange(NoonOf(9, 24), wednesday * 0.7, wednesday * 1.4);
    }

    private static (string, Instant) Key(MeterReading reading) => (reading.Meter.Id, reading.Start);

    private static string Values(MeterReading reading) => string.Join(' ', reading.Values);

    private static IEnumerable<MeterReading> All(SiteReadings site, Instant from, Instant to) =>
        Enum.GetValues<MeterKind>().SelectMany(kind => site.Of(kind, from, to));

    private static IEnumerable<long> Quarters(Instant from, Instant to)
    {
        for (var quarter = Moment.IndexOf(from); quarter < Moment.IndexOf(to); quarter++)
        {
            yield return quarter;
        }
    }
}
