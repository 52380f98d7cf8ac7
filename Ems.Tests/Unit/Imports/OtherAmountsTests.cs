using System.Globalization;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Means, plans and running totals beside an energy, which are none of another meter.</summary>
public sealed class OtherAmountsTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Main kWh avg")]
    [InlineData("Main avg kWh")]
    [InlineData("Main kWh max")]
    [InlineData("Main max kWh")]
    [InlineData("Main kWh min")]
    [InlineData("Budget kWh total")]
    [InlineData("Target kWh usage")]
    [InlineData("Last year kWh usage")]
    [InlineData("Main std kWh")]
    [InlineData("CO2 kWh factor")]
    [InlineData("Main kW apparent")]
    [InlineData("Main kW phase")]
    public void What_is_no_energy_of_a_row_is_left_out_beside_one_wherever_its_unit_stands(string other)
    {
        _bench.RunText($"Date,Main kWh,{other}\n{Rows(12, i => $"{Amount(i)},{9 - (i % 3)}")}");

        Assert.Equal(other, _bench.Assumed("left_out"));
        Assert.Equal(["meter energy"], Series());
    }

    [Theory]
    [InlineData("kWh", "Variance kWh")]
    [InlineData("Actual kWh", "Variance kWh")]
    [InlineData("Actual kWh", "Abweichung (kWh)")]
    [InlineData("kWh", "Écart (kWh)")]
    [InlineData("Actual kWh", "Difference (kWh)")]
    [InlineData("Main kWh", "YTD kWh")]
    [InlineData("Main kWh", "Main kWh year to date")]
    public void A_difference_from_a_plan_and_what_was_used_since_January_are_none(string counted, string other)
    {
        _bench.RunText($"Date,{counted},{other}\n{Rows(12, i => $"{Amount(i)},{(i % 3) - 9}")}");

        Assert.Equal(other, _bench.Assumed("left_out"));
        Assert.Equal(["meter energy"], Series());
    }

    [Theory]
    [InlineData("Main kWh,Difference kWh", "Difference energy|Main energy")]
    [InlineData("Actual (kWh),Difference (kWh)", "Actual energy|Difference energy")]
    public void The_difference_of_two_readings_is_what_was_used(string headers, string series)
    {
        _bench.RunText($"Time,{headers}\n{Rows(12, i => $"{Enumerable.Range(0, i + 1).Sum(Amount)},{Amount(i)}")}");

        Assert.Equal(series.Split('|'), Series());
    }

    [Theory]
    [InlineData("Line 1 kWh", "Line 1 kWh total")]
    [InlineData("Line 1 kWh", "Line 1 total kWh")]
    [InlineData("Line 1 kWh usage", "Line 1 kWh total")]
    public void A_running_total_beside_what_it_counts_is_no_meter(string counted, string total)
    {
        var text = $"Time,{counted},{total},{counted.Replace('1', '2')},{total.Replace('1', '2')}\n{Rows(12, i => $"{Amount(i)},{Enumerable.Range(0, i + 1).Sum(Amount)},{1 + Amount(i)},{Enumerable.Range(0, i + 1).Sum(n => 1 + Amount(n))}")}";
        _bench.RunText(text);
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = new() { Columns = [new MappedColumn(total) { Metric = "energy_import_register", EquipmentId = "Line 1" }] } });

        Assert.Equal(["Line 1 energy", "Line 2 energy"], Series());
        Assert.Contains("Line 1 energy_import_register", again.Readings.SelectMany(reading => reading.Values, (reading, value) => $"{reading.EquipmentId} {value.Metric}"));
    }

    [Theory]
    [InlineData("Main avg kWh,Hall avg kWh", "Hall avg energy|Main avg energy")]
    [InlineData("Compressor 1 kWh total,Compressor 2 kWh total", "Compressor 1 total energy|Compressor 2 total energy")]
    [InlineData("Main kWh,Max Planck Hall kWh", "Main energy|Max Planck Hall energy")]
    [InlineData("Main kWh,Line 1 avg kWh", "Line 1 avg energy|Main energy")]
    [InlineData("Plant kWh,Plan B kWh", "Plan B energy|Plant energy")]
    [InlineData("Main 15 min kWh,Hall kWh", "Hall energy|Main 15 min energy")]
    public void Where_nothing_else_counts_what_they_do_they_are_kept(string headers, string series)
    {
        _bench.RunText($"Time,{headers}\n{Rows(12, i => $"{Amount(i)},{9 - (i % 3)}")}");

        Assert.Equal(series.Split('|'), Series());
    }

    private IEnumerable<string> Series() => _bench.Readings.SelectMany(reading => reading.Values, (reading, value) => $"{reading.EquipmentId} {value.Metric}").Distinct().Order(StringComparer.Ordinal);

    private static int Amount(int i) => 5 + (i * 7 % 13);

    private static string Rows(int count, Func<int, string> row) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"{new DateTime(2024, 1, 1).AddHours(i).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)},{row(i)}\n"));
}
