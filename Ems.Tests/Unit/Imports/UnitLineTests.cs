using Ems.Ingestion.Files;

namespace Ems.Tests.Unit.Imports;

/// <summary>Units in lines above the table.</summary>
public sealed class UnitLineTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Unit,MWh\n\nTime,Value", "energy 2024-01-15 00:00 1h 7000")]
    [InlineData("Unit: MWh\n\nTime,Value", "energy 2024-01-15 00:00 1h 7000")]
    [InlineData("Trend Log:,TL-101\nUnits:,kilowatts\n\nTime,Value", "active_power 2024-01-15 00:00 7")]
    [InlineData("Einheit:,kWh\nKunde:,Muster\n\nZeit,Wert", "energy 2024-01-15 00:00 1h 7")]
    [InlineData("UOM,kWh\n\nTime,Consumption", "energy 2024-01-15 00:00 1h 7")]
    public void They_are_of_values_that_say_none(string above, string first)
    {
        _bench.RunText($"{above}\n2024-01-15 00:00,7\n2024-01-15 01:00,8\n2024-01-15 02:00,6");

        Assert.Equal($"meter {first}", _bench.Told[0]);
        Assert.Equal(3, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Trend Log:,AHU1\nUnits:,kW", "Trend Log:,CH1\nUnits:,kW")]
    [InlineData("Units:,kW", "Units:,MW")]
    public void Another_log_below_the_first_one_is_refused(string first, string second)
    {
        static string Rows(int day) => "Time,Value\n" + string.Join('\n', Enumerable.Range(0, 4).Select(hour => $"2024-01-{day} 0{hour}:00,{7 + (hour % 3)}"));

        var refused = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{first}\n\n{Rows(15)}\n\n{second}\n\n{Rows(16)}"));

        Assert.Equal(ImportFault.DataValidationFailed, refused.Fault.Code);
    }

    [Theory]
    [InlineData("Gas consumption kWh", "energy", "gas")]
    [InlineData("Electricity (MWh) 2025", "energy", null)]
    [InlineData("Water usage m3", "water_volume", "water")]
    public void A_title_says_it_of_columns_of_which_none_does(string title, string metric, string? carrier)
    {
        _bench.RunText($"{title}\nMonth,North,South\n2025-01,5,9\n2025-02,7,8\n2025-03,6,9\n");

        Assert.Equal(["North", "South"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.All(_bench.Readings.SelectMany(reading => reading.Values), value => Assert.Equal(metric, value.Metric));
        Assert.All(_bench.Facts.Meters, meter => Assert.Equal(carrier, meter.Carrier));
    }

    [Theory]
    [InlineData("Gas consumption kWh", "North (m3),South (m3)")]
    [InlineData("Gas consumption kWh and cost", "North,South")]
    [InlineData("Northside Hotel kWh", "North,South")]
    [InlineData("Energy consumption kWh", "Electricity,Water")]
    [InlineData("Gas consumption kWh", "North,Degree days")]
    public void Where_a_column_says_something_or_the_title_more_it_is_asked(string title, string headers) =>
        Assert.Throws<ImportFaultException>(() => _bench.RunText($"{title}\nMonth,{headers}\n2025-01,5,9\n2025-02,7,8\n2025-03,6,9\n"));

    [Fact]
    public void A_column_of_their_metric_leaves_others_as_they_are()
    {
        _bench.RunText("UOM,kWh\n\nMeter Number,Time,Duration,Consumption,Generation,Net\n06123456,2024-01-15 00:00,60,7,1,6\n06123456,2024-01-15 01:00,60,8,1,7\n06123456,2024-01-15 02:00,60,6,1,5");

        Assert.Equal(["06123456 energy 2024-01-15 00:00 1h 7", "06123456 energy 2024-01-15 01:00 1h 8", "06123456 energy 2024-01-15 02:00 1h 6"], _bench.Told);
    }

    [Theory]
    [InlineData("Horodate;Valeur", "")]
    [InlineData("Horodate;Valeur;Nature;Pas;Indice de vraisemblance;Etat complementaire", ";B;PT30M;;")]
    public void That_of_a_small_table_above_is_taken_whatever_columns_the_other_has(string headers, string more)
    {
        var rows = Enumerable.Range(0, 48).Select(i => $"2024-06-01T{i / 2:00}:{i % 2 * 30:00}:00+02:00;{300 + (i % 7)}{more}\n");

        _bench.RunText($"Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite\n12345678901234;Courbe de charge;01/06/2024;02/06/2024;Energie active;Consommation;Comptage Brut;W\n{headers}\n{string.Concat(rows)}");

        Assert.Equal(48, _bench.Readings.Count);
        Assert.Equal(0.3, Assert.Single(_bench.Values(_bench.Readings[0].EquipmentId, "active_power").Take(1)).Value);
    }

    [Fact]
    public void Channels_of_a_list_above_that_have_different_units_leave_the_question()
    {
        var rows = Enumerable.Range(0, 48).Select(i => $"2024-06-01 {i / 2:00}:{i % 2 * 30:00},{300 + (i % 7)},{20 + (i % 5)}\n");

        Assert.Throws<ImportFaultException>(() => _bench.RunText($"Channel,Name,Unit\n1,Main,kW\n2,Hall,kWh\nTime,Ch 1,Ch 2\n{string.Concat(rows)}"));
    }

    [Theory]
    [InlineData("Stromverbrauch Werk Nord 2023 (kWh)", "Monat,Halle 1,Halle 2", "Halle 1 energy")]
    [InlineData("Consommation électrique (kWh) 2023", "Mois,Atelier,Bureaux", "Atelier energy")]
    [InlineData("Gasverbrauch (m³)", "Monat,Kessel 1,Kessel 2", "Kessel 1 gas_volume")]
    public void A_title_that_says_what_was_used_says_the_unit_of_meters_that_say_none(string title, string headers, string first)
    {
        _bench.RunText($"{title}\n{headers}\n01/2023,711,12\n02/2023,533,14\n03/2023,621,11\n");

        Assert.StartsWith(first, _bench.Told.Order(StringComparer.Ordinal).First(), StringComparison.Ordinal);
        Assert.Equal(6, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Consommation par bâtiment (MWh) - 2024", "Mois,Nord,Sud")]
    [InlineData("Electricity consumption (MWh) and outdoor temperature", "Month,North,Outdoor")]
    public void A_title_of_more_says_the_unit_that_is_to_be_sent(string title, string headers)
    {
        var refused = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{title}\n{headers}\n01/2023,711,12\n02/2023,533,14\n03/2023,621,11\n"));

        Assert.Contains("metric=energy, unit=MWh", refused.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Stromkosten 2023 (€)", "Monat,Halle 1,Halle 2", "01/2023,711,12\n02/2023,533,14\n03/2023,621,11\n")]
    [InlineData("Electricity cost 2023 (GBP)", "Month,Hall 1,Hall 2", "01/2023,711,12\n02/2023,533,14\n03/2023,621,11\n")]
    [InlineData("Electricity cost (GBP)", "Site,Jan 2023,Feb 2023,Mar 2023", "A,711,12,15\nB,533,14,16\n")]
    public void What_a_title_calls_money_is_no_reading(string title, string headers, string rows)
    {
        var refused = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{title}\n{headers}\n{rows}"));

        Assert.Contains($"'{title}' says that the values are money", refused.Fault.Message, StringComparison.Ordinal);
    }
}
