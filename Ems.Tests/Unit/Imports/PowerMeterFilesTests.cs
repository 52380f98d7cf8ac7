using System.Globalization;
using System.Text;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Meters;

namespace Ems.Tests.Unit.Imports;

/// <summary>Exports of the software of power meters and of building management: what one device measures is of one meter, and counts once.</summary>
public sealed class PowerMeterFilesTests : IDisposable
{
    private static readonly ImportForm Registers = new() { Metric = "energy_import_register" };

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void What_goes_into_and_out_of_the_load_is_of_the_device_in_front_of_it()
    {
        var rows = new StringBuilder("Timestamp,B1.MSB1 Real Energy Into the Load (kWh),B1.MSB1 Real Energy Out of the Load (kWh),B1.MSB1 Real Power Mean (kW),B1.DP2 Real Energy Into the Load (kWh),B1.DP2 Real Power Mean (kW)\n");
        for (var i = 0; i < 48; i++)
        {
            rows.Append(CultureInfo.InvariantCulture, $"2024-01-{1 + (i / 24):00} {i % 24:00}:00,{1000 + (5 * i)},{500 + i},20,{3000 + (2 * i)},8\n");
        }

        _bench.RunText(rows.ToString(), Registers);

        Assert.Equal("B1.DP2 B1.MSB1", string.Join(" ", _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal)));
        Assert.Equal(1235, _bench.Values("B1.MSB1", "energy_import_register").Last().Value);
        Assert.Equal(547, _bench.Values("B1.MSB1", "energy_export_register").Last().Value);
        Assert.Equal(20, _bench.Values("B1.MSB1", "active_power").Last().Value);
        Assert.Equal(8, _bench.Values("B1.DP2", "active_power").Last().Value);
    }

    [Theory]
    [InlineData("Active Energy Delivered-Received (kWh)")]
    [InlineData("Active Energy Delivered+Received (kWh)")]
    [InlineData("Active Energy Delivered - Received (kWh)")]
    public void Both_directions_together_are_left_out_beside_what_flows_in(string net)
    {
        _bench.RunText($"Time,Active Energy Delivered (kWh),{net},Active Power (kW)\n2024-01-01 00:00,5,4,20\n2024-01-01 01:00,6,4,21\n2024-01-01 02:00,4,4,19\n");

        Assert.Equal([5.0, 6, 4], _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal(net, _bench.Assumed("left_out"));
    }

    [Fact]
    public void Both_directions_together_are_taken_where_nothing_else_is_there()
    {
        _bench.RunText("Time,Active Energy Delivered-Received (kWh)\n2024-01-01 00:00,5\n2024-01-01 01:00,6\n2024-01-01 02:00,4\n");

        Assert.Equal([5.0, 6, 4], _bench.Values("meter", "energy").Select(value => value.Value));
    }

    [Fact]
    public void What_rows_measure_is_of_their_meter_and_only_what_comes_several_times_a_part_of_it()
    {
        _bench.RunText(Long("Active Energy Delivered (kWh)", "Active Energy Received (kWh)", "Active Energy Delivered-Received (kWh)", "Active Power (kW)", "Voltage A-N (V)", "Voltage B-N (V)"), Registers);

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(
            [
                "Main Active Energy Received (kWh) energy_export_register", "Main Voltage A-N (V) voltage", "Main Voltage B-N (V) voltage", "Main active_power", "Main energy_import_register",
                "UPS Active Energy Received (kWh) energy_export_register", "UPS Voltage A-N (V) voltage", "UPS Voltage B-N (V) voltage", "UPS active_power", "UPS energy_import_register",
            ],
            Series());
        Assert.Contains("Active Energy Delivered (kWh), Active Power (kW)", _bench.Assumed("layout"), StringComparison.Ordinal);
        Assert.Equal("rows 4, 10, 16, 22, 28 …", _bench.Assumed("left_out"));
    }

    [Fact]
    public void A_file_without_the_other_direction_goes_on_in_the_same_meters()
    {
        _bench.RunText(Long("Active Energy Delivered (kWh)", "Active Energy Delivered-Received (kWh)", "Active Power (kW)"), Registers);

        Assert.Equal(["Main active_power", "Main energy_import_register", "UPS active_power", "UPS energy_import_register"], Series());
    }

    [Fact]
    public void Energies_of_which_several_flow_in_stay_apart()
    {
        _bench.RunText(Long("Active Energy A (kWh)", "Active Energy B (kWh)", "Active Power (kW)"), Registers);

        Assert.Equal(6, Series().Count);
        Assert.DoesNotContain("of the meter itself", _bench.Assumed("layout"), StringComparison.Ordinal);
    }

    [Fact]
    public void Points_that_are_named_by_a_meter_and_a_unit_are_of_one_meter()
    {
        var form = new ImportForm { Mapping = new() { Columns = [new MappedColumn("Object Value") { Kind = Core.Metering.QuantityKind.Register }] } };
        var rows = new StringBuilder("Date / Time,Object Name,Object Value\n");
        for (var i = 0; i < 48; i++)
        {
            var time = string.Create(CultureInfo.InvariantCulture, $"2024-01-{1 + (i / 24):00} {i % 24:00}:00");
            rows.Append(CultureInfo.InvariantCulture, $"{time},MDP kWh,{1000 + (5 * i)} kWh\n{time},MDP kW,20 kW\n{time},Chiller 1 kWh,{3000 + (2 * i)} kWh\n");
        }

        _bench.RunText(rows.ToString(), form);

        Assert.Equal(["Chiller 1 kWh energy_import_register", "MDP active_power", "MDP energy_import_register"], Series());
        Assert.Contains("MDP kWh, MDP kW: MDP", _bench.Assumed("layout"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MDP", "kWh", "MDP")]
    [InlineData("MDP kWh", "kWh kW", "MDP kWh")]
    [InlineData("Chiller", "kWh", "MDP kWh")]
    public void They_go_on_in_the_meter_that_is_there(string known, string units, string meter)
    {
        _bench.Known = new KnownMeters(new Dictionary<string, KnownMeter> { [known] = new(null, false) });
        _bench.RunText($"Time,Meter,Value,Unit\n{string.Concat(Enumerable.Range(0, 12).SelectMany(i => units.Split(' ').Select(unit => string.Create(CultureInfo.InvariantCulture, $"2024-01-01 {i:00}:00,MDP {unit},{5 + (i * 5 % 7)},{unit}\n"))))}");

        Assert.Equal(12, _bench.Values(meter, "energy").Count());
    }

    [Theory]
    [InlineData("Main kWh", "Annex kW")]
    [InlineData("Main kWh", "Main")]
    public void Points_of_several_meters_keep_their_names(string energy, string power)
    {
        _bench.RunText($"Object Name,Time,Value\n{energy},2024-01-01 00:00,5 kWh\n{power},2024-01-01 00:00,20 kW\n{energy},2024-01-01 01:00,4 kWh\n{power},2024-01-01 01:00,21 kW\n");

        Assert.Equal(new[] { energy, power }.Order(StringComparer.Ordinal), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_day_has_counted_so_far_is_no_amount_of_a_quarter_of_an_hour()
    {
        static string Rows(int step) => string.Concat(Enumerable.Range(0, 192).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{new DateTime(2024, 1, 1).AddMinutes(step * i):yyyy-MM-dd HH:mm},{(i % 96) * 0.5 * (step / 15)},{20 + (i % 3)}\n")));
        _bench.RunText($"Time,Daily energy (kWh),Active power (kW)\n{Rows(15)}");
        using var ofDays = new ImportBench();
        ofDays.RunText($"Time,Daily energy (kWh),Active power (kW)\n{Rows(24 * 60)}");

        Assert.Equal("Daily energy (kWh)", _bench.Assumed("left_out"));
        Assert.Empty(_bench.Values("meter", "energy"));
        Assert.Equal(192, ofDays.Values("meter", "energy").Count());
    }

    [Theory]
    [InlineData("Daily energy (kWh)")]
    [InlineData("Energy (kWh)")]
    public void Amounts_that_rise_and_fall_are_those_of_their_rows(string header)
    {
        _bench.RunText($"Time,{header}\n{string.Concat(Enumerable.Range(0, 48).Select(i => $"2024-01-{1 + (i / 24):00} {i % 24:00}:00,{12 - Math.Abs(12 - (i % 24))}\n"))}");

        Assert.Equal(288, _bench.Values("meter", "energy").Sum(value => value.Value));
    }

    [Fact]
    public void A_phase_behind_a_unit_of_energy_is_no_current()
    {
        _bench.RunText("Time,Active energy Wh (A),Returned energy Wh (A)\n2024-01-01 00:00,5000,1000\n2024-01-01 01:00,4000,2000\n2024-01-01 02:00,6000,0\n");

        Assert.Equal([5.0, 4, 6], _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.Equal("Returned energy Wh (A)", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Energy Delivered (kWh),Energy Received (kWh),Net Energy (kWh),Total Energy (kWh)", "meter energy_import_register")]
    [InlineData("Ep_imp (kWh),Ep_exp (kWh),Ep_net (kWh),Ep_total (kWh)", "meter energy_import_register")]
    [InlineData("Energy IMP (kWh),Energy EXP (kWh),Energy NET (kWh),Energy TOTAL (kWh)", "meter energy_import_register")]
    [InlineData("kWh Delivered,kWh Received,kWh Delivered-Received,kWh Delivered+Received", "meter energy_import_register")]
    [InlineData("Real Energy Delivered kWh,Real Energy Received kWh,Real Energy Net kWh,Real Energy Total kWh", "meter energy_import_register")]
    [InlineData("Forward Energy (kWh),Reverse Energy (kWh),Net Energy (kWh),Sum Energy (kWh)", "meter energy_import_register")]
    public void The_guess_for_registers_of_both_directions_counts_what_flows_in_once(string headers, string series)
    {
        // At night nothing flows out.
        var text = new StringBuilder($"Time,{headers}\n");
        for (var i = 0; i < 48; i++)
        {
            var (inward, outward) = (5000 + (3 * i), 700 + (i / 12));
            text.Append(CultureInfo.InvariantCulture, $"2024-01-{1 + (i / 24):00} {i % 24:00}:00,{inward},{outward},{inward - outward},{inward + outward}\n");
        }

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text.ToString())).Fault;
        using var again = new ImportBench();
        again.RunText(text.ToString(), new ImportForm { Mapping = fault.Guess });

        Assert.Equal([series], again.Readings.SelectMany(reading => reading.Values.Select(value => $"{reading.EquipmentId} {value.Metric}")).Distinct());
        Assert.Equal(5000, again.Values("meter", "energy_import_register").First().Value);
    }

    [Fact]
    public void A_register_that_stands_still_at_night_is_one_beside_a_register()
    {
        var text = $"Time,Hall A (kWh),Hall B (kWh)\n{string.Concat(Enumerable.Range(0, 48).Select(i => $"2024-01-{1 + (i / 24):00} {i % 24:00}:00,{5000 + (3 * i)},{700 + (i / 12)}\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal((48, 48), (again.Values("Hall A", "energy_import_register").Count(), again.Values("Hall B", "energy_import_register").Count()));
    }

    [Theory]
    [InlineData("kWh del,kWh rec,kWh net,kWh total")]
    [InlineData("Forward kWh,Reverse kWh,Net kWh,Sum kWh")]
    [InlineData("Real Energy Delivered kWh,Real Energy Received kWh,Real Energy Net kWh,Real Energy Total kWh")]
    public void Of_amounts_in_both_directions_what_flows_in_is_taken(string headers)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,5,1,4,6\n2024-01-01 01:00,4,2,2,6\n2024-01-01 02:00,6,0,6,6\n");

        Assert.Equal([5.0, 4, 6], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
        Assert.Equal(3, _bench.Assumed("left_out").Split("; ").Length);
    }

    [Theory]
    [InlineData("Import kWh,Export kWh,Total kWh")]
    [InlineData("Imported Energy (kWh),Exported Energy (kWh),Total Energy (kWh)")]
    public void A_total_beside_both_directions_that_is_what_a_house_uses_is_not_left_out(string headers)
    {
        // A plant makes 12, 9, 15; at night nothing flows out.
        var text = $"Time,{headers}\n2024-01-01 00:00,31,5,38\n2024-01-01 01:00,28,4,33\n2024-01-01 02:00,44,6,53\n2024-01-01 03:00,8,0,8\n";

        Assert.Equal(ImportFault.AmbiguousMapping, Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Code);
    }

    [Fact]
    public void A_total_of_both_directions_may_be_off_by_its_last_digits()
    {
        _bench.RunText("Time,Import kWh,Export kWh,Total kWh\n2024-01-01 00:00,5.1,1.2,6.4\n2024-01-01 01:00,4.3,2.2,6.5\n2024-01-01 02:00,6.3,0.0,6.3\n");

        Assert.Equal([5.1, 4.3, 6.3], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
    }

    [Theory]
    [InlineData("Channel", "Import", "Export", "Net")]
    [InlineData("Channel", "Energy imp", "Energy exp", "Energy total")]
    public void Rows_of_both_directions_together_are_left_out(string header, params string[] channels)
    {
        var rows = Enumerable.Range(0, 5).SelectMany(i => channels.Select((channel, k) => $"2024-01-01 0{i}:00,M1,{channel},{5 + k + (i * 3 % 4)}\n"));
        _bench.RunText($"Time,Meter,{header},kWh\n{string.Concat(rows)}");

        Assert.DoesNotContain(_bench.Readings, reading => reading.EquipmentId.EndsWith(channels[2], StringComparison.Ordinal));
        Assert.Equal(2, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    private IReadOnlyList<string> Series() =>
        [.. (from reading in _bench.Readings from value in reading.Values select $"{reading.EquipmentId} {value.Metric}").Distinct().Order(StringComparer.Ordinal)];

    private static string Long(params string[] quantities)
    {
        var rows = new StringBuilder("Timestamp,SourceName,QuantityName,Value\n");
        for (var i = 0; i < 48; i++)
        {
            foreach (var meter in (string[])["Main", "UPS"])
            {
                for (var k = 0; k < quantities.Length; k++)
                {
                    var value = quantities[k].Contains("kWh", StringComparison.Ordinal) ? (1000 * (k + 1)) + ((k + 1) * i) : 20 + (i % 3);
                    rows.Append(CultureInfo.InvariantCulture, $"2024-01-{1 + (i / 24):00} {i % 24:00}:00,{meter},{quantities[k]},{value}\n");
                }
            }
        }

        return rows.ToString();
    }
}
