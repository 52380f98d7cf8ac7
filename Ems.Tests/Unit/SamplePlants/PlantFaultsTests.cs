using Ems.SamplePlant;
using Ems.SamplePlant.Faults;
using Ems.SamplePlant.Readings;
using Ems.SamplePlant.Sites;
using Ems.Tests.Contracts;
using FsCheck;
using FsCheck.Xunit;
using NodaTime;

namespace Ems.Tests.Unit.SamplePlants;

public sealed class PlantFaultsTests
{
    private static readonly Instant From = Instant.FromUtc(2026, 7, 6, 0, 0);
    private static readonly Instant To = From + Duration.FromDays(140);
    private static readonly Plant TestPlant = new(seed: 1);

    [Property(MaxTest = 200)]
    public bool Two_months_contain_every_kind_of_fault_whenever_they_end(PositiveInt hours, byte seed)
    {
        var now = Instant.FromUtc(2025, 1, 1, 0, 0) + Duration.FromHours(hours.Get * 37L % 80_000);
        var truth = new Plant(seed).Truth(days: 61, now);
        return Enum.GetValues<FaultKind>().ToHashSet().SetEquals(truth.Faults.Select(fault => fault.Kind))
            && truth.To - truth.From >= Duration.FromDays(61);
    }

    [Fact]
    public void Whatever_day_the_load_ends_the_truth_says_just_what_the_loaded_readings_show()
    {
        var cut = 0;
        for (var day = 0; day < 42; day++)
        {
            var (days, now) = (3 + (day % 10), From + Duration.FromDays(day) + Duration.FromHours(day % 24));
            var truth = TestPlant.Truth(days, now);
            cut += truth.Faults.Count(fault => fault.IsCut);
            foreach (var site in TestPlant.Sites)
            {
                var (from, to) = (Plant.StartOf(site.Site, days, now), truth.To);
                var faults = truth.Faults.Where(fault => site.Site.Meters.Any(meter => meter.Id == fault.EquipmentId)).ToList();
                Assert.All(faults, fault => Assert.True(fault.Start >= from && fault.End <= to && fault.IsCut == IsCut(site, fault, from, to), $"{fault}"));
                CheckGaps(site, faults, from, to);
                CheckStuck(site, faults);
                CheckBaseLoad(site, faults);
            }
        }

        Assert.InRange(cut, 10, 200);
    }

    [Fact]
    public void Faults_do_not_move_when_more_is_loaded_later()
    {
        var now = Instant.FromUtc(2026, 11, 24, 16, 0);
        var (first, second) = (TestPlant.Truth(61, now), TestPlant.Truth(61, now + Duration.FromDays(3)));

        var still = first.Faults.Where(fault => fault.End > second.From + Duration.FromDays(1)).ToList();

        Assert.True(still.Count > 5, $"{still.Count} faults");
        Assert.Subset(second.Faults.Select(Begin).ToHashSet(), still.Select(Begin).ToHashSet());
        Assert.Subset(second.Faults.ToHashSet(), still.Where(fault => !fault.IsCut).ToHashSet());

        static (FaultKind, string, Instant) Begin(PlantedFault fault) => (fault.Kind, fault.EquipmentId, fault.Start);
    }

    [Fact]
    public void A_gap_has_no_readings_and_all_else_has_one_each_quarter()
    {
        foreach (var site in TestPlant.Sites)
        {
            foreach (var meter in site.Site.Meters)
            {
                var missing = Quarters(From, To).Where(start => site.At(meter, start) is null).ToList();
                var planted = Planted(site, FaultKind.Gap, meter.Id).SelectMany(gap => Quarters(gap.Start, gap.End)).ToList();

                Assert.Equal(planted, missing);
            }
        }
    }

    [Fact]
    public void A_stuck_sensor_repeats_one_value_and_moves_before_and_after()
    {
        var (site, meter) = Find("hamburg", "hamburg-hvac");
        var stuck = Planted(site, FaultKind.StuckValue, meter.Id);

        Assert.NotEmpty(stuck);
        Assert.All(stuck, fault =>
        {
            Assert.Single(Quarters(fault.Start, fault.End).Select(Temperature).Distinct());
            Assert.True(Quarters(fault.End, fault.End + Duration.FromHours(18)).Select(Temperature).Distinct().Count() > 3);
            Assert.True(Quarters(fault.Start, fault.End).Select(start => site.At(meter, start)!.Value.Values[0]).Distinct().Count() > 3);
        });

        double Temperature(Instant start) => site.At(meter, start)!.Value.Values[1];
    }

