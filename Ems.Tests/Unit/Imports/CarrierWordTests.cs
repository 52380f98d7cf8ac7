using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Headers;

namespace Ems.Tests.Unit.Imports;

/// <summary>Words and units of headers that say what flows through a meter.</summary>
public sealed class CarrierWordTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Codes_of_heat_and_water_in_paths_of_systems_say_what_flows()
    {
        _bench.RunText($"Zeit;GMS1.EL.HV.Wirkenergie [kWh];GMS1.HZG.WMZ01.Energie [MWh];GMS1.KLT.KMZ02.Energie [MWh];GMS1.SAN.KW.Volumen [m3]\n{string.Concat(Enumerable.Range(0, 24).Select(hour => $"01.03.2025 {hour:00}:00;{16 + (hour % 4)},5;0,0{1 + (hour % 3)};0,0{2 + (hour % 2)};{hour % 3},25\n"))}");

        Assert.Equal(
            [("GMS1.EL.HV.Wirkenergie", null), ("GMS1.HZG.WMZ01.Energie", "heat"), ("GMS1.KLT.KMZ02.Energie", "cooling"), ("GMS1.SAN.KW.Volumen", "water")],
            _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).OrderBy(meter => meter.EquipmentId, StringComparer.Ordinal));
        Assert.Equal(24, _bench.Values("GMS1.SAN.KW.Volumen", "water_volume").Count());
    }

    [Theory]
    [InlineData("KWZ Haus [m³]", "water_volume")]
    [InlineData("WWZ Küche [m³]", "water_volume")]
    [InlineData("SAN.PWC.Zähler [m³]", "water_volume")]
    [InlineData("A.SAN.KW.Menge [m³]", "water_volume")]
    [InlineData("KW 12 [m³]", null)]
    [InlineData("Kessel 200 KW [m³]", null)]
    [InlineData("Gas KWZ 1 [m³]", "gas_volume")]
    public void Short_names_of_meters_of_water_are_known(string header, string? metric) => Assert.Equal(metric, HeaderReader.Read(header).Metric?.Name);

    [Fact]
    public void What_a_compressor_uses_is_electricity_beside_the_air_that_flows()
    {
        _bench.RunText(
            $"Datum;Druckluft Volumenstrom [m³/h];Druckluft Verbrauch [m³];Kompressor 1 Leistung [kW]\n{string.Concat(Enumerable.Range(0, 24).Select(hour => $"10.03.2025 {hour:00}:00;{140 + (hour % 5)},5;{1845200 + (hour * 12)},5;{22 + (hour % 4)},25\n"))}", fileName: "Druckluft.csv");

        Assert.NotEqual("compressed air", Assert.Single(_bench.Facts.Meters).Carrier);
        Assert.Equal(24, _bench.Readings.SelectMany(reading => reading.Values).Count(value => value.Metric == "active_power"));
        var why = Assert.Single(_bench.Facts.Assumptions, assumption => assumption is { What: "left_out", Value: "Druckluft Verbrauch [m³]" }).Why;
        Assert.Contains("\"metric\":\"druckluft_verbrauch_m3\"", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Heavy Fuel Oil (L)", "\"metric\":\"heavy_fuel_oil_l\",\"unit\":\"l\"")]
    [InlineData("Steam Produced (t)", "\"metric\":\"steam_produced_t\",\"unit\":\"t\"")]
    public void Of_fuels_and_steam_by_mass_it_is_said_how_to_keep_them(string header, string advice)
    {
        _bench.RunText($"Date,{header},Natural Gas (Nm3)\n{string.Concat(Enumerable.Range(1, 9).Select(day => $"2025-01-0{day},{100 + (day % 4)}.5,{400 + (day % 3)}\n"))}");

        Assert.Contains(advice, Assert.Single(_bench.Facts.Assumptions, assumption => assumption is { What: "left_out" } && assumption.Value == header).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Fjärrvärme (MWh)", "heat")]
    [InlineData("Fjernvarme (MWh)", "heat")]
    [InlineData("Kaukolämpö (MWh)", "heat")]
    [InlineData("Kaukolampo (MWh)", "heat")]
    [InlineData("Chauffage urbain (MWh)", "heat")]
    [InlineData("Teleriscaldamento (MWh)", "heat")]
    [InlineData("Stadsverwarming (GJ)", "heat")]
    [InlineData("Calefacción (kWh)", "heat")]
    [InlineData("CALEFACCION (kWh)", "heat")]
    [InlineData("Naturgas (kWh)", "gas")]
    [InlineData("Maakaasu (MWh)", "gas")]
    [InlineData("Electricite (kWh)", "electricity")]
    [InlineData("Erdgas [kWh Ho]", "gas")]
    [InlineData("Verbrauch (kWh Hs)", "gas")]
    [InlineData("Consommation kWh_PCS", "gas")]
    [InlineData("Gas (kWh GCV)", "gas")]
    [InlineData("Pellets (kWh Hi)", "wood")]
    [InlineData("Electricity (kWhe)", "electricity")]
    [InlineData("Strom (kWh el)", "electricity")]
    [InlineData("Output (kWhth)", "heat")]
    [InlineData("Output (MWh th)", "heat")]
    [InlineData("Gas (kWhth)", "gas")]
    [InlineData("Wärmeverbrauch (kWh)", "heat")]
    [InlineData("Waermeverbrauch (kWh)", "heat")]
    [InlineData("Fernwärmeverbrauch (MWh)", "heat")]
    [InlineData("Heizenergie (kWh)", "heat")]
    [InlineData("Warmteverbruik (GJ)", "heat")]
    [InlineData("Fjärrvärmeförbrukning (MWh)", "heat")]
    [InlineData("Varmeforbrug (MWh)", "heat")]
    [InlineData("Energia cieplna (GJ)", "heat")]
    [InlineData("Kälteverbrauch (kWh)", "cooling")]
    [InlineData("Kyla (MWh)", "cooling")]
    [InlineData("Energia elettrica (kWh)", "electricity")]
    [InlineData("Énergie électrique (kWh)", "electricity")]
    [InlineData("Elförbrukning (kWh)", "electricity")]
    [InlineData("Wärmepumpe Verbrauch (kWh)", null)]
    [InlineData("kWh E", null)]
    [InlineData("Png office (kWh)", null)]
    [InlineData("LTHW (kWh)", "heat")]
    [InlineData("DHW (kWh)", null)]
    [InlineData("STM (kWh)", null)]
    public void They_say_what_energy_is_of(string header, string? carrier)
    {
        _bench.RunText($"Month;Site id;{header}\n2025-01;A1;5\n2025-02;A1;7\n2025-03;A1;6\n");

        Assert.Equal(carrier, Assert.Single(_bench.Facts.Meters).Carrier);
        Assert.Equal(3, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Vatten (m3)", "water_volume 2025-01-01 00:00 31d 5")]
    [InlineData("Vann (m3)", "water_volume 2025-01-01 00:00 31d 5")]
    [InlineData("Vand (m3)", "water_volume 2025-01-01 00:00 31d 5")]
    [InlineData("Vesi (m3)", "water_volume 2025-01-01 00:00 31d 5")]
    [InlineData("Water (kL)", "water_volume 2025-01-01 00:00 31d 5")]
    [InlineData("Water usage KL", "water_volume 2025-01-01 00:00 31d 5")]
    [InlineData("Water (ML)", "water_volume 2025-01-01 00:00 31d 5000")]
    [InlineData("Water usage ML", "water_volume 2025-01-01 00:00 31d 5000")]
    [InlineData("Metano (Smc)", "gas_volume 2025-01-01 00:00 31d 5")]
    [InlineData("PNG (SCM)", "gas_volume 2025-01-01 00:00 31d 5")]
    public void They_say_what_a_volume_is_of(string header, string first)
    {
        _bench.RunText($"Month;Site id;{header}\n2025-01;A1;5\n2025-02;A1;7\n2025-03;A1;6\n");

        Assert.Equal($"A1 {first}", _bench.Told[0]);
    }

    [Theory]
    [InlineData("kWh PCS", "gas")]
    [InlineData("kWh", null)]
    public void So_do_units_of_rows(string unit, string? carrier)
    {
        _bench.RunText($"Month,Meter,Usage,Unit\n2025-01,A1,5,{unit}\n2025-02,A1,7,{unit}\n2025-03,A1,6,{unit}\n");

        Assert.Equal(carrier, Assert.Single(_bench.Facts.Meters).Carrier);
    }

    [Theory]
    [InlineData("KL (kWh);ML (kWh)", null)]
    [InlineData("KL;ML", "energy")]
    public void A_city_and_a_line_may_be_called_as_litres_are(string headers, string? metric)
    {
        _bench.RunText($"Month;{headers}\n2025-01;5;9\n2025-02;7;8\n2025-03;6;9\n", new ImportForm { Metric = metric, Unit = metric is null ? null : "kWh" });

        Assert.Equal(["KL", "ML"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Fact]
    public void Volumes_of_what_is_no_carrier_are_those_of_what_is_written_in_its_place()
    {
        string Bills(string commodity) => "Meter,Commodity,Start,End,Usage,Unit\n" + string.Concat(Enumerable.Range(1, 9).Select(month =>
            $"M1,WATER,2024-0{month}-01,2024-0{month}-28,{10 + (month % 4)},CCF\nM2,{commodity},2024-0{month}-01,2024-0{month}-28,{20 + (month % 3)},CCF\n"));
        _bench.RunText(Bills("IRRIGATION"));

        Assert.Contains("write Water or Gas in its place", _bench.Items.SelectMany(item => item.Faults).First().Message, StringComparison.Ordinal);
        using var bench = new ImportBench();
        bench.RunText(Bills("Water"));
        Assert.Equal(9, bench.Values("M2", "water_volume").Count());
    }

    [Theory]
    [InlineData("Date,Usage,Unit\n2024-06-13,1,therms\n2024-06-14,2,therms\n", "gas")]
    [InlineData("Meter,Date,Usage,UOM\nGM-1,2024-06-13,1,THERMS\nGM-1,2024-06-14,2,THERMS\n", "gas")]
    [InlineData("Meter,Commodity,Date,Usage,Unit\nA1,NATURALGAS,2024-06-13,1,MMBTU\nA1,NATURALGAS,2024-06-14,2,MMBTU\n", "gas")]
    [InlineData("Meter,Commodity,Date,Usage,Unit\nA1,NG,2024-06-13,1,CCF\nA1,NG,2024-06-14,2,CCF\n", "gas")]
    [InlineData("Meter,Commodity,Date,Usage,Unit\nA1,CHW,2024-06-13,1,kWh\nA1,CHW,2024-06-14,2,kWh\n", "cooling")]
    [InlineData("Meter,Commodity,Date,Usage,Unit\nA1,HOTWATER,2024-06-13,1,MMBTU\nA1,HOTWATER,2024-06-14,2,MMBTU\n", "heat")]
    [InlineData("Date,CHW Usage (ton-hours)\n2024-06-13,100\n2024-06-14,131.7\n", "cooling")]
    [InlineData("Meter,Utility,Date,kWh\nA1,NG,2024-06-13,1\nA1,NG,2024-06-14,2\n", null)]
    [InlineData("Date,NG building (kWh)\n2024-06-13,100\n2024-06-14,131.7\n", null)]
    public void Units_of_rows_and_codes_of_lists_say_it_too(string text, string? carrier)
    {
        _bench.RunText(text);

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([carrier], _bench.Facts.Meters.Select(meter => meter.Carrier));
    }

    [Theory]
    [InlineData("Energia elettrica kWh,Gas Smc")]
    [InlineData("Énergie électrique kWh,Gaz m³")]
    [InlineData("Energia elektryczna kWh,Gaz m³")]
    [InlineData("Elektrische energie kWh,Gas m³")]
    [InlineData("Elförbrukning kWh,Gas m³")]
    public void Electricity_beside_gas_in_cubic_metres_is_no_energy_of_gas(string headers)
    {
        _bench.RunText($"Month,{headers}\n2025-01,500,10\n2025-02,700,12\n2025-03,600,11\n");

        Assert.Contains("electricity", _bench.Facts.Meters.Select(meter => meter.Carrier));
        Assert.Contains("gas", _bench.Facts.Meters.Select(meter => meter.Carrier));
    }
}
