using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Long files of networks and suppliers, whose rows say what is counted in words of their own.</summary>
public sealed class NetworkRowsTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(24)]
    [InlineData(144)]
    [InlineData(600)]
    public void Irish_types_of_readings_have_direction_and_unit(int count)
    {
        string Rows(string type, int value) => Join(count, i => $"10001234567,000000000012345678,{value + (i % 3)}.5,{type},{At(i)}");

        _bench.RunText($"MPRN,Meter Serial Number,Read Value,Read Type,Read Date and End Time\n{Rows("Active Import Interval (kWh)", 10)}{Rows("Active Export Interval (kWh)", 1)}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(count, _bench.Values("10001234567", "energy").Count(value => value.Value >= 10));
        Assert.Equal(count, _bench.Values("10001234567 Active Export Interval (kWh)", "energy").Count(value => value.Value < 0));
    }

    [Fact]
    public void A_query_stands_beside_the_horodate_of_each_row()
    {
        _bench.RunText($"Identifiant PRM;Date début;Date fin;Grandeur physique;Unité;Horodate;Valeur\n{Join(6, i => $"12345678901234;2024-06-13;2024-06-14;EA;W;2024-06-13T0{i}:00:00+02:00;{600 + (i % 3)}")}");

        Assert.Equal(("12345678901234 active_power 2024-06-12 22:00 0.6", 6), (_bench.Told[0], _bench.Told.Count));
    }

    [Fact]
    public void What_is_made_flows_out_where_the_sender_says_that_a_column_tells_parts()
    {
        string Rows(string what, int value) => Join(6, i => $"12345678901234;{what};W;2024-06-13T0{i}:00:00+02:00;{value + (i % 3)}");
        var text = $"Identifiant PRM;Grandeur métier;Unité;Horodate;Valeur\n{Rows("CONS", 600)}{Rows("PROD", 50)}";

        Assert.Contains("role part", Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Message, StringComparison.Ordinal);
        _bench.RunText(text, new ImportForm { Mapping = new() { Columns = [new MappedColumn("Grandeur métier") { Role = ColumnRole.Part }] } });

        Assert.All(_bench.Values("12345678901234 PROD", "active_power"), value => Assert.True(value.Value < 0));
        Assert.All(_bench.Values("12345678901234 CONS", "active_power"), value => Assert.True(value.Value > 0));
    }

    [Fact]
    public void Polish_kinds_are_directions()
    {
        _bench.RunText($"Data;Wartość kWh;Rodzaj\n{Join(48, i => $"{At(i)};{10 + (i % 3)};pobór")}{Join(48, i => $"{At(i)};{1 + (i % 3)};oddanie")}", fileName: "Dane.csv");

        Assert.Equal(48, _bench.Values("Dane oddanie", "energy").Count(value => value.Value < 0));
        Assert.Equal(48, _bench.Values("Dane pobór", "energy").Count(value => value.Value > 0));
    }

    [Theory]
    [InlineData("Rodzaj", "pobór", "oddanie")]
    [InlineData("Rodzaj", "pobrana", "oddana")]
    [InlineData("Direction", "odběr", "dodávka")]
    public void A_month_of_one_direction_before_the_other_is_asked_about_and_the_answer_is_taken(string header, string inward, string outward)
    {
        var text = $"Data;Wartość kWh;{header}\n{Join(600, i => $"{At(i)};{10 + (i % 3)};{inward}")}{Join(600, i => $"{At(i)};{1 + (i % 3)};{outward}")}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "Dane.csv")).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, "Dane.csv");

        Assert.Equal(600, _bench.Values($"Dane {outward}", "energy").Count(value => value.Value < 0));
        Assert.Equal(600, _bench.Values($"Dane {inward}", "energy").Count(value => value.Value > 0));
    }

    [Fact]
    public void What_nobody_knows_among_rows_that_say_what_they_are_is_rejected()
    {
        _bench.RunText($"Time,Parameter,Value\n{Join(6, i => $"{At(i)},Energy,5\n{At(i)},Voltage,230\n{At(i)},RSSI,-70")}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal((6, 6, 6), (_bench.Values("meter", "energy").Count(value => value.Value == 5), _bench.Values("meter", "voltage").Count(), _bench.FaultCodes.Count));
    }

    [Theory]
    [InlineData("M1,Energy,5|M2,Energy,3|M3,Energy,4|GW1,RSSI,-70|DOOR1,State,1", "M1 energy 5|M2 energy 3|M3 energy 4")]
    [InlineData("M1,Supply temperature,60|M1,Return temperature,40|M1,RSSI,-70", "M1 Return temperature 40|M1 Supply temperature 60")]
    public void Devices_that_nobody_knows_have_no_energy_beside_others_that_say_what_they_measure(string devices, string told)
    {
        _bench.RunText($"Time,Device,Parameter,Value\n{Join(6, i => string.Join('\n', devices.Split('|').Select(device => $"{At(i)},{device}")))}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(told.Split('|'), _bench.Readings.SelectMany(reading => reading.Values, (reading, value) => $"{reading.EquipmentId} {value.Metric} {value.Value}").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_sign_alone_says_what_flows_out()
    {
        _bench.RunText("Datum;+A [kW];-A [kW]\n13.06.2024 00:15;5,5;1,5\n13.06.2024 00:30;6,5;1,25\n13.06.2024 00:45;4,5;1\n");

        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal("-A [kW]", _bench.Assumed("left_out"));
    }

    [Fact]
    public void Rows_without_any_unit_are_one_question_whose_answer_is_taken()
    {
        string Rows(string register, string what, int value) => Join(120, i => $"7001,6305123456,DEV1,6305123456#{register},{what},{At(i)},{At(i + 1)},{value + (i % 3)}.5");
        var text = $"AccountNumber,NMI,DeviceNumber,RegisterCode,RateTypeDescription,StartDate,EndDate,ProfileReadValue\n{Rows("E1", "Usage", 10)}{Rows("B1", "Solar", 1)}";

        Assert.Equal("AMBIGUOUS_MAPPING", Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Code);
        _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(120, _bench.Values("6305123456 6305123456_B1", "energy").Count(value => value.Value < 0));
        Assert.Equal(120, _bench.Values("6305123456 6305123456_E1", "energy").Count(value => value.Value > 0));
    }

    private static string At(int hour) => $"2024-06-{1 + (hour / 24):00} {hour % 24:00}:00";

    private static string Join(int count, Func<int, string> row) => string.Concat(Enumerable.Range(0, count).Select(i => $"{row(i)}\n"));
}
