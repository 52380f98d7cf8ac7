using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Imports;

public sealed class LayoutTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_header_below_title_rows_is_found()
    {
        _bench.RunText("Export of building 7\n\ntimestamp;kWh;temp_F\n2020-01-01 00:00;1,5;50\n2020-01-01 01:00;2,5;68\n");

        Assert.Equal(4, _bench.Sum("meter", "energy"));
        Assert.Equal(20, _bench.Values("meter", "temperature").Last().Value, 1e-9);
    }

    [Fact]
    public void A_long_layout_in_no_order_is_sorted_and_its_duplicates_are_judged()
    {
        _bench.RunText("meter_id,time,kW\nA,2020-01-01 02:00,3\nB,2020-01-01 00:00,7\nA,2020-01-01 00:00,1\nA,2020-01-01 01:00,2\nB,2020-01-01 00:00,8\nA,2020-01-01 02:00,3\n");

        Assert.Equal([1.0, 2.0, 3.0], _bench.Values("A", "active_power").Select(value => value.Value));
        Assert.Empty(_bench.Values("B", "active_power"));
        Assert.Equal((1, 2), (_bench.Items.Sum(item => item.Duplicates), _bench.Items.Sum(item => item.Rejected)));
    }

    [Theory]
    [InlineData("timestamp,kWh\n01/02/2020 00:00,1\n01/02/2020 01:00,2\n", "AMBIGUOUS_MAPPING")]
    [InlineData("timestamp,Real Power\n2020-01-01 00:00,1\n2020-01-01 01:00,2\n", "AMBIGUOUS_MAPPING")]
    [InlineData("start,received at date,kWh\n2020-01-01 00:00,2020-01-01 00:01,2\n2020-01-01 01:00,2020-01-01 01:01,2\n", "AMBIGUOUS_MAPPING")]
    public void What_can_be_read_in_two_ways_is_refused_with_the_alternatives(string text, string code)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal(code, fault.Code);
        Assert.True(fault.Alternatives!.Count >= 2);
    }

    [Fact]
    public void The_order_of_dates_is_decided_from_the_whole_column()
    {
        _bench.RunText("timestamp,kWh\n01/02/2020 00:00,1\n13/02/2020 00:00,2\n");

        Assert.Equal([1, 13], _bench.Readings.Select(reading => reading.Start.ToDateTimeUtc().Day));
    }
}
