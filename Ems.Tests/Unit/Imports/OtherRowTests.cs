using System.Text.Json;
using Ems.Core.Json;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Rows of a matrix that are no meters, as columns called so are none.</summary>
public sealed class OtherRowTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Average")]
    [InlineData("Avg/day")]
    [InlineData("Durchschnitt")]
    [InlineData("Snitt")]
    [InlineData("Average (kWh)")]
    [InlineData("Oak House budget")]
    [InlineData("% change")]
    [InlineData("Last year")]
    [InlineData("YTD")]
    [InlineData("HDD")]
    [InlineData("Days in month")]
    [InlineData("kWh/m2")]
    [InlineData("kWh per HDD")]
    [InlineData("CO2 (kg/kWh)")]
    [InlineData("Cost (EUR)")]
    [InlineData("Cost")]
    [InlineData("Floor area (m2)")]
    [InlineData("Occupancy (%)")]
    [InlineData("Production (t)")]
    [InlineData("CO2 (kg)")]
    [InlineData("Water (m3)")]
    [InlineData("Cost (£)")]
    [InlineData("Total cost")]
    [InlineData("Rate (£/kWh)")]
    public void What_no_meter_counts_is_left_out_of_the_rows_as_of_the_columns(string name)
    {
        Run(name);

        Assert.Equal(["Elm", "Oak House"], Meters());
        Assert.Contains(name, _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Max Planck Hall")]
    [InlineData("Production")]
    [InlineData("Produktion 2")]
    [InlineData("PV (100 kW)")]
    [InlineData("Richmond (VA)")]
    [InlineData("Halle (KG)")]
    [InlineData("Building (A)")]
    [InlineData("Fisher Price House")]
    [InlineData("EV charge point")]
    [InlineData("Area 1")]
    [InlineData("Main/Backup")]
    [InlineData("Target")]
    [InlineData("Budget")]
    [InlineData("Max")]
    [InlineData("Soll")]
    [InlineData("Output")]
    [InlineData("People")]
    [InlineData("Temp")]
    [InlineData("Area")]
    [InlineData("Heating")]
    [InlineData("Cost Center 100")]
    [InlineData("Ofen 1 (t)")]
    [InlineData("Chiller (tons)")]
    [InlineData("Lager (m2)")]
    [InlineData("Spec House")]
    [InlineData("Budget Inn")]
    [InlineData("Var / Bar")]
    [InlineData("Wh/Office")]
    [InlineData("Therm / Pool")]
    [InlineData("Licht % Rest")]
    public void What_may_be_a_meter_stays(string name)
    {
        Run(name);

        Assert.Equal(3, Meters().Count());
    }

    [Fact]
    public void The_answer_keeps_a_tenant_that_is_called_so()
    {
        Run("Budget", new ImportForm { Metric = "energy", Unit = "kWh", Mapping = new() { Equipment = new Dictionary<string, string> { ["Budget"] = "Budget cars" } } });

        Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    [Fact]
    public void A_total_is_one_beside_an_average()
    {
        _bench.RunText("Site,Jan-21,Feb-21,Mar-21\nOak House,100,120,90\nElm,50,60,40\nTotal,150,180,130\nAverage,75,90,65\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Elm", "Oak House"], Meters());
    }

    [Theory]
    [InlineData("Kind")]
    [InlineData("Description")]
    public void Where_all_rows_are_called_so_it_is_asked_which_are_meters(string header)
    {
        var file = $"{header},Jan-21,Feb-21,Mar-21\nTarget,100,120,90\nBudget,50,60,40\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(file, new ImportForm { Metric = "energy", Unit = "kWh" })).Fault;

        Assert.Equal(["Target", "Budget"], fault.Alternatives!);

        var advised = fault.Message[(fault.Message.IndexOf("mapping=", StringComparison.Ordinal) + 8)..(fault.Message.LastIndexOf('}') + 1)];
        _bench.RunText(file, new ImportForm { Metric = "energy", Unit = "kWh", Mapping = JsonSerializer.Deserialize<ImportMapping>(advised, EmsJson.Options) });
        Assert.Equal(["Budget", "Target"], Meters());
    }

    [Theory]
    [InlineData("Site")]
    [InlineData("Tenant")]
    [InlineData("Store")]
    [InlineData("Restaurant")]
    [InlineData("Building")]
    public void Places_and_tenants_may_be_called_so(string header)
    {
        _bench.RunText($"{header},Jan-21,Feb-21,Mar-21\nTarget,100,120,90\nBudget,50,60,40\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Budget", "Target"], Meters());
    }

    [Fact]
    public void A_sheet_of_a_plan_alone_is_left_out_beside_one_of_what_was_used()
    {
        _bench.RunWorkbook(
            workbook =>
            {
                workbook.AddWorksheet("North").FirstCell().InsertData(new object[][] { ["Kind", "Jan-21", "Feb-21", "Mar-21"], ["Actual", 100, 120, 90], ["Target", 50, 60, 40] });
                workbook.AddWorksheet("South").FirstCell().InsertData(new object[][] { ["Kind", "Jan-21", "Feb-21", "Mar-21"], ["Target", 70, 80, 60] });
            },
            new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Actual"], Meters());
    }

    [Theory]
    [InlineData("Budget")]
    [InlineData("N-1")]
    [InlineData("Actual 2020")]
    public void Beside_what_was_used_no_plan_and_no_other_year_is_a_meter(string name)
    {
        _bench.RunText($"Kind,Jan-21,Feb-21,Mar-21\nActual,100,120,90\n{name},50,60,40\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["Actual"], Meters());
    }

    [Theory]
    [InlineData("Usage,Target,Baseline", "Usage")]
    [InlineData("Actual,Plan,Forecast", "Actual")]
    [InlineData("Actual kWh,Budget kWh", "Actual kWh")]
    [InlineData("Electricity kWh,Target kWh", "Electricity kWh")]
    [InlineData("Usage,HDD,Cost,CO2 kg,Occupancy", "Usage")]
    [InlineData("Main,Target,Cost (£),CO2 (kg)", "Main,Target")]
    [InlineData("Hall 1,Hall 2,Cost per kWh", "Hall 1,Hall 2")]
    [InlineData("Tesco,Target,Lidl,Total", "Lidl,Target,Tesco")]
    public void The_table_of_a_site_has_its_meters_and_nothing_else(string rows, string meters)
    {
        _bench.RunText($"Kind,Jan-21,Feb-21,Mar-21\n{string.Concat(rows.Split(',').Select((row, i) => $"{row},{100 + i},{(row == "Total" ? 306 : 120 - i)},{90 + (7 * i)}\n"))}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(meters.Split(','), Meters().Where(meter => meter != "Total"));
    }

    [Fact]
    public void Where_most_rows_are_called_so_none_is_left_out()
    {
        _bench.RunText("Kind,Jan-21,Feb-21,Mar-21\nBoiler,100,120,90\nCost,50,60,40\nHDD,50,60,40\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(3, Meters().Count());
    }

    private void Run(string name, ImportForm? form = null) =>
        _bench.RunText($"Site,Jan-21,Feb-21,Mar-21\nOak House,100,120,90\nElm,50,60,40\n{name},70,90,65\n", form ?? new ImportForm { Metric = "energy", Unit = "kWh" });

    private IEnumerable<string> Meters() => _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal);
}
