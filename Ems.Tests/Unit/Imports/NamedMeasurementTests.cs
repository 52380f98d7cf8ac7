using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;

namespace Ems.Tests.Unit.Imports;

/// <summary>Long files whose rows name a source and what is measured, as those of power monitoring do.</summary>
public sealed class NamedMeasurementTests : IDisposable
{
    private const string AloneInFebruary = "Timestamp,Parameter,Value,Unit\n2024-02-01 00:00,HVAC active power,10,kW\n2024-02-01 01:00,HVAC active power,11,kW\n2024-02-01 00:00,Outdoor temperature,5,°C\n";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Timestamp,Source,Measurement,Value", "Active Power (kW)", "Active Energy (kWh)")]
    [InlineData("Timestamp,Device,Measurement,Value", "Active Power (kW)", "Real Energy Into the Load (kWh)")]
    [InlineData("Timestamp,Source,Quantity,Value", "Active Power (kW)", "Active Energy (kWh)")]
    [InlineData("Timestamp,Measurement,Source,Value", "Real Power Total (kW)", "Active Energy Delivered (kWh)")]
    [InlineData("Timestamp,Source Name,Measurement,Value", "Active Power Mean (kW)", "Real Energy Into the Load Interval (kWh)")]
    [InlineData("Timestamp,Source,Measurement,Value", "kW tot", "kWh int")]
    public void The_words_of_the_rows_tell_the_quantity(string header, string power, string energy)
    {
        string Row(string time, string source, string measurement, int value) => string.Join(',', header.Split(',').Select(column => column switch
        {
            "Timestamp" => time,
            "Measurement" or "Quantity" => measurement,
            "Value" => $"{value}",
            _ => source,
        }));
        string[] rows =
        [
            Row("2024-01-01 00:00", "Main", power, 10), Row("2024-01-01 00:00", "Main", energy, 3), Row("2024-01-01 00:00", "Pump", power, 5),
            Row("2024-01-01 00:15", "Main", power, 12), Row("2024-01-01 00:15", "Main", energy, 2), Row("2024-01-01 00:15", "Pump", power, 4),
            Row("2024-01-01 00:30", "Main", power, 11), Row("2024-01-01 00:30", "Main", energy, 4), Row("2024-01-01 00:30", "Pump", power, 6),
        ];
        _bench.RunText($"{header}\n{string.Join('\n', rows)}\n");

        Assert.Equal(
            ["Main active_power 10", "Main active_power 12", "Main active_power 11", "Main energy 3", "Main energy 2", "Main energy 4", "Pump active_power 5", "Pump active_power 4", "Pump active_power 6"],
            _bench.Told.Select(told => told.Split(' ')).Select(told => $"{told[0]} {told[1]} {told[^1]}"));
    }

