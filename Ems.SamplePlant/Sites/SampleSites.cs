using NodaTime;

namespace Ems.SamplePlant.Sites;

/// <summary>The three sites: a works, offices and a cold store, in zones with clock changes at different times.</summary>
internal static class SampleSites
{
    private static readonly Schedule TwoShifts = new(new(6, 0), new(22, 0), IsoDayOfWeek.Friday);
    private static readonly Schedule OneShift = new(new(5, 0), new(15, 0), IsoDayOfWeek.Saturday);
    private static readonly Schedule OfficeHours = new(new(7, 0), new(18, 30), IsoDayOfWeek.Friday);
    private static readonly Schedule Nights = new(new(20, 0), new(5, 30), IsoDayOfWeek.Sunday, OnHolidays: true);

    public static IReadOnlyList<PlantSite> All { get; } = [Hamburg(), Chicago(), Adelaide()];

    private static PlantSite Hamburg()
    {
        const string main = "hamburg-main";
        return new("hamburg", "Hamburg works (sample)", "Europe/Berlin", "DE", "de-DE")
        {
            DemandIntervalMinutes = 15,
            FloorAreaM2 = 12_500,
            Climate = new(9.8, 8.7, 203, 3.2, 53.5, 10.0),
            Holidays = Sites.Holidays.Hamburg,
            Meters =
            [
                new(main, "Hamburg main meter", "meter", null, MeterKind.Registers, new Load(9, 4, TwoShifts),
                    [Channel.ImportRegister, Channel.ExportRegister]) { Exports = true },
                new("hamburg-line-1", "Hamburg line 1", "production_line", main, MeterKind.Power, new Load(11, 138, TwoShifts, 0.09),
                    [Channel.ActivePower, Channel.Voltage, Channel.Current, Channel.PowerFactor]),
                new("hamburg-line-2", "Hamburg line 2", "production_line", main, MeterKind.Intervals, new Load(7, 84, TwoShifts, 0.1),
                    [Channel.Energy]),
                new("hamburg-compressors", "Hamburg compressed air", "compressor", main, MeterKind.Intervals, new Load(14, 46, TwoShifts),
                    [Channel.Energy]),
                new("hamburg-hvac", "Hamburg ventilation", "hvac", main, MeterKind.Power,
                    new Load(6, 22, TwoShifts) { CoolingKwPerDegree = 2.4 }, [Channel.ActivePower, Channel.SupplyAirC, Channel.Airflow]),
                new("hamburg-offices", "Hamburg offices", "office", main, MeterKind.Intervals, new Load(3.5, 16, OfficeHours),
                    [Channel.Energy]),
                new("hamburg-pv", "Hamburg roof, solar", "pv", main, MeterKind.Intervals, new Solar(260), [Channel.Energy]) { Exports = true },
                new("hamburg-gas", "Hamburg boilers, gas", "boiler", null, MeterKind.Gas,
                    new Load(5, 60, TwoShifts) { HeatingKwPerDegree = 11 }, [Channel.GasVolume, Channel.Energy]),
                new("hamburg-weather", "Hamburg weather", "weather_station", null, MeterKind.Weather, null, [Channel.OutdoorC]),
            ],
        };
    }

    private static PlantSite Chicago()
    {
        const string main = "chicago-main";
        return new("chicago", "Chicago offices (sample)", "America/Chicago", "US", "en-US")
        {
            DemandIntervalMinutes = 15,
            FloorAreaM2 = 9_800,
            Climate = new(10.6, 13.6, 201, 4.6, 41.9, -87.6),
            Holidays = Sites.Holidays.Chicago,
            Meters =
            [
                new(main, "Chicago main meter", "meter", null, MeterKind.Intervals, new Load(8, 14, OfficeHours), [Channel.Energy]),
                new("chicago-hvac", "Chicago air conditioning", "hvac", main, MeterKind.Power,
                    new Load(12, 48, OfficeHours) { CoolingKwPerDegree = 9.5 }, [Channel.ActivePower]),
                new("chicago-lighting", "Chicago lighting", "lighting", main, MeterKind.Intervals, new Load(4, 52, OfficeHours),
                    [Channel.Energy]),
                new("chicago-servers", "Chicago server room", "servers", main, MeterKind.Power,
                    new Load(31, 0, Schedule.Always, 0.02) { CoolingKwPerDegree = 0.25 }, [Channel.ActivePower]),
                new("chicago-gas", "Chicago heating, gas", "boiler", null, MeterKind.Gas,
                    new Load(4, 6, OfficeHours) { HeatingKwPerDegree = 14 }, [Channel.EnergyTherm]),
                new("chicago-weather", "Chicago weather", "weather_station", null, MeterKind.Weather, null, [Channel.OutdoorF]),
            ],
        };
    }

    private static PlantSite Adelaide()
    {
        const string main = "adelaide-main";
        return new("adelaide", "Adelaide cold store (sample)", "Australia/Adelaide", "AU", "en-AU")
        {
            DemandIntervalMinutes = 30,
            FloorAreaM2 = 6_400,
            Climate = new(17.2, 5.8, 20, 5.4, -34.9, 138.6),
            Holidays = Sites.Holidays.Adelaide,
            Meters =
            [
                new(main, "Adelaide main meter", "meter", null, MeterKind.Registers, new Load(6, 5, OneShift),
                    [Channel.ImportRegister, Channel.ExportRegister]) { Exports = true },
                new("adelaide-refrigeration", "Adelaide refrigeration", "refrigeration", main, MeterKind.Power,
                    new Load(62, 24, OneShift) { CoolingKwPerDegree = 3.6 }, [Channel.ActivePower, Channel.PowerFactor]),
                new("adelaide-packing", "Adelaide packing hall", "production_line", main, MeterKind.Intervals,
                    new Load(3, 41, OneShift, 0.12), [Channel.Energy]),
                new("adelaide-chargers", "Adelaide forklift chargers", "charger", main, MeterKind.Intervals,
                    new Load(0.8, 19, Nights, 0.08), [Channel.Energy]),
                new("adelaide-pv", "Adelaide roof, solar", "pv", main, MeterKind.Intervals, new Solar(310), [Channel.Energy]) { Exports = true },
                new("adelaide-gas", "Adelaide hot water, gas", "boiler", null, MeterKind.Gas, new Load(2.5, 26, OneShift),
                    [Channel.EnergyMj]),
                new("adelaide-weather", "Adelaide weather", "weather_station", null, MeterKind.Weather, null, [Channel.OutdoorC]),
            ],
        };
    }
}
