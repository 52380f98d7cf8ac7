using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

public sealed class MixedRowTests : IDisposable
{
    private readonly ImportBench _bench = new();

    [Theory]
    [InlineData(null)]
    [InlineData("energy")]
    public void Rows_of_several_units_are_not_of_the_one_that_a_request_says(string? metric)
    {
        var fault = Assert.Throws<ImportFaultException>(() => Run(["", "Electricity (kWh)", "Natural gas (kWh)", "Water (m³)", "Electricity cost (€)", "HDD"], metric)).Fault;

        Assert.StartsWith("The rows measure different things, as the column Column A says: Electricity (kWh), Water (m³), Electricity cost (€).", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("metric=energy", fault.Message, StringComparison.Ordinal);
        Assert.Null(fault.Guess);
    }

    [Theory]
    [InlineData("Electricity (kWh)", "Natural gas (MWh)", "Heat (kWh)")]
    [InlineData("Block A", "Block V", "Block W")]
    [InlineData("North", "South", "Boiler (m3)")]
    public void Rows_of_one_kind_and_names_are_of_what_the_request_says(string first, string second, string third)
    {
        Run(["Site", first, second, third], "energy");

        Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    [Fact]
    public void Amounts_and_what_they_cost_below_Measure_are_told_apart_by_it()
    {
        _bench.RunText("Site,Measure,Jan 2025,Feb 2025,Mar 2025\nAlpha,kWh,431,254,504\nAlpha,Cost (£),86.2,50.8,100.8\nBeta,kWh,648,196,474\nBeta,Cost (£),129.6,39.2,94.8\n");

        Assert.Equal([1189.0, 1318], SumsOf(_bench, "Alpha", "Beta"));
        Assert.Equal(["UNKNOWN_UNIT"], _bench.FaultCodes.Distinct());
    }

    [Fact]
    public void Units_among_other_measures_are_asked_about_and_the_guess_reads_them()
    {
        const string Text = "Site,Measure,Jan 2025,Feb 2025,Mar 2025\nAlpha,kWh,431,254,504\nAlpha,Cost (£),86.2,50.8,100.8\nAlpha,HDD,33,22,11\nBeta,kWh,648,196,474\nBeta,Cost (£),129.6,39.2,94.8\nBeta,HDD,33,22,11\n";
        var first = Assert.Throws<ImportFaultException>(() => _bench.RunText(Text)).Fault;
        var second = Assert.Throws<ImportFaultException>(() => _bench.RunText(Text, new ImportForm { Mapping = first.Guess })).Fault;
        using var again = new ImportBench();
        again.RunText(Text, new ImportForm { Mapping = first.Guess!.With(second.Guess!) });

        Assert.Contains("Give Measure the role unit", second.Message, StringComparison.Ordinal);
        Assert.Equal([1189.0, 1318], SumsOf(again, "Alpha", "Beta"));
    }

    private void Run(string[] names, string? metric) => _bench.RunWorkbook(
        workbook =>
        {
            var sheet = workbook.AddWorksheet("Bern");
            for (var i = 0; i < names.Length; i++)
            {
                sheet.Cell(i + 1, 1).Value = names[i];
                for (var month = 1; month <= 4; month++)
                {
                    var cell = sheet.Cell(i + 1, month + 1);
                    _ = i == 0 ? cell.SetValue(new DateTime(2025, month, 1).ToString("MMM yyyy", System.Globalization.CultureInfo.InvariantCulture)) : cell.SetValue(100 + (i * month));
                }
            }
        },
        metric is null ? new ImportForm() : new ImportForm { Metric = metric, Unit = "kWh" });

    private static IEnumerable<double> SumsOf(ImportBench bench, params IEnumerable<string> meters) => meters.Select(meter => bench.Sum(meter, "energy"));

    public void Dispose() => _bench.Dispose();
}
