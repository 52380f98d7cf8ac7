using System.Globalization;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns that add up the amounts beside them from the first row on.</summary>
public sealed class RunningTotalTests : IDisposable
{
    private static readonly int[] Amounts = [5400, 5300, 3100, 3600, 2900, 4100];

    private static readonly string[] Meters = ["A", "B"];

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Month,kWh,Cumulative kWh")]
    [InlineData("Month,Consumption (kWh),Cumulative consumption (kWh)")]
    [InlineData("Month,Usage kWh,Cumulative kWh")]
    [InlineData("Date,kWh,Running total kWh")]
    [InlineData("Date,kWh,Cum. kWh")]
    [InlineData("Date,kWh,Cumulative kWh")]
    [InlineData("Date,Cumulative consumption (kWh),Consumption (kWh)")]
    [InlineData("Date,kWh,Total to date (kWh)")]
    [InlineData("Datum,Verbrauch (kWh),kumuliert (kWh)")]
    [InlineData("Datum,Verbrauch kWh,Summe kumuliert kWh")]
    [InlineData("Date,Conso (kWh),Cumul (kWh)")]
    [InlineData("Fecha,Consumo (kWh),Acumulado (kWh)")]
    [InlineData("Date,kWh,YTD kWh")]
    public void A_running_total_is_no_register_and_no_meter(string headers)
    {
        var isFirst = headers.Contains("Cumulative consumption (kWh),", StringComparison.Ordinal);
        _bench.RunText(TextOf(headers, (_, sum) => sum, isFirst));

        Assert.Equal(["01-01 5400", "02-01 5300", "03-01 3100", "04-01 3600", "05-01 2900", "06-01 4100"],
            _bench.Readings.OrderBy(reading => reading.Start).Select(reading => string.Create(CultureInfo.InvariantCulture, $"{reading.Start.ToDateTimeUtc():MM-dd} {Assert.Single(reading.Values).Value}")));
        Assert.Single(_bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Contains(headers.Split(',')[isFirst ? 1 : 2], _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_may_begin_anew_and_stand_in_front_of_the_amounts_of_several_meters()
    {
        var rows = Enumerable.Range(0, 12).Select(i => $"2024-{i + 1:00}-01,{{0}},{(i < 6 ? Enumerable.Range(0, i + 1) : Enumerable.Range(6, i - 5)).Sum(at => 100 + (at * 37 % 11))},{100 + (i * 37 % 11)}\n");

        _bench.RunText("Date,Meter,Cumulative kWh,kWh\n" + string.Concat(rows.SelectMany(row => Meters.Select(meter => string.Format(CultureInfo.InvariantCulture, row, meter)))));

        Assert.Equal("Cumulative kWh", _bench.Assumed("left_out"));
        Assert.Equal(24, _bench.Readings.Count);
        Assert.Equal(100, _bench.Values("A", "energy").Min(value => value.Value));
    }

    [Theory]
    [InlineData("Date,Usage kWh,Cumulative kWh", 88_000)]
    [InlineData("Date,Usage kWh,Meter reading kWh", 0)]
    public void What_a_register_shows_stays_one(string headers, int before)
    {
        _bench.RunText(TextOf(headers, (_, sum) => before + sum));

        Assert.All(_bench.Readings, reading => Assert.Equal("energy_import_register", Assert.Single(reading.Values).Metric));
        Assert.Equal(before + 5400, _bench.Readings.MinBy(reading => reading.Start)!.Values[0].Value);
    }

    [Fact]
    public void A_total_of_meters_is_none()
    {
        _bench.RunText(TextOf("Date,Hall (kWh),Total (kWh)", (amount, _) => amount + 700));

        Assert.DoesNotContain("running", string.Join(' ', _bench.Facts.Assumptions.Select(assumption => assumption.Why)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_numbers_rows_of_equal_amounts_is_none()
    {
        _bench.RunText("Date,Hall kWh,Total kWh\n" + string.Concat(Enumerable.Range(1, 20).Select(day => $"2024-03-{day:00},1,{day}\n")), new ImportForm());

        Assert.DoesNotContain("running", string.Join(' ', _bench.Facts.Assumptions.Select(assumption => assumption.Why)), StringComparison.Ordinal);
    }

    private static string TextOf(string headers, Func<int, int, int> other, bool isFirst = false)
    {
        var sum = 0;
        return $"{headers}\n" + string.Concat(Amounts.Select((amount, i) =>
        {
            var beside = other(amount, sum += amount);
            return isFirst ? $"2024-0{i + 1}-01,{beside},{amount}\n" : $"2024-0{i + 1}-01,{amount},{beside}\n";
        }));
    }
}
