using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>What loggers, instruments and plant systems export, and what an answer to a question about one of their columns says of the others.</summary>
public sealed class LoggerFilesTests : IDisposable
{
    private const string Told = "energy_import_register";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Device Name")]
    [InlineData("Meter Name")]
    public void A_row_of_what_a_gateway_is_names_the_device_that_it_reads(string header)
    {
        _bench.RunText(
            $"Gateway Name,Gateway SN,Gateway IP Address,{header},Logging Interval\nComX 510,DN1,10.0.0.2,PM5110 Main,15\n\n,,Topic ID1,Topic ID2\n"
            + $"Error,UTC Offset (minutes),Local Time Stamp,Active Power (kW),Active Energy Delivered interval (kWh)\n{Rows(8, i => $"0,120,{Quarter(i)},{Change(i)},{2 * Change(i)}")}");

        Assert.Equal(["PM5110 Main active_power 8", "PM5110 Main energy 8"], Series());
    }

    [Theory]
    [InlineData("Plant;Milano HQ\nDevice;Ekip UP - QF1\n", "EDCS.csv", "Milano HQ:Ekip UP - QF1")]
    [InlineData("Device: QF1\nPlant: Milano HQ\n", "EDCS.csv", "Milano HQ:QF1")]
    [InlineData("Device;Ekip UP - QF1\n", "export.csv", "export:Ekip UP - QF1")]
    [InlineData("Device;AcuRev 2110\n", "North hall.csv", "North hall")]
    [InlineData("Plant;Milano HQ\nDevice;QF1\nDevice;QF2\n", "EDCS.csv", "EDCS")]
    [InlineData("Plant;Milano HQ\nDevice type;QF1\n", "EDCS.csv", "EDCS")]
    public void A_line_names_the_device_at_a_place(string lines, string file, string meter)
    {
        _bench.RunText($"{lines}\nTimestamp;Active energy import [kWh];Voltage L1-L2 [V]\n{Rows(8, i => $"{Quarter(i)};{i + 3};400")}", fileName: file);

        Assert.Equal([$"{meter} {Told} 8", $"{meter} voltage 8"], Series());
    }

    [Fact]
    public void Devices_in_headers_are_none_of_the_device_in_a_line()
    {
        _bench.RunText($"Plant;Milano HQ\nDevice;Gateway 1\n\nTimestamp;Chiller 2 energy [kWh];Pump 7 active power [kW]\n{Rows(8, i => $"{Quarter(i)};{Change(i)};{2 * Change(i)}")}");

        Assert.Equal(["Chiller 2 energy 8", "Pump 7 active_power 8"], Series());
    }

