using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

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

    [Theory]
    [InlineData("sensor.grid_energy_import", "sensor.heat_pump_power", "sensor.outdoor_temperature", true)]
    [InlineData("sensor.grid_energy_import", "sensor.water_meter_total", "sensor.kitchen", true)]
    [InlineData("sensor.grid_energy_import", "sensor.pv_energy", "sensor.kitchen", false)]
    [InlineData("Power house", "Energy centre", "Water works", false)]
    public void Entities_whose_names_say_different_things_are_not_of_the_one_that_a_request_says(string first, string second, string third, bool isRefused)
    {
        string[] names = [first, second, third];
        var rows = string.Concat(names.SelectMany(name => Enumerable.Range(0, 3000).Select(minute => $"{name},{minute % 7},{new DateTime(2026, 1, 10).AddMinutes(minute):yyyy-MM-ddTHH:mm:ss.fffZ}\n")));
        void Run() => _bench.RunText($"entity_id,state,last_changed\n{rows}", new ImportForm { Metric = "energy", Unit = "kWh" }, "history.csv");

        if (!isRefused)
        {
            Run();
            Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
            return;
        }

        var fault = Assert.Throws<ImportFaultException>(Run).Fault;
        Assert.StartsWith($"The rows measure different things, as their names say: {first}, {second}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("write the unit of each row into a column headed Unit", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entities_are_what_a_column_of_units_says()
    {
        static string Row(string name, int hour, double state, string unit) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name},{state},2026-01-10T{hour:00}:00:00.000Z,{unit}\n");
        var rows = string.Concat(Enumerable.Range(0, 4).Select(hour => Row("sensor.grid_energy", hour, hour % 2, "kWh") + Row("sensor.pump_power", hour, 1000 + (hour % 3), "W") + Row("sensor.water_total", hour, hour % 2, "m³")));

        _bench.RunText($"entity_id,state,last_changed,Unit\n{rows}");

        Assert.Equal(["active_power", "energy", "water_volume"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct().Order());
    }

    [Theory]
    [InlineData("sensor.heat_pump_power", true)]
    [InlineData("sensor.cold_water", false)]
    public void An_entity_is_not_what_a_profile_says_that_only_the_headers_have_found_where_its_name_says_something_else(string name, bool isAsked)
    {
        var form = new ImportForm { Mapping = new ImportMapping { Columns = [new MappedColumn("state") { Metric = "water_volume", Unit = "m³" }] }, IsMappingRemembered = true };
        void Run() => _bench.RunText($"entity_id,state,last_changed\n{name},1,2026-01-10T00:00:00.000Z\n{name},3,2026-01-10T01:00:00.000Z\n{name},2,2026-01-10T02:00:00.000Z\n", form);

        if (isAsked)
        {
            Assert.StartsWith($"The rows are of {name}, and the profile", Assert.Throws<ImportFaultException>(Run).Fault.Message, StringComparison.Ordinal);
            return;
        }

        Run();
        Assert.Equal(3, _bench.Told.Count);
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
