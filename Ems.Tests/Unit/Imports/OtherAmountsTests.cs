using System.Globalization;
using Ems.Ingestion.Files;
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

    [Theory]
    [InlineData("Actual kWh,Simulated kWh")]
    [InlineData("Actual kWh,Año anterior kWh")]
    [InlineData("Ist (kWh),Kumuliert (kWh)")]
    [InlineData("Réel kWh,Économies kWh,Référence kWh")]
    public void Beside_what_was_really_used_a_column_that_may_be_no_meter_is_asked_for(string headers)
    {
        var text = $"Time,{headers}\n{Rows(12, i => string.Join(',', headers.Split(',').Select((_, n) => Amount(i + n))))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Contains(headers.Split(',')[1], fault.Guess!.Columns.Select(column => column.Column));
        Assert.Equal(["meter energy"], Series());
    }

    [Theory]
    [InlineData("Actual kWh,Chiller kWh", "Actual energy|Chiller energy")]
    [InlineData("Actual kWh,Line 2 kWh", "Actual energy|Line 2 energy")]
    [InlineData("Real kWh,Nave kWh", "Nave energy|Real energy")]
    [InlineData("Ist kWh,Bürogebäude kWh", "Bürogebäude energy|Ist energy")]
    [InlineData("Real Energy (kWh),Block A (kWh)", "Block A energy|Real energy")]
    public void A_device_beside_it_is_a_meter(string headers, string series)
    {
        _bench.RunText($"Time,{headers}\n{Rows(12, i => $"{Amount(i)},{9 - (i % 3)}")}");

        Assert.Equal(series.Split('|'), Series());
    }

    [Theory]
    [InlineData("Capacity (kVA)")]
    [InlineData("Sanctioned load (kW)")]
    [InlineData("Vertragsleistung (kW)")]
    [InlineData("Puissance souscrite (kVA)")]
    [InlineData("Billing Demand kW,Actual Demand kW")]
    public void Beside_the_energy_of_a_month_a_power_is_agreed_billed_or_the_greatest(string powers)
    {
        var values = string.Join(',', powers.Split(',').Select(_ => 150));
        _bench.RunText($"Month,kWh,{powers}\n2025-01,4498,{values}\n2025-02,6509,{values}\n2025-03,6812,{values}\n");
        using var bill = new ImportBench();
        bill.RunText($"From,To,kWh,{powers}\n01/01/2025,31/01/2025,4498,{values}\n01/02/2025,28/02/2025,6509,{values}\n01/03/2025,31/03/2025,6812,{values}\n");

        Assert.Equal(["meter energy"], Series());
        Assert.Equal(["meter energy"], bill.Readings.SelectMany(reading => reading.Values, (reading, value) => $"{reading.EquipmentId} {value.Metric}").Distinct());
        Assert.Equal(powers.Replace(",", "; ", StringComparison.Ordinal), _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Month,kWh,kW\nJan-23,10836,42\nFeb-23,9186,44\nMar-23,14852,40\n", "kW")]
    [InlineData("Month,kWh,MD (kVA)\nJan-23,9829,59\nFeb-23,9713,54\nMar-23,10125,59\n", "MD (kVA)")]
    [InlineData("Date,kWh,Demand (kW)\n2024-01-01,1363,98\n2024-02-01,1449,112\n2024-03-01,1131,101\n", "Demand (kW)")]
    public void A_power_above_the_mean_that_the_energy_of_its_month_makes_is_the_greatest(string text, string leftOut)
    {
        _bench.RunText(text);

        Assert.Equal(["meter energy"], Series());
        Assert.Equal(leftOut, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Month,Demand (kW)\nJan-23,49\nFeb-23,42\nMar-23,58\n", "Demand (kW)")]
    [InlineData("Month,MD (kVA)\nJan-23,49\nFeb-23,42\nMar-23,58\n", "MD (kVA)")]
    [InlineData("Date,Peak (kW)\n2023-01-01,49\n2023-02-01,42\n2023-03-01,58\n", "Peak (kW)")]
    public void The_greatest_powers_of_months_alone_are_asked_about(string text, string column)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal(column, fault.Column);
        Assert.Contains("is not the mean of its interval; map it to keep it", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Month,kWh,Average power (kW)\n2025-01,4498,6\n2025-02,6509,9\n2025-03,6812,9\n")]
    [InlineData("Month,Energy (kWh),Durchschnittliche Leistung (kW)\n2025-01,4498,6\n2025-02,6509,9\n2025-03,6812,9\n")]
    [InlineData("Month,Energy (kWh),Mittl. Leistung (kW)\n2025-01,4498,6\n2025-02,6509,9\n2025-03,6812,9\n")]
    [InlineData("Month,Energy (kWh),Gem. vertragsvermogen (kW)\n2025-01,4498,6\n2025-02,6509,9\n2025-03,6812,9\n")]
    [InlineData("Month,Energy (kWh),Average contract demand (kW)\n2025-01,4498,6\n2025-02,6509,9\n2025-03,6812,9\n")]
    [InlineData("Month,Energy (kWh),Leistung (kW)\n2025-01,4498,6\n2025-02,6509,9\n2025-03,6812,9\n")]
    [InlineData("Date,kWh,kW\n2024-01-01,1363,56.8\n2024-01-02,1449,60.4\n2024-01-03,1131,47.1\n2024-01-04,1131,47.1\n2024-01-05,1131,47.1\n2024-01-06,1131,47.1\n2024-01-07,1131,47.1\n")]
    [InlineData("Month,kWh,kW\n2025-01,4498,6.05\n2025-02,6509,9.69\n2025-03,6812,9.16\n")]
    [InlineData("Month,Average demand (kW)\n2025-01,6\n2025-02,9\n2025-03,9\n")]
    [InlineData("Month,Load (kW)\n2025-01,6\n2025-02,9\n2025-03,9\n")]
    [InlineData("Start,End,kWh,Load (kW)\n2025-01-01 00:00,2025-01-01 01:00,6,6\n2025-01-01 01:00,2025-01-01 02:00,9,9\n2025-01-01 02:00,2025-01-01 03:00,9,9\n")]
    public void A_mean_and_the_power_of_an_hour_are_kept(string text)
    {
        _bench.RunText(text);

        Assert.Contains("meter active_power", Series());
    }

    [Theory]
    [InlineData("Actual (kWh),HT (kWh),NT (kWh)")]
    [InlineData("Actual (kWh),Peak (kWh),Off-Peak (kWh)")]
    [InlineData("Actual (kWh),Day (kWh),Night (kWh)")]
    public void Tariffs_beside_what_was_used_are_read(string headers)
    {
        _bench.RunText($"Time,{headers}\n{Rows(12, i => $"{Amount(i)},{9 - (i % 3)},{4 + (i % 5)}")}");

        Assert.NotEmpty(Series());
    }

    [Fact]
    public void What_a_plant_makes_is_no_demand_of_a_bill()
    {
        Assert.Throws<ImportFaultException>(() => _bench.RunText("Month,PV Leistung (kW),Energy (kWh)\n2025-01,6,4498\n2025-02,9,6509\n2025-03,9,6812\n"));
    }

    [Theory]
    [InlineData("Hot water temperature")]
    [InlineData("Steam temperature")]
    public void Hot_water_is_no_weather(string header)
    {
        _bench.RunText($"Month,{header},Energy (kWh)\n2025-01,58,4498\n2025-02,59,6509\n2025-03,58,6812\n");

        Assert.Contains("temperature", string.Join(' ', Series()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_that_may_be_a_million_is_asked_about()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Fecha,Energía (mil kWh)\n2025-01-01 00:00,6\n2025-01-01 01:00,9\n2025-01-01 02:00,9\n")).Fault;

        Assert.Contains("multiple of kWh", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Heat (MWh),Target (MWh)")]
    [InlineData("Heat (MWh),Budget (MWh)")]
    public void A_target_beside_heat_is_none_of_its_energy(string headers)
    {
        _bench.RunText($"Month,{headers}\n2024-01,17,15\n2024-02,18,15\n2024-03,16,14\n");

        Assert.Equal(["meter heat"], Series());
    }

    [Theory]
    [InlineData("Wärme (MWh),witterungsbereinigt (MWh)")]
    [InlineData("Wärmeverbrauch (MWh),Wärmeverbrauch witterungsbereinigt (MWh)")]
    [InlineData("Wärmeverbrauch (MWh),Witterungsbereinigter Wärmeverbrauch (MWh)")]
    [InlineData("Verbrauch (MWh),Bereinigter Verbrauch (MWh)")]
    [InlineData("Heat (MWh),Weather corrected (MWh)")]
    [InlineData("Heat (MWh),Weather-corrected heat (MWh)")]
    [InlineData("Consumption (kWh),Weather normalised consumption (kWh)")]
    [InlineData("Gas (kWh),Degree-day normalised (kWh)")]
    [InlineData("Värme (MWh),Normalårskorrigerad (MWh)")]
    [InlineData("Förbrukning (MWh),Normalårskorrigerad förbrukning (MWh)")]
    [InlineData("Fjernvarme (MWh),Graddagekorrigeret (MWh)")]
    [InlineData("Energi (kWh),Temperaturkorrigert (kWh)")]
    [InlineData("Chauffage (MWh),Corrigé DJU (MWh)")]
    [InlineData("Consommation (kWh),Consommation corrigée du climat (kWh)")]
    [InlineData("Verbruik (kWh),Graaddagen gecorrigeerd (kWh)")]
    [InlineData("Kulutus (MWh),Normeerattu kulutus (MWh)")]
    public void What_would_have_been_used_in_other_weather_is_none_of_what_was(string headers)
    {
        _bench.RunText($"Month,{headers}\n2024-01,17,15\n2024-02,18,15\n2024-03,16,14\n");

        Assert.Equal(headers.Split(',')[1], _bench.Assumed("left_out"));
        Assert.Single(Series());
    }

    [Theory]
    [InlineData("Weather corrected (kWh)", 1)]
    [InlineData("Strom (kWh),Wärme witterungsbereinigt (kWh)", 2)]
    [InlineData("Furnace (kWh),Normalizing furnace (kWh)", 2)]
    [InlineData("Hall 1 (kWh),Climate chamber (kWh),Weather station (kWh)", 3)]
    [InlineData("Hall A normalised (kWh),Hall B normalised (kWh)", 2)]
    public void What_is_corrected_for_the_weather_is_kept_where_nothing_else_counts_it(string headers, int series)
    {
        _bench.RunText($"Month,{headers}\n2024-01,17,15,9\n2024-02,18,15,8\n2024-03,16,14,7\n");

        Assert.Equal(series, Series().Count());
    }

    [Fact]
    public void What_is_corrected_of_another_carrier_is_asked_about()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Month,Electricity (kWh),Gas weather corrected (kWh)\n2024-01,17,15\n2024-02,18,15\n2024-03,16,14\n")).Fault;

        Assert.Contains("Gas weather corrected (kWh)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_weather_of_a_month_is_as_warm_as_that_of_a_bill_in_Fahrenheit()
    {
        _bench.RunText("Read Date,Usage (kWh),Number of Days,Average temperature\n01/31/2026,936,31,51\n02/28/2026,927,28,50\n03/31/2026,936,31,61\n");

        Assert.Equal(["meter energy"], Series());
    }

    /// <summary>Whether the header has the unit, or the request.</summary>
    [Theory]
    [InlineData("Actual kWh,N-1 kWh", false)]
    [InlineData("Actual kWh,Actual 2023 kWh", false)]
    [InlineData("Consommation N kWh,Consommation N-1 kWh", false)]
    [InlineData("Actual kWh,Année N-1 kWh", false)]
    [InlineData("Actual,N-1", true)]
    [InlineData("Actual,Actual 2023", true)]
    [InlineData("Actual,Last year", true)]
    public void What_was_used_in_another_year_is_none_of_this_one(string headers, bool isTold)
    {
        _bench.RunText($"Month,{headers}\n2024-01,100,70\n2024-02,90,80\n2024-03,110,60\n", isTold ? new ImportForm { Metric = "energy", Unit = "kWh" } : null);

        Assert.Equal(300, _bench.Sum("meter", "energy"));
        Assert.Equal(3, _bench.Readings.Count);
        Assert.Contains(headers.Split(',')[1], _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hall 1 Actual kWh,Hall 1 N-1 kWh,Hall 2 Actual kWh,Hall 2 N-1 kWh", "Hall 1 Actual,Hall 2 Actual")]
    [InlineData("Hall 1 Actual kWh,Hall 1 Actual 2023 kWh,Hall 2 Actual kWh,Hall 2 Actual 2023 kWh", "Hall 1 Actual,Hall 2 Actual")]
    [InlineData("Hall 1 Actual kWh,Hall 1 Budget kWh,Hall 2 Actual kWh,Hall 2 Budget kWh", "Hall 1 Actual,Hall 2 Actual")]
    [InlineData("Hall 1 Actual kWh,Hall 1 Previous year kWh,Hall 2 Actual kWh,Hall 2 Previous year kWh", "Hall 1 Actual,Hall 2 Actual")]
    [InlineData("Halle 1 Ist kWh,Halle 1 Vorjahr kWh,Halle 2 Ist kWh,Halle 2 Soll kWh", "Halle 1 Ist,Halle 2 Ist")]
    [InlineData("Hall 1 Actual kWh,Hall 1 N-1 kWh", "meter")]
    [InlineData("HT Ist kWh,HT Soll kWh,NT Ist kWh,NT Soll kWh", "HT Ist,NT Ist")]
    [InlineData("Hall 1 Actual kWh,Hall 2 Actual kWh", "Hall 1 Actual,Hall 2 Actual")]
    [InlineData("Hall 1 Actual kWh,Hall 1 Budget kWh,Hall 2 Actual kWh,Hall 1 kWh", "Hall 1,Hall 1 Actual,Hall 2 Actual")]
    [InlineData("Hall Actual kWh,Feeder N-1 kWh,Feeder N-2 kWh", "Feeder N-1,Feeder N-2,Hall Actual")]
    public void Beside_what_was_used_of_several_things_what_was_not_is_left_out(string headers, string meters)
    {
        var cells = headers.Split(',').Select((_, i) => 100 + (i * 7)).ToList();
        _bench.RunText($"Month,{headers}\n{string.Concat(Enumerable.Range(1, 4).Select(month => $"2024-{month:00},{string.Join(',', cells.Select(cell => cell + (month % 3)))}\n"))}");

        Assert.Equal(meters.Split(','), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("N-1 kWh,N-2 kWh,N-3 kWh", 3)]
    [InlineData("Actual 2023 kWh,Actual 2024 kWh", 2)]
    [InlineData("Feeder N kWh,Feeder N-1 kWh,Feeder N-2 kWh", 3)]
    [InlineData("Panel N kWh,Panel N-1 kWh,Panel E-1 kWh", 3)]
    [InlineData("N kWh,N-1 kWh,N-2 kWh", 3)]
    [InlineData("Line N kWh,Line N-1 kWh", 2)]
    [InlineData("Pump N kWh,Pump N-1 kWh", 2)]
    public void Without_what_was_used_they_may_be_meters(string headers, int meters)
    {
        _bench.RunText($"Month,{headers}\n2024-01,100,70,50\n2024-02,90,80,40\n2024-03,110,60,70\n");

        Assert.Equal(meters, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    [Fact]
    public void Beside_another_letter_N_1_is_a_name()
    {
        _bench.RunText("Month,N,N-1,S\n2024-01,100,70,50\n2024-02,90,80,40\n2024-03,110,60,70\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    [Fact]
    public void A_unit_of_a_building_is_none_of_its_energy()
    {
        _bench.RunText("Month,Unit,Tenant,Meter No,Previous,Current,kWh\n2024-01,U1,Bakery,E1001,11001,11646,645\n2024-01,U2,Gym,E1002,11002,11517,515\n2024-02,U1,Bakery,E1001,11646,12296,650\n2024-02,U2,Gym,E1002,11517,11952,435\n");

        Assert.Equal(["E1001 energy", "E1002 energy"], Series());
        Assert.Empty(_bench.FaultCodes);
    }

    private IEnumerable<string> Series() => _bench.Readings.SelectMany(reading => reading.Values, (reading, value) => $"{reading.EquipmentId} {value.Metric}").Distinct().Order(StringComparer.Ordinal);

    private static int Amount(int i) => 5 + (i * 7 % 13);

    private static string Rows(int count, Func<int, string> row) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"{new DateTime(2024, 1, 1).AddHours(i).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)},{row(i)}\n"));

    [Theory]
    [InlineData("Last Year kWh,This Year kWh,Change kWh", "-200")]
    [InlineData("Conso N-1 (kWh),Conso N (kWh),Evolution (kWh)", "-200")]
    public void How_two_columns_differ_is_no_meter(string headers, string change)
    {
        _bench.RunText($"Month,{headers}\n2023-01,700,500,{change}\n2023-02,400,430,30\n2023-03,300,360,60\n");

        Assert.Equal(["meter energy"], Series());
        Assert.Equal(1290, _bench.Readings.Sum(reading => reading.Values[0].Value));
    }

    [Fact]
    public void What_lies_between_two_meters_is_none()
    {
        _bench.RunText("Month,Main kWh,Sub kWh,Difference kWh\n2023-01,700,500,200\n2023-02,430,400,30\n2023-03,360,300,60\n");

        Assert.Equal(["Main energy", "Sub energy"], Series());
    }

    [Theory]
    [InlineData("Old kWh,New kWh,Change kWh")]
    [InlineData("Before kWh,After kWh,Saving kWh")]
    [InlineData("Avant kWh,Après kWh,Écart kWh")]
    public void Whether_old_and_new_are_of_one_meter_is_asked(string headers)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Month,{headers}\n2023-01,700,500,-200\n2023-02,400,430,30\n2023-03,300,360,60\n")).Fault;

        Assert.Contains("may be what one meter counted at two times", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gasverbruik m3,Gasverbruik gecorrigeerd m3")]
    [InlineData("Gasverbruik m3,Gasverbruik graaddagen gecorrigeerd m3")]
    public void A_volume_and_the_same_corrected_are_not_counted_twice(string headers)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Month,{headers}\n2023-01,700,500\n2023-02,400,430\n2023-03,300,360\n")).Fault;

        Assert.Contains("once more, corrected", fault.Message, StringComparison.Ordinal);
    }
}
