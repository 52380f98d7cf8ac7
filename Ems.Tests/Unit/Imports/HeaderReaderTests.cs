using Ems.Ingestion.Imports.Layouts;

namespace Ems.Tests.Unit.Imports;

public sealed class HeaderReaderTests
{
    [Theory]
    [InlineData("Voltage (V)", "voltage", "V", "")]
    [InlineData("kWh", "energy", "kWh", "")]
    [InlineData("temp_F", "temperature", "°F", "")]
    [InlineData("outdoor_temp_C", "temperature", "°C", "")]
    [InlineData("RealPower", "active_power", null, "")]
    [InlineData("Reactive Power (kVAR)", "reactive_power", "kvar", "")]
    [InlineData("Electricity Use (Grid)  (kBtu)", "energy", "kBtu", "Use (Grid)")]
    [InlineData("Usage [kBtu (thousand Btu)]", "energy", "kBtu", "")]
    [InlineData("Gebäude Süd kWh", "energy", "kWh", "Gebäude Süd")]
    [InlineData("HVAC Energy (MWh)", "energy", "MWh", "HVAC")]
    [InlineData("Energy, kWh", "energy", "kWh", "")]
    [InlineData("Voltage L1", null, null, "Voltage L1")]
    [InlineData("Voltage L1 (V)", "voltage", "V", "L1")]
    [InlineData("gas_m3", "gas_volume", "m³", "")]
    [InlineData("elec_kWh", "energy", "kWh", "elec")]
    [InlineData("demand_MW", "active_power", "MW", "")]
    [InlineData("Airflow (m³/h)", "airflow", "m³/h", "")]
    [InlineData("Current Reading", null, null, "Current Reading")]
    [InlineData("SOUTH_C", null, null, "SOUTH_C")]
    [InlineData("Main House-Mains_A (kWhs)", "energy", "kWh", "Main House-Mains_A")]
    [InlineData("KWH/hh (per half hour)", "energy", "kWh", "")]
    [InlineData("Usage kWh/15 min", "energy", "kWh", "")]
    [InlineData("kWh per half hour", "energy", "kWh", "")]
    [InlineData("kWh/day", "energy", "kWh", "")]
    [InlineData("Usage (kWh per day)", "energy", "kWh", "")]
    [InlineData("MWh/h", "energy", "MWh", "")]
    [InlineData("Gas m3/day", "gas_volume", "m³", "")]
    [InlineData("Fan kW avg", "active_power", "kW", "Fan")]
    [InlineData("Demand (kW avg)", "active_power", "kW", "")]
    [InlineData("kW max", "active_power", "kW", "max")]
    [InlineData("Steam (MLbs. (million pounds))", "energy", "million lb", "Steam")]
    [InlineData("Steam (Mlb)", null, null, "Steam (Mlb)")]
    [InlineData("Water (CCFs)", "water_volume", "ccf", "")]
    [InlineData("Water gals", "water_volume", "gal", "")]
    [InlineData("Gas (scm)", "gas_volume", "Sm³", "")]
    [InlineData("Cooling (tonhr)", "energy", "ton hour", "Cooling")]
    [InlineData("L1 max W", "active_power", "W", "L1 max")]
    [InlineData("Wing W", null, null, "Wing W")]
    [InlineData("lag_react_energy", null, null, "lag_react")]
    [InlineData("Building A", null, null, "Building A")]
    [InlineData("Meter 1", null, null, "Meter 1")]
    [InlineData("Site EUI (kBtu/ft²)", null, null, "Site EUI (kBtu/ft²)")]
    [InlineData("Diesel #2", null, null, "Diesel #2")]
    [InlineData("Validated", null, null, "Validated")]
    [InlineData("Zählerstand (kWh)", "energy_import_register", "kWh", "")]
    [InlineData("Zählerstand Bezug kWh", "energy_import_register", "kWh", "")]
    [InlineData("Zählerstand Einspeisung kWh", "energy_export_register", "kWh", "")]
    [InlineData("Meterstand (kWh)", "energy_import_register", "kWh", "")]
    [InlineData("Lectura (kWh)", "energy_import_register", "kWh", "")]
    [InlineData("Index (kWh)", "energy_import_register", "kWh", "")]
    [InlineData("Index", null, null, "Index")]
    [InlineData("Water Use (KGal (thousand gallons) (UK))", "water_volume", "UK kgal", "Use")]
    [InlineData("Water Use (MCF (million cubic feet))", "water_volume", "1000000 ft³", "Use")]
    [InlineData("Water Gallons (UK)", "water_volume", "UK gal", "")]
    [InlineData("Gas (cm (cubic meters))", "gas_volume", "m³", "")]
    [InlineData("Waste Water (m³)", null, "m³", "Waste")]
    [InlineData("Sewage pump (kWh)", "energy", "kWh", "Sewage pump")]
    [InlineData("Sewage (kGal)", null, "kgal", "Sewage")]
    [InlineData("Power, kW (LGR S/N: 10204042, SEN S/N: 1)", "active_power", "kW", "LGR S/N: 10204042, SEN S/N: 1")]
    [InlineData("Temp, °F (LGR S/N: 10204042)", "temperature", "°F", "LGR S/N: 10204042")]
    [InlineData("Usage kWh (CHF)", null, null, "Usage kWh (CHF)")]
    [InlineData("Wasser m³ (Kalt)", "water_volume", "m³", "Wasser Kalt")]
    [InlineData("kWh Cost (EUR)", null, null, "kWh Cost (EUR)")]
    [InlineData("Building A (North)", null, null, "Building A (North)")]
    [InlineData("power_w", "active_power", "W", "")]
    [InlineData("temp_c", "temperature", "°C", "")]
    [InlineData("current_a", null, null, "current_a")]
    [InlineData("south_c", null, null, "south_c")]
    [InlineData("Power Factor Total avg", "power_factor", null, "Total avg")]
    [InlineData("Cos Phi L1", "power_factor", null, "L1")]
    [InlineData("Power Factor House", null, null, "Power Factor House")]
    public void A_header_names_metric_unit_and_meter(string header, string? metric, string? unit, string rest)
    {
        var reading = HeaderReader.Read(header);

        Assert.Equal((metric, unit, rest), (reading.Metric?.Name, reading.Unit?.Symbol, reading.Rest));
    }