    [Fact]
    public void Serial_numbers_behind_a_unit_do_not_hide_it()
    {
        _bench.RunText($"\"Plot Title: LGR\"\n\"#\",\"Date Time, GMT-05:00\",\"Power, kW (LGR S/N: 10204042, SEN S/N: 1)\",\"Temp, °F (LGR S/N: 10204042, SEN S/N: 2)\"\n{Rows(8, i => $"{i + 1},{Quarter(i)},{Change(i)},70.5")}");

        Assert.Equal(["meter active_power 8", "meter temperature 8"], Series());
        Assert.Equal("#", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Power_Avg", "kW", "Avg", "active_power")]
    [InlineData("Energy_Tot", "kWh", "Tot", "energy")]
    [InlineData("Power", "kW", "Avg", "active_power")]
    public void A_file_of_a_logger_has_its_environment_names_units_and_statistics_above(string name, string unit, string statistic, string metric)
    {
        _bench.RunText("\"TOA5\",\"CR1000X_Plant\",\"CR1000X\",\"12345\",\"CR1000X.Std.03.02\",\"CPU:plant.CR1X\",\"54321\",\"Min15\"\n"
            + $"\"TIMESTAMP\",\"RECORD\",\"{name}\",\"AirTC\"\n\"TS\",\"RN\",\"{unit}\",\"Deg C\"\n\"\",\"\",\"{statistic}\",\"Smp\"\n{Rows(8, i => $"\"{Quarter(i)}\",{i + 7},{Change(i)},{20 + Change(i)}")}");

        Assert.Equal([$"meter {metric} 8", "meter temperature 8"], Series());
        Assert.Equal("RECORD (RN)", _bench.Assumed("left_out"));
    }

    [Fact]
    public void Phases_beside_their_fundamental_part_and_what_flows_back_are_added_alone()
    {
        _bench.RunText(
            "timestamp,a_total_act_energy,a_fund_act_energy,a_total_act_ret_energy,a_fund_act_ret_energy,a_lag_react_energy,a_max_act_power,b_total_act_energy,b_total_act_ret_energy,c_total_act_energy,c_total_act_ret_energy\n"
            + Rows(8, i => $"{1768003200 + (60 * i)},{Change(i)},{Change(i)},1,1,0.5,400,{2 * Change(i)},0,{3 * Change(i)},0"), new ImportForm { Unit = "Wh" });

        Assert.Equal(["meter energy 8"], Series());
        Assert.Equal(6 * 31.5 / 1000, _bench.Sum("meter", "energy"), 6);
    }

    [Fact]
    public void Two_statistics_of_one_name_stay_apart()
    {
        _bench.RunText($"TIMESTAMP,Power,Power\n,kW,kW\n,Avg,Max\n{Rows(8, i => $"{Quarter(i)},{Change(i)},{2 * Change(i)}")}");

        Assert.Equal([3.0, 1], _bench.Values("meter", "active_power").Select(value => value.Value).Take(2));
        Assert.Equal("Power Max (kW)", _bench.Assumed("left_out"));
    }

    [Fact]
    public void What_is_told_of_a_register_is_not_said_of_the_power_beside_it()
    {
        _bench.RunText($"time,meter,total_kwh,power_w\n{Rows(48, i => $"{Quarter(i)},m1,{100 + i},{1000 * Change(i)}")}", new ImportForm { Metric = Told });

        Assert.Equal(["m1 active_power 48", $"m1 {Told} 48"], Series());
        Assert.Equal(3.0, _bench.Values("m1", "active_power").First().Value);
    }

    [Fact]
    public void What_is_told_is_said_of_columns_with_a_unit_of_it_before_others()
    {
        _bench.RunText($"time,Main (kWh),Level,Count\n{Rows(8, i => $"{Quarter(i)},{100 + i},{Change(i)},{Change(i + 1)}")}", new ImportForm { Metric = Told });

        Assert.Equal([$"meter {Told} 8"], Series());
        Assert.Equal("Level; Count", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("EpT+ (Wh),EpT- (Wh)")]
    [InlineData("Import since last reset (Wh),Export since last reset (Wh)")]
    [InlineData("kWh (+) TOT,kWh (-) TOT")]
    public void A_register_of_what_flows_out_stays_one_when_the_request_says_registers(string headers)
    {
        _bench.RunText($"time,{headers}\n{Rows(48, i => $"{Quarter(i)},{1000 + i},{500 + i}")}", new ImportForm { Metric = Told });

        Assert.Equal(["meter energy_export_register 48", $"meter {Told} 48"], Series());
    }

    [Fact]
    public void A_total_of_both_directions_is_no_consumption()
    {
        _bench.RunText(
            $"time,Import since last reset (kWh),Export since last reset (kWh),Total kWh\n{Rows(48, i => $"{Quarter(i)},{10 + i},{5 + (2 * i)},{15 + (3 * i)}")}", new ImportForm { Metric = Told });

        Assert.Equal(["meter energy_export_register 48", $"meter {Told} 48"], Series());
        Assert.Equal("Total kWh", _bench.Assumed("left_out"));
    }

    [Fact]
    public void Opening_and_closing_readings_are_no_meters_beside_what_was_used()
    {
        _bench.RunText("Meter,Date,Opening,Closing,Units used\nOC1,2024-01-01,1000,1021,21\nOC1,2024-02-01,1021,1039,18\nOC1,2024-03-01,1039,1060,21\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal([21.0, 18, 21], _bench.Values("OC1", "energy").Select(value => value.Value));
        Assert.Equal(3, _bench.Told.Count);
    }

    [Fact]
    public void An_instrument_that_names_energy_what_only_grows_goes_in_once_the_metric_is_told()
    {
        _bench.RunText(
            $"Timestamp,Active Energy (Wh),Active Power Total avg (W),Power Factor Total avg,Voltage L1 (V)\n{Rows(48, i => $"{Quarter(i)},{1000 + (3 * i)},{1000 * Change(i)},0.95,230")}",
            new ImportForm { Metric = Told });

        Assert.Equal(["meter active_power 48", $"meter {Told} 48", "meter power_factor 48", "meter voltage 48"], Series());
    }

    [Fact]
    public void The_ends_of_a_query_are_no_times_of_its_rows()
    {
        _bench.RunText(
            $",result,table,_start,_stop,_time,_value,_field,meter\n{Rows(8, i => $",,{i / 4},2024-01-15T00:00:00Z,2024-01-16T00:00:00Z,{Quarter(i % 4).Replace(' ', 'T')}Z,{Change(i)},power,m{i / 4}")}",
            new ImportForm { Metric = "active_power", Unit = "kW" });

        Assert.Equal(["m0 active_power 4", "m1 active_power 4"], Series());
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Time,Value,Time,Value")]
    [InlineData("Date,kWh,Date,kWh")]
    public void Tables_side_by_side_are_refused_with_the_way_out(string headers)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{headers}\n{Rows(8, i => $"{Quarter(i)},{Change(i)},{Quarter(i + 8)},{Change(i)}")}")).Fault;

        Assert.Equal((ImportFault.DataValidationFailed, null), (fault.Code, fault.Alternatives));
        Assert.Contains("side by side", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.3, null, false)]
    [InlineData(0.3, QuantityKind.Interval, true)]
    [InlineData(null, null, true)]
    public void A_guess_that_comes_back_does_not_say_that_what_grows_is_an_amount(double? confidence, QuantityKind? kind, bool isTaken)
    {
        var sent = MappingChecks.AsSent(new ImportMapping { Columns = [new MappedColumn("A") { Metric = "energy", Unit = "kWh", Kind = kind, Confidence = confidence }] });
        void Run() => _bench.RunText($"time,A\n{Rows(48, i => $"{Quarter(i)},{98_000 + i}")}", new ImportForm { Mapping = sent });

        if (isTaken)
        {
            Run();
            Assert.Equal(["meter energy 48"], Series());
        }
        else
        {
            Assert.Equal(QuantityKind.Register, Assert.Throws<ImportFaultException>(Run).Fault.Guess!.Columns[0].Kind);
        }
    }

    [Theory]
    [InlineData("Meter readings,Jan,2024")]
    [InlineData("Report,2024")]
    public void A_title_with_a_number_is_in_no_header(string title)
    {
        _bench.RunText($"{title}\nMeter,Location,Reading Date,Reading (kWh)\nM1,North,2024-01-31,1000\nM2,North,2024-01-31,1100\n");

        Assert.Equal([$"M1 {Told} 1", $"M2 {Told} 1"], Series());
    }

    [Fact]
    public void Numbers_of_meters_above_what_they_measure_are_their_names()
    {
        _bench.RunText($"Meter,1204,,1205,\nTime,kWh,kW,kWh,kW\n{Rows(8, i => $"{Quarter(i)},{Change(i)},{Change(i)},{Change(i)},{Change(i)}")}");

        Assert.Equal(["1204 active_power 8", "1204 energy 8", "1205 active_power 8", "1205 energy 8"], Series());
    }

    [Theory]
    [InlineData("Meter,1204,", "Time,kWh,kW", "1204")]
    [InlineData(",Hall,,101,,Roof,", "Time,Energy (kWh),Power (kW),Energy (kWh),Power (kW),Energy (kWh),Power (kW)", "101 Hall Roof")]
    public void A_name_of_a_group_may_be_a_number(string groups, string headers, string meters)
    {
        _bench.RunText($"{groups}\n{headers}\n{Rows(8, i => Quarter(i) + string.Concat(headers.Skip(4).Where(sign => sign == ',').Select(_ => $",{Change(i)}")))}");

        Assert.Equal(meters, string.Join(' ', _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Columns_without_a_unit_have_the_one_that_is_told_beside_a_column_that_says_it()
    {
        _bench.RunText($"time,Total (kWh),Chiller,Boiler\n{Rows(8, i => $"{Quarter(i)},{3 * Change(i)},{Change(i)},{2 * Change(i)}")}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Boiler energy 8", "Chiller energy 8", "meter energy 8"], Series());
    }

    [Fact]
    public void Lines_of_a_plant_are_no_rows()
    {
        _bench.RunText($"time,Line 1,Line 2,Office\n{Rows(8, i => $"{Quarter(i)},{i % 3},{i % 5},{Change(i)}")}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Line 1 energy 8", "Line 2 energy 8", "Office energy 8"], Series());
    }

    [Fact]
    public void One_row_counts_nothing()
    {
        _bench.RunText("Chiller,Boiler,timestamp\n5,7,2024-01-01 00:00\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Boiler energy 1", "Chiller energy 1"], Series());
    }

    [Theory]
    [InlineData("Samples,Occupancy", "Samples; Occupancy")]
    [InlineData("Blindenergie (kvarh),Avg Wattage", "Blindenergie (kvarh); Avg Wattage")]
    [InlineData("lag_react_energy,Level (mm)", "lag_react_energy; Level (mm)")]
    [InlineData("Calorific Value,Opening Read", "Calorific Value; Opening Read")]
    public void Columns_of_something_else_have_not_the_unit_that_another_says(string others, string leftOut)
    {
        _bench.RunText($"time,Main (kWh),{others}\n{Rows(8, i => $"{Quarter(i)},{Change(i)},{10 * Change(i)},{20 * Change(i)}")}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["meter energy 8"], Series());
        Assert.Equal(leftOut, _bench.Assumed("left_out"));
    }

    [Fact]
    public void What_is_produced_beside_a_consumption_is_none_when_the_unit_is_told()
    {
        _bench.RunText(
            $"Meter Number,Date,Start Time,Duration,Consumption,Generation,Net\n{Rows(8, i => $"06123456,2024-01-15,0{i}:00,60,{Change(i)},{2 * Change(i)},{-Change(i)}")}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["06123456 energy 8"], Series());
        Assert.Contains("Net", _bench.Assumed("left_out"), StringComparison.Ordinal);
        Assert.Equal(31.5, _bench.Sum("06123456", "energy"));
    }

    [Fact]
    public void An_answer_that_no_unit_of_the_file_fits_is_refused()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(
            "Meter,Date,Consumption (CCF),Previous Read,Current Read\nW1,2024-01-05,100,1000,1100\nW1,2024-02-05,90,1100,1190\n", new ImportForm { Metric = "energy", Unit = "kWh" })).Fault;

        Assert.Contains("has no unit", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index", 0)]
    [InlineData("Unnamed: 0", 0)]
    [InlineData("counted", 7)]
    public void The_first_column_may_number_the_rows(string header, int first)
    {
        _bench.RunText($"{header},timestamp,value\n{Rows(8, i => $"{first + i},{Quarter(i)},{Change(i)}")}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["meter energy 8"], Series());
        Assert.Equal(header, _bench.Assumed("left_out"));
    }

    [Fact]
    public void Values_that_go_up_by_one_are_values()
    {
        _bench.RunText("time,Main,Sub\n2024-01-01,1,10\n2024-01-02,2,20\n2024-01-03,3,30\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Main energy 3", "Sub energy 3"], Series());
    }

    [Fact]
    public void A_machine_whose_name_is_a_word_for_what_flows_out_consumes()
    {
        _bench.RunText($"time,Injection 1 (kWh),Press 2 (kWh)\n{Rows(48, i => $"{Quarter(i)},{1000 + i},{500 + i}")}", new ImportForm { Metric = Told });

        Assert.Equal([$"Injection 1 {Told} 48", $"Press 2 {Told} 48"], Series());
    }

    [Theory]
    [InlineData("Read Date")]
    [InlineData("Report Date")]
    [InlineData("Report Time")]
    public void A_period_that_all_bills_share_is_theirs(string date)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(
            $"Meter,From,To,{date},kWh\nM1,2024-01-01,2024-02-01,2024-01-30,100\nM2,2024-01-01,2024-02-01,{(date == "Read Date" ? "2024-01-31" : "2024-01-30")},200\n")).Fault;

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
    }

    private IEnumerable<string> Series() =>
        _bench.Readings.SelectMany(reading => reading.Values.Select(value => $"{reading.EquipmentId} {value.Metric}")).GroupBy(name => name).Select(values => $"{values.Key} {values.Count()}").Order(StringComparer.Ordinal);

    private static string Rows(int count, Func<int, string> row) => string.Concat(Enumerable.Range(0, count).Select(i => $"{row(i)}\n"));

    private static string Quarter(int i) => new DateTime(2024, 1, 15).AddMinutes(15 * i).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Values that go up and down.</summary>
    private static double Change(int i) => new[] { 3, 1, 4, 1.5, 5, 9, 2, 6 }[i % 8];
}
