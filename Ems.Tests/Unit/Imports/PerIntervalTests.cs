using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Headers that say what was used in each day or hour, and what flows.</summary>
public sealed class PerIntervalTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("kWh/day", 1_440, "energy")]
    [InlineData("Average daily kWh", 1_440, "energy")]
    [InlineData("Usage (MJ/day)", 1_440, "energy")]
    [InlineData("kWh per day", 1_440, "energy")]
    [InlineData("Water m3/day", 1_440, "water_volume")]
    [InlineData("kWh/h", 60, "energy")]
    [InlineData("kWh/30min", 30, "energy")]
    [InlineData("KWH/hh (per half hour)", 30, "energy")]
    public void An_amount_per_interval_is_that_of_a_row_of_its_length(string header, int minutes, string metric)
    {
        _bench.RunText(Rows(header, minutes));

        Assert.Equal(12, _bench.Values("meter", metric).Count());
    }

    [Theory]
    [InlineData("kWh/day", 60, "it has amounts per day, and its rows come every hour")]
    [InlineData("Water m3/day", 60, "it has amounts per day")]
    [InlineData("kWh/h", 15, "it has amounts per hour, and its rows come every 15 minutes")]
    [InlineData("kWh/hh", 1_440, "it has amounts per 30 minutes")]
    [InlineData("Average daily usage (kWh)", 60, "it has amounts per day")]
    [InlineData("Avg daily kWh", 43_200, "it has amounts per day, and its rows come every 30 days")]
    [InlineData("Daily average kWh", 43_200, "it has amounts per day")]
    [InlineData("Water (l/h)", 60, "of flows there is a metric for air alone")]
    [InlineData("Heat flow (m³/h)", 15, "of flows there is a metric for air alone")]
    [InlineData("Flow (m³/h)", 15, "send metric airflow if it is air")]
    public void Any_other_is_refused_and_named(string header, int minutes, string why)
    {
        var refused = Assert.Throws<ImportFaultException>(() => _bench.RunText(Rows(header, minutes)));

        Assert.Equal((ImportFault.UnknownUnit, header), (refused.Fault.Code, refused.Fault.Column));
        Assert.Contains(why, refused.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_of_nothing_that_is_named_is_left_out_beside_others_and_of_air_where_the_request_says_so()
    {
        const string Text = "Time,Flow (m³/h),Energy (kWh)\n2024-01-01 00:00,1.5,2\n2024-01-01 01:00,1.25,3\n";

        Assert.Equal(["energy"], _bench.RunText(Text).Facts.Mapping.Select(column => column.Metric));
        Assert.Contains("Flow (m³/h)", _bench.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Contains("airflow", _bench.RunText(Text, new ImportForm { Metric = "airflow", Unit = "m³/h" }).Facts.Mapping.Select(column => column.Metric));
    }

    [Fact]
    public void Rows_say_what_flows_or_are_rejected()
    {
        _bench.RunText(
            "Meter,Quantity,Unit,Time,Value\nA,Air flow,m³/h,2024-01-01 00:00,2\nB,Flow,m³/h,2024-01-01 00:00,3\nC,Supply flow,cfm,2024-01-01 00:00,4\nD,Energy,kWh,2024-01-01 00:00,5\nE,Energy,kWh,2024-01-01 00:00,5\n"
            + "A,Air flow,m³/h,2024-01-01 01:00,2\nC,Supply flow,cfm,2024-01-01 01:00,4\nD,Energy,kWh,2024-01-01 01:00,5\nE,Energy,kWh,2024-01-01 01:00,5\n");

        Assert.Contains("metric for air alone", Assert.Single(_bench.Items.SelectMany(item => item.Faults)).Message, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Values("A", "airflow").Count());
        Assert.Empty(_bench.Values("B", "airflow"));
        Assert.Equal([4.0, 4], _bench.Values("C", "airflow").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Settlement Date,Settlement Period,kWh/hh", 48)]
    [InlineData("Date,Hour,kWh/h", 24)]
    public void Numbers_of_intervals_are_no_times_of_day_before_the_whole_file_is_known(string headers, int most)
    {
        _bench.RunText($"{headers}\n{string.Concat(Enumerable.Range(1, most).Select(number => $"2024-01-13,{number},0.5\n"))}");

        Assert.Equal(most, _bench.Values("meter", "energy").Count());
    }

    [Fact]
    public void Times_that_are_a_fraction_of_a_second_off_are_as_far_apart_as_the_header_says()
    {
        string[] serials = ["45292", "45292.020833", "45292.041667", "45292.0625", "45292.083333", "45292.104167"];
        _bench.RunText($"Time,kWh/hh\n{string.Concat(serials.Select(serial => $"{serial},0.5\n"))}");

        Assert.Equal(serials.Length, _bench.Values("meter", "energy").Count());
    }

    [Fact]
    public void The_request_may_say_what_it_is()
    {
        _bench.RunText(Rows("kWh/h", 15), new ImportForm { Metric = "active_power", Unit = "kW" });

        Assert.Equal(12, _bench.Values("meter", "active_power").Count());
    }

    [Fact]
    public void The_mean_of_a_bill_is_left_out_beside_its_amount()
    {
        _bench.RunText("Month,kWh,kWh/day\n2024-01,310,10\n2024-02,290,10\n2024-03,341,11\n");

        Assert.Equal([310.0, 290, 341], _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.Equal("kWh/day", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Water meter reading (gal)", "water_volume", 3.785412)]
    [InlineData("Gas Meter Reading (CCF)", "gas_volume", 2_831.684659)]
    [InlineData("Gas register (ft3)", "gas_volume", 28.316847)]
    public void Registers_of_volumes_come_in_units_of_trades(string header, string metric, double first)
    {
        _bench.RunText($"Time,{header}\n{string.Concat(Enumerable.Range(0, 12).Select(i => $"2024-01-{i + 1:00},{1_000 + (i * 7)}\n"))}");

        Assert.Equal(12, _bench.Values("meter", metric).Count());
        Assert.Equal(first, Math.Round(_bench.Values("meter", metric).First().Value, 6));
    }

    private static string Rows(string header, int minutes) => $"Timestamp,{header}\n" + string.Concat(Enumerable.Range(0, 12).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"{new DateTime(2024, 1, 15).AddMinutes(minutes * i):yyyy-MM-dd HH:mm},{(i * 7 % 13) + 1}\n")));
}
