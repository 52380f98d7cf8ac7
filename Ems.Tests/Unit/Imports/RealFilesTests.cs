using System.Text.Json;
using Ems.Core.Metering;
using Ems.Ingestion.Imports;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

public sealed class RealFilesTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_meter_sample_gives_a_hundred_readings_of_seven_metrics()
    {
        _bench.Run(ImportBench.RealFile("original/EMS_Energy_Meter_Data.xlsx"), new ImportForm { EquipmentId = "IKC0073" });

        Assert.Equal(100, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.Equal(7, reading.Values.Count));
        Assert.All(_bench.Readings, reading => Assert.Equal(Duration.Zero, reading.Length));
        Assert.Equal(39, _bench.Readings.Count(reading => reading.Flags.HasFlag(ReadingFlags.PowerExceedsApparent)));
        var first = _bench.Readings[0].Start;
        Assert.Equal(0.41, (first - Instant.FromUtc(2025, 6, 11, 5, 46, 22)).TotalSeconds, 0.005);
        Assert.Equal(30, (_bench.Readings[1].Start - first).TotalSeconds, 0.002);
        var energy = SeriesArithmeticInput.Trapezoid(_bench.Values("IKC0073", "active_power"));
        Assert.Equal(2.102, energy, 0.001);
    }

    [Theory]
    [InlineData("Native_Load_2016.xlsx", 8783, 8784, 11, 6, 3, 13)]
    [InlineData("Native_Load_2018.xlsx", 8760, 8760, 11, 4, 3, 11)]
    public void Zones_become_meters_and_their_total_is_left_out(
        string file, int count, int rows, int autumnMonth, int autumnDay, int springMonth, int springDay)
    {
        _bench.Run(ImportBench.RealFile($"xlsx/{file}"), new ImportForm
        {
            TimeZone = "America/Chicago",
            TimestampLabel = LabelMeaning.End,
            Metric = "active_power",
            Unit = "MW",
        });

        var year = int.Parse(file.AsSpan(12, 4), System.Globalization.CultureInfo.InvariantCulture);
        using var expected = JsonDocument.Parse(File.ReadAllText(ImportBench.RealFile("xlsx/ercot_expected.json")));
        var facts = expected.RootElement.GetProperty(file);
        var zones = facts.GetProperty("sum_MWh").EnumerateObject().Where(zone => zone.Name != "ERCOT").ToList();
        Assert.Equal(rows, _bench.Facts.Rows);
        Assert.Contains(_bench.Facts.Assumptions, left => left is { What: "left_out", Value: "ERCOT" });
        Assert.Equal(zones.Select(zone => zone.Name).Order(), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.All(zones, zone =>
        {
            Assert.Equal(count, _bench.Values(zone.Name, "active_power").Select(value => value.Start).Distinct().Count());
            Assert.Equal(zone.Value.GetDouble(), _bench.Sum(zone.Name, "active_power") / 1000, 0.01);
        });

        var load = _bench.Readings.GroupBy(reading => reading.Start)
            .Select(hour => hour.Sum(reading => reading.Values[0].Value) / 1000).ToList();
        Assert.Equal(facts.GetProperty("max_ERCOT")[0].GetDouble(), load.Max(), 0.002);
        Assert.Equal(facts.GetProperty("min_ERCOT")[0].GetDouble(), load.Min(), 0.002);
        Assert.Equal([5, 6, 7, 8], HoursOf(year, autumnMonth, autumnDay, 5, 8));
        Assert.Equal([6, 7, 8], HoursOf(year, springMonth, springDay, 6, 8));
        Assert.Empty(_bench.Items.SelectMany(item => item.Faults));
    }

    [Fact]
    public void A_newest_first_file_keeps_the_repeated_autumn_hour_as_two()
    {
        _bench.Run(ImportBench.RealFile("meters/ucsd_MusicBuilding_15min_raw.csv.gz"), new ImportForm
        {
            TimeZone = "America/Los_Angeles",
            TimestampLabel = LabelMeaning.Start,
            Unit = "kW",
        });

        Assert.Equal(122_929, _bench.Facts.Rows);
        Assert.Equal(LabelOrder.Descending, _bench.Facts.Sheets[0].Series[""].Order);
        Assert.Equal("ucsd_MusicBuilding_15min_raw", _bench.Readings[0].EquipmentId);
        Assert.All(_bench.Readings, reading => Assert.Equal(Duration.FromMinutes(15), reading.Length));
        Assert.Equal("kvar", _bench.Readings[0].Values.Single(value => value.Metric == "reactive_power").Unit);
        var from = Instant.FromUtc(2019, 11, 3, 8, 0);
        var hours = _bench.Values("ucsd_MusicBuilding_15min_raw", "active_power")
            .Where(value => value.Start >= from && value.Start < from + Duration.FromHours(2)).ToDictionary(value => value.Start, value => value.Value);
        Assert.Equal(8, hours.Count);
        Assert.Equal(75.145, hours[from]);
        Assert.Equal(74.543, hours[from + Duration.FromHours(1)]);
    }

    [Fact]
    public void Hourly_files_have_the_totals_of_the_answer_key()
    {
        var key = File.ReadLines(ImportBench.RealFile("nlq/answer_key_meters.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        foreach (var file in key.GroupBy(fields => fields[0]))
        {
            using var bench = new ImportBench();
            bench.Run(ImportBench.RealFile($"meters/{file.Key}"), new ImportForm { TimeZone = "UTC", TimestampLabel = LabelMeaning.Start });

            var metric = file.First()[1] == "kWh" ? "energy" : "active_power";
            var values = bench.Values(bench.Facts.Sheets[0].Layout.EquipmentId, metric).ToList();
            double Expected(string question) => double.Parse(
                file.First(fields => fields[2] == question)[3], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(Expected("maximum"), values.Max(value => value.Value), 0.0005);
            Assert.Equal(Expected("minimum"), values.Min(value => value.Value), 0.0005);
            Assert.Equal(values.Count, values.Select(value => value.Start).Distinct().Count());
            foreach (var month in file.Where(fields => fields[2] == "monthly total"))
            {
                var found = values.Where(value => value.Start.InUtc().Date.ToString("yyyy-MM", null) == month[4]).Sum(value => value.Value);
                Assert.Equal(double.Parse(month[3], System.Globalization.CultureInfo.InvariantCulture), found, 0.06);
            }
        }
    }

    [Fact]
    public void A_repeated_row_with_another_temperature_counts_its_energy_once()
    {
        _bench.Run(ImportBench.RealFile("meters/nmecr_school_2018_hourly_kWh.csv"), new ImportForm { TimestampLabel = LabelMeaning.Start });

        Assert.Equal(8761, _bench.Facts.Rows);
        Assert.Equal(266_103.8, _bench.Sum("nmecr_school_hourly_kWh", "energy"), 0.01);
        var item = Assert.Single(_bench.Items, item => item.Faults.Any(fault => fault.Code == "DUPLICATE_IN_FILE"));
        Assert.Equal((1, 1, 0), (item.Rows, item.Duplicates, item.Rejected));
        Assert.Contains("7372", item.Faults[0].Message, StringComparison.Ordinal);
        Assert.Contains("7373", item.Faults[0].Message, StringComparison.Ordinal);
    }

    private int[] HoursOf(int year, int month, int day, int first, int last)
    {
        var equipment = _bench.Readings[0].EquipmentId;
        return [.. _bench.Values(equipment, "active_power")
            .Select(value => value.Start.InUtc())
            .Where(start => start.Date == new LocalDate(year, month, day) && start.Hour >= first && start.Hour <= last)
            .Select(start => start.Hour).Order()];
    }
}

internal static class SeriesArithmeticInput
{
    public static double Trapezoid(IEnumerable<(Instant Start, double Value)> values)
    {
        var sorted = values.OrderBy(value => value.Start).ToList();
        return sorted.Zip(sorted.Skip(1)).Sum(pair =>
            (pair.First.Value + pair.Second.Value) / 2 * (pair.Second.Start - pair.First.Start).TotalHours);
    }
}