    [Theory]
    [InlineData("Water (l/h)", true)]
    [InlineData("Flow L/h", true)]
    [InlineData("Gas flow (m³/h)", true)]
    [InlineData("Hot water (m3/h)", true)]
    [InlineData("Water flow GPM", true)]
    [InlineData("Airflow (m³/h)", false)]
    [InlineData("Supply (m³/h)", false)]
    [InlineData("Water (l)", false)]
    public void A_flow_of_anything_but_air_has_no_metric(string header, bool isFlow) =>
        Assert.Equal((isFlow, isFlow ? null : header.Contains("Water", StringComparison.Ordinal) ? "water_volume" : "airflow"), (HeaderReader.Read(header).IsFlow, HeaderReader.Read(header).Metric?.Name));

    [Theory]
    [InlineData("Price (€/kWh)")]
    [InlineData("Rate ($/therm)")]
    [InlineData("Unit Rate p/kWh")]
    [InlineData("Arbeitspreis (ct/kWh)")]
    [InlineData("Arbeitspreis ct/kWh")]
    [InlineData("Arbeitspreis (Rp./kWh)")]
    [InlineData("Spotpris (kr/kWh)")]
    [InlineData("Prix (Fr./kWh)")]
    [InlineData("Emissions (grams/kWh)")]
    [InlineData("Preis / kWh")]
    [InlineData("Cost per kWh")]
    [InlineData("Cost (€ per kWh)")]
    [InlineData("Kosten pro kWh")]
    [InlineData("€/kWh")]
    [InlineData("CO2 (g/kWh)")]
    [InlineData("Emissions kg CO2/kWh")]
    [InlineData("Water rate ($/kgal)")]
    [InlineData("kWh/m3")]
    [InlineData("Specific power (kW/kW)")]
    [InlineData("Preis Tarif 1 / kWh")]
    [InlineData("Standing Charge / kWh")]
    [InlineData("Rate/kWh")]
    [InlineData("Energy rate / kWh")]
    public void What_is_counted_per_unit_is_none_of_it(string header)
    {
        var reading = HeaderReader.Read(header);

        Assert.Equal((null, null, true), (reading.Metric, reading.Unit, reading.IsRatio));
    }

    [Theory]
    [InlineData("Energie / kWh", "energy", "kWh")]
    [InlineData("P/kW", "active_power", "kW")]
    [InlineData("Site A/Main/kWh", "energy", "kWh")]
    [InlineData("Airflow m³/h", "airflow", "m³/h")]
    [InlineData("Energy per day (kWh)", "energy", "kWh")]
    [InlineData("Charge (kWh)", "energy", "kWh")]
    [InlineData("Rate 1 (kWh)", "energy", "kWh")]
    [InlineData("Rate 1/kWh", "energy", "kWh")]
    [InlineData("Tarif 1 / kWh", "energy", "kWh")]
    [InlineData("Tarif HT/kWh", "energy", "kWh")]
    [InlineData("Amount / kWh", "energy", "kWh")]
    [InlineData("Charge / kWh", "energy", "kWh")]
    [InlineData("Wirkarbeit (Bezug / kWh)", "energy", "kWh")]
    [InlineData("Usage & Cost (kWh)", "energy", "kWh")]
    public void A_unit_behind_what_it_measures_is_its_own(string header, string metric, string unit)
    {
        var reading = HeaderReader.Read(header);

        Assert.Equal((metric, unit, false), (reading.Metric?.Name, reading.Unit?.Symbol, reading.IsRatio));
    }

    [Theory]
    [InlineData("Water/Sewer (CCF)", "water_volume")]
    [InlineData("Water & Sewer Usage (kgal)", "water_volume")]
    [InlineData("Sewer and Water (kgal)", "water_volume")]
    [InlineData("Wasser + Abwasser (m³)", "water_volume")]
    [InlineData("Sewer/Waste Water (m³)", null)]
    [InlineData("Sewer Water (m³)", null)]
    public void Water_that_is_named_beside_sewage_is_water(string header, string? metric) => Assert.Equal(metric, HeaderReader.Read(header).Metric?.Name);

    [Theory]
    [InlineData("Natural Gas", "gas")]
    [InlineData("Electric - Grid", "electricity")]
    [InlineData("District Hot Water", "heat")]
    [InlineData("District Chilled Water - Electric", "cooling")]
    [InlineData("Municipally Supplied Potable Water - Indoor", "water")]
    [InlineData("Fuel Oil (No 2)", "oil")]
    [InlineData("Fernwärme", "heat")]
    [InlineData("Gaslight Building", null)]
    [InlineData("", null)]
    public void A_carrier_is_named_by_whole_words(string text, string? carrier) => Assert.Equal(carrier, Carriers.Find(text));

    [Theory]
    [InlineData("Hour Ending", true)]
    [InlineData("DateTime", true)]
    [InlineData("reading_date", true)]
    [InlineData("Validated", false)]
    [InlineData("Runtime", false)]
    [InlineData("Candidate", false)]
    public void A_time_is_named_by_whole_words(string header, bool isTime) => Assert.Equal(isTime, new HeaderWords(header).NameTime);
}
