using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Files whose rows say which of them are reactive energy.</summary>
public sealed class ReactiveRowsTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("HH kWh.csv", "Channel", "kWh", "kVArh", 1)]
    [InlineData("HH kWh.csv", "Register", "Import kWh", "Import kVArh", 1)]
    [InlineData("HH.csv", "Register", "Active Import (kWh)", "Reactive Import (kVArh)", 1)]
    [InlineData("HH.csv", "Register", "Active Import (MWh)", "Reactive Import (MVArh)", 1000)]
    [InlineData("HH.csv", "Units", "kWh", "kVArh", 1)]
    [InlineData("HH kWh.csv", "Units", "MWh", "kVArh", 1000)]
    [InlineData("HH.csv", "UOM", "Wh", "varh", 0.001)]
    [InlineData("HH kWh.csv", "Measurement Quantity", "AI", "RI", 1)]
    [InlineData("HH kWh.csv", "Type", "AI", "RI", 1)]
    [InlineData("HH kWh.csv", "Meas Id", "AI", "RI", 1)]
    [InlineData("HH kWh.csv", "MQ", "AI", "RI", 1)]
    [InlineData("HH kWh.csv", "Data Type", "AI", "RI", 1)]
    [InlineData("HH kWh.csv", "Stream", "AI", "RI", 1)]
    [InlineData("HH kWh.csv", "Description", "AI", "RI", 1)]
    [InlineData("HH kWh.csv", "Tipo", "Attiva Prelevata", "Reattiva Induttiva", 1)]
    public void Rows_of_reactive_energy_are_left_out(string file, string header, string active, string reactive, double unit)
    {
        _bench.RunText(Matrix(header, active, reactive), fileName: file);

        Assert.Equal(48, _bench.Told.Count);
        Assert.Equal([Told("1200012345802", 18, 10 * unit), Told("1200012345802", 19, 11 * unit)], [_bench.Told[0], _bench.Told[24]]);
        Assert.Contains("rows 3, 5", _bench.Assumed("left_out"));
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Active Import (MWh)", "Active Export (MWh)", "Reactive Import (MVArh)", 1000)]
    [InlineData("AI", "AE", "RE", 1)]
    public void Both_directions_beside_them_stay_channels(string imports, string exports, string reactive, double unit)
    {
        _bench.RunText(Matrix("Measurement Quantity", imports, exports, reactive), fileName: "HH kWh.csv");

        Assert.Equal(48, _bench.Values($"1200012345802 {exports}", "energy").Count());
        Assert.All(_bench.Values($"1200012345802 {exports}", "energy"), value => Assert.True(value.Value < 0));
        Assert.Equal(516 * unit, Math.Round(_bench.Sum($"1200012345802 {imports}", "energy"), 6));
    }

    [Theory]
    [InlineData("Meter,Time,Channel,kWh", "Active Import", "Reactive Import")]
    [InlineData("Meter,Time,Channel,Value (kWh)", "AI", "RI")]
    [InlineData("Meter,Time,Type,kWh", "AI", "RI")]
    [InlineData("Meter,Time,Meas Id,Value (kWh)", "AI", "RI")]
    [InlineData("Meter,Time,Units,Value", "kWh", "kVArh")]
    [InlineData("Meter,Time,Register,Value", "Import (kWh)", "Import (kVArh)")]
    [InlineData("Meter,Time,Energy type,Value (kWh)", "Active energy", "Reactive energy")]
    public void They_may_come_far_below_the_first_rows(string header, string active, string reactive)
    {
        string Rows(string text, int value) => string.Concat(Enumerable.Range(0, 744).Select(hour => $"M1,2024-01-{1 + (hour / 24):00} {hour % 24:00}:00,{text},{value + (hour % 5)}\n"));

        _bench.RunText($"{header}\n{Rows(active, 100)}{Rows(reactive, 10)}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(744, _bench.Values("M1", "energy").Count(value => value.Value >= 100));
        Assert.Equal(744, _bench.Told.Count);
    }

    [Fact]
    public void Rows_of_a_long_file_say_it_in_their_unit()
    {
        _bench.RunText("Meter,Time,Units,Value\nM1,2024-01-18 00:00,kWh,10\nM1,2024-01-18 00:00,kVArh,4\nM1,2024-01-18 01:00,kWh,12\nM1,2024-01-18 01:00,kVArh,5");

        Assert.Equal(["M1 energy 2024-01-18 00:00 1h 10", "M1 energy 2024-01-18 01:00 1h 12"], _bench.Told);
    }

    [Theory]
    [InlineData("Date,Quarter,kWh", "Q1", "Q1")]
    [InlineData("Date,Quarter,kWh", "Q1", "Q2")]
    [InlineData("Date,Quarter,Value", "Q1", "Q2")]
    [InlineData("Date,Shift,kWh", "E1", "RI")]
    [InlineData("Date,Region,Value", "AE", "RE")]
    [InlineData("Date,Series,kWh", "Q1", "Q1")]
    [InlineData("Date,Type,kWh", "Active", "Active/Reactive 3-phase")]
    [InlineData("Date,Type,Value", "Active", "Active/Reactive 3-phase")]
    [InlineData("Date,Kind of meter,kWh", "Active", "Reactive compensation")]
    public void Quarters_shifts_and_types_of_meters_say_no_such_thing(string headers, string one, string other)
    {
        _bench.RunText($"{headers}\n2024-01-01,{one},5\n2024-01-02,{one},6\n2024-01-03,{other},7\n2024-01-04,{other},8\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal([5.0, 6, 7, 8], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value).Order());
    }

    [Theory]
    [InlineData("Suffix", "E1", "Q1")]
    [InlineData("Register", "AI", "RI")]
    [InlineData("Channel", "Active", "Reactive")]
    [InlineData("Measure", "kWh", "kVArh")]
    public void A_column_of_channels_or_units_says_it_beside_a_header_of_energy(string header, string active, string reactive)
    {
        _bench.RunText($"Meter,Time,{header},kWh\n" + string.Concat(Enumerable.Range(0, 4).Select(i => $"M1,2024-01-18 0{i}:00,{active},{10 + i}\nM1,2024-01-18 0{i}:00,{reactive},4\n")));

        Assert.Equal([10.0, 11, 12, 13], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
    }

    [Fact]
    public void They_are_left_out_where_the_proposal_comes_back()
    {
        var text = Matrix("Channel", "kWh", "kVArh");
        var proposed = _bench.RunText(text, fileName: "HH kWh.csv").Facts.Sheets[0].Layout.Proposal;
        _bench.Items.Clear();
        _bench.RunText(text, new ImportForm { Mapping = MappingChecks.AsSent(new ImportMapping { Columns = proposed }) }, "HH kWh.csv");

        Assert.Equal(48, _bench.Told.Count);
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void Reactive_power_is_kept()
    {
        _bench.RunText("Meter,Time,Quantity,Unit,Value\nM1,2024-01-18 00:00,Active,kW,10\nM1,2024-01-18 00:00,Reactive,kvar,4\nM1,2024-01-18 01:00,Active,kW,12\nM1,2024-01-18 01:00,Reactive,kvar,5");

        Assert.Equal(2, _bench.Readings.SelectMany(reading => reading.Values).Count(value => value.Metric == "reactive_power"));
    }

    [Fact]
    public void A_file_of_nothing_else_is_refused()
    {
        var refused = Assert.Throws<ImportFaultException>(() => _bench.RunText(Matrix("Units", "kVArh"), fileName: "HH kWh.csv"));

        Assert.Equal((ImportFault.UnknownUnit, "Units"), (refused.Fault.Code, refused.Fault.Column));
    }

    private static string Told(string meter, int day, double value) => string.Create(CultureInfo.InvariantCulture, $"{meter} energy 2024-01-{day} 00:00 1h {value}");

    private static string Matrix(string header, params string[] rows) => string.Join('\n', [
        $"MPAN,Date,{header},{string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"))}",
        .. from day in Enumerable.Range(18, 2)
           from row in rows
           select $"1200012345802,2024-01-{day},{row},{string.Join(',', Enumerable.Range(0, 24).Select(hour => day - 8 + (hour % 2 == 0 ? 0 : 0.5)).Select(value => value.ToString(CultureInfo.InvariantCulture)))}"]);

    [Theory]
    [InlineData("RI")]
    [InlineData("RE")]
    public void A_file_of_channels_of_reactive_energy_alone_is_refused(string channel)
    {
        var rows = string.Concat(Enumerable.Range(1, 4).Select(day => $"1200012345802,{channel},2024-01-0{day},{string.Join(',', Enumerable.Range(0, 24))}\n"));
        var headers = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"));

        var refusal = Assert.Throws<ImportFaultException>(() => _bench.RunText($"MPAN,Measurement Quantity,Date,{headers}\n{rows}", fileName: "HH kWh.csv"));

        Assert.Contains("reactive", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Energy type", "Active energy", "Reactive energy")]
    [InlineData("Type", "Active", "Reactive")]
    [InlineData("Tipo", "Attiva Prelevata", "Reattiva Induttiva")]
    public void Types_that_name_both_kinds_of_energy_tell_them_apart_whatever_the_header_of_the_values_says(string header, string active, string reactive)
    {
        _bench.RunText($"Time,Meter,{header},Value (kWh)\n" + string.Concat(Enumerable.Range(0, 4).Select(hour =>
            $"2024-01-01 0{hour}:00,M1,{active},{10 + hour}\n2024-01-01 0{hour}:00,M1,{reactive},4\n")));

        Assert.Equal([10.0, 11, 12, 13], _bench.Values("M1", "energy").Select(value => value.Value));
        Assert.Empty(_bench.FaultCodes);
    }
}
