using Ems.Core.Metering;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Forms with as many rows or columns for every day have something for the hour that the clocks skip in spring, too.</summary>
public sealed class SkippedHourTests : IDisposable
{
    private static readonly ImportForm London = new() { TimeZone = "Europe/London", TimestampLabel = LabelMeaning.End };

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_filled_in_for_the_skipped_hour_takes_no_value_from_the_one_before(bool isNewestFirst)
    {
        var rows = Enumerable.Range(1, 96).Select(i => $"{new DateTime(2024, 3, 30, 12, 0, 0).AddMinutes(30 * i):yyyy-MM-dd HH:mm},{(i is 27 or 28 ? 0 : i)}\n");
        _bench.RunText($"time,kWh\n{string.Concat(isNewestFirst ? rows.Reverse() : rows)}", London);

        Assert.Equal([LocalLabels.NonexistentLocalTime, LocalLabels.NonexistentLocalTime], _bench.FaultCodes);
        Assert.Equal(94, _bench.Told.Count);
        Assert.Contains("meter energy 2024-03-31 00:30 30m 26", _bench.Told);
        Assert.Contains("meter energy 2024-03-31 01:00 30m 29", _bench.Told);
    }

    [Fact]
    public void So_it_is_in_a_matrix()
    {
        var headers = string.Join(',', Enumerable.Range(1, 48).Select(i => $"{i / 2:00}:{i % 2 * 30:00}"));
        _bench.RunText(
            $"MPAN,Unit,Date,{headers}\n1200012345802,kWh,30/03/2024,{string.Join(',', Enumerable.Range(1, 48))}\n1200012345802,kWh,31/03/2024,7,9,0,0,{string.Join(',', Enumerable.Range(1, 44))}\n", London);

        Assert.Equal([LocalLabels.NonexistentLocalTime, LocalLabels.NonexistentLocalTime], _bench.FaultCodes);
        Assert.Equal(94, _bench.Told.Count);
        Assert.Contains("1200012345802 energy 2024-03-31 00:30 30m 9", _bench.Told);
    }

    [Fact]
    public void The_clock_at_the_end_of_what_begins_before_the_skipped_hour_is_no_part_of_it()
    {
        _bench.RunText("time,kWh\n2024-03-31 00:00,1\n2024-03-31 00:30,2\n2024-03-31 02:00,3\n2024-03-31 02:30,4\n2024-03-31 03:00,5\n", London);

        Assert.Empty(_bench.FaultCodes);
        Assert.Contains("meter energy 2024-03-31 00:30 30m 3", _bench.Told);
    }

    [Fact]
    public void A_rejected_row_of_the_skipped_hour_stays_one()
    {
        _bench.RunText(
            "time,kWh,\"Rejected because (labels: end, interval: 1800 s, skipped hour: filled)\"\n2024-03-31 01:30,0,\n2024-03-31 02:00,0,\n2024-03-31 02:30,4,\n", London);

        Assert.Equal([LocalLabels.NonexistentLocalTime, LocalLabels.NonexistentLocalTime], _bench.FaultCodes);
        Assert.Equal(["meter energy 2024-03-31 01:00 30m 4"], _bench.Told);
    }
}
