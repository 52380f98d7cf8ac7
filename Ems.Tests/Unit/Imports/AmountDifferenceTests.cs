using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns that say by how much two others differ, which nobody used.</summary>
public sealed class AmountDifferenceTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Budget (kWh),Actual (kWh),Difference (kWh)", "meter")]
    [InlineData("Last year (kWh),This year (kWh),Difference (kWh)", "meter")]
    [InlineData("Previous year kWh,Current year kWh,Change kWh", "meter")]
    [InlineData("Vorjahr kWh,Aktuell kWh,Differenz kWh", "meter")]
    [InlineData("Baseline kWh,Actual kWh,Savings kWh", "meter")]
    [InlineData("Sub meters kWh,Main meter kWh,Difference kWh", "Main meter|Sub meters")]
    [InlineData("Own meter kWh,Supplier kWh,Difference kWh", "Own meter|Supplier")]
    public void What_two_columns_differ_by_is_no_meter(string headers, string meters)
    {
        foreach (var (least, most) in new[] { (37, 37), (-400, 37) })
        {
            using var bench = new ImportBench();
            bench.RunText($"Month,{headers}\n{Rows(i => (5200 + (i % 5 * 310), (i % 2 == 0 ? least : most) + (i * 11)))}");

            Assert.Equal(meters.Split('|'), bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
            Assert.Contains(headers.Split(',')[2], bench.Assumed("left_out"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_was_planned_and_used_without_a_unit_is_asked_about_and_not_what_they_differ_by()
    {
        var text = $"Month,Plan,Ist,Abweichung (kWh)\n{Rows(i => (5200 + (i % 5 * 310), 37 + (i * 11)))}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        using var answered = new ImportBench();
        answered.RunText(text, new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
        Assert.Equal(Enumerable.Range(0, 12).Sum(i => 5200 + (i % 5 * 310) + 37 + (i * 11)), answered.Sum("meter", "energy"));
    }

    [Theory]
    [InlineData("Start,End,Difference (kWh)")]
    [InlineData("Previous reading,Present reading,Difference (kWh)")]
    public void Between_two_readings_it_is_what_was_used(string headers)
    {
        var (stand, rows) = (184_200, "");
        for (var i = 0; i < 12; i++)
        {
            rows += $"2024-{i + 1:00},{stand},{stand + 900 + (i * 31)},{900 + (i * 31)}\n";
            stand += 900 + (i * 31);
        }

        _bench.RunText($"Month,{headers}\n{rows}");

        Assert.Equal(stand - 184_200, _bench.Sum("meter", "energy"));
    }

    [Theory]
    [InlineData("Line 1 kWh,Line 2 kWh,Change room kWh")]
    [InlineData("Meter A kWh,Meter B kWh,Saved kWh")]
    public void A_column_that_is_called_alike_and_is_not_what_they_differ_by_stays(string headers)
    {
        _bench.RunText($"Month,{headers}\n{string.Concat(Enumerable.Range(0, 12).Select(i => $"2024-{i + 1:00},{5200 + (i % 5 * 310)},{4100 + (i % 4 * 270)},{210 + (i % 3 * 17)}\n"))}");

        Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    [Theory]
    [InlineData("Office Block kWh,Delta Tower kWh,Total kWh", "Delta Tower|Office Block")]
    [InlineData("Offices kWh,Change room kWh,Total kWh", "Change room|Offices")]
    [InlineData("Alpha kWh,Delta kWh,Total kWh", "Alpha|Delta")]
    public void What_a_total_counts_beside_another_meter_is_one(string headers, string meters)
    {
        _bench.RunText($"Month,{headers}\n{string.Concat(Enumerable.Range(0, 12).Select(i => $"2024-{i + 1:00},{5200 + (i % 5 * 310)},{410 + (i % 4 * 27)},{5610 + (i % 5 * 310) + (i % 4 * 27)}\n"))}");

        Assert.Equal(meters.Split('|'), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    private static string Rows(Func<int, (int One, int Difference)> row) =>
        string.Concat(Enumerable.Range(0, 12).Select(row).Select((of, i) => $"2024-{i + 1:00},{of.One},{of.One + of.Difference},{of.Difference}\n"));
}
