using System.Globalization;
using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Imports;

/// <summary>Codes of IEC 62056-61 in headers of columns and in rows.</summary>
public sealed class ObisCodeTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("1-1:1.29.0 [kWh];1-1:2.29.0 [kWh]", "4,5;1", "1-1:2.29.0 [kWh]")]
    [InlineData("1.29.0 (kWh);2.29.0 (kWh)", "4,5;1", "2.29.0 (kWh)")]
    [InlineData("Wirkarbeit 1.29.0 (kWh);Wirkarbeit 2.29.0 (kWh)", "4,5;1", "Wirkarbeit 2.29.0 (kWh)")]
    [InlineData("1-0:1.9.0*255 [kWh];1-0:2.9.0*255 [kWh]", "4,5;1", "1-0:2.9.0*255 [kWh]")]
    [InlineData("1-1:1.29.0;Einheit;1-1:2.29.0;Einheit", "4,5;kWh;1;kWh", "1-1:2.29.0 (kWh)")]
    [InlineData("1-1:1.29.0;Einheit;1-1:3.29.0;Einheit", "4,5;kWh;1;kvarh", "1-1:3.29.0 (kvarh)")]
    [InlineData("1-1:1.29.0 [kWh];1-1:3.29.0 [kvarh]", "4,5;1", "1-1:3.29.0 [kvarh]")]
    public void Intake_is_of_the_meter_that_the_file_names(string headers, string values, string leftOut)
    {
        _bench.RunText($"Datum;Uhrzeit;{headers}\n01.05.2024;00:00;{values}\n01.05.2024;00:15;{values}\n01.05.2024;00:30;{values}", fileName: "Lastgang 51234567890.csv");

        Assert.Equal(["00:00", "00:15", "00:30"], _bench.Told.Select(line => line.Split(' ')[4]));
        Assert.Equal("Lastgang 51234567890 energy 2024-05-01 00:00 15m 4.5", _bench.Told[0]);
        Assert.Equal(leftOut, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("MWh", true)]
    [InlineData("kvarh", true)]
    [InlineData("kW h", false)]
    [InlineData("KWH", false)]
    [InlineData("0", false)]
    [InlineData("-", false)]
    [InlineData("", false)]
    public void Another_unit_farther_down_is_refused_with_its_place_and_another_spelling_is_none(string unit, bool isRefused)
    {
        var rows = string.Concat(Enumerable.Range(0, 1200).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{new DateTime(2024, 5, 1).AddMinutes(15 * i):dd.MM.yyyy HH:mm};4,5;kWh;1;{(i == 1190 ? unit : "kWh")}\n")));
        var text = $"Zeit;1-1:1.29.0;Einheit;1-1:2.29.0;Einheit\n{rows}";
        if (!isRefused)
        {
            Assert.Equal(1200, _bench.RunText(text, fileName: "51234567890.csv").Told.Count);
            return;
        }

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "51234567890.csv")).Fault;
        Assert.Equal(1192, fault.Row);
        Assert.StartsWith($"Column E (Einheit behind 1-1:2.29.0) has kWh in the first rows and {unit} in row 1192: nothing of the file is stored.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Powers_of_both_directions_are_parts_of_it()
    {
        _bench.RunText("Datum;Uhrzeit;1-1:1.5.0 [kW];1-1:2.5.0 [kW];1-1:1.6.0 [kW]\n01.05.2024;00:00;4;1;9\n01.05.2024;00:15;5;2;9", fileName: "51234567890.csv");

        Assert.Equal(
            [
                "51234567890 export active_power 2024-05-01 00:00 -1", "51234567890 export active_power 2024-05-01 00:15 -2",
                "51234567890 import active_power 2024-05-01 00:00 4", "51234567890 import active_power 2024-05-01 00:15 5",
            ],
            _bench.Told);
        Assert.Contains("1-1:1.6.0 [kW]", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("OBIS-Code;Zeit;Wert;Einheit", "{0};{1};{2};kWh", "1-1:1.29.0", "1-1:2.29.0")]
    [InlineData("Register;Zeit;Wert;Einheit", "{0};{1};{2};kWh", "1-1:1.29.0", "1-1:2.29.0")]
    [InlineData("Register;Zeit;kWh", "{0};{1};{2}", "1-1:1.29.0", "1-1:2.29.0")]
    [InlineData("OBIS-Kennzahl;Zeit;Wert;Einheit", "{0};{1};{2};kWh", "1-1:1.8.0", "1-1:2.8.0")]
    public void Rows_of_a_long_file_are_amounts_that_flow_in_or_out(string headers, string row, string into, string outOf)
    {
        _bench.RunText(Long(headers, row, i => i % 2 == 0 ? 4 : 2, into, outOf));

        Assert.Equal(16, _bench.Told.Count);
        Assert.Equal($"DE0001 {into} energy 2024-05-01 00:00 1h 4", _bench.Told[0]);
        Assert.Equal($"DE0001 {outOf} energy 2024-05-01 00:00 1h -4", _bench.Told[8]);
    }

    [Fact]
    public void Codes_of_registers_that_only_grow_are_of_one_meter()
    {
        _bench.RunText(Long("OBIS-Kennzahl;Zeit;Wert;Einheit", "{0};{1};{2};kWh", i => 1000 + i, "1-1:1.8.0", "1-1:2.8.0"));

        Assert.Equal(["DE0001 energy_export_register 2024-05-01 00:00 1000", "DE0001 energy_import_register 2024-05-01 00:00 1000"], [_bench.Told[0], _bench.Told[8]]);
    }

    [Theory]
    [InlineData("Circuit 1.1.1", "Circuit 1.2.1", "Circuit 2.4.1", "kW", "active_power")]
    [InlineData("Circuit 1.8.1", "Circuit 1.8.2", "Circuit 2.8.1", "kWh", "energy")]
    [InlineData("Room 1.4.1", "Room 2.4.1", "Room 2.5.1", "kW", "active_power")]
    [InlineData("Panel 1.9.1", "Panel 2.9.1", "Panel 2.29.1", "kWh", "energy")]
    [InlineData("1.1.1", "1.2.1", "1.2.2", "A", "current")]
    [InlineData("Circuit 1.3.1", "Circuit 1.6.2", "Circuit 2.1.1", "A", "current")]
    public void Three_numbers_behind_a_name_or_of_no_power_are_those_of_a_circuit(string one, string two, string three, string unit, string metric)
    {
        _bench.RunText($"Time,{one} ({unit}),{two} ({unit}),{three} ({unit})\n{string.Concat(Enumerable.Range(0, 4).Select(i => $"2024-01-15 0{i}:00,{4 + i},{5 - i},{3 + (i % 2)}\n"))}");

        Assert.Equal([one, two, three], _bench.Facts.Meters.Select(meter => meter.Name ?? meter.EquipmentId));
        Assert.All([one, two, three], meter => Assert.Equal(4, _bench.Values(meter, metric).Count(value => value.Value > 0)));
    }

    [Theory]
    [InlineData("Feeder 1 1.8.0", "Feeder 2 1.8.0")]
    [InlineData("Abgang 3 1.8.0", "Abgang 4 1.8.0")]
    [InlineData("Wohnung 4 1.8.0", "Wohnung 5 1.8.0")]
    public void Registers_of_all_tariffs_are_such_of_feeders_and_flats_too(string one, string two)
    {
        string[] readings = ["812.4", "830.1", "0.0", "14.2", "31.9", "48.8"];
        _bench.RunText($"Time,{one} (kWh),{two} (kWh)\n{string.Concat(readings.Select((reading, i) => $"2024-0{i + 1}-01 00:00,{reading},{100 + i}\n"))}");

        Assert.Equal(12, _bench.Readings.SelectMany(reading => reading.Values).Count(value => value.Metric == "energy_import_register"));
        Assert.Equal(2, _bench.Facts.Meters.Count);
    }

    [Fact]
    public void Codes_behind_what_is_counted_say_which_way_it_flows()
    {
        _bench.RunText("Datum;Power 1.5.0 (kW);Power 2.5.0 (kW)\n01.05.2024 00:00;4;1\n01.05.2024 00:15;5;1\n01.05.2024 00:30;4;1", fileName: "51234567890.csv");

        Assert.Equal([-1.0, -1, -1], _bench.Values("51234567890 export", "active_power").Select(value => value.Value));
    }

    private static string Long(string headers, string row, Func<int, int> value, params string[] codes) => string.Join('\n', [
        $"Zählpunkt;{headers}",
        .. from i in Enumerable.Range(0, 8)
           from code in codes
           select "DE0001;" + string.Format(CultureInfo.InvariantCulture, row, code, $"2024-05-01 0{i}:00", value(i))]);
}
