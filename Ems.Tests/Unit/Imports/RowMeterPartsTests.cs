using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Several columns of one metric beside a column that names the meter: they are parts of the meter of their row.</summary>
public sealed class RowMeterPartsTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Each_meter_of_the_rows_keeps_its_values_of_every_column()
    {
        _bench.RunText("Meter,Date,Grid (kWh),Solar (kWh)\nA,2024-01-01,1,2\nB,2024-01-01,3,4\nA,2024-01-02,5,6\n");

        Assert.Equal(
            [
                "A Grid energy 2024-01-01 00:00 1d 1", "A Grid energy 2024-01-02 00:00 1d 5", "A Solar energy 2024-01-01 00:00 1d 2", "A Solar energy 2024-01-02 00:00 1d 6",
                "B Grid energy 2024-01-01 00:00 3", "B Solar energy 2024-01-01 00:00 4",
            ],
            _bench.Told.Select(told => told[0] == 'B' ? told.Replace(" 1d", "", StringComparison.Ordinal) : told));
        Assert.Equal(["A Grid", "A Solar", "B Grid", "B Solar"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Equal(0, _bench.Items.Sum(item => item.Duplicates));
        Assert.Contains("Grid (kWh), Solar (kWh)", _bench.Assumed("layout"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CUPS;Fecha;Hora;AE_kWh;AS_kWh;AE_AUTOCONS_kWh", "ES1;13/02/2024;1;1;2;3", "ES2;13/02/2024;1;4;5;6", "ES1 AE|ES1 AE_AUTOCONS|ES1 AS|ES2 AE|ES2 AE_AUTOCONS|ES2 AS")]
    [InlineData("Device;Time;Supply Temp (°C);Return Temp (°C)", "AHU 1;2024-02-01 00:00;18;22", "AHU 2;2024-02-01 00:00;17;23", "AHU 1 Return|AHU 1 Supply|AHU 2 Return|AHU 2 Supply")]
    [InlineData("POD;Data;F1 (kWh);F2 (kWh);F3 (kWh)", "IT1;13/02/2024;1;2;4", "IT2;13/02/2024;4;5;6", "IT1 F1|IT1 F2|IT1 F3|IT2 F1|IT2 F2|IT2 F3")]
    public void A_meter_is_named_by_its_row_and_its_column(string headers, string first, string second, string meters)
    {
        _bench.RunText($"{headers}\n{first}\n{second}\n");

        Assert.Equal(meters.Split('|'), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void Rows_that_contradict_each_other_are_seen()
    {
        _bench.RunText("Meter,Date,Grid (kWh),Solar (kWh)\nA,2024-01-01,1,2\nA,2024-01-01,9,2\nA,2024-01-02,5,6\n");

        Assert.NotEmpty(_bench.FaultCodes);
        Assert.DoesNotContain(_bench.Values("A Grid", "energy"), value => value.Value is 1 or 9);
    }

    [Fact]
    public void Parts_are_sub_meters_where_the_meter_counts_itself()
    {
        _bench.RunText("Meter,Time,Power (kW),Grid (kWh),Solar (kWh),Grid Temp (°C)\nA,2024-02-01 00:00,1,2,3,20\nA,2024-02-01 01:00,5,6,7,21\nB,2024-02-01 00:00,3,4,5,22\n");

        Assert.Equal(
            [("A", null), ("A Grid", "A"), ("A Solar", "A"), ("B", null), ("B Grid", "B"), ("B Solar", "B")],
            _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Parent)).Order());
        Assert.Equal([20.0, 21], _bench.Values("A Grid", "temperature").Select(value => value.Value));
    }

    [Fact]
    public void The_sum_of_the_columns_is_left_out()
    {
        _bench.RunText("Meter,Date,Grid (kWh),Solar (kWh),Building (kWh)\nA,2024-01-01,1,2,3\nB,2024-01-01,3,4,7\nA,2024-01-02,5,6,11\n");

        Assert.Equal(["A Grid", "A Solar", "B Grid", "B Solar"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Contains("Building (kWh)", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_the_request_names_are_parts_too()
    {
        _bench.RunText("Meter,Date,North (m³),South (m³)\nA,2024-01-01,1,2\nB,2024-01-01,3,4\nA,2024-01-02,5,6\n", new ImportForm { Metric = "gas_volume" });

        Assert.Equal(["A North", "A South", "B North", "B South"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.All(_bench.Facts.Meters, meter => Assert.Null(meter.Parent));
    }

    [Theory]
    [InlineData("Grid (kWh),Solar (kWh)", null)]
    [InlineData("North (m³),South (m³)", "gas_volume")]
    public void The_mapping_that_was_proposed_means_the_same_when_it_is_sent_back(string headers, string? metric)
    {
        var file = $"Meter,Date,{headers}\nA,2024-01-01,1,2\nB,2024-01-01,3,4\nA,2024-01-02,5,6\n";
        _bench.RunText(file, new ImportForm { Metric = metric });
        using var again = new ImportBench();
        again.RunText(file, new ImportForm { Mapping = new() { Columns = _bench.Facts.Sheets[0].Layout.Proposal } });

        Assert.Equal(_bench.Told, again.Told);
        Assert.Equal(_bench.Facts.Meters, again.Facts.Meters);
    }
}
