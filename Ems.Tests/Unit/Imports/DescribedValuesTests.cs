using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns of values whose unit stands beside them: the header says the rest.</summary>
public sealed class DescribedValuesTests : IDisposable
{
    private const string Readings = "E1,2024-01-31,51200,kWh\nE1,2024-02-29,52400,kWh\nE1,2024-03-31,53500,kWh\n";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Meter ID,Date,Meter Reading,Unit", "energy_import_register")]
    [InlineData("Meter,Date,Totalizer,Unit", "energy_import_register")]
    [InlineData("Meter,Date,Current Reading,UOM", "energy_import_register")]
    [InlineData("Zähler,Datum,Zählerstand,Einheit", "energy_import_register")]
    [InlineData("Zähler,Datum,Stand,Einheit", "energy_import_register")]
    [InlineData("Meter,Date,Register,Units", "energy_import_register")]
    [InlineData("Meter,Date,Export Register,Units", "energy_export_register")]
    public void What_a_register_shows_is_a_register_in_the_unit_of_its_row(string headers, string metric)
    {
        _bench.RunText($"{headers}\n{Readings}");

        Assert.Equal([$"E1 {metric} 2024-01-31 00:00 51200", $"E1 {metric} 2024-02-29 00:00 52400", $"E1 {metric} 2024-03-31 00:00 53500"], _bench.Told);
    }

    [Fact]
    public void Cells_with_units_say_row_by_row_what_they_measure()
    {
        _bench.RunText(
            "Timestamp;Point name;Value\n2024-03-05 00:00;AHU 1 supply air;16,3 °C\n2024-03-05 00:00;Chiller;40,5 kW\n2024-03-05 00:00;Main board;1.234,5 kWh\n2024-03-05 00:00;Pump;2 MWh\n"
            + "2024-03-05 01:00;AHU 1 supply air;62,6 °F\n2024-03-05 01:00;Chiller;41.000 W\n2024-03-05 01:00;Main board;1.200 kWh\n2024-03-05 01:00;Pump;on\n");

        Assert.Equal(
            [
                "AHU 1 supply air temperature 2024-03-05 00:00 16.3", "AHU 1 supply air temperature 2024-03-05 01:00 17", "Chiller active_power 2024-03-05 00:00 40.5", "Chiller active_power 2024-03-05 01:00 41",
                "Main board energy 2024-03-05 00:00 1h 1234.5", "Main board energy 2024-03-05 01:00 1h 1200", "Pump energy 2024-03-05 00:00 1h 2000",
            ],
            _bench.Told);
        Assert.Single(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Timestamp,Point name,Value\n2024-03-05 00:00,Chiller,40.5 kW\n2024-03-05 00:00,Hall,16.3 °C\n2024-03-05 01:00,Chiller,41 kW\n2024-03-05 01:00,Hall,17.3 °C\n")]
    [InlineData("Timestamp,Point name,Value\n2024-03-05 00:00,Chiller,40.5 kW\n2024-03-05 01:00,Chiller,41 kW\n")]
    [InlineData("Timestamp,Trend\n2024-03-05 00:00,40.5 kW\n2024-03-05 00:00,16.3 °C\n2024-03-05 01:00,41 kW\n2024-03-05 01:00,17.3 °C\n")]
    public void The_mapping_of_cells_with_units_means_the_same_when_it_is_sent_back(string text)
    {
        _bench.RunText(text);
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = _bench.Facts.Sheets[0].Layout.Proposal } });

