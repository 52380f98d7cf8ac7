using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>A column of channels, registers or directions beside a column of meters: its cells alone tell the rows of one time apart.</summary>
public sealed class ChannelColumnTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Register", "Afname Dag", "Injectie Dag")]
    [InlineData("Suffix", "E1", "B1")]
    [InlineData("OBIS", "1-1:1.29.0", "1-1:2.29.0")]
    [InlineData("Channel", "CONSUMPTION", "SURPLUSGENERATION")]
    [InlineData("Richting", "Afname", "Injection")]
    [InlineData("Channel", "Energy Received from grid", "Energy Delivered to grid")]
    [InlineData("Channel", "Active import (received)", "Active export (delivered)")]
    public void What_flows_out_is_counted_below_zero_on_a_part_of_its_meter(string header, string flowsIn, string flowsOut)
    {
        _bench.RunText($"Time,EAN,{header},Volume (kWh)\n{Rows("541", flowsIn, flowsOut)}{Rows("542", flowsIn, flowsOut)}");

        Assert.Empty(_bench.FaultCodes);
        foreach (var meter in (string[])["541", "542"])
        {
            Assert.Equal([1.0, 2, 3], _bench.Values($"{meter} {flowsIn}", "energy").Select(value => value.Value));
            Assert.Equal([-0.5, 0, -0.25], _bench.Values($"{meter} {flowsOut}", "energy").Select(value => value.Value));
        }

        Assert.Equal([false, true], _bench.Facts.Meters.Where(meter => meter.EquipmentId.StartsWith("541", StringComparison.Ordinal)).OrderBy(meter => meter.EquipmentId.EndsWith(flowsOut, StringComparison.Ordinal)).Select(meter => meter.IsExport));
    }

    [Theory]
    [InlineData("Received from utility", "Delivered to utility", true)]
    [InlineData("Received from PV", "Delivered to load", false)]
    [InlineData("Heat received", "Heat delivered", false)]
    public void Who_gives_and_gets_is_what_the_channels_say(string received, string delivered, bool flowsOut)
    {
        _bench.RunText($"Time,EAN,Channel,Volume (kWh)\n{Rows("541", received, delivered)}");

        Assert.All(_bench.Readings.Where(reading => reading.EquipmentId.EndsWith(received, StringComparison.Ordinal)), reading => Assert.True(reading.Values[0].Value >= 0));
        Assert.Equal(flowsOut, _bench.Readings.Any(reading => reading.Values[0].Value < 0));
    }

    [Fact]
    public void Registers_of_what_flows_out_have_their_own_metric()
    {
        _bench.RunText("Date,Meter,Channel,Zählerstand (kWh)\n2024-01-01,M,1.8.0,100\n2024-01-01,M,2.8.0,50\n2024-01-02,M,1.8.0,130\n2024-01-02,M,2.8.0,55\n2024-01-03,M,1.8.0,150\n2024-01-03,M,2.8.0,61\n");

        Assert.Empty(_bench.Items.SelectMany(item => item.Faults));
        Assert.Equal(
            [
                "M 1.8.0 energy_import_register 2024-01-01 00:00 100", "M 1.8.0 energy_import_register 2024-01-02 00:00 130", "M 1.8.0 energy_import_register 2024-01-03 00:00 150",
                "M 2.8.0 energy_export_register 2024-01-01 00:00 50", "M 2.8.0 energy_export_register 2024-01-02 00:00 55", "M 2.8.0 energy_export_register 2024-01-03 00:00 61",
            ],
            _bench.Told);
    }

    [Fact]
    public void Where_no_column_names_a_meter_channels_are_parts_of_the_file_s()
    {
        _bench.RunText("Time,Register,kWh\n2024-01-01 00:00,Import,1\n2024-01-01 00:00,Export,2\n2024-01-01 01:00,Import,3\n2024-01-01 01:00,Export,-4\n");

        Assert.Equal(
            ["meter Export energy 2024-01-01 00:00 1h -2", "meter Export energy 2024-01-01 01:00 1h -4", "meter Import energy 2024-01-01 00:00 1h 1", "meter Import energy 2024-01-01 01:00 1h 3"],
            _bench.Told);
    }

    [Fact]
    public void A_matrix_has_channels_too()
    {
        var hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"));
        var ones = string.Join(',', Enumerable.Repeat(1, 24));
        _bench.RunText($"kWh\nNMI,Suffix,Date,{hours}\n6001,E1,2024-01-01,{ones}\n6001,B1,2024-01-01,{ones}\n6001,E1,2024-01-02,{ones}\n6001,B1,2024-01-02,{ones}\n");

        Assert.Equal((48, -48), (_bench.Sum("6001 E1", "energy"), _bench.Sum("6001 B1", "energy")));
    }

    [Fact]
    public void The_mapping_may_name_the_column_and_the_ids_of_its_meters()
    {
        _bench.RunText("Time,EAN,Register,kWh\n2024-01-01 00:00,5,Injectie,1\n2024-01-01 01:00,5,Afname,2\n", new ImportForm
        {
            Mapping = new()
            {
                Columns = [new("Register") { Role = Ingestion.Imports.Mappings.ColumnRole.Part }],
                Equipment = new Dictionary<string, string> { ["5 Afname"] = "Main" },
            },
        });

        Assert.Equal(["5 Injectie", "Main"], _bench.Readings.Select(reading => reading.EquipmentId).Order());
    }

    [Fact]
    public void The_mapping_that_was_proposed_means_the_same_when_it_is_sent_back()
    {
        var file = $"Time,EAN,Register,Volume (kWh)\n{Rows("541", "Afname", "Injectie")}";
        _bench.RunText(file);
        using var again = new ImportBench();
        again.RunText(file, new ImportForm { Mapping = new() { Columns = _bench.Facts.Sheets[0].Layout.Proposal } });

        Assert.Equal(_bench.Told, again.Told);
        Assert.Equal(_bench.Facts.Meters, again.Facts.Meters);
    }

    [Theory]
    // A value that was corrected, a few rows that come twice, and comments that each row has another of.
    [InlineData("Version", "1", "2")]
    [InlineData("Comment", "first", "second")]
    public void What_is_written_twice_is_no_channel(string header, string first, string second)
    {
        _bench.RunText($"Time,Meter,{header},kWh\n2024-01-01 00:00,M,{first},1\n2024-01-01 00:00,M,{second},2\n2024-01-01 01:00,M,{first},3\n2024-01-01 01:00,M,{second},4\n");

        Assert.Contains("DUPLICATE_IN_FILE", _bench.FaultCodes);
        Assert.Empty(_bench.Readings);
    }

    private static string Rows(string meter, string flowsIn, string flowsOut) => string.Concat(
        new[] { (1.0, 0.5), (2, 0), (3, 0.25) }.Select((values, hour) => FormattableString.Invariant(
            $"2024-01-01 {hour:00}:00,{meter},{flowsIn},{values.Item1}\n2024-01-01 {hour:00}:00,{meter},{flowsOut},{values.Item2}\n")));
}
