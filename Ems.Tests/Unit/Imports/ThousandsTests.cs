using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Headers;

namespace Ems.Tests.Unit.Imports;

/// <summary>Values that are shown in thousands, or in another multiple, of the unit of their header.</summary>
public sealed class ThousandsTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Electricity ('000 kWh)", "MWh")]
    [InlineData("Electricity (’000 kWh)", "MWh")]
    [InlineData("Electricity ’000 kWh", "MWh")]
    [InlineData("Electricity '000 kWh", "MWh")]
    [InlineData("kWh x 1,000", "MWh")]
    [InlineData("kWh x1000", "MWh")]
    [InlineData("kWh '000", "MWh")]
    [InlineData("Usage (kWh x 1000)", "MWh")]
    [InlineData("Gas ('000 m3)", "ML")]
    [InlineData("Water ('000 L)", "m³")]
    [InlineData("Consommation (milliers de kWh)", "MWh")]
    [InlineData("kWh", "kWh")]
    [InlineData("Transformer X1 kWh", "kWh")]
    [InlineData("kWh X2", "kWh")]
    [InlineData("Hall A x 12", null)]
    public void Headers_say_it_in_many_ways(string header, string? unit) => Assert.Equal(unit, HeaderReader.Read(header).Unit?.Symbol);

    [Theory]
    [InlineData("kWh (k)")]
    [InlineData("kWh*10")]
    [InlineData("kWh x 40")]
    [InlineData("Energy (kWh) x 40")]
    [InlineData("Gas (m3 x10)", "unit=10 m³ if it is ten")]
    [InlineData("kW x 1000", "metric=active_power, unit=kW) and set multiplier of the meter")]
    [InlineData("m3 x 10", "metric=gas_volume or metric=water_volume, unit=m³) and set multiplier of the meter")]
    public void What_is_no_thousand_is_asked_about(string header, string answer = "unit=MWh if it is a thousand") =>
        Assert.Contains(answer, Assert.Throws<ImportFaultException>(() => _bench.RunText($"Month,{header}\n2024-01,12.5\n2024-02,13.5\n")).Fault.Message, StringComparison.Ordinal);

    [Fact]
    public void The_answer_says_what_one_of_them_is()
    {
        _bench.RunText("Month,kWh*10\n2024-01,12.5\n2024-02,13.5\n", new ImportForm { Metric = "energy", Unit = "10 kWh" });

        Assert.Equal(260, _bench.Sum("meter", "energy"));
    }

    [Fact]
    public void A_row_of_units_says_it()
    {
        _bench.RunText("Month,Electricity,Gas\n,'000 kWh,'000 m3\n2024-01,12.5,1.5\n2024-02,13.5,2.5\n");

        Assert.Equal((26_000, 4000), (_bench.Sum("meter electricity", "energy"), _bench.Sum("meter gas", "gas_volume")));
    }

    [Theory]
    [InlineData("Values x1000", "North (kWh),South (kWh)", "kWh (x1000)")]
    [InlineData("All figures in thousands", "North (kWh),South (kWh)", "kWh (x1000)")]
    [InlineData("All values in '000 kWh", "North,South", "unit=MWh")]
    [InlineData("Consumption in thousands of kWh", "North (kWh),South (kWh)", "send unit=kWh")]
    [InlineData("Electricity use (x1000 kWh)", "North (kWh),South (kWh)", "send unit=kWh")]
    [InlineData("Verbrauch 2024 in Tsd. kWh", "North (kWh),South (kWh)", "send unit=kWh")]
    [InlineData("Usage '000 kWh", "North (kWh),South (kWh)", "send unit=kWh")]
    [InlineData("Consommation en milliers de kWh", "North (kWh),South (kWh)", "send unit=kWh")]
    [InlineData("Energy (thousands kWh)", "North (kWh),South (kWh)", "send unit=kWh")]
    [InlineData("(in thousands)", "North (kWh),South (kWh)", "send unit=kWh")]
    public void A_title_that_says_it_is_not_passed_over(string title, string headers, string answer) =>
        Assert.Contains(answer, Assert.Throws<ImportFaultException>(() => _bench.RunText($"{title}\n\nMonth,{headers}\n2024-01,12.5,1.5\n2024-02,13.5,2.5\n")).Fault.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Costs in thousands")]
    [InlineData("Transformer 2 x 1000 kVA")]
    [InlineData("CT ratio x 1000")]
    [InlineData("Meter factor x 1000")]
    [InlineData("Values in thousands of visitors")]
    [InlineData("Target 500 thousand kWh per year")]
    [InlineData("Amounts x1000 $")]
    [InlineData("Boiler house x 1000 l")]
    [InlineData("Units x1000 produced")]
    [InlineData("Revenue in thousands")]
    [InlineData("Savings: 20 thousand kWh")]
    public void What_it_says_of_money_is_none_of_values(string title)
    {
        _bench.RunText($"{title}\n\nMonth,North (kWh),Cost\n2024-01,12.5,1.5\n2024-02,13.5,2.5\n");

        Assert.Equal(26, _bench.Readings.Sum(reading => reading.Values.Single().Value));
    }

    [Fact]
    public void What_is_written_into_the_headers_or_sent_as_it_asks_is_read()
    {
        _bench.RunText("Values x1000\n\nMonth,North (kWh x1000),South (kWh x1000)\n2024-01,12.5,1.5\n2024-02,13.5,2.5\n");
        using var sent = new ImportBench();

        sent.RunText("All values in '000 kWh\n\nMonth,North,South\n2024-01,12.5,1.5\n2024-02,13.5,2.5\n", new ImportForm { Metric = "energy", Unit = "MWh" });

        Assert.Equal((26_000, 26_000), (_bench.Sum("North", "energy"), sent.Sum("North", "energy")));
    }

    [Fact]
    public void A_unit_that_is_sent_answers_it_where_it_is_that_of_the_headers()
    {
        const string Text = "Values x1000\n\nMonth,North (kWh)\n2024-01,12.5\n2024-02,13.5\n";
        Assert.Contains("kWh (x1000)", Assert.Throws<ImportFaultException>(() => _bench.RunText(Text, new ImportForm { Unit = "MWh" })).Fault.Message, StringComparison.Ordinal);

        using var sent = new ImportBench();
        sent.RunText(Text, new ImportForm { Unit = "kWh" });

        Assert.Equal(26, sent.Readings.Sum(reading => reading.Values.Single().Value));
    }

    [Theory]
    [InlineData("'000 kWh", "MWh")]
    [InlineData("milliers de kWh", "MWh")]
    [InlineData("'000 m3", "ML")]
    public void So_do_forms_and_cells(string text, string unit)
    {
        Assert.True(Units.TryParse(text, out var found));
        Assert.Equal(unit, found.Symbol);
    }
}
