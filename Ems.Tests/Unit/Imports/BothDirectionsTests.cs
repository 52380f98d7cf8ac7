namespace Ems.Tests.Unit.Imports;

/// <summary>A column whose header names both directions, or whose cells are directions, far apart or not.</summary>
public sealed class BothDirectionsTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("CONSUMPTION_SURPLUSGENERATION", "Consumption", "Surplus Generation")]
    [InlineData("CON/GEN", "Consumption", "Generation")]
    [InlineData("Import/Export", "Import", "Export")]
    public void What_flows_in_is_of_the_meter_itself_and_what_flows_out_below_zero(string header, string into, string outOf)
    {
        _bench.RunText(Days($"ESIID,Time,KWH,{header}", into, outOf));

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(120, _bench.Values("1044372000000001", "energy").Count());
        Assert.Equal(-120, _bench.Sum($"1044372000000001 {outOf}", "energy"));
        Assert.True(_bench.Facts.Meters.Single(meter => meter.EquipmentId.EndsWith(outOf, StringComparison.Ordinal)).IsExport);
    }

    [Fact]
    public void A_file_without_the_other_direction_is_of_the_same_meter()
    {
        _bench.RunText(Days("ESIID,Time,KWH,CONSUMPTION_SURPLUSGENERATION", "Consumption"));

        Assert.Equal(["1044372000000001"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Theory]
    [InlineData("Import", "Export")]
    [InlineData("E1", "B1")]
    [InlineData("1-1:1.29.0", "1-1:2.29.0")]
    public void Directions_may_stand_one_after_the_other(string into, string outOf)
    {
        var hours = Enumerable.Range(0, 120).Select(hour => new DateTime(2024, 6, 1).AddHours(hour).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)).ToList();
        _bench.RunText($"Meter,Direction,Start,kWh\n{string.Join('\n', string.Join(' ', into, outOf).Split(' ').SelectMany(direction => hours.Select(hour => $"M1,{direction},{hour},2")))}");

        Assert.Equal((240, -240), (_bench.Sum($"M1 {into}", "energy"), _bench.Sum($"M1 {outOf}", "energy")));
    }

    private static string Days(string headers, params string[] directions) => $"{headers}\n" + string.Join('\n',
        from direction in directions
        from day in Enumerable.Range(13, 5)
        from hour in Enumerable.Range(0, 24)
        select $"1044372000000001,2024-06-{day} {hour:00}:00,1,{direction}");

    [Theory]
    [InlineData("Spotřeba (kWh),Přetok (kWh)", "Přetok (kWh)")]
    [InlineData("Fogyasztás (kWh),Visszatáplálás (kWh)", "Visszatáplálás (kWh)")]
    [InlineData("Κατανάλωση (kWh),Έγχυση (kWh)", "Έγχυση (kWh)")]
    [InlineData("Tüketim (kWh),Üretim (kWh)", "Üretim (kWh)")]
    [InlineData("Zużycie energii [kWh],Oddanie energii [kWh]", "Oddanie energii [kWh]")]
    [InlineData("Zużycie [kWh],Oddanie [kWh]", "Oddanie [kWh]")]
    public void What_flows_out_of_a_house_is_left_out_in_other_languages_too(string headers, string outward)
    {
        _bench.RunText($"Date,{headers}\n2024-06-13 00:00,1,0\n2024-06-13 01:00,2,1\n2024-06-13 02:00,3,2\n2024-06-13 03:00,1,0\n");

        Assert.Equal(7, _bench.Sum("meter", "energy"));
        Assert.Equal(outward, _bench.Assumed("left_out"));
    }

    [Fact]
    public void What_is_left_of_both_directions_of_an_interval_is_no_meter_beside_them()
    {
        _bench.RunText("time,interval_kWh,fwd_kWh,net_kWh,rev_kWh\n2024-06-13 00:00,1,1,1,0\n2024-06-13 01:00,-2,1,-2,3\n2024-06-13 02:00,-1,3,-1,4\n2024-06-13 03:00,1,1,1,0\n");

        Assert.Equal((6, 4), (_bench.Sum("meter", "energy"), _bench.Readings.Count));
    }
}