    [Fact]
    public void A_spike_is_as_many_times_too_high_as_the_truth_says()
    {
        var (site, meter) = Find("adelaide", "adelaide-refrigeration");
        var power = new SitePower(site.Site, site.Faults, 1);

        Assert.All(Planted(site, FaultKind.Spike, meter.Id), fault => Assert.Equal(
            power.MeanKw(Moment.IndexOf(fault.Start))[power.IndexOf(meter.Id)] * fault.Factor!.Value,
            site.At(meter, fault.Start)!.Value.Values[0], 0.0051));
    }

    [Fact]
    public void A_weekend_left_on_takes_far_more_than_the_next_one()
    {
        var (site, meter) = Find("chicago", "chicago-hvac");

        Assert.All(Planted(site, FaultKind.LeftOn, meter.Id), fault =>
        {
            var week = Duration.FromDays(7);
            Assert.True(Sum(site, meter, fault.Start, fault.End) > 1.5 * Sum(site, meter, fault.Start + week, fault.End + week));
        });
    }

    [Fact]
    public void A_rising_base_load_grows_week_by_week_and_ends_at_once()
    {
        var (site, meter) = Find("hamburg", "hamburg-compressors");

        Assert.All(Planted(site, FaultKind.RisingBaseLoad, meter.Id), fault =>
        {
            // The small hours of Wednesdays, when nobody works.
            double[] nights = [.. Enumerable.Range(0, 5).Select(week =>
                Sum(site, meter, fault.Start + Duration.FromDays((week * 7) + 2), fault.Start + Duration.FromDays((week * 7) + 2) + Duration.FromHours(4)))];
            Assert.Equal(nights[..4].Order(), nights[..4]);
            Assert.True(nights[4] < nights[1], string.Join(' ', nights));
        });
    }

    [Fact]
    public void The_truth_is_read_as_it_was_written_and_its_folder_is_made()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "new", "truth.json");
        var truth = TestPlant.Truth(61, Instant.FromUtc(2026, 11, 24, 16, 0));

        truth.Write(path);
        var read = TruthFile.Read(path);

        Assert.Equal(truth.Faults, read.Faults);
        Assert.Equal((truth.Seed, truth.From, truth.To), (read.Seed, read.From, read.To));
    }

    private static bool IsCut(SiteReadings site, PlantedFault shown, Instant from, Instant to)
    {
        var whole = site.Faults.Between(from, to).Single(fault => (fault.Kind, fault.EquipmentId) == (shown.Kind, shown.EquipmentId)
            && Instant.Max(fault.Start, from) == shown.Start);
        return whole.Start < from || whole.End > to;
    }

    private static void CheckGaps(SiteReadings site, List<PlantedFault> faults, Instant from, Instant to)
    {
        var missing = site.Site.Meters.SelectMany(meter => Quarters(from, to).Where(start => site.At(meter, start) is null).Select(start => (meter.Id, start)));
        var said = faults.Where(fault => fault.Kind == FaultKind.Gap)
            .SelectMany(gap => Quarters(gap.Start, gap.End).Select(start => (gap.EquipmentId, start)));
        Assert.Equal(missing.Order(), said.Order());
    }

    private static void CheckStuck(SiteReadings site, List<PlantedFault> faults)
    {
        foreach (var fault in faults.Where(fault => fault.Kind == FaultKind.StuckValue))
        {
            var meter = site.Site.Meters.Single(one => one.Id == fault.EquipmentId);
            double Temperature(Instant start) => site.At(meter, start)!.Value.Values[1];
            Assert.Single(Quarters(fault.Start, fault.End).Select(Temperature).Distinct());
        }
    }

    private static void CheckBaseLoad(SiteReadings site, List<PlantedFault> faults)
    {
        foreach (var fault in faults.Where(fault => fault.Kind == FaultKind.RisingBaseLoad))
        {
            Assert.Equal(fault.Factor!.Value, site.Faults.TroubleOf(fault.EquipmentId, fault.End - Moment.Quarter).BaseFactor, 0.01);
        }
    }

    private static double Sum(SiteReadings site, PlantMeter meter, Instant from, Instant to) =>
        Quarters(from, to).Sum(start => site.At(meter, start)!.Value.Values[0]);

    private static (SiteReadings Site, PlantMeter Meter) Find(string siteId, string meterId)
    {
        var site = TestPlant.Sites.Single(one => one.Site.Id == siteId);
        return (site, site.Site.Meters.Single(meter => meter.Id == meterId));
    }

    private static List<PlantedFault> Planted(SiteReadings site, FaultKind kind, string meterId) =>
        [.. site.Faults.Between(From, To).Where(fault => fault.Kind == kind && fault.EquipmentId == meterId && fault.Start >= From && fault.End <= To)];

    private static IEnumerable<Instant> Quarters(Instant from, Instant to)
    {
        for (var start = from; start < to; start += Moment.Quarter)
        {
            yield return start;
        }
    }
}
