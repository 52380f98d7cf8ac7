using System.Globalization;
using Ems.Core.Metering;

namespace Ems.Tests.Unit.Imports;

/// <summary>Which values several columns of qualities are about.</summary>
public sealed class QualityColumnTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Time,Chiller kW,Chiller Status,Boiler kW,Boiler Status", "10,Good,0,Bad")]
    [InlineData("Time,Chiller kW,Boiler kW,Boiler Status,Chiller Status", "10,0,Bad,Good")]
    [InlineData("Time,Chiller Status,Chiller kW,Boiler Status,Boiler kW", "Good,10,Bad,0")]
    [InlineData("Time,Chiller kW,Status,Boiler kW,Status", "10,Good,0,Bad")]
    [InlineData("Time,Status,Chiller kW,Status,Boiler kW", "Good,10,Bad,0")]
    [InlineData("Time,Chiller kW,Quality,Estimated,Boiler kW,Quality,Estimated", "10,Good,No,0,Bad,No")]
    [InlineData("Time,Chiller kW,Chiller kW Quality,Boiler kW,Boiler kW Quality,Data Quality", "10,Good,0,Bad,ok")]
    public void A_bad_value_takes_no_other_with_it(string header, string cells)
    {
        _bench.RunText($"{header}\n2024-01-01 00:00,{cells}\n2024-01-01 01:00,{cells}\n");

        Assert.Equal(["Chiller active_power 2024-01-01 00:00 10", "Chiller active_power 2024-01-01 01:00 10"], _bench.Told);
        Assert.Equal(2, Assert.Single(_bench.Facts.Gaps).Value);
    }

    [Fact]
    public void An_estimated_value_marks_its_own_meter_alone()
    {
        _bench.RunText("Time,Chiller kW,Chiller Status,Boiler kW,Boiler Status\n2024-01-01 00:00,10,Good,5,Estimated\n2024-01-01 01:00,11,Estimated,6,Good\n");

        Assert.Equal(
            ["Boiler 00:00", "Chiller 01:00"],
            _bench.Readings.Where(reading => reading.Flags.HasFlag(ReadingFlags.Estimated))
                .Select(reading => $"{reading.EquipmentId} {reading.Start.ToString("HH:mm", CultureInfo.InvariantCulture)}").Order());
    }

    [Theory]
    [InlineData("Time,energy (kWh),active_power (kW),Quality,Estimated", "1,4,Good,Yes")]
    [InlineData("Time,energy (kWh),Estimated,active_power (kW)", "1,Yes,4")]
    public void Marks_that_no_value_has_alone_are_about_the_row(string header, string cells)
    {
        _bench.RunText($"{header}\n2024-01-01 00:00,{cells}\n2024-01-01 01:00,{cells}\n");

        Assert.Equal(4, _bench.Told.Count);
        Assert.All(_bench.Readings, reading => Assert.True(reading.Flags.HasFlag(ReadingFlags.Estimated)));
    }

    [Fact]
    public void A_matrix_may_have_a_mark_behind_each_interval()
    {
        string[] intervals = [.. Enumerable.Range(1, 48).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i / 2:00}:{i % 2 * 30:00}"))];
        string Day(int estimated, string mark) => string.Join(',', intervals.Select((_, i) => $"{i + 1},{(i == estimated ? mark : "A")}"));
        _bench.RunText($"kWh\nDate,{string.Join(',', intervals.Select(clock => $"{clock},A/E"))}\n2024-01-01,{Day(3, "E")}\n2024-01-02,{Day(5, "Missing")}\n");

        Assert.Equal(48 + 47, _bench.Told.Count);
        var estimated = Assert.Single(_bench.Readings, reading => reading.Flags.HasFlag(ReadingFlags.Estimated));
        Assert.Equal(4, estimated.Values[0].Value);
        Assert.DoesNotContain(_bench.Told, told => told.StartsWith("meter energy 2024-01-02 02:30", StringComparison.Ordinal));
    }
}
