using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Metering;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Columns of several carriers at several places.</summary>
public sealed class CarrierPlaceTests : IDisposable
{
    private readonly ImportBench _bench = new();

    private IEnumerable<(string, string?)> Meters => _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).Order();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Time;Entity name;energy_total;water_m3;battery\n", "energy_total", "water_m3", "water_volume", "water")]
    [InlineData("Zeit;Messpunkt;Wirkarbeit;Gasmenge m3;Batterie\n", "Wirkarbeit", "Gasmenge m3", "gas_volume", "gas")]
    public void A_meter_that_has_nothing_but_a_volume_is_one_of_what_flows(string headers, string energy, string volume, string metric, string carrier)
    {
        var rows = string.Concat(Enumerable.Range(0, 24).Select(hour => $"2025-05-05 {hour:00}:00;M-1;{33410 + (4 * hour)}.5;;\n2025-05-05 {hour:00}:00;M-2;;{780 + (hour / 4)}.25;99\n2025-05-05 {hour:00}:00;M-3;{500 + hour};{20 + hour}.5;98\n"));
        _bench.RunText(headers + rows, new ImportForm
        {
            Mapping = new ImportMapping
            {
                Columns =
                [
                    new(energy) { Role = ColumnRole.Value, Metric = "energy_import_register", Unit = "kWh" },
                    new(volume) { Role = ColumnRole.Value, Metric = metric, Unit = "m³", Kind = QuantityKind.Register },
                ],
            },
        });

        Assert.Equal(carrier, _bench.Facts.Meters.Single(meter => meter.EquipmentId == "M-2").Carrier);
        Assert.NotEqual(carrier, _bench.Facts.Meters.Single(meter => meter.EquipmentId == "M-1").Carrier);
    }

    [Theory]
    [InlineData("Gas", "Nm3", "gas")]
    [InlineData("Water", "m3", "water")]
    public void Rows_that_say_what_flows_through_the_meter_of_the_file_say_its_carrier(string product, string unit, string carrier)
    {
        _bench.RunText($"Aansluiting;Product;Eenheid;Datum/tijd;Waarde;Status\n{string.Concat(Enumerable.Range(0, 24).Select(hour => $"871687140009876543;{product};{unit};2025-01-06 {hour:00}:00;{12 + (hour % 3)},9;Gemeten\n"))}");

        Assert.Equal(carrier, Assert.Single(_bench.Facts.Meters).Carrier);
        Assert.Equal(24, _bench.Readings.Count);
    }

    [Fact]
    public void A_column_that_the_sender_calls_water_has_a_meter_of_its_own_beside_electricity()
    {
        _bench.RunText(
            "Billing Month,Electricity Consumption (kWh),Domestic use\n2024-01,33707,187\n2024-02,34707,188\n2024-03,35707,189\n",
            new ImportForm { Mapping = new ImportMapping { Columns = [new("Domestic use") { Role = ColumnRole.Value, Metric = "water_volume", Unit = "imp gal" }] } });

        Assert.Equal([("meter", "electricity"), ("meter water", "water")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).OrderBy(meter => meter.EquipmentId));
    }

    [Theory]
    [InlineData("Building A Electricity (kWh),Building A Gas (m3),Building B Electricity (kWh),Building B Gas (m3)", "Building A:electricity,Building A gas:gas,Building B:electricity,Building B gas:gas")]
    [InlineData("Canteen Electricity kWh,Canteen Gas m3,Canteen Water m3,Garage Electricity kWh,Garage Gas m3,Garage Water m3", "Canteen:electricity,Canteen gas:gas,Canteen water:water,Garage:electricity,Garage gas:gas,Garage water:water")]
    [InlineData("Building 31 Electricity (kWh),Building 31 Gas (m3),Building 32 Electricity (kWh),Building 32 Gas (m3)", "Building 31:electricity,Building 31 gas:gas,Building 32:electricity,Building 32 gas:gas")]
    [InlineData("Electricity Mill (kWh),Gas Mill (m3),Electricity Dock (kWh),Gas Dock (m3)", "Dock:electricity,Dock gas:gas,Mill:electricity,Mill gas:gas")]
    [InlineData("Pier - Electricity - kWh,Pier - Gas - m3,Quay - Electricity - kWh,Quay - Gas - m3", "Pier:electricity,Pier gas:gas,Quay:electricity,Quay gas:gas")]
    [InlineData("North Electricity kWh,North Gas kWh,North Water m3,South Electricity kWh,South Gas kWh,South Water m3", "North:electricity,North Gas:gas,North water:water,South:electricity,South Gas:gas,South water:water")]
    [InlineData("North Electricity kWh,North Gas kWh,North Gas m3,South Electricity kWh,South Gas kWh,South Gas m3", "North:electricity,North Gas:gas,South:electricity,South Gas:gas")]
    [InlineData("Fort Gas m3,Fort Water m3,Keep Gas m3,Keep Water m3", "Fort gas:gas,Fort water:water,Keep gas:gas,Keep water:water")]
    [InlineData("Lot 61 Gas m3,Lot 61 Water m3", "Lot 61 gas:gas,Lot 61 water:water")]
    [InlineData("Bldg 33 Elec kWh,Bldg 33 Gas m3,Bldg 33 Water m3", "Bldg 33 Elec:electricity,Bldg 33 gas:gas,Bldg 33 water:water")]
    [InlineData("Bldg 34 kWh,Bldg 34 Gas m3,Bldg 34 Water m3", "Bldg 34:,Bldg 34 gas:gas,Bldg 34 water:water")]
    [InlineData("Villa Electric (kWh),Villa Water (gal),Barn Electric (kWh),Barn Water (gal)", "Barn Electric:electricity,Barn water:water,Villa Electric:electricity,Villa water:water")]
    [InlineData("AHU-51 kW,AHU-51 gas m3,AHU-52 kW,AHU-52 gas m3", "AHU-51:,AHU-51 gas:gas,AHU-52:,AHU-52 gas:gas")]
    [InlineData("Main kWh,HVAC kWh,Boiler gas m3,Cold water m3", "HVAC:,Main:,meter gas:gas,meter water:water")]
    [InlineData("Flat 1 Heat kWh,Flat 1 Water m3,Flat 2 Heat kWh,Flat 2 Water m3", "Flat 1:,Flat 2:")]
    [InlineData("Unit A kWh,Unit A Gas kWh,Unit A Gas m3,Unit B kWh,Unit B Gas kWh,Unit B Gas m3", "Unit A:,Unit A Gas:gas,Unit B:,Unit B Gas:gas")]
    [InlineData("GM 1 Gas kWh,GM 1 Gas m3,GM 2 Gas kWh,GM 2 Gas m3", "GM 1:gas,GM 1 Gas:gas,GM 2:gas,GM 2 Gas:gas")]
    [InlineData("North Gas m3,South Gas m3", "North:gas,South:gas")]
    public void Carriers_of_places_that_the_headers_name_are_a_meter_each(string headers, string meters)
    {
        var rows = Enumerable.Range(1, 4).Select(day => $"2024-01-0{day},{string.Join(',', headers.Split(',').Select((_, column) => 10 * column + day))}\n");
        _bench.RunText($"Date,{headers}\n{string.Concat(rows)}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(meters.Split(',').Order(StringComparer.Ordinal), Meters.Select(meter => $"{meter.Item1}:{meter.Item2}").Order(StringComparer.Ordinal));
        Assert.Equal(4 * headers.Split(',').Length, _bench.Told.Count);
    }

    [Fact]
    public void They_are_the_same_meters_in_a_month_without_electricity_or_gas()
    {
        const string Headers = "Month,Canteen Electricity kWh,Canteen Gas m3,Canteen Water m3,Garage Electricity kWh,Garage Gas m3,Garage Water m3\n";
        foreach (var row in (string[])["2024-01,1,,3,4,,6\n", "2024-02,,2,3,,5,6\n", "2024-03,,2,,,5,\n"])
        {
            _bench.RunText(Headers + row);
            Assert.All(_bench.Readings, reading => Assert.All(reading.Values, value => Assert.EndsWith(value.Metric switch { "gas_volume" => " gas", "water_volume" => " water", _ => "" }, reading.EquipmentId, StringComparison.Ordinal)));
            Assert.DoesNotContain(_bench.Readings, reading => reading.EquipmentId is "Canteen" or "Garage" && reading.Values.Any(value => value.Metric != "energy"));
        }
    }

    [Fact]
    public void What_is_proposed_for_places_reads_their_file_as_the_headers_do()
    {
        const string Text = "Date,Canteen Electricity kWh,Canteen Gas m3,Garage Electricity kWh,Garage Gas m3\n2024-01-01,1,2,3,4\n2024-01-02,2,3,4,6\n";
        var proposed = ColumnProposals.Join([.. _bench.RunText(Text).Facts.Sheets.Select(sheet => sheet.Layout)]);

        _bench.RunText(Text, new ImportForm { Mapping = MappingChecks.AsSent(new ImportMapping { Columns = proposed }) });

        Assert.Equal(["Canteen", "Canteen gas", "Garage", "Garage gas"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.All(proposed, column => Assert.False(column.IsRenamed));
    }

    [Fact]
    public void Places_above_their_carriers_have_a_meter_for_each()
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Sheet1");
            (sheet.Cell("B1").Value, sheet.Cell("D1").Value) = ("Ward A", "Ward B");
            sheet.Range("B1:C1").Merge();
            sheet.Range("D1:E1").Merge();
            sheet.Cell("A2").InsertData(new[] { new object[] { "Month", "Electricity (kWh)", "Gas (m3)", "Electricity (kWh)", "Gas (m3)" } });
            sheet.Cell("A3").InsertData(Enumerable.Range(1, 4).Select(month => new object[] { new DateTime(2024, month, 1), 100 + month, month, 200 + month, 7 + month }));
        });

        Assert.Equal([("Ward A", "electricity"), ("Ward A gas", "gas"), ("Ward B", "electricity"), ("Ward B gas", "gas")], Meters);
    }

    [Theory]
    [InlineData("kWh,Gas m3", "kWh: gas", "meter:,meter gas:gas")]
    [InlineData("Import kWh,Gas m3", "Import kWh: gas", "meter:,meter gas:gas")]
    [InlineData("Building 1 kWh,Building 1 Gas m3,Building 2 kWh,Building 2 Gas kWh", "Building 1 kWh: gas", "Building 1:,Building 1 gas:gas,Building 2:,Building 2 Gas:gas")]
    public void What_the_job_says_of_energy_beside_gas_takes_it_apart_when_it_is_sent(string headers, string said, string meters)
    {
        var text = $"Date,{headers}\n{string.Concat(Enumerable.Range(1, 4).Select(day => $"2024-01-0{day},{string.Join(',', headers.Split(',').Select((_, column) => 10 * column + day))}\n"))}";
        var told = _bench.RunText(text).Facts.Assumptions.Single(assumption => assumption.What == "carrier");
        var mapping = JsonSerializer.Deserialize<ImportMapping>(told.Why[(told.Why.IndexOf("mapping=", StringComparison.Ordinal) + "mapping=".Length)..], EmsJson.Options);

        _bench.RunText(text, new ImportForm { Mapping = mapping });

        Assert.Equal(said, told.Value);
        Assert.Equal(meters.Split(',').Order(StringComparer.Ordinal), Meters.Select(meter => $"{meter.Item1}:{meter.Item2}").Order(StringComparer.Ordinal));
    }
}