    [Theory]
    [InlineData("Timestamp,Parameter,Value,Unit", "{0} active power", ",kW")]
    [InlineData("Timestamp,Variable,Value,Unit", "{0} - Active power", ",kW")]
    [InlineData("Time,Metric,Value", "{0}/power_kW", "")]
    [InlineData("Time,Series,Value", "{0}.power_kW", "")]
    [InlineData("Time,Measurement,Value", "{0} Active Power (kW)", "")]
    public void What_is_measured_may_stand_behind_the_name_of_its_device(string header, string text, string unit)
    {
        string Row(int hour, string device, int value) => $"2024-01-01 {hour:00}:00,{text.Replace("{0}", device, StringComparison.Ordinal)},{value}{unit}\n";

        _bench.RunText($"{header}\n{string.Concat(Enumerable.Range(0, 4).Select(hour => Row(hour, "Main", 100 + hour) + Row(hour, "HVAC", hour)))}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(
            ["HVAC 0", "HVAC 1", "HVAC 2", "HVAC 3", "Main 100", "Main 101", "Main 102", "Main 103"],
            _bench.Readings.SelectMany(reading => reading.Values, (reading, value) => $"{reading.EquipmentId} {value.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Devices_far_below_the_first_rows_are_meters_too()
    {
        static string Rows(string device, int value) => string.Concat(Enumerable.Range(0, 744).Select(hour => $"2024-01-{1 + (hour / 24):00} {hour % 24:00}:00,{device} active power,{value + (hour % 5)},kW\n"));

        _bench.RunText($"Timestamp,Parameter,Value,Unit\n{Rows("Main", 100)}{Rows("HVAC", 10)}", fileName: "plant.csv");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([("HVAC", 744), ("Main", 744)], _bench.Readings.GroupBy(reading => reading.EquipmentId).Select(meter => (meter.Key, meter.Count())).Order());
        Assert.Contains("a meter per device that Parameter names", _bench.Assumed("layout"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Active power", "Voltage")]
    [InlineData("Power factor L1", "Power factor L2")]
    [InlineData("Total active power (kW)", "Mean active power (kW)")]
    public void What_names_no_device_is_of_the_meter_of_the_file(string one, string other)
    {
        _bench.RunText($"Timestamp,Parameter,Value\n2024-01-01 00:00,{one},1\n2024-01-01 00:15,{other},2\n2024-01-01 00:30,{one},3\n2024-01-01 00:45,{other},4\n");

        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Theory]
    [InlineData("HVAC", "HVAC")]
    [InlineData("Main", "plant")]
    [InlineData("HVAC plant", "plant")]
    public void A_device_that_has_rows_alone_is_of_its_meter_where_a_profile_says_that_the_file_is_of_the_same(string known, string meter)
    {
        _bench.Known = new KnownMeters(known.Split(' ').ToDictionary(id => id, _ => new KnownMeter(null, false)));
        _bench.RunText(AloneInFebruary, new ImportForm { Remembered = new("plant", null, null) }, "plant_2024-02.csv");

        Assert.Equal([(meter, 10.0), (meter, 11.0)], _bench.Readings.SelectMany(reading => reading.Values, (reading, value) => (reading.EquipmentId, value)).Where(one => one.value.Metric == "active_power").Select(one => (one.EquipmentId, one.value.Value)));
        Assert.Equal(["plant"], _bench.Readings.Where(reading => reading.Values.Any(value => value.Metric == "temperature")).Select(reading => reading.EquipmentId));
        Assert.Contains(meter, _bench.Assumed("equipment_id"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Main", null)]
    [InlineData("HVAC plant", "plant")]
    public void Without_a_profile_it_is_of_the_meter_of_the_file(string known, string? told)
    {
        _bench.Known = new KnownMeters(known.Split(' ').ToDictionary(id => id, _ => new KnownMeter(null, false)));
        _bench.RunText(AloneInFebruary, fileName: "plant_2024-02.csv");

        Assert.Equal(["plant"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Contains(told ?? "plant", _bench.Assumed("equipment_id"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_may_be_the_one_of_another_file_is_asked_about_and_either_answer_is_taken()
    {
        _bench.Known = new KnownMeters(new Dictionary<string, KnownMeter> { ["HVAC"] = new(null, false) });
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(AloneInFebruary, fileName: "house2.csv")).Fault;
        _bench.RunText(AloneInFebruary, new ImportForm { Mapping = fault.Guess }, "house2.csv");
        using var same = new ImportBench { Known = _bench.Known };
        same.RunText(AloneInFebruary, new ImportForm { Mapping = new() { Equipment = new Dictionary<string, string> { ["house2"] = "HVAC" } } }, "house2.csv");

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
        Assert.Contains("mapping={\"equipment\":{\"house2\":\"HVAC\"}}", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["house2"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal(["HVAC"], same.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Fact]
    public void Parameters_that_are_not_all_what_the_values_are_said_to_be_are_asked_about_though_no_times_are_the_same()
    {
        var text = $"Time,Parameter,kWh\n{string.Concat(from hour in Enumerable.Range(0, 10) from i in Enumerable.Range(0, 3) select $"2024-01-01 {hour:00}:{15 * i:00},{((string[])["Active energy", "Main", "HVAC"])[i]},{5 + (hour % 4) + i}\n")}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal((ImportFault.AmbiguousMapping, "Parameter"), (fault.Code, fault.Column));
        Assert.Equal(["Active energy", "HVAC", "Main"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_the_mapping_calls_the_file_s_meter_it_stays()
    {
        _bench.Known = new KnownMeters(new Dictionary<string, KnownMeter> { ["HVAC"] = new(null, false) });
        _bench.RunText(
            "Timestamp,Parameter,Value,Unit\n2024-02-01 00:00,HVAC active power,10,kW\n2024-02-01 01:00,HVAC active power,11,kW\n",
            new ImportForm { Mapping = new() { Equipment = new Dictionary<string, string> { ["plant"] = "P-1" } } }, "plant_2024-02.csv");

        Assert.Equal(["P-1"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Fact]
    public void Where_the_values_say_what_they_are_a_measurement_may_name_meters()
    {
        var rows = Enumerable.Range(0, 4).SelectMany(hour => "Main energy,Kitchen,Hall".Split(',').Select((name, i) => $"2024-01-01 0{hour}:00,{name},{10 + hour + (7 * i)}"));
        var text = $"Time,Parameter,kWh\n{string.Join('\n', rows)}\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal(["Hall", "Kitchen", "Main energy"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Theory]
    [InlineData("Parameter", "energy", "kWh")]
    [InlineData("Parameter", null, null)]
    [InlineData("Quantity", "energy", "kWh")]
    public void What_the_request_says_is_not_of_rows_that_name_something_else(string header, string? metric, string? unit)
    {
        string Row(int hour, int minute, string parameter, int value) => $"2024-01-01 {hour:00}:{minute:00},{parameter},{value}\n";
        _bench.RunText(
            $"Time,{header},Value\n{string.Concat(Enumerable.Range(0, 8).Select(hour => Row(hour, 0, "Active energy (kWh)", 5 + (hour % 3)) + Row(hour, 15, "Voltage", 230) + Row(hour, 0, "Setpoint", 21) + Row(hour, 45, "Valve", hour)))}",
            new ImportForm { Metric = metric, Unit = unit });

        Assert.Equal(["energy 8", "voltage 8"], _bench.Readings.SelectMany(reading => reading.Values).GroupBy(value => value.Metric).Select(same => $"{same.Key} {same.Count()}").Order());
        Assert.Equal(16, _bench.FaultCodes.Count);
        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Theory]
    [InlineData("entity_id")]
    [InlineData("Object ID")]
    public void Ids_of_what_is_recorded_tell_rows_apart_whatever_they_are_called_after(string header)
    {
        string Rows(string name) => string.Concat(Enumerable.Range(0, 300).Select(hour => $"{name},{hour + 5},2026-01-{1 + (hour / 24):00} {hour % 24:00}:00\n"));
        _bench.RunText($"{header},state,last_changed\n{Rows("sensor.grid_energy_import")}{Rows("sensor.heat_pump_energy")}", new ImportForm { Metric = "energy_import_register", Unit = "kWh" });

        Assert.Equal(["sensor.grid_energy_import", "sensor.heat_pump_energy"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Fact]
    public void What_is_measured_names_no_meter_below_a_header_of_ids()
    {
        _bench.RunText("Item ID,Time,Value\nactive_energy_kWh,2026-01-01 00:00,5\nvoltage_V,2026-01-01 00:00,230\nactive_energy_kWh,2026-01-01 01:00,7\nvoltage_V,2026-01-01 01:00,231\n");

        Assert.Equal(["energy", "energy", "voltage", "voltage"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Order());
    }

    [Fact]
    public void A_register_that_stands_at_zero_beside_amounts_is_left_out()
    {
        var text = "RateTypeDescription,StartDate,EndDate,ProfileReadValue,RegisterReadValue\n"
            + string.Concat(Enumerable.Range(0, 24).Select(hour => $"Usage,2026-01-01 {hour:00}:00,2026-01-01 {hour:00}:59,{1 + (hour % 5)},0\n"));

        _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(70, _bench.Sum("meter", "energy"));
    }

    [Fact]
    public void The_unit_of_what_rows_name_is_asked_for_where_a_mapping_names_the_column_alone()
    {
        const string text = "Meter,Parameter,Time,Value\nM1,Usage,2026-01-01 00:00,5\nM1,Usage,2026-01-01 01:00,7\n";
        var value = new MappedColumn("Value") { Role = ColumnRole.Value };

        var asked = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = [value] } })).Fault;
        _bench.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = [value with { Metric = "energy", Unit = "kWh" }] } });

        Assert.Equal(ImportFault.AmbiguousMapping, asked.Code);
        Assert.Equal(12, _bench.Sum("M1", "energy"));
    }

    [Fact]
    public void A_source_beside_a_place_is_no_meter()
    {
        _bench.RunText("Timestamp,Building,Parameter,Value,Unit,Source\n2024-01-01 00:00,North,Active Energy,5,kWh,BMS\n2024-01-01 00:00,South,Active Energy,7,kWh,BMS\n");

        Assert.Equal(["North", "South"], _bench.Readings.Select(reading => reading.EquipmentId));
    }

    [Fact]
    public void A_source_is_no_meter_when_the_request_names_one()
    {
        _bench.RunText("Timestamp,Source,Measurement,Value\n2024-01-01 00:00,BMS,Active Energy (kWh),5\n2024-01-01 01:00,BMS,Active Energy (kWh),7\n", new ImportForm { EquipmentId = "M-1" });

        Assert.Equal(["M-1", "M-1"], _bench.Readings.Select(reading => reading.EquipmentId));
    }
}
