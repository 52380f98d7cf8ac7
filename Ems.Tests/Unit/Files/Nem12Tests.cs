using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Tests.Unit.Imports;

namespace Ems.Tests.Unit.Files;

/// <summary>Files of numbered records, as the Australian market has them.</summary>
public sealed class Nem12Tests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Each_interval_of_a_day_is_a_reading_in_the_standard_time_of_the_market()
    {
        _bench.RunText(File(Stream("6001234567", "E1", "E1"), Day("20240115", i => i, "A"), Day("20240116", i => 100 + i, "A")), new ImportForm { TimeZone = "Australia/Sydney" });

        Assert.Equal(96, _bench.Told.Count);
        Assert.Equal(["6001234567 energy 2024-01-14 14:00 30m 0", "6001234567 energy 2024-01-16 13:30 30m 147"], [_bench.Told[0], _bench.Told[^1]]);
        Assert.DoesNotContain(_bench.Readings, reading => reading.Flags.HasFlag(ReadingFlags.Estimated));
    }

    [Theory]
    [InlineData("8000123456", "2024-01-14 14:00")]
    [InlineData("8001123456", "2024-01-14 16:00")]
    [InlineData("8021123456", "2024-01-14 16:00")]
    [InlineData("WAAA123456", "2024-01-14 16:00")]
    [InlineData("2501234567", "2024-01-14 14:30")]
    [InlineData("NTTT123456", "2024-01-14 14:00")]
    [InlineData("4102123456", "2024-01-14 14:00")]
    public void The_number_of_a_meter_tells_whose_standard_time_it_keeps(string nmi, string first)
    {
        _bench.RunText(File(Stream(nmi, "E1", "E1"), Day("20240115", _ => 1, "A")));

        Assert.Equal($"{nmi} energy {first} 30m 1", _bench.Told[0]);
    }

    [Fact]
    public void The_streams_of_a_meter_are_parts_of_it_and_B_flows_out()
    {
        _bench.RunText(File(
            Stream("6001234567", "E1B1Q1", "E1"), Day("20240115", _ => 1, "A"), Day("20240116", _ => 1, "A"),
            Stream("6001234567", "E1B1Q1", "B1", "WH"), Day("20240115", _ => 500, "A"), Day("20240116", _ => 500, "A"),
            Stream("6001234567", "E1B1Q1", "Q1", "KVARH"), Day("20240115", _ => 9, "A"), Day("20240116", _ => 9, "A")));

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal((96, -48), (_bench.Sum("6001234567 E1", "energy"), _bench.Sum("6001234567 B1", "energy")));
        Assert.Equal([("6001234567 B1", true), ("6001234567 E1", false)], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.IsExport)).Order());
    }

    [Theory]
    [InlineData("E52", "", 48, 48)]
    [InlineData("S14", "", 48, 48)]
    [InlineData("F14", "", 48, 48)]
    [InlineData("N", "", 0, 0)]
    [InlineData("V", "400,1,40,A,,\n400,41,46,F14,76,\n400,47,48,N,,", 46, 6)]
    public void Qualities_are_those_of_the_day_or_of_its_parts(string quality, string parts, int stored, int estimated)
    {
        _bench.RunText(File(Stream("6001234567", "E1", "E1"), Day("20240114", _ => 1, "A"), Day("20240115", i => i, quality), parts, Day("20240116", _ => 1, "A")));

        Assert.Equal(96 + stored, _bench.Told.Count);
        Assert.Equal(estimated, _bench.Readings.Count(reading => reading.Flags.HasFlag(ReadingFlags.Estimated)));
    }

    [Theory]
    [InlineData("300,2024011X,1,2", "a day and 48 values")]
    [InlineData("300,20240115,1,2", "a day and 48 values")]
    [InlineData("200,6001234567,E1,E1,E1,,M1,KWH,7,", "the minutes of its intervals")]
    public void A_record_that_lacks_something_is_named(string record, string lacks)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(File(Stream("6001234567", "E1", "E1"), Day("20240115", _ => 1, "A"), record))).Fault;

        Assert.Equal(4, fault.Row);
        Assert.Contains(lacks, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_registers_counted_between_two_readings_is_an_interval_each()
    {
        _bench.RunText(
            "100,NEM13,202602020900,MDP,RETAIL\n"
            + "250,6305123456,E1B1Q1,1,E1,,701234,E,00001000.000,20260101000000,A,,,00001543.200,20260201000000,A,,,543.200,kWh,,20260201120000,\n"
            + "550,N,,1,\n"
            + "250,6305123456,E1B1Q1,2,B1,,701234,I,00000200.000,20260101000000,A,,,00000260.500,20260201000000,E64,,,60.500,KWH,,20260201120000,\n"
            + "250,6305123456,E1B1Q1,3,Q1,,701234,E,00000200.000,20260101000000,A,,,00000260.500,20260201000000,A,,,60.500,kVArh,,20260201120000,\n"
            + "250,8001123456,E1,1,E1,,701235,E,00001000.000,20260115,A,,,00001100.000,20260212,A,,,100,kWh,,,\n900\n");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(
            ["6305123456 B1 energy 2025-12-31 14:00 31d -60.5", "6305123456 E1 energy 2025-12-31 14:00 31d 543.2", "8001123456 energy 2026-01-14 16:00 28d 100"],
            _bench.Told.Order(StringComparer.Ordinal));
        Assert.Equal("6305123456 B1", Assert.Single(_bench.Readings, reading => reading.Flags.HasFlag(ReadingFlags.Estimated)).EquipmentId);
    }

    [Fact]
    public void Of_records_of_one_meter_and_period_the_one_counts_that_was_updated_last()
    {
        static string Record(string nmi, string suffix, int day, string quality, double amount, string updated) =>
            $"250,{nmi},E1B1,1,{suffix},,7012,E,1000,202601{day:00}000000,A,,,1500,202602{day:00}000000,{quality},,,{amount.ToString(CultureInfo.InvariantCulture)},kWh,,{updated},\n";

        _bench.RunText(
            "100,NEM13,202604020900,MDP,RETAIL\n"
            + Record("6305123456", "E1", 1, "E64", 540, "20260201120000") + Record("6305123456", "B1", 1, "A", 60, "20260201120000") + Record("6305123456", "E1", 1, "A", 550, "20260301120000")
            + Record("6305123457", "E1", 1, "A", 20, "20260301120000") + Record("6305123457", "E1", 1, "E64", 10, "20260201120000") + Record("6305123457", "E1", 2, "A", 30, "20260301120000")
            + "900\n");

        Assert.Equal(["6305123456 B1 -60", "6305123456 E1 550", "6305123457 E1 20"], _bench.Told.Where(value => value.Contains("2025-12-31", StringComparison.Ordinal)).Select(value => value.Replace(" energy 2025-12-31 14:00 31d", "", StringComparison.Ordinal)));
        Assert.DoesNotContain(_bench.Readings, reading => reading.Flags.HasFlag(ReadingFlags.Estimated));
        Assert.Contains("records that another one of the same meter and period corrects", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_without_its_readings_is_named()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("100,NEM13,202602020900,MDP,RETAIL\n250,6305123456,E1,1,E1,,701234,E,1000,,A,,,1543.2,20260201000000,A,,,543.200,kWh,,,\n900\n")).Fault;

        Assert.Equal(2, fault.Row);
        Assert.Contains("the times of two readings", fault.Message, StringComparison.Ordinal);
    }

    private static string File(params string[] records) => $"100,NEM12,202401200000,MDP,RETAIL\n{string.Join('\n', records.Where(record => record.Length > 0))}\n900\n";

    private static string Stream(string nmi, string all, string suffix, string unit = "KWH") => $"200,{nmi},{all},{suffix},{suffix},,M1,{unit},30,20240301";

    private static string Day(string date, Func<int, int> value, string quality) =>
        $"300,{date},{string.Join(',', Enumerable.Range(0, 48).Select(i => value(i).ToString(CultureInfo.InvariantCulture)))},{quality},,,20240120000000,20240120000000";
}
