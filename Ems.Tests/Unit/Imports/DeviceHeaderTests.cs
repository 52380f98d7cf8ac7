using System.Globalization;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Headers that name the device in front of what it measures, and legends that say what headers stand for.</summary>
public sealed class DeviceHeaderTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(
        "B1.Main Active Energy Delivered-Received Interval (kWh),B1.Main Active Power Mean (kW),B1.HVAC Active Energy Delivered-Received Interval (kWh),B1.HVAC Active Power Mean (kW)",
        "B1.Main", "B1.HVAC")]
    [InlineData(
        "UMG 96RM Haupt: Wirkarbeit bezogen Summe L1-L3 [Wh],UMG 96RM Haupt: Wirkleistung Summe L1-L3 [W],UMG 604 Küche: Wirkarbeit bezogen Summe L1-L3 [Wh],UMG 604 Küche: Wirkleistung Summe L1-L3 [W]",
        "UMG 96RM Haupt", "UMG 604 Küche")]
    [InlineData("Fan Total (kWh),Fan (kW),Oven Total (kWh),Oven (kW)", "Fan", "Oven")]
    [InlineData("QE1 Uffici - Energia attiva importata [kWh],QE1 Uffici - Potenza attiva [kW],QE2 Forno - Energia attiva importata [kWh],QE2 Forno - Potenza attiva [kW]", "QE1 Uffici", "QE2 Forno")]
    [InlineData("CVM 1.Energía activa III T1 (kWh),CVM 1.Potencia activa III (kW),CVM 2.Energía activa III T1 (kWh),CVM 2.Potencia activa III (kW)", "CVM 1", "CVM 2")]
    [InlineData("QE1 Consumo (kWh),QE1 Potencia (kW),QE2 Consumo (kWh),QE2 Potencia (kW)", "QE1", "QE2")]
    [InlineData("RG1 Energia czynna pobrana [kWh],RG1 Moc czynna [kW],RG2 Energia czynna pobrana [kWh],RG2 Moc czynna [kW]", "RG1", "RG2")]
    [InlineData("TD1 Energie active soutirée (kWh),TD1 Puissance active totale (kW),TD2 Energie active soutirée (kWh),TD2 Puissance active totale (kW)", "TD1", "TD2")]
    [InlineData("Trafo II Energie (kWh),Trafo II Leistung (kW),Trafo III Energie (kWh),Trafo III Leistung (kW)", "Trafo II", "Trafo III")]
    [InlineData("Trafo T1 Energia (kWh),Trafo T1 Potenza (kW),Trafo T2 Energia (kWh),Trafo T2 Potenza (kW)", "Trafo T1", "Trafo T2")]
    public void Energy_and_power_of_one_device_are_one_meter(string headers, string first, string second)
    {
        Run(headers);

        Assert.Equal(Sorted($"{first} active_power", $"{first} energy", $"{second} active_power", $"{second} energy"), Series());
    }

    [Theory]
    [InlineData("UV1.fWirkleistung_kW,UV1.fEnergie_kWh", "UV1")]
    [InlineData("fbPM1.rPower_kW,fbPM1.rEnergy_kWh", "fbPM1")]
    [InlineData("GVL.PM1.diWirkleistung_kW,GVL.PM1.dwZaehler_kWh", "GVL.PM1")]
    [InlineData("123456ABC P (kW),123456ABC Ep+ (kWh)", "123456ABC")]
    [InlineData("123456ABC PF,123456ABC P (kW),123456ABC Ep (kWh)", "123456ABC")]
    public void What_controllers_and_analysers_call_a_quantity_is_no_device(string headers, string device)
    {
        Run(headers);

        Assert.Equal([device], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Contains($"{device} energy", Series());
        Assert.Contains($"{device} active_power", Series());
    }

    [Theory]
    [InlineData("UV1.fWirkleistung_kW,UV1.fEnergie_kWh,UV2.fWirkleistung_kW,UV2.fEnergie_kWh", "UV1", "UV2")]
    [InlineData("TGBT P (kW),TGBT Ep+ (kWh),Atelier P (kW),Atelier Ep+ (kWh)", "TGBT", "Atelier")]
    public void Of_two_devices_each_has_its_quantities(string headers, string first, string second)
    {
        Run(headers);

        Assert.Equal(Sorted($"{first} active_power", $"{first} energy", $"{second} active_power", $"{second} energy"), Series());
    }

    [Fact]
    public void The_serial_number_above_an_analyser_is_no_device_for_each_of_its_symbols()
    {
        _bench.RunText(
            $"Analyser;123456ABC\nTime;V1 (V);V2 (V);V3 (V);A1 (A);A2 (A);A3 (A);P (kW);Q (kvar);S (kVA);PF;Ep+ (kWh)\n{string.Concat(Enumerable.Range(0, 12).Select(hour => $"2024-01-01 {hour:00}:00;231.2;230.9;231.4;20.1;19.5;18.7;{13 + (hour % 3)}.5;4.1;14.5;0.95;{12 + (hour % 4)}.5\n"))}",
            new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["123456ABC"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal(12, _bench.Values("123456ABC", "active_power").Count());
        Assert.Equal(12, _bench.Values("123456ABC", "energy").Count());
        Assert.Equal(12, _bench.Values("123456ABC", "voltage_l2").Count());
    }

    [Theory]
    [InlineData("P1 (kWh),P2 (kWh),P3 (kWh)", "P1|P2|P3")]
    [InlineData("V1 (kWh),V2 (kWh)", "V1|V2")]
    [InlineData("P (kWh),Halle S (kWh)", "P|Halle S")]
    [InlineData("Halle P (kWh),Halle S (kWh)", "Halle P|Halle S")]
    [InlineData("Halle A (kW),Halle P (kW),Halle S (kW)", "Halle A|Halle P|Halle S")]
    [InlineData("Werk 1 P (kW),Werk 1 A (kW),Werk 1 S (kVA)", "Werk 1 P|Werk 1 A")]
    [InlineData("rPi (kWh),iPad (kWh),Ofen (kWh)", "rPi|iPad|Ofen")]
    public void Meters_and_halls_may_be_called_by_letters(string headers, string meters)
    {
        Run(headers);

        Assert.Superset(meters.Split('|').ToHashSet(), _bench.Readings.Select(reading => reading.EquipmentId).ToHashSet());
    }

    [Theory]
    [InlineData("CH-1.kW,CH-1.CHWST (°C),CH-1.CHWRT (°C),P-1.kW,OAT (°C)", "50,6,12,5,20", "BMS temperature 20|CH-1 active_power 50|CH-1.CHWRT temperature 12|CH-1.CHWST temperature 6|P-1 active_power 5")]
    [InlineData("kWh,OAT (°C),Zone Temp (°C)", "5,20,22", "BMS energy 5|BMS temperature 20|Zone temperature 22")]
    [InlineData("kWh,OAT (°C),Zone Temp (°C)", "5,,22", "BMS energy 5|Zone temperature 22")]
    [InlineData("kWh,OAT (°C),Zone Temp (°C)", "5,20,", "BMS energy 5|BMS temperature 20")]
    public void A_temperature_that_names_no_device_is_that_of_the_file(string headers, string cells, string told)
    {
        _bench.RunText($"Time,{headers}\n2024-01-01 00:00,{cells}\n2024-01-01 01:00,{cells}\n", fileName: "BMS.csv");

        Assert.Equal(told.Split('|'), _bench.Readings.SelectMany(reading => reading.Values, (reading, value) => $"{reading.EquipmentId} {value.Metric} {value.Value}").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_device_above_its_columns_has_them_all()
    {
        _bench.RunText($",Source 1: B1.Main,,Source 2: B1.HVAC,\nTimestamp,Active Energy Delivered Interval (kWh),Apparent Power (kVA),Active Energy Delivered Interval (kWh),Apparent Power (kVA)\n{Rows(4)}");

        Assert.Equal(["Source 1: B1.Main apparent_power", "Source 1: B1.Main energy", "Source 2: B1.HVAC apparent_power", "Source 2: B1.HVAC energy"], Series());
    }

    [Theory]
    [InlineData(",3007712345,3007712345", "3007712345 Metering.TotWhIn Analog", "3007712345 Metering.TotWhOut Analog")]
    [InlineData(",20240115,20240115", "Metering.TotWhIn Analog", "Metering.TotWhOut Analog")]
    [InlineData(",3007712345,3007799999", "Metering.TotWhIn Analog", "Metering.TotWhOut Analog")]
    public void A_serial_number_above_all_columns_is_that_of_their_device(string line, string first, string second)
    {
        _bench.RunText(
            "sep=,\nVersion CSV3|Tool WebUI|Linebreaks CR/LF|Delimiter comma\n\n,SUNNY TRIPOWER 8.0,SUNNY TRIPOWER 8.0\n" + line
            + "\n,Metering.TotWhOut,Metering.TotWhIn\n,Analog,Analog\nDD.MM.YYYY hh:mm:ss,[Wh],[Wh]\n"
            + string.Concat(Enumerable.Range(0, 12).Select(i => $"{13 + i}.06.2020 00:00:00,{i * 5 % 7},{i * 3 % 7}\n")));

        Assert.Equal([$"{first} energy", $"{second} energy"], Series());
    }

    [Theory]
    [InlineData("Gerätenummer;1EMH0012345", "Verbrauch (kWh)", "1EMH0012345 energy")]
    [InlineData("Serial number: 71234567", "Active Energy (kWh);Voltage (V)", "71234567 energy|71234567 voltage")]
    [InlineData("Device ID;71234567", "Gas usage (m3)", "71234567 gas_volume")]
    [InlineData("Gerätenummer;71234567", "Gas Vb (m3);p (bar)", "BMS gas_volume")]
    [InlineData("Gerätenummer;71234567", "Gas (m3);p (bar)", "71234567 gas_volume")]
    [InlineData("Serial number: 71234567", "Hall 1 (kWh);Hall 2 (kWh)", "Hall 1 energy|Hall 2 energy")]
    [InlineData("Inverter serial number;71234567", "Power (kW)", "BMS active_power")]
    [InlineData("Seriennummer;71234567\nGerätenummer;71234568", "Power (kW)", "BMS active_power")]
    [InlineData("Device;EM340", "Power (kW)", "BMS active_power")]
    public void A_serial_number_in_a_line_is_that_of_the_only_meter(string line, string headers, string series)
    {
        var count = headers.Count(sign => sign == ';') + 1;
        _bench.RunText($"Report;Load profile\n{line}\nTime;{headers}\n{string.Concat(Enumerable.Range(13, 12).Select(day => $"{day}.06.2020 00:00{string.Concat(Enumerable.Range(0, count).Select(i => $";{day * (i + 2) % 7}"))}\n"))}", fileName: "BMS.csv");

        Assert.Equal(series.Split('|'), Series());
    }

    [Theory]
    [InlineData("Chiller 1 kWh,Pump 7 kW", "Chiller 1 energy", "Pump 7 active_power")]
    [InlineData("Chiller 1 Energy (kWh),Pump 7 Power (kW)", "Chiller 1 energy", "Pump 7 active_power")]
    [InlineData("B1.Main kWh,B1.HVAC kW", "B1.HVAC active_power", "B1.Main energy")]
    [InlineData("Chiller kW,Main kWh", "Chiller active_power", "Main energy")]
    [InlineData("Building A kWh,Building B kW", "Building A energy", "Building B active_power")]
    [InlineData("Hauptzähler kWh,Kältemaschine kW", "Hauptzähler energy", "Kältemaschine active_power")]
    public void Two_devices_with_a_column_each_are_two_meters(string headers, string first, string second)
    {
        Run(headers);

        Assert.Equal([first, second], Series());
    }

    [Theory]
    [InlineData("Energy (kWh),Power (kW),Voltage L1 (V)")]
    [InlineData("E1 (kWh),P1 (kW)")]
    [InlineData("Billed kWh,Actual kW")]
    [InlineData("Sum 15min (kWh),Avg 60min (kW)")]
    [InlineData("Channel 1 kWh,Channel 2 kW")]
    [InlineData("Net energy (kWh),Total demand (kW)")]
    [InlineData("Tariff 1 kWh,Tariff 2 kW")]
    [InlineData("Chiller 1 kWh")]
    [InlineData("Main kWh,Main kW")]
    [InlineData("Building energy (kWh),Main power (kW)")]
    [InlineData("House kWh,Main kW")]
    [InlineData("Building kWh,Building peak kW")]
    [InlineData("Main billed kWh,Billed main kW")]
    [InlineData("Main kWh,Billed kW")]
    [InlineData("Plant used kWh,Plant kW")]
    [InlineData("Wirkarbeit Halle 3 (kWh),Wirkleistung Halle 3 (kW)")]
    [InlineData("E. Attiva (kWh),P. Attiva (kW)")]
    [InlineData("Act.Energy Imp (kWh),App.Power Imp (kVA)")]
    [InlineData("\"Energy, kWh (LGR S/N: 10204042, SEN S/N: 1)\",\"Power, kW (LGR S/N: 10204042, SEN S/N: 2)\"")]
    public void What_names_no_device_is_of_the_meter_of_the_file(string headers)
    {
        Run(headers);

        Assert.Equal(["meter"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Fact]
    public void What_is_measured_beside_devices_stays_with_the_meter_of_the_file()
    {
        Run("Main kWh,Chiller kW,Outdoor temperature (°C)");

        Assert.Equal(["Chiller active_power", "Main energy", "meter temperature"], Series());
    }

    [Fact]
    public void Equipment_that_a_mapping_names_has_all_of_its_columns()
    {
        Run("Main kWh,Chiller kW", new ImportForm { Mapping = new ImportMapping { Equipment = new Dictionary<string, string> { ["meter"] = "HVA" } } });

        Assert.Equal(["HVA active_power", "HVA energy"], Series());
    }

    [Theory]
    [InlineData("UMG 96RM Haupt: Wirkarbeit bezogen [Wh],UMG 96RM Haupt: Wirkleistung Summe L1-L3 [W]", null, "UMG 96RM Haupt")]
    [InlineData("UMG 96RM Haupt: Wirkarbeit bezogen [Wh],UMG 96RM Haupt: Wirkleistung Summe L1-L3 [W]", "foo", "foo")]
    [InlineData("Chiller 1 kWh,Chiller 1 kW", null, "Chiller 1")]
    public void A_device_of_all_columns_names_the_meter_unless_the_request_does(string headers, string? told, string meter)
    {
        Run(headers, new ImportForm { EquipmentId = told });

        Assert.Equal([$"{meter} active_power", $"{meter} energy"], Series());
    }

    [Theory]
    [InlineData("P-1 kW,Building kWh", "Building energy", "P-1 active_power")]
    [InlineData("P-1 kW,E-1 kWh", "meter active_power", "meter energy")]
    [InlineData("P1 kW,Building kWh", "meter active_power", "meter energy")]
    [InlineData("T-1 kWh,Building kW", "meter active_power", "meter energy")]
    [InlineData("L-1 kW,L-2 kW,L-3 kW,Main kWh", "meter active_power", "meter energy")]
    public void The_tag_of_a_device_is_one_beside_a_thing(string headers, string one, string other)
    {
        Run(headers);

        Assert.Equal([one, other], Series());
    }

    [Fact]
    public void Phases_of_a_device_are_kept_apart()
    {
        Run("B1.Main Active Energy (kWh),B1.Main Voltage L1 (V),B1.Main Voltage L2 (V),B1.HVAC Active Energy (kWh),B1.HVAC Voltage L1 (V),B1.HVAC Voltage L2 (V)");

        Assert.Equal(["B1.HVAC energy", "B1.HVAC voltage_l1", "B1.HVAC voltage_l2", "B1.Main energy", "B1.Main voltage_l1", "B1.Main voltage_l2"], Series());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_legend_above_the_table_says_what_its_columns_are(int count)
    {
        var points = Enumerable.Range(1, count).ToList();
        _bench.RunText(
            $"\"Key            Name:Suffix\",\"Trend Definitions Used\"\n{string.Concat(points.Select(point => $"\"Point_{point}:\",\"B{count}.MTR{point}.KW\",\"\",\"15 minutes\"\n"))}"
            + $"\"Time Interval:\",\"15 Minutes\"\n\n\"<>Time\",{string.Join(',', points.Select(point => $"\"Point_{point}\""))}\n{Rows(count)}",
            fileName: "trend.csv");

        Assert.Equal(points.Select(point => $"B{count}.MTR{point} active_power"), Series());
    }

    [Fact]
    public void A_line_above_the_table_renames_no_column_that_says_what_it_is()
    {
        _bench.RunText($"Energy 2,Building 5\nMain,Hall\n\nTime,Energy 2 (kWh),Main (kW)\n{Rows(2)}");

        Assert.Equal(["meter active_power", "meter energy"], Series());
    }

    private void Run(string headers, ImportForm? form = null) => _bench.RunText($"Timestamp,{headers}\n{Rows(headers.Split("),").Length == 2 && headers[0] == '"' ? 2 : headers.Split(',').Length)}", form);

    private IEnumerable<string> Series() => Sorted([.. _bench.Readings.SelectMany(reading => reading.Values.Select(value => $"{reading.EquipmentId} {value.Metric}")).Distinct()]);

    private static IEnumerable<string> Sorted(params string[] names) => names.Order(StringComparer.Ordinal);

    /// <summary>Values that go up and down, in each column others.</summary>
    private static string Rows(int columns) => string.Concat(Enumerable.Range(0, 12).Select(i =>
        $"{new DateTime(2024, 1, 15).AddMinutes(15 * i).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}{string.Concat(Enumerable.Range(1, columns).Select(column => $",{(i * column * 7) % 13}"))}\n"));
}
