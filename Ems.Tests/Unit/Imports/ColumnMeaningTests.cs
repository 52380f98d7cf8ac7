using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>What headers say about the columns below them, and what they do not say.</summary>
public sealed class ColumnMeaningTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Water (kGal)", "water_volume", 3.785412)]
    [InlineData("Water kGal", "water_volume", 3.785412)]
    [InlineData("Water Usage (1000 gal)", "water_volume", 3.785412)]
    [InlineData("Water (thousand gallons)", "water_volume", 3.785412)]
    [InlineData("Water (HCF)", "water_volume", 2.831685)]
    [InlineData("Water (100 cubic feet)", "water_volume", 2.831685)]
    [InlineData("Natural Gas (MCF)", "gas_volume", 28.316847)]
    [InlineData("Natural Gas (Mcf)", "gas_volume", 28.316847)]
    [InlineData("Natural Gas Usage (Btu)", "energy", 0.000293)]
    [InlineData("Building 1000 kWh", "energy", 1)]
    public void Hundreds_and_thousands_of_a_unit_are_not_taken_for_one(string header, string metric, double one)
    {
        _bench.RunText($"Date,{header}\n2024-01-01,1\n2024-01-02,3\n2024-01-03,2\n");

        Assert.Equal([one, 3 * one, 2 * one], _bench.Values("meter", metric).Select(value => value.Value), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void A_unit_that_is_not_known_is_not_taken_for_one_that_it_ends_with() =>
        Assert.Throws<ImportFaultException>(() => _bench.RunText("Date,Water (MGal)\n2024-01-01,1\n2024-01-02,3\n"));

    [Theory]
    [InlineData("Import kWh", "Export kWh")]
    [InlineData("Delivered (kWh)", "Received (kWh)")]
    [InlineData("Bezug kWh", "Einspeisung kWh")]
    [InlineData("Main Import kWh", "Main Export kWh")]
    [InlineData("Energy received from grid (kWh)", "Energy delivered to grid (kWh)")]
    public void What_flows_out_is_left_out_beside_what_flows_in_and_the_job_says_so(string flowsIn, string flowsOut)
    {
        _bench.RunText($"Time,{flowsIn},{flowsOut}\n2024-01-01 00:00,5,0\n2024-01-01 01:00,4,1\n");

        Assert.Equal(["meter energy 2024-01-01 00:00 1h 5", "meter energy 2024-01-01 01:00 1h 4"], _bench.Told);
        Assert.Equal(flowsOut, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Injection Molding kWh,Chiller kWh", "Injection Molding", "Chiller")]
    [InlineData("Export Hall kWh,Chiller kWh", "Export Hall", "Chiller")]
    [InlineData("Chiller kWh,Boiler kWh", "Chiller", "Boiler")]
    public void A_consumer_whose_name_has_a_word_for_export_stays(string headers, string first, string second)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,5,1\n2024-01-01 01:00,4,2\n");

        Assert.Equal(new[] { first, second }.Order(), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Theory]
    [InlineData("Usage (kWh),kWh Cost ($)")]
    [InlineData("kWh Used,kWh Charge ($)")]
    [InlineData("Usage (kWh),kWh/m²")]
    [InlineData("Usage (kWh),kWh per day")]
    [InlineData("Usage (kWh),Price (€/kWh)")]
    [InlineData("Verbrauch (kWh),Arbeitspreis (ct/kWh)")]
    [InlineData("Usage (kWh),Rate ($/therm)")]
    [InlineData("Usage (kWh),CO2 (g/kWh)")]
    public void Money_and_rates_are_no_energy(string headers)
    {
        _bench.RunText($"Start Date,End Date,{headers}\n2024-01-01,2024-02-01,500,75.5\n2024-02-01,2024-03-01,400,60.5\n");

        Assert.Equal([500.0, 400], _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.Single(_bench.Readings.SelectMany(reading => reading.Values.Select(value => value.Metric)).Distinct());
    }

    [Fact]
    public void Prices_beside_powers_are_no_energy()
    {
        _bench.RunText("Time,Power (kW),Price (€/kWh)\n2024-01-01 00:00,10,0.31\n2024-01-01 01:00,12,0.29\n2024-01-01 02:00,11,0.3\n");

        Assert.Equal(["active_power"], _bench.Readings.SelectMany(reading => reading.Values.Select(value => value.Metric)).Distinct());
        Assert.Equal("Price (€/kWh)", _bench.Assumed("left_out"));
    }

    [Fact]
    public void A_matrix_of_prices_is_no_energy()
    {
        var hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"));
        var prices = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{50 + hour}.5"));
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Day-ahead price (€/MWh)\nDate,{hours}\n2024-01-01,{prices}\n2024-01-02,{prices}\n")).Fault;

        Assert.Contains("the values are money", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_size_of_a_plant_multiplies_nothing()
    {
        _bench.RunText("Time,100 kW Solar\n2024-01-01 00:00,55\n2024-01-01 00:15,60\n", new ImportForm { Metric = "active_power", Unit = "kW" });

        Assert.Equal([55.0, 60], _bench.Readings.Select(reading => reading.Values.Single().Value));
    }

    [Fact]
    public void Another_device_whose_name_goes_on_with_a_number_is_another_device()
    {
        _bench.RunText("Time,Chiller kWh,Boiler kWh,Chiller 2 kW\n2024-01-01 00:00,5,1,20\n2024-01-01 01:00,4,2,21\n");

        Assert.DoesNotContain(_bench.Readings, reading => reading.EquipmentId == "Chiller" && reading.Values.Any(value => value.Metric == "active_power"));
    }

    [Fact]
    public void A_header_may_begin_with_its_unit()
    {
        _bench.RunText("Time,kWh,kW Demand,kV Bus 1\n2024-01-01 00:00,5,20,0.4\n2024-01-01 01:00,4,16,0.41\n");
        Assert.Equal(["active_power", "energy", "voltage"], _bench.Readings.SelectMany(reading => reading.Values.Select(value => value.Metric)).Distinct().Order());
        Assert.Equal([400.0, 410], _bench.Values("meter", "voltage").Select(value => value.Value));

        using var meters = new ImportBench();
        meters.RunText("Time,kW - Main Incomer,kW - HVAC\n2024-01-01 00:00,50,20\n2024-01-01 00:15,51,21\n");
        Assert.Equal(["HVAC", "Main Incomer"], meters.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Fact]
    public void Every_column_below_the_name_of_a_device_is_that_device_s()
    {
        _bench.RunText(
            "Device,Main.PM8,Main.PM8,Chiller.PM5\nTimestamp,Active Power (kW),Voltage L-N Avg (V),Active Power (kW)\n"
            + "2024-01-01 00:00,50,230,20\n2024-01-01 00:15,51,231,21\n");

        Assert.Equal(
            [("Chiller.PM5", "active_power"), ("Main.PM8", "active_power"), ("Main.PM8", "voltage")],
            _bench.Readings.SelectMany(reading => reading.Values.Select(value => (reading.EquipmentId, value.Metric))).Distinct().Order());
    }

    [Fact]
    public void A_bill_of_two_readings_lies_between_them()
    {
        _bench.RunText(
            "Account,Meter Number,Read Date,Prior Read Date,Days,Usage (kWh)\n1,M77,02/08/2016,01/05/2016,34,340\n1,M77,03/08/2016,02/08/2016,29,290\n1,M77,04/28/2016,03/08/2016,51,510\n");

        Assert.Equal(["M77 energy 2016-01-05 00:00 34d 340", "M77 energy 2016-02-08 00:00 29d 290", "M77 energy 2016-03-08 00:00 51d 510"], _bench.Told);
    }

    [Theory]
    [InlineData("Main kWh,Spare kWh,Total kWh", "5,0,5", "7,0,7", "Main", "Spare")]
    [InlineData("Main kWh,Spare kWh,Total kWh", "5,,5", "7,,7", "Main", null)]
    [InlineData("Total kWh,Main kWh,Spare kWh", "5,5,0", "7,7,0", "Main", "Spare")]
    [InlineData("Hall kWh,Spare kWh,Building kWh", "5,0,5", "7,0,7", "Hall", "Spare")]
    public void A_meter_that_alone_makes_the_total_stays(string headers, string first, string second, string meter, string? spare)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01,{first}\n2024-01-02,{second}\n");

        Assert.Equal([5.0, 7], _bench.Values(meter, "energy").Select(value => value.Value));
        Assert.Equal(spare is null ? [meter] : [meter, spare], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Theory]
    [InlineData("Bill Date,Electric kWh,Electric $,Gas therms,Gas $", "100,20.5,2,50")]
    [InlineData("Bill Date,Gas therms,Gas ($)", "2,50")]
    [InlineData("Bill Date,Electricity kWh,Electricity (£)", "100,30.1")]
    [InlineData("Bill Date,Gas m³,Gas €", "3,50")]
    public void What_has_the_sign_of_a_currency_is_money(string headers, string values)
    {
        _bench.RunText($"{headers}\n2024-01-01,{values}\n2024-02-01,{values}\n2024-03-01,{values}\n");

        Assert.Equal(3 * headers.Split(',').Skip(1).Count(header => header.IndexOfAny(['$', '£', '€']) < 0), _bench.Told.Count);
        Assert.Contains(headers.Split(',')[^1], _bench.Assumed("left_out"), StringComparison.Ordinal);
    }
}