        Assert.NotEmpty(_bench.Told);
        Assert.Equal(_bench.Told, again.Told);
    }

    [Fact]
    public void Cells_with_units_may_have_another_one_behind_the_first_rows()
    {
        _bench.RunText($"Timestamp,Point name,Value\n{Of("North wing", "°C")}{Of("Chiller", "kW")}");

        Assert.Equal(600, _bench.Values("North wing", "temperature").Count());
        Assert.Equal(600, _bench.Values("Chiller", "active_power").Count());

        static string Of(string point, string unit) => string.Concat(Enumerable.Range(0, 600).Select(i => $"2024-03-{1 + (i / 24):00} {i % 24:00}:00,{point},{20 + (i % 7)}.5 {unit}\n"));
    }

    [Theory]
    [InlineData("Amount (GBP)")]
    [InlineData("Amount (CHF)")]
    [InlineData("VAT amount")]
    [InlineData("Cost value")]
    public void Money_beside_values_is_none_of_them(string header)
    {
        _bench.RunText($"Date,Usage,Unit,{header}\n2024-03-01,12.5,kWh,3.21\n2024-03-02,13.5,kWh,3.34\n");

        Assert.Equal(["meter energy 2024-03-01 00:00 1d 12.5", "meter energy 2024-03-02 00:00 1d 13.5"], _bench.Told);
        Assert.Contains(header, _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void Registers_count_what_their_rows_say()
    {
        _bench.RunText(
            "Zähler;Sparte;Datum;Zählerstand;Einheit\nS1;Strom;31.01.2024;51200;kWh\nG1;Gas;31.01.2024;5120;m³\nW1;Wasser;31.01.2024;512;m³\nF1;Fernwärme;31.01.2024;51;MWh\n"
            + "S1;Strom;29.02.2024;51300;kWh\nG1;Gas;29.02.2024;5130;m³\nW1;Wasser;29.02.2024;513;m³\nF1;Fernwärme;29.02.2024;52;MWh\n");

        Assert.All(_bench.Readings, reading => Assert.Equal(QuantityKind.Register, reading.Values.Single().Kind));
        Assert.Equal(
            ["energy_import_register 51200", "gas_volume 5120", "heat 51000", "water_volume 512"],
            _bench.Readings.Where(reading => reading.Start.ToDateTimeUtc().Month == 1).Select(reading => $"{reading.Values.Single().Metric} {reading.Values.Single().Value}").Order());
    }

    [Theory]
    [InlineData("Unit")]
    [InlineData("Units")]
    [InlineData("UOM")]
    [InlineData("Einheit")]
    [InlineData("UnitCode")]
    public void Units_that_are_not_known_reject_their_rows_and_no_others(string header)
    {
        _bench.RunText($"Date,Object Name,Object Value,{header},Status\n{string.Concat(Enumerable.Range(1, 9).Select(day => $"2025-03-0{day},Main board,{100 + (day % 4)}.5,kW,Normal\n2025-03-0{day},Chiller plant,{40 + (day % 3)}.5,tons,Normal\n"))}");

        Assert.Equal(9, _bench.Values("Main board", "active_power").Count());
        Assert.Equal(9, _bench.FaultCodes.Count(code => code == ImportFault.UnknownUnit));
        var message = _bench.Items.SelectMany(item => item.Faults).First().Message;
        Assert.Contains("The unit tons is not known", message, StringComparison.Ordinal);
        Assert.Contains("3.517 kW", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Units_are_written_in_capitals_too()
    {
        _bench.RunText(
            "Gerät;Ablesedatum;Zählerstand;Einheit;Sparte\n4711;31.01.2024;51200;KWH;Strom\n4712;31.01.2024;5120;M3;Gas\n4713;31.01.2024;512;M3;Wasser\n"
            + "4711;29.02.2024;51300;KWH;Strom\n4712;29.02.2024;5130;M3;Gas\n4713;29.02.2024;513;M3;Wasser\n");

        Assert.Equal(
            ["4711 energy_import_register 51200", "4712 gas_volume 5120", "4713 water_volume 512"],
            _bench.Told.Where(told => told.Contains("-01-31", StringComparison.Ordinal)).Select(told => told.Replace("2024-01-31 00:00 ", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Unit,Date,Energy (kWh)\nM1,2024-03-01,12.5\nM2,2024-03-01,13.5\nM3,2024-03-01,14.5\nM1,2024-03-02,12.7\nM2,2024-03-02,13.7\nM3,2024-03-02,14.7\n")]
    [InlineData("Date,M1 kWh,M2 kWh,M3 kWh\n2024-03-01,12.5,13.5,14.5\n2024-03-02,12.7,13.7,14.7\n")]
    [InlineData("Date,M1,M2,M3\n2024-03-01,12.5,13.5,14.5\n2024-03-02,12.7,13.7,14.7\n")]
    public void Machines_are_numbered_as_cubic_metres_are_written(string text)
    {
        _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["M1", "M2", "M3"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Equal(29.2, _bench.Sum("M3", "energy"), 6);
    }

    [Theory]
    [InlineData("10 A", "11 B", "12 C")]
    [InlineData("Boiler", "Chiller", "K")]
    public void Flats_and_machines_below_unit_are_none(string first, string second, string third)
    {
        _bench.RunText($"Unit,Date,Energy (kWh)\n{string.Concat(Enumerable.Range(1, 9).Select(day => $"{first},2024-03-0{day},{day}.5\n{second},2024-03-0{day},{day}.6\n{third},2024-03-0{day},{day}.7\n"))}");

        Assert.Equal([first, second, third], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
    }

    [Fact]
    public void Registers_whose_header_has_the_unit_count_what_their_rows_say()
    {
        _bench.RunText("Meter,Type,Date,Meter Reading (kWh)\nS1,Electricity,2024-01-31,51200\nF1,District heating,2024-01-31,5120\nS1,Electricity,2024-02-29,52400\nF1,District heating,2024-02-29,5130\n");

        Assert.All(_bench.Readings, reading => Assert.Equal(QuantityKind.Register, reading.Values.Single().Kind));
        Assert.Equal(
            ["F1 heat 2024-01-31 00:00 5120", "F1 heat 2024-02-29 00:00 5130", "S1 energy_import_register 2024-01-31 00:00 51200", "S1 energy_import_register 2024-02-29 00:00 52400"],
            _bench.Told);
    }

    [Fact]
    public void A_matrix_of_values_that_only_grow_is_asked_about()
    {
        const string Text = "Meter,Unit,2024-01-01,2024-02-01,2024-03-01,2024-04-01\nA,kWh,51200,52400,53500,54800\nB,MWh,7120,7130,7140,7150\n";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(Text)).Fault;

        _bench.RunText(Text, new ImportForm { Mapping = fault.Guess });
        Assert.Equal([51200.0, 52400, 53500, 54800], _bench.Values("A", "energy_import_register").Select(value => value.Value));
        Assert.Equal([7_120_000.0, 7_130_000, 7_140_000, 7_150_000], _bench.Values("B", "energy_import_register").Select(value => value.Value));
    }

    [Fact]
    public void A_volume_of_which_nothing_says_the_carrier_is_rejected_and_the_rest_goes_in()
    {
        _bench.RunText("Zähler;Datum;Zählerstand;Einheit\nS1;31.01.2024;51200;kWh\nG1;31.01.2024;5120;m³\nS1;29.02.2024;52400;kWh\nG1;29.02.2024;5130;m³\n");

        Assert.Equal(["S1 energy_import_register 2024-01-31 00:00 51200", "S1 energy_import_register 2024-02-29 00:00 52400"], _bench.Told);
        Assert.Equal(2, _bench.FaultCodes.Count);
    }

    [Fact]
    public void Readings_that_go_up_and_down_are_amounts_whatever_else_the_column_holds()
    {
        _bench.RunText(
            "Time,Meter,Reading,Unit\n2024-01-01 00:00,A,5,kWh\n2024-01-01 00:00,T,20,°C\n2024-01-01 01:00,A,7,kWh\n2024-01-01 01:00,T,21,°C\n"
            + "2024-01-01 02:00,A,4,kWh\n2024-01-01 02:00,T,22,°C\n");

        Assert.Equal([5.0, 7, 4], _bench.Values("A", "energy").Select(value => value.Value));
        Assert.Equal([20.0, 21, 22], _bench.Values("T", "temperature").Select(value => value.Value));
    }

    [Fact]
    public void Mere_readings_that_grow_are_asked_about()
    {
        const string Text = $"Meter,Date,Reading,Unit\n{Readings}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(Text)).Fault;

        Assert.Equal(["register", "interval"], fault.Alternatives);
        _bench.RunText(Text, new ImportForm { Mapping = fault.Guess });
        Assert.Equal([51200.0, 52400, 53500], _bench.Values("E1", "energy_import_register").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Reading")]
    [InlineData("Meter Reading")]
    public void Readings_are_amounts_when_the_whole_file_shows_it_and_not_its_first_rows(string header)
    {
        var rows = string.Concat(Enumerable.Range(0, 3).SelectMany(day => Enumerable.Range(1, 600).Select(flat => $"F{flat},2024-01-0{day + 1},{5 + (day % 2)},kWh\n")));

        _bench.RunText($"Meter,Date,{header},Unit\n{rows}");

        Assert.Equal([5.0, 6, 5], _bench.Values("F7", "energy").Select(value => value.Value));
        Assert.Equal($"{header}: interval", _bench.Assumed("kind"));
    }

    [Fact]
    public void Mere_readings_that_begin_with_zeros_are_amounts()
    {
        var rows = string.Concat(Enumerable.Range(0, 24).SelectMany(hour => Enumerable.Range(1, 100).Select(inverter =>
            $"I{inverter},2024-06-01 {hour:00}:00,{Math.Max(0, 7 - Math.Abs(12 - hour))},kWh\n")));

        _bench.RunText($"Meter,Time,Reading,Unit\n{rows}");

        Assert.Equal(49.0, _bench.Sum("I3", "energy"));
    }

    [Fact]
    public void The_job_says_that_readings_are_registers()
    {
        _bench.RunText($"Meter,Date,Meter Reading,Unit\n{Readings}");

        Assert.Equal("Meter Reading: register", _bench.Assumed("kind"));
    }

    [Fact]
    public void The_request_may_say_that_readings_are_amounts()
    {
        _bench.RunText($"Meter,Date,Reading,Unit\n{Readings}", new ImportForm { Metric = "energy" });

        Assert.Equal([51200.0, 52400, 53500], _bench.Values("E1", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("kWh", "Electricity", "energy_import_register")]
    [InlineData("m³", "Gas", "gas_volume")]
    public void Values_that_only_grow_are_asked_about(string unit, string type, string metric)
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(day => $"M,{type},2024-01-{day + 1:00},{51_200 + (100 * day)},{unit}\nT,,2024-01-{day + 1:00},{day % 3},°C\n"));
        var text = $"Meter,Type,Date,Value,Unit\n{rows}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal((ImportFault.AmbiguousMapping, "Value"), (fault.Code, fault.Column));
        Assert.Equal(["register", "interval"], fault.Alternatives);

        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });
        Assert.Equal(30, _bench.Values("M", metric).Count());
        Assert.All(_bench.Readings.Where(reading => reading.EquipmentId == "M"), reading => Assert.Equal(QuantityKind.Register, reading.Values.Single().Kind));
        Assert.Equal(30, _bench.Values("T", "temperature").Count());
    }

    [Fact]
    public void What_is_told_to_be_amounts_is_not_asked_about()
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(day => $"M,2024-01-{day + 1:00},{51_200 + (100 * day)},kWh\n"));
        var mapping = new ImportMapping { Columns = [new MappedColumn("Value") { Kind = QuantityKind.Interval }] };

        _bench.RunText($"Meter,Date,Value,Unit\n{rows}", new ImportForm { Mapping = mapping });

        Assert.Equal(30, _bench.Values("M", "energy").Count());
    }

    [Theory]
    [InlineData("Date,Demand,Units\n2024-01-01 00:00,12.5,kW\n2024-01-01 00:15,0.0125,MW\n", "active_power", "12.5 12.5")]
    [InlineData("Date,Load,Unit\n2024-01-01 00:00,12500,W\n2024-01-01 00:15,13,kW\n", "active_power", "12.5 13")]
    [InlineData("Date,Temperature,Unit\n2024-01-01 00:00,50,°F\n2024-01-01 00:15,11,°C\n", "temperature", "10 11")]
    [InlineData("Date,Messung,Einheit\n2024-01-01 00:00,12,kW\n2024-01-01 00:15,13,kW\n", "active_power", "12 13")]
    public void A_level_is_in_the_unit_of_its_row(string text, string metric, string expected)
    {
        _bench.RunText(text);

        Assert.Equal(expected, string.Join(' ', _bench.Values("meter", metric).Select(value => Math.Round(value.Value, 6))));
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void Levels_beside_each_other_share_the_unit_of_their_row()
    {
        _bench.RunText("Date,Supply Temp,Return Temp,Unit\n2024-01-01 00:00,140,122,°F\n2024-01-01 00:15,60,50,°C\n");

        Assert.Equal([60.0, 60], _bench.Values("meter Supply", "temperature").Select(value => Math.Round(value.Value, 6)));
        Assert.Equal([50.0, 50], _bench.Values("meter Return", "temperature").Select(value => Math.Round(value.Value, 6)));
    }

    [Fact]
    public void A_column_beside_the_one_that_is_described_keeps_its_own_unit()
    {
        _bench.RunText("Time,Meter,Value,Unit,Temperature\n2024-01-01 00:00,A,5,kWh,20\n2024-01-01 01:00,A,4,kWh,21\n2024-01-01 02:00,A,6,kWh,19\n");

        Assert.Equal([5.0, 4, 6], _bench.Values("A", "energy").Select(value => value.Value));
        Assert.Equal([20.0, 21, 19], _bench.Values("A", "temperature").Select(value => value.Value));
    }

    [Fact]
    public void A_column_that_the_mapping_knows_is_in_the_unit_of_its_row()
    {
        var mapping = new ImportMapping { Columns = [new MappedColumn("Value") { Metric = "active_power" }] };

        _bench.RunText("Date,Value,Unit\n2024-01-01 00:00,12500,W\n2024-01-01 00:15,13,kW\n2024-01-01 00:30,14,\n2024-01-01 00:45,15,V\n", new ImportForm { Mapping = mapping });

        Assert.Equal([12.5, 13], _bench.Values("meter", "active_power").Select(value => value.Value));
        Assert.Equal(2, _bench.FaultCodes.Count);
    }

    [Theory]
    [InlineData("Meter,Date,Zählerstand,Verbrauch,Einheit", "Zählerstand")]
    [InlineData("Meter,Date,Present Reading,Usage,Unit", "Present Reading")]
    [InlineData("Meter,Date,Reading,Usage,Unit", "Reading")]
    public void Beside_the_amounts_readings_are_left_out(string headers, string left)
    {
        _bench.RunText($"{headers}\nE1,2024-01-01,51200,1200,kWh\nE1,2024-02-01,52400,1100,kWh\nE1,2024-03-01,53500,1300,kWh\n");

        Assert.Equal([1200.0, 1100, 1300], _bench.Values("E1", "energy").Select(value => value.Value));
        Assert.Equal(left, _bench.Assumed("left_out"));
    }

    [Fact]
    public void Of_two_readings_the_present_one_is_taken()
    {
        _bench.RunText("Meter,Date,Previous Reading,Present Reading,Unit\nE1,2024-01-31,50000,51200,kWh\nE1,2024-02-29,51200,52400,kWh\n");

        Assert.Equal([51200.0, 52400], _bench.Values("E1", "energy_import_register").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Meter,Date,Meter Reading,Unit")]
    [InlineData("Meter,Date,Demand,Unit")]
    public void The_mapping_that_was_proposed_means_the_same_when_it_is_sent_back(string headers)
    {
        var text = $"{headers}\n{(headers.Contains("Demand", StringComparison.Ordinal) ? Readings.Replace("kWh", "kW", StringComparison.Ordinal) : Readings)}";
        _bench.RunText(text);
        using var again = new ImportBench();

        again.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = _bench.Facts.Sheets[0].Layout.Proposal } });

        Assert.Equal(_bench.Told, again.Told);
    }

    [Fact]
    public void Another_unit_far_below_is_refused_with_its_row()
    {
        var text = $"Time,Energy,Unit,Demand,Unit\n{string.Concat(Enumerable.Range(0, 3000).Select(i => $"{new DateTime(2026, 1, 1).AddHours(i):yyyy-MM-dd HH:mm},{5 + (i % 3)},{(i < 2900 ? "kWh" : "MWh")},{5 + (i % 4)},kW\n"))}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal((2902, "Unit"), (fault.Row, fault.Column));
    }

    /// <summary>As EyeOnWater exports them, whose amounts are what the readings have grown by.</summary>
    [Fact]
    public void What_was_used_before_a_reading_lies_before_it_where_the_answer_names_both()
    {
        var text = $"Meter_ID,Read_Time,Read,Read_Unit,Flow,Flow_Unit\n{string.Concat(Enumerable.Range(1, 30).Select(i => $"7,2026-03-{1 + (i / 24):00} {i % 24:00}:00,{1000 + Enumerable.Range(1, i).Sum(n => 3 + (n % 4))},GAL,{3 + (i % 4)},GAL\n"))}";

        _bench.RunText(text, new ImportForm { Metric = "water_volume" });

        Assert.Equal("7 water_volume 2026-03-01 00:00 1h 0.015142", _bench.Told[0]);
        Assert.Equal(Enumerable.Range(1, 30).Sum(n => 3 + (n % 4)) * 0.003785411784, _bench.Sum("7", "water_volume"), 1e-9);
    }
}
