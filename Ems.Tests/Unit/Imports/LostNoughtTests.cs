using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Noughts among the readings of a register whose meter did not answer.</summary>
public sealed class LostNoughtTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Meter reading (kWh)", null)]
    [InlineData("kWh", "energy_import_register")]
    public void Behind_them_the_register_goes_on(string header, string? metric)
    {
        _bench.RunText(
            $"""
            Time,{header}
            2024-01-15 00:00,99000
            2024-01-15 00:15,99010
            2024-01-15 00:30,99023
            2024-01-15 00:45,99030
            2024-01-15 01:00,99042
            2024-01-15 01:15,0
            2024-01-15 01:30,0
            2024-01-15 01:45,99075
            """, new ImportForm { Metric = metric });

        Assert.Equal([99000, 99010, 99023, 99030, 99042, 99075], _bench.Values("meter", "energy_import_register").Select(value => value.Value));
        Assert.Equal(2, _bench.Facts.Gaps["0"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void They_are_gaps_of_their_meter_alone_in_whatever_order_its_rows_are(bool isNewestFirst)
    {
        var rows = Enumerable.Range(0, 60).SelectMany(hour => (string[])[Row(hour, "A", hour is 20 or 40 or 41 ? 0 : 99_000 + (hour * 9)), Row(hour, "B", hour * 9)]).ToList();
        if (isNewestFirst)
        {
            rows.Reverse();
        }

        _bench.RunText($"Time,Meter,Meter reading (kWh)\n{string.Concat(rows)}");

        Assert.Equal(57, _bench.Values("A", "energy_import_register").Count());
        Assert.Equal(60, _bench.Values("B", "energy_import_register").Count());
        Assert.Equal(3, _bench.Facts.Gaps["0"]);
    }

    [Fact]
    public void They_are_gaps_where_rows_have_no_order()
    {
        var rows = Enumerable.Range(0, 80).Select(hour => Row(hour, "A", hour is 20 or 40 or 41 ? 0 : 99_000 + (hour * 9))).ToArray();
        new Random(3).Shuffle(rows);
        _bench.RunText($"Time,Meter,Meter reading (kWh)\n{string.Concat(rows)}");

        Assert.Equal(77, _bench.Values("A", "energy_import_register").Count());
    }

    [Fact]
    public void What_a_new_meter_begins_with_stays()
    {
        var rows = Enumerable.Range(0, 60).Select(hour => Row(hour, "A", hour == 50 ? 0 : hour * 9));
        _bench.RunText($"Time,Meter,Meter reading (kWh)\n{string.Concat(rows)}");

        Assert.Equal((59, 0), (_bench.Values("A", "energy_import_register").Count(), _bench.Values("A", "energy_import_register").First().Value));
    }

    [Theory]
    [InlineData(48, 0, 24)]
    [InlineData(60, 0, 2)]
    [InlineData(60, 0, 4)]
    [InlineData(59, 99_000, 59)]
    public void Counters_that_are_set_to_nought_show_it(int count, int begin, int period)
    {
        var rows = Enumerable.Range(0, count).Select(hour => Row(hour, "A", hour % period == 0 ? hour == 0 ? begin : 0 : begin + 400 + (hour * 7 % 20) + (period > 20 ? hour % period * 20 : 0)))
            .Append(Row(count, "A", 0)).Append(Row(count + 1, "A", 6)).Append(Row(count + 2, "A", 12));
        _bench.RunText($"Time,Meter,Meter reading (kWh)\n{string.Concat(rows)}", new ImportForm { Metric = "energy_import_register" });

        Assert.Equal(count + 3, _bench.Values("A", "energy_import_register").Count());
        Assert.False(_bench.Facts.Gaps.ContainsKey("0"));
    }

    [Theory]
    [InlineData(true, 1, 0)]
    [InlineData(true, 3, 0)]
    [InlineData(true, 0, 1)]
    [InlineData(true, 2, 2)]
    [InlineData(false, 1, 0)]
    [InlineData(false, 0, 3)]
    public void Those_before_the_first_and_behind_the_last_reading_are_gaps_too(bool isAscending, int before, int behind)
    {
        var rows = Enumerable.Range(0, 48).Select(hour => Row(hour, "A", hour < before || hour >= 48 - behind ? 0 : 154_233 + (hour * 3)));
        _bench.RunText($"Time,Meter,Meter reading (kWh)\n{string.Concat(isAscending ? rows : rows.Reverse())}");

        Assert.All(_bench.Values("A", "energy_import_register"), value => Assert.True(value.Value > 0));
        Assert.Equal(before + behind, _bench.Facts.Gaps["0"]);
    }

    [Theory]
    [InlineData(8, 1, 0)]
    [InlineData(8, 3, 0)]
    [InlineData(8, 0, 1)]
    [InlineData(30, 1, 1)]
    public void Beside_them_a_short_register_that_nothing_names_is_asked_about(int count, int before, int behind)
    {
        var rows = Enumerable.Range(0, count).Select(hour => Row(hour, "A", hour < before || hour >= count - behind ? 0 : 154_233 + (hour * 3)));

        Assert.Equal(ImportFault.AmbiguousMapping, Assert.Throws<ImportFaultException>(() => _bench.RunText($"Time,Meter,kWh\n{string.Concat(rows)}")).Fault.Code);
    }

    [Fact]
    public void Amounts_of_a_year_that_begin_or_end_with_nought_stay_amounts()
    {
        int[] months = [0, 1_900, 1_700, 1_400, 1_100, 1_000, 1_050, 1_100, 1_300, 1_500, 1_800, 0];
        _bench.RunText($"Time,Meter,kWh\n{string.Concat(months.Select((value, month) => Row(month * 24 * 31, "A", value)))}");

        Assert.Equal(12, _bench.Values("A", "energy").Count());
    }

    [Theory]
    [InlineData(0, 3, 48)]
    [InlineData(100, 3, 48)]
    [InlineData(500, 50, 48)]
    [InlineData(5_000, 100, 12)]
    [InlineData(60_000, 0, 48)]
    public void A_new_meter_that_has_counted_since_keeps_its_first_nought(int first, int step, int count)
    {
        var rows = Enumerable.Range(0, count).Select(hour => Row(hour, "A", hour == 0 ? 0 : first + (hour * step)));
        _bench.RunText($"Time,Meter,Meter reading (kWh)\n{string.Concat(rows)}");

        Assert.Equal(count, _bench.Values("A", "energy_import_register").Count());
    }

    private static string Row(int hour, string meter, int reading) =>
        string.Create(CultureInfo.InvariantCulture, $"{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{meter},{reading}\n");
}
