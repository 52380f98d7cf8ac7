using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Exports of analysers, which call the phases of a line by symbols: one meter, whose power counts once.</summary>
public sealed class AnalyserColumnTests : IDisposable
{
    private const int Rows = 24;

    // Of each phase; the total is measured on its own, and a little off.
    private static readonly double[] Power = [10.2, 14.8, 11.3];
    private static readonly double[] Voltage = [230.1, 231.4, 229.2];
    private static readonly double[] Current = [46.1, 66.8, 51.2];
    private const double Total = 36.5;

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("P1 (kW),P2 (kW),P3 (kW),Ptot (kW)")]
    [InlineData("P1 [kW],P2 [kW],P3 [kW],P total [kW]")]
    [InlineData("Pa (kW),Pb (kW),Pc (kW),Pt (kW)")]
    [InlineData("P_L1 (kW),P_L2 (kW),P_L3 (kW),P_tot (kW)")]
    [InlineData("P1 kW,P2 kW,P3 kW,Psum kW")]
    [InlineData("P1 (kW),P2 (kW),P3 (kW),ΣP (kW)")]
    [InlineData("P1 (kW),P2 (kW),P3 (kW),Sum P (kW)")]
    [InlineData("P1 (kW),P2 (kW),P3 (kW),P (kW)")]
    public void Of_powers_of_phases_and_their_total_the_total_is_taken(string headers)
    {
        _bench.RunText(Table(headers, [.. Power, Total]));

        Assert.Equal("meter active_power 36.5", Series());
    }

    [Theory]
    [InlineData("Element A (kW),Element B (kW),Element C (kW),System (kW)")]
    [InlineData("Elem 1 (kW),Elem 2 (kW),Elem 3 (kW),Sigma (kW)")]
    [InlineData("Phase R (kW),Phase S (kW),Phase T (kW),3-Phase (kW)")]
    [InlineData("kW L1,kW L2,kW L3,kW SYS")]
    public void Elements_and_phases_beside_their_system_are_left_out(string headers)
    {
        _bench.RunText(Table(headers, [.. Power, 36.3]));

        Assert.Equal("meter active_power 36.3", Series());
    }

    [Theory]
    [InlineData("P1 (kW),P2 (kW),P3 (kW)", "P1 active_power 10.2, P2 active_power 14.8, P3 active_power 11.3")]
    [InlineData("P1 (kWh),P2 (kWh),P3 (kWh)", "P1 energy 10.2, P2 energy 14.8, P3 energy 11.3")]
    [InlineData("V1 (kWh),V2 (kWh),V3 (kWh)", "V1 energy 10.2, V2 energy 14.8, V3 energy 11.3")]
    [InlineData("I1 kWh,I2 kWh,I3 kWh", "I1 energy 10.2, I2 energy 14.8, I3 energy 11.3")]
    [InlineData("Element 1 (kW),Element 2 (kW),Element 3 (kW)", "Element 1 active_power 10.2, Element 2 active_power 14.8, Element 3 active_power 11.3")]
    public void Pumps_and_lines_that_are_called_so_stay_meters(string headers, string series)
    {
        _bench.RunText(Table(headers, Power));

        Assert.Equal(series, Series());
    }

    [Theory]
    [InlineData("P1 (kW),P2 (kW),P3 (kW),Total (kW)", 36.3, "P1 active_power 10.2, P2 active_power 14.8, P3 active_power 11.3")]
    [InlineData("P1 (kW),P2 (kW),P3 (kW),P4 (kW)", 5, "P1 active_power 10.2, P2 active_power 14.8, P3 active_power 11.3, P4 active_power 5")]
    [InlineData("P1 (kWh),P2 (kWh),P3 (kWh),P4 (kWh)", 5, "P1 energy 10.2, P2 energy 14.8, P3 energy 11.3, P4 energy 5")]
    public void So_do_they_beside_a_total_or_a_fourth_one(string headers, double last, string series)
    {
        _bench.RunText(Table(headers, [.. Power, last]));

        Assert.Equal(series, Series());
    }

    [Fact]
    public void Powers_beside_voltages_are_of_phases_and_added_where_no_total_is()
    {
        _bench.RunText(Table("P1 (kW),P2 (kW),P3 (kW),U1 (V),U2 (V),U3 (V),I1 (A),I2 (A),I3 (A)", [.. Power, .. Voltage, .. Current]));

        Assert.Equal(
            "meter active_power 36.3, meter current_l1 46.1, meter current_l2 66.8, meter current_l3 51.2, meter voltage_l1 230.1, meter voltage_l2 231.4, meter voltage_l3 229.2", Series());
        Assert.Equal("active_power: P1 (kW), P2 (kW), P3 (kW)", _bench.Assumed("sum"));
    }

    [Theory]
    [InlineData("V1,V2,V3", "l1 l2 l3")]
    [InlineData("U1,U2,U3", "l1 l2 l3")]
    [InlineData("U_L1,U_L2,U_L3", "l1 l2 l3")]
    [InlineData("Va,Vb,Vc", "a b c")]
    [InlineData("VLN a,VLN b,VLN c", "a b c")]
    [InlineData("Main Voltage L1,Main Voltage L2,Main Voltage L3", "l1 l2 l3")]
    [InlineData("U12,U23,U31", "l1_l2 l2_l3 l3_l1")]
    [InlineData("V L1-N,V L2-N,V L3-N", "l1_n l2_n l3_n")]
    public void Voltages_without_a_unit_are_known_by_their_names_and_values(string headers, string phases)
    {
        foreach (var form in (ImportForm[])[new(), new() { Metric = "energy", Unit = "kWh" }])
        {
            using var bench = new ImportBench();
            bench.RunText(Table($"Energy (kWh),{headers}", [5, .. Voltage]), form);

            Assert.Equal(
                string.Join(", ", phases.Split(' ').Zip(Voltage, (phase, value) => string.Create(CultureInfo.InvariantCulture, $"meter voltage_{phase} {value}")).Prepend("meter energy 5")), Series(bench));
        }
    }

    [Fact]
    public void Currents_factors_and_the_frequency_beside_them_are_known_too()
    {
        _bench.RunText(
            Table("kWh,U1,U2,U3,I1,I2,I3,cos phi 1,cos phi 2,cos phi 3,f,THD U1", [5, .. Voltage, .. Current, 0.95, 0.96, 0.94, 50.01, 1.8]), new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(
            "meter current_l1 46.1, meter current_l2 66.8, meter current_l3 51.2, meter energy 5, meter frequency 50.01, meter power_factor_l1 0.95, meter power_factor_l2 0.96, meter power_factor_l3 0.94, "
            + "meter voltage_l1 230.1, meter voltage_l2 231.4, meter voltage_l3 229.2", Series());
        Assert.Equal("THD U1", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("V1,V2,V3", 3.1, 40, 7)]
    [InlineData("V1,V2,V3", 120, 240, 400)]
    [InlineData("I1,I2,I3", 46.1, 66.8, 51.2)]
    public void Meters_that_are_called_so_stay_meters_where_their_values_are_no_voltages(string headers, double first, double second, double third)
    {
        double[] values = [first, second, third];
        _bench.RunText(Table(headers, values), new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(string.Join(", ", headers.Split(',').Zip(values, (header, value) => string.Create(CultureInfo.InvariantCulture, $"{header} energy {value}"))), Series());
    }

    [Fact]
    public void Numbers_that_rise_through_the_range_of_voltages_are_none()
    {
        var rows = string.Concat(Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"2024-01-01 {i:00}:00,{100 + (20 * (i % 20))},{110 + (20 * (i % 20))},{120 + (20 * (i % 20))},7\n")));
        _bench.RunText($"Time,V1,V2,V3,Main (kWh)\n{rows}");

        Assert.Equal("meter energy 7", Series());
        Assert.Equal("V1; V2; V3", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("A L1,A L2,A L3,A L4,B L1,B L2,B L3,B L4")]
    [InlineData("A_L1,A_L2,C_L1")]
    [InlineData("V L1,V L2")]
    [InlineData("W_L1,W_L2,W_L3,W_L4")]
    public void Levels_of_buildings_and_lines_of_halls_that_are_called_by_a_letter_stay_meters(string headers)
    {
        _bench.RunText($"Unit: kWh\n{Table(headers, [11, 42, 27, 5, 8, 31, 16, 3])}");

        var metrics = _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct().ToList();
        Assert.NotEmpty(metrics);
        Assert.All(metrics, metric => Assert.StartsWith("energy", metric, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("V L1,V L2,V L3,A L1,A L2,A L3,Energy (kWh)")]
    [InlineData("V L1-N,V L2-N,V L3-N,A L1,A L2,A L3,Energy (kWh)")]
    public void Letters_of_both_are_those_of_an_analyser(string headers)
    {
        _bench.RunText(Table(headers, [.. Voltage, .. Current, 5]));

        Assert.Equal(["current_l1", "current_l2", "current_l3", "energy"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Where(metric => !metric.StartsWith("voltage_l", StringComparison.Ordinal)).Distinct().Order());
        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Theory]
    [InlineData("V1,V2,V3,Peak (kW)")]
    [InlineData("U1,U2,U3,Peak (kW)")]
    public void What_is_as_much_each_day_is_no_voltage(string headers)
    {
        var rows = string.Concat(Enumerable.Range(0, Rows).Select(i => $"2024-01-{i + 1:00},{240 + (i % 7)},{245 + (i % 5)},{250 + (i % 9)},{30 + (i % 4)}\n"));
        _bench.RunText($"Unit: kWh\nDate,{headers}\n{rows}");

        var values = (from reading in _bench.Readings from value in reading.Values select (reading.EquipmentId, value.Metric)).Distinct().ToList();
        Assert.DoesNotContain(values, value => value.Metric.StartsWith("voltage", StringComparison.Ordinal));
        Assert.Equal(3, values.Count(value => value.Metric == "energy"));
    }

    [Fact]
    public void What_comes_to_the_total_beside_it_is_no_voltage()
    {
        _bench.RunText($"Unit: kWh\n{Table("V1,V2,V3,Total kWh", [240, 245, 250, 735])}");

        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric.StartsWith("voltage", StringComparison.Ordinal));
    }

    [Fact]
    public void The_unit_of_apparent_power_is_none_of_a_phase()
    {
        _bench.RunText(Table("kW,VA,kvar", [5, 5500, 2]));

        Assert.Equal("meter active_power 5, meter apparent_power 5.5, meter reactive_power 2", Series());
    }

    [Theory]
    [InlineData("U1,U2,U3,P1,P2,P3,Ptot", 36.5)]
    [InlineData("U1,U2,U3,P1,P2,P3", 36.3)]
    public void Powers_without_a_unit_are_asked_for_it_and_count_once_with_the_answer(string headers, double power)
    {
        var text = Table(headers, [.. Voltage, .. Power, Total]);
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.Contains("unit=kW", fault.Message, StringComparison.Ordinal);
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Unit = "kW" });

        Assert.Equal([power], again.Values("meter", "active_power").Select(value => Math.Round(value.Value, 6)).Distinct());
        Assert.DoesNotContain(again.Readings, reading => reading.EquipmentId != "meter");
    }

    [Fact]
    public void A_letter_behind_a_current_is_its_phase_and_a_power_without_a_unit_is_not_asked_about_beside_energy()
    {
        _bench.RunText(
            Table("Energy (kWh),Voltage A-B,Voltage B-C,Voltage C-A,Current A,Current B,Current C,Active Power A,Active Power B,Active Power C,Active Power Total", [5, .. Voltage, .. Current, .. Power, Total]));

        Assert.Equal(
            "meter current_a 46.1, meter current_b 66.8, meter current_c 51.2, meter energy 5, meter voltage_a_b 230.1, meter voltage_b_c 231.4, meter voltage_c_a 229.2", Series());
        Assert.Equal("Active Power A; Active Power B; Active Power C; Active Power Total", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("kWh+,kWh-")]
    [InlineData("kWh (+) TOT,kWh (-) TOT")]
    [InlineData("Ea+ (kWh),Ea- (kWh)")]
    public void The_guess_for_registers_told_apart_by_their_sign_takes_no_reading_for_an_amount(string headers)
    {
        var text = $"Time,{headers},kW SYS\n{string.Concat(Enumerable.Range(0, Rows).Select(i => $"2024-01-01 {i:00}:00,{1000 + (3 * i)},10,12\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal("meter active_power 12, meter energy_import_register 1000", Series(again));
    }

    [Theory]
    [InlineData("Real energy consumed L1 [kWh],Real energy consumed L2 [kWh],Real energy consumed L3 [kWh],Real energy consumed L1..L3 [kWh]")]
    [InlineData("Real energy L1 [kWh],Real energy L2 [kWh],Real energy L3 [kWh],Real energy sum L1-L3 [kWh]")]
    public void Registers_of_phases_are_left_out_beside_their_total(string headers)
    {
        var text = $"Time,{headers}\n{string.Concat(Enumerable.Range(0, Rows).Select(i => $"2024-01-01 {i:00}:00,{1000 + i},{900 + i},{800 + i},{2700 + (3 * i)}\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        using var guessed = new ImportBench();
        guessed.RunText(text, new ImportForm { Mapping = fault.Guess });
        using var told = new ImportBench();
        told.RunText(text, new ImportForm { Metric = "energy_import_register" });

        Assert.Equal("meter energy_import_register 2700", Series(guessed));
        Assert.Equal("meter energy_import_register 2700", Series(told));
    }

    [Fact]
    public void Energy_into_the_load_is_no_load()
    {
        var rows = string.Concat(Enumerable.Range(0, Rows).Select(i => $"2024-01-01 {i:00}:00,{1000 + (3 * i)},0,0.97,50\n"));
        var text = $"Time,Active Energy Delivered (Into Load),Active Energy Received (Out of Load),Power Factor Total,Frequency\n{rows}";

        Assert.Contains("metric=energy_import_register", Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Message, StringComparison.Ordinal);
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Metric = "energy_import_register", Unit = "kWh" });
        Assert.Equal(1069, again.Readings.SelectMany(reading => reading.Values).Where(value => value.Metric == "energy_import_register").Max(value => value.Value));
    }

    [Fact]
    public void The_guess_for_what_phases_or_buildings_are_called_is_their_total()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(Table("A (kW),B (kW),C (kW),Total (kW)", [.. Power, 36.3]))).Fault;

        Assert.Equal("Total (kW)", fault.Guess!.Columns.Single(column => column.Metric is not null).Column);
    }

    private string Series() => Series(_bench);

    /// <summary>The first value of each series.</summary>
    private static string Series(ImportBench bench) => string.Join(", ", (from reading in bench.Readings from value in reading.Values select (Name: $"{reading.EquipmentId} {value.Metric}", value.Value)).GroupBy(value => value.Name)
        .OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => string.Create(CultureInfo.InvariantCulture, $"{same.Key} {Math.Round(same.First().Value, 6)}")));

    private static string Table(string headers, double[] values) =>
        $"Time,{headers}\n{string.Concat(Enumerable.Range(0, Rows).Select(i => $"2024-01-01 {i:00}:00,{string.Join(',', values.Take(headers.Split(',').Length).Select(value => value.ToString(CultureInfo.InvariantCulture)))}\n"))}";
}
