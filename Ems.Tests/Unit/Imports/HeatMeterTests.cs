using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Heat, the water that brings it, and how warm that comes and goes, are of one meter of heat.</summary>
public sealed class HeatMeterTests : IDisposable
{
    private const string English = "Time,Heat meter energy (MWh),Heat meter volume (m³),Flow temp (°C),Return temp (°C),Heat power (kW)";
    private const string Plain = "Time,Energy (MWh),Volume (m³),Flow temp (°C),Return temp (°C)";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(English)]
    [InlineData("Time,Heat energy (MWh),Volume (m³),Supply temperature (°C),Return temperature (°C),Power (kW)")]
    [InlineData("Time,Energy (MWh),Volume (m³),Flow temp (°C),Return temp (°C),Power (kW)")]
    [InlineData("Time,Energy (MWh),Volume (m³),Forward temperature (°C),Return temperature (°C),Power (kW)")]
    [InlineData("Zeit,Wärmemenge (MWh),Volumen (m³),Vorlauf (°C),Rücklauf (°C),Leistung (kW)")]
    public void Registers_of_heat_and_volume_need_no_mapping(string header)
    {
        _bench.RunText(Table(header, i => $"{100 + i},{1000 + (5 * i)},{70 + (i % 3)},{50 + (i % 2)},12"), fileName: "HM1.csv");

        Assert.Equal(("heat", false), (Assert.Single(_bench.Facts.Meters, meter => meter.EquipmentId == "HM1").Carrier, _bench.FaultCodes.Any()));
        Assert.Equal("HM1 heat 2024-01-01 00:00 100000", _bench.Told.First(told => told.StartsWith("HM1 heat", StringComparison.Ordinal)));
        Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric is "water_volume" or "energy");
        Assert.NotEmpty(_bench.Assumed("kind"));
    }

    [Theory]
    [InlineData("Gerät;WMZ Haupthaus 67890123", "67890123.csv")]
    [InlineData("Trend log;Server: BMS01", "HM1.csv")]
    public void A_line_of_two_cells_right_above_the_headers_is_none_of_them(string line, string fileName)
    {
        var table = Table("Zeitpunkt;Energie (MWh);Volumen (m³);Vorlauf (°C);Rücklauf (°C)", i => $"{100 + i};{1000 + (5 * i)};{70 + (i % 3)};{50 + (i % 2)}").Replace(",", ";", StringComparison.Ordinal);
        _bench.RunText($"{line}\n{table}", fileName: fileName);

        Assert.Contains(_bench.Told, told => told.EndsWith("heat 2024-01-01 00:00 100000", StringComparison.Ordinal));
        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric is "water_volume" or "energy" or "energy_import_register");
    }

    [Fact]
    public void Amounts_that_go_up_and_down_are_those_of_their_intervals()
    {
        _bench.RunText(Table(English, i => $"{5 + (i % 3)},{9 + (i % 4)},70,50,12"), fileName: "HM1.csv");

        Assert.Equal("HM1 heat 2024-01-01 00:00 1h 5000", _bench.Told.First(told => told.StartsWith("HM1 heat", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_register_that_stands_still_in_summer_is_asked_about_and_the_answer_is_taken()
    {
        var text = Table(English, i => $"100,1000,{20 + (i % 3)},20,0");
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "HM1.csv")).Fault;
        using var told = new ImportBench();
        told.RunText(text, new ImportForm { Mapping = fault.Guess }, "HM1.csv");

        Assert.Equal(["register", "interval"], fault.Alternatives);
        Assert.Equal("HM1 heat 2024-01-01 00:00 100000", told.Told.First(one => one.StartsWith("HM1 heat", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("heating_water", null)]
    [InlineData("water_volume", null)]
    [InlineData(null, "ignored")]
    public void What_a_mapping_says_of_the_volume_changes_nothing_of_the_heat(string? metric, string? role)
    {
        var volume = new MappedColumn("Volume (m³)") { Metric = metric, Unit = metric is null ? null : "m³", Kind = metric == "water_volume" ? QuantityKind.Register : null, Role = role is null ? null : ColumnRole.Ignored };
        _bench.RunText(Table(Plain, i => $"{100 + i},{1000 + (5 * i)},70,50"), new ImportForm { Mapping = new() { Columns = [volume] } }, "HM1.csv");

        Assert.Equal("HM1 heat 2024-01-01 00:00 100000", _bench.Told.First(told => told.StartsWith("HM1 heat ", StringComparison.Ordinal)));
        Assert.Equal(metric is not null, _bench.Readings.SelectMany(reading => reading.Values).Any(value => value.Metric == metric));
    }

    [Theory]
    [InlineData(30, 60)]
    [InlineData(120, 200)]
    [InlineData(0, 60)]
    public void A_side_that_is_blank_changes_nothing_of_the_others(int blank, int rows)
    {
        _bench.RunText(Table("Time,Energy (MWh),Volume (m³),Flow temp (°C),Return temp (°C),Note", i => $"{100 + i},{1000 + (5 * i)},70,{(i < blank || blank == 0 ? "" : "50")},ok", rows), fileName: "HM1.csv");

        Assert.Equal("HM1 heat 2024-01-01 00:00 100000", _bench.Told.First(told => told.StartsWith("HM1 heat ", StringComparison.Ordinal)));
        Assert.Equal(70, _bench.Values("HM1 Flow", "temperature").First().Value);
    }

    [Fact]
    public void Sides_that_are_blank_at_the_end_are_there_all_the_same()
    {
        _bench.RunText(Table(Plain, i => $"{100 + i},{1000 + (5 * i)},70,"), fileName: "HM1.csv");

        Assert.Equal(["HM1", "HM1 Flow"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal("HM1 heat 2024-01-01 00:00 100000", _bench.Told.First(told => told.StartsWith("HM1 heat ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_register_that_falls_for_once_is_one_all_the_same()
    {
        _bench.RunText(Table(Plain, i => i == 12 ? "0,0,70,50" : $"{100 + i},{1000 + (5 * i)},70,50"), fileName: "HM1.csv");

        Assert.Equal("HM1 heat 2024-01-01 00:00 100000", _bench.Told.First(told => told.StartsWith("HM1 heat ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Plain, "")]
    [InlineData(Plain, "12")]
    [InlineData("Time,Heat energy (MWh),Volume (m³),Flow temp (°C),Return temp (°C)", "12")]
    public void What_may_be_a_register_or_not_is_asked_about(string header, string stuck) =>
        Assert.Equal(["register", "interval"], Assert.Throws<ImportFaultException>(() => _bench.RunText(Table(header, i => $"{100 + (i / 10)},{stuck},70,50"), fileName: "HM1.csv")).Fault.Alternatives);

    [Theory]
    [InlineData(QuantityKind.Register, "")]
    [InlineData(QuantityKind.Interval, " 1h")]
    public void Its_kind_alone_makes_no_electricity_of_it(QuantityKind kind, string length)
    {
        _bench.RunText(Table(Plain, i => $"{812.4 + (i / 15)},12,70,50"), new ImportForm { Mapping = new() { Columns = [new MappedColumn("Energy (MWh)") { Kind = kind }] } }, "HM1.csv");

        Assert.Equal($"HM1 heat 2024-01-01 00:00{length} 812400", _bench.Told.First(told => told.StartsWith("HM1 heat ", StringComparison.Ordinal)));
        Assert.DoesNotContain(_bench.Told, told => told.Contains(" energy", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CH1.csv", "6", "12")]
    [InlineData("Heat pump.csv", "40", "35")]
    [InlineData("Wärmepumpe 2.csv", "40", "35")]
    public void Cold_and_machines_are_asked_about_and_the_answer_is_taken(string file, string flow, string back)
    {
        var text = Table(Plain.Replace("Flow", "Supply", StringComparison.Ordinal), i => $"{100 + i},{1000 + (5 * i)},{flow},{back}");
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: file)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, file);
        using var heat = new ImportBench();
        heat.RunText(text, new ImportForm { Mapping = new() { Columns = [fault.Guess!.Columns[0] with { Metric = "heat" }] } }, file);

        Assert.Equal(["heat", "energy", "energy_import_register"], fault.Alternatives);
        Assert.Contains(_bench.Told, told => told.EndsWith(" energy_import_register 2024-01-01 00:00 100000", StringComparison.Ordinal));
        Assert.Contains(heat.Told, told => told.EndsWith(" heat 2024-01-01 00:00 100000", StringComparison.Ordinal));
    }

    [Fact]
    public void A_metric_that_is_sent_is_none_of_a_column_of_another_unit()
    {
        _bench.RunText(Table("Time,Heat energy (kWh),Volume (m³)", i => $"{5 + (i % 3)},{9 + (i % 4)}"), new ImportForm { Metric = "heat" });

        Assert.Equal(["heat"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct());
        Assert.Contains("Volume (m³)", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void Electricity_beside_a_volume_is_none_of_heat()
    {
        _bench.RunText(Table("Time,Electricity (kWh),Volume (m³),Flow temp (°C),Return temp (°C)", i => $"{5 + (i % 3)},{9 + (i % 4)},70,50"));

        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric == "heat");
    }

    [Theory]
    [InlineData("Time,Heat energy (kWh),Supply flow (m³/h)", false)]
    [InlineData("Time,Supply water temp (°C),Supply flow (m³/h)", false)]
    [InlineData("Time,Fan power (kW),Supply flow (m³/h)", true)]
    [InlineData("Time,Heat energy (kWh),Supply air flow (m³/h)", true)]
    [InlineData("Time,Hot water valve (%),Supply flow (m³/h)", true)]
    [InlineData("Time,Hot water temp (°C),Supply flow (m³/h),Extract flow (m³/h)", true)]
    [InlineData("Time,Cooling energy (kWh),Supply flow (m³/h)", true, "AHU1.csv")]
    public void A_supply_beside_heat_or_water_is_no_air(string header, bool isAir, string file = "meter.csv")
    {
        _bench.RunText(Table(header, i => $"{5 + (i % 3)},{9 + (i % 4)},{8 + (i % 4)}"[..(header.Count(sign => sign == ',') > 2 ? 5 : 3)]), fileName: file);

        Assert.Equal(isAir, _bench.Readings.SelectMany(reading => reading.Values).Any(value => value.Metric == "airflow"));
    }

    [Fact]
    public void A_difference_of_temperatures_is_left_out()
    {
        _bench.RunText(Table("Time,Heat energy (kWh),Delta T (K),Flow temp (°C),Return temp (°C)", i => $"{5 + (i % 3)},20,70,50"), fileName: "HM1.csv");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(["HM1", "HM1 Flow", "HM1 Return"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Fact]
    public void Supplies_of_very_many_rooms_are_told_apart_at_once()
    {
        var rooms = Enumerable.Range(1, 4_000).ToList();
        var text = Table($"Time,{string.Join(',', rooms.Select(room => $"R{room:0000} Temp (°C),R{room:0000} Supply flow (m³/h)"))}", i => string.Join(',', rooms.Select(_ => "20,50")), rows: 3);
        var clock = TimeProvider.System.GetTimestamp();
        _bench.RunText(text);

        Assert.Equal(12_000, _bench.Readings.SelectMany(reading => reading.Values).Count(value => value.Metric == "airflow"));
        Assert.True(TimeProvider.System.GetElapsedTime(clock) < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void An_air_handling_unit_has_the_flows_of_its_air_beside_valves_of_water()
    {
        _bench.RunText(Table("Time,Supply flow (m³/h),Extract flow (m³/h),Hot water valve (%),Cooling valve (%)", i => $"{500 + i},{400 + i},{i},0"), fileName: "U1.csv");

        Assert.Equal(["Extract flow", "Supply flow"], _bench.Readings.Where(reading => reading.Values.Any(value => value.Metric == "airflow")).Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Theory]
    [InlineData("Delta Tower Lobby Temp (°C)", false)]
    [InlineData("DELTA.AHU1.SAT (°C)", false)]
    [InlineData("Delta T (K)", true)]
    [InlineData("ΔT (K)", true)]
    [InlineData("Temp diff (K)", true)]
    [InlineData("Temperature difference (K)", true)]
    [InlineData("Temperaturspreizung (K)", true)]
    [InlineData("HX1 dT (K)", true)]
    public void Only_what_says_so_of_a_temperature_is_a_difference(string header, bool isDifference)
    {
        var text = Table($"Time,{header}", i => $"{20 + (i % 3)}");
        if (isDifference)
        {
            Assert.Contains("a difference of temperatures", Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(30, _bench.RunText(text).Readings.Count);
    }

    [Theory]
    [InlineData("Quantity")]
    [InlineData("Parameter")]
    public void Rows_name_the_sides_as_columns_do(string header)
    {
        var rows = Enumerable.Range(0, 3).SelectMany(i => new[] { $"Supply temperature,{70 + i},°C", $"Return temperature,{50 + i},°C", $"Heat energy,{5 + i},kWh" }.Select(row => $"2024-01-01 0{i}:00,{row}"));
        _bench.RunText($"Time,{header},Value,Unit\n{string.Join('\n', rows)}\n", fileName: "HM1.csv");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(["HM1 Return temperature", "HM1 Supply temperature", "HM1 heat"], _bench.Told.Select(told => told[..told.IndexOf(" 2024", StringComparison.Ordinal)]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sides_that_are_written_at_different_times_are_no_one_series()
    {
        _bench.RunText("Timestamp,Parameter,Value\n2024-01-01 00:00,Supply temperature,1\n2024-01-01 00:15,Return temperature,2\n2024-01-01 00:30,Supply temperature,3\n2024-01-01 00:45,Return temperature,4\n");

        Assert.Equal(["meter Return", "meter Supply"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    private static string Table(string header, Func<int, string> row, int rows = 30) =>
        $"{header}\n{string.Concat(Enumerable.Range(0, rows).Select(i => $"{new DateTime(2024, 1, 1).AddHours(i).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)},{row(i)}\n"))}";
}
