using System.Globalization;
using ClosedXML.Excel;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>What the programs that read meters of heat, gas and water write, and the lists that are kept of what they show.</summary>
public sealed class MeterExportTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Energy E1 [MWh];Volume V1 [m³];Flow temp t1 [°C];Return temp t2 [°C]")]
    [InlineData("Heat energy (E1) [MWh];Volume (V1) [m³];Flow temp (t1) [°C];Return temp (t2) [°C]")]
    [InlineData("E1 [MWh];V1 [m³];t1 [°C];t2 [°C]")]
    [InlineData("Energy E1 [MWh];Volume V1 [m³];Operating hours;Info code")]
    public void Meters_of_heat_number_their_registers(string headers)
    {
        _bench.RunText($"Meter number;Reading date;{headers}\n{Months(12, i => $"67123456;{{0}};{120_345 + (9 * i)};{2406 + (200 * i)};{70 + (i % 2)};{40 + (i % 3)}")}");

        Assert.Equal(12, _bench.Values("67123456", "heat").Count());
        Assert.Equal((Instant(1), 120_345_000), _bench.Values("67123456", "heat").First());
        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric is "energy" or "water_volume");
    }

    [Theory]
    [InlineData("E1 [kWh];V1 [m³];V2 [m³];T1 [°C];T2 [°C]")]
    [InlineData("E1 [kWh];V1 [m³];V2 [m³]")]
    [InlineData("E1 [kWh];V [m³];T1 [°C];T2 [°C]")]
    public void Meters_of_heat_may_show_two_volumes_and_number_only_some_of_it(string headers)
    {
        _bench.RunText($"Meter number;Reading date;{headers}\n{Months(12, i => $"67123456;{{0}};{120_345 + (9 * i)};{string.Join(';', Enumerable.Repeat(2406 + (20 * i), headers.Count(sign => sign == ';')))}")}");

        Assert.Equal((Instant(1), 120_345), _bench.Values("67123456", "heat").First());
        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric is "energy" or "energy_import_register" or "water_volume");
    }

    [Theory]
    [InlineData("E1 [kWh];E3 [kWh];V1 [m³];T1 [°C];T2 [°C]")]
    [InlineData("Energy E1 [kWh];Energy E3 [kWh];Volume V1 [m³];Flow temp t1 [°C];Return temp t2 [°C]")]
    [InlineData("E1 [kWh];E3 [kWh];V1 [m³];V2 [m³]")]
    public void What_a_meter_of_heat_counts_of_cold_is_no_electricity(string headers)
    {
        // In winter it stands still.
        _bench.RunText($"Zeit;{headers}\n{Months(12, i => $"{{0}};{1000 + (7 * i)};300;{string.Join(';', Enumerable.Repeat(50 + i, headers.Count(sign => sign == ';') - 1))}")}", fileName: "T550.csv");

        Assert.Equal(1000, _bench.Values("T550", "heat").First().Value);
        Assert.Equal(Enumerable.Repeat(300.0, 12), _bench.Values("T550 cooling", "energy_import_register").Select(value => value.Value));
        Assert.Equal("T550 heat, T550 cooling cooling", string.Join(", ", _bench.Facts.Meters.Select(meter => $"{meter.EquipmentId} {meter.Carrier}").OrderDescending(StringComparer.Ordinal).Take(2).Order(StringComparer.Ordinal).Reverse()));
    }

    [Fact]
    public void What_a_meter_of_cold_counts_stays_cold_when_its_kind_is_told()
    {
        var text = $"Zeit;E3 [kWh];V1 [m³];T1 [°C];T2 [°C]\n{string.Concat(Enumerable.Range(0, 48).Select(i => $"2024-01-{1 + (i / 24):00} {i % 24:00}:00;{1000 + (7 * i)};{50 + i};6;12\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        using var again = new ImportBench();
        again.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal("cooling", Assert.Single(again.Facts.Meters, meter => meter.EquipmentId == "meter").Carrier);
        Assert.Equal(1000, again.Values("meter", "energy_import_register").First().Value);
    }

    [Theory]
    [InlineData("E1 [kWh];E2 [kWh];E3 [kWh];V1 [m³]")]
    [InlineData("E1 [kWh];E2 [kWh];E3 [kWh];E4 [kWh]")]
    [InlineData("E3 [kWh];E4 [kWh];V1 [m³];T1 [°C]")]
    public void Submeters_are_numbered_so_as_well(string headers)
    {
        _bench.RunText($"Time;{headers}\n2024-01-01 00:00;5;6;3;2\n2024-01-01 01:00;4;5;2;3\n2024-01-01 02:00;6;7;3;2\n");

        Assert.All(_bench.Facts.Meters, meter => Assert.Null(meter.Carrier));
        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric == "heat");
    }

    [Theory]
    [InlineData("Geräteart", "Heizung", "Kälte", "heat", "Geräteart: Heizung, Kälte")]
    [InlineData("Geräteart", "Heizung", "Strom", "heat", "")]
    [InlineData("Medium", "Heizung", "Kälte", "heat", "")]
    [InlineData("Geräteart;Zählerart", "Heizung;Strom", "Kälte;Strom", "energy", "")]
    public void What_a_kind_of_device_may_be_used_for_is_said_to_be_taken_for_what_it_counts(string header, string one, string other, string metric, string said)
    {
        _bench.RunText($"Zähler;{header};Zeit;kWh\n{string.Concat(Enumerable.Range(0, 5).Select(i => $"Z1;{one};2024-01-01 0{i}:00;{5 + (i % 2)}\nZ2;{other};2024-01-01 0{i}:00;{3 + (i % 2)}\n"))}");

        Assert.Equal(5, _bench.Values("Z1", metric).Count());
        Assert.Equal(said, _bench.Assumed("carrier"));
    }

    [Fact]
    public void It_is_left_out_as_is_advised()
    {
        _bench.RunText(
            $"Zähler;Geräteart;Zeit;kWh\n{string.Concat(Enumerable.Range(0, 5).Select(i => $"Z1;Heizung;2024-01-01 0{i}:00;{5 + (i % 2)}\nZ2;Kälte;2024-01-01 0{i}:00;{3 + (i % 2)}\n"))}",
            new ImportForm { Mapping = new ImportMapping { Columns = [new MappedColumn("Geräteart") { Role = ColumnRole.Ignored }] } });

        Assert.Equal((5, 5), (_bench.Values("Z1", "energy").Count(), _bench.Values("Z2", "energy").Count()));
        Assert.All(_bench.Facts.Meters, meter => Assert.Null(meter.Carrier));
    }

    [Theory]
    [InlineData("Energie [kWh];Volumen [m³];Vorlauftemp. [°C];Rücklauftemp. [°C]")]
    [InlineData("Energie [kWh];Volumen [m³];Vorlauftemperatur [°C];Rücklauftemperatur [°C]")]
    [InlineData("Energy [kWh];Volume [m³];T flow [°C];T return [°C]")]
    [InlineData("Energy E1 [kWh];Volume V1 [m³];Flow temp t1 [°C];Return temp t2 [°C]")]
    public void The_sides_of_a_meter_of_heat_may_be_temperatures_in_one_word(string headers)
    {
        _bench.RunText($"Zeit;{headers}\n{Months(12, i => $"{{0}};{1000 + (7 * i)};{50 + i};70;{40 + (i % 3)}")}", fileName: "T550_66712345.csv");

        Assert.Equal(12, _bench.Values("T550_66712345", "heat").Count());
        Assert.All(_bench.Readings, reading => Assert.StartsWith("T550_66712345", reading.EquipmentId, StringComparison.Ordinal));
    }

    [Fact]
    public void A_kind_of_device_says_what_it_counts()
    {
        _bench.RunText("Gerätenummer;Geräteart;Stichtag;Stand;Einheit\n4001;Wärmezähler;2024-01-31;100;MWh\n4001;Wärmezähler;2024-02-29;103;MWh\n4002;Kaltwasserzähler;2024-01-31;20;m³\n4002;Kaltwasserzähler;2024-02-29;24;m³\n");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([100_000.0, 103_000], _bench.Values("4001", "heat").Select(value => value.Value));
        Assert.Equal([20.0, 24], _bench.Values("4002", "water_volume").Select(value => value.Value));
    }

    [Fact]
    public void The_date_of_the_reading_before_begins_a_bill_in_french()
    {
        _bench.RunText("Compteur;Date relevé précédent;Ancien index;Date relevé;Nouvel index;Consommation (m3)\nD12;13/01/2024;1200;13/04/2024;1299;99\nD12;13/04/2024;1299;14/07/2024;1405;106\nD12;14/07/2024;1405;15/10/2024;1512;107\n", fileName: "factures eau.csv");

        Assert.Equal([99.0, 106, 107], _bench.Values("D12", "water_volume").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Energy E1 [kWh];Energy E2 [kWh]")]
    [InlineData("Energy E1 [kWh];Water V1 [m³]")]
    [InlineData("E1 [kWh];V1 [V]")]
    public void Other_meters_have_such_numbers_too(string headers)
    {
        _bench.RunText($"Time;{headers}\n2024-01-01 00:00;5;230\n2024-01-01 01:00;4;231\n2024-01-01 02:00;6;229\n2024-01-01 03:00;5;230\n");

        Assert.DoesNotContain(_bench.Readings.SelectMany(reading => reading.Values), value => value.Metric == "heat");
    }

    [Fact]
    public void A_type_of_heat_says_that_the_volume_beside_it_is_no_water_used()
    {
        _bench.RunText($"Serial number;Medium;Timestamp;Energy (Wh);Volume (m3);Flow temperature (°C);Return temperature (°C)\n{Months(12, i => $"66012345;Heat;{{0}};{1000 + (70 * i)};{50 + i};70;{40 + (i % 3)}")}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal((Instant(1), 1), _bench.Values("66012345", "heat").First());
    }

    [Fact]
    public void The_request_may_say_that_energy_is_heat()
    {
        _bench.RunText("Meter;Time;Energy (kWh)\nA;2024-01-01 00:00;5\nA;2024-01-01 01:00;4\nA;2024-01-01 02:00;6\n", new ImportForm { Metric = "heat" });

        Assert.Equal([5.0, 4, 6], _bench.Values("A", "heat").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Date,Object,Description,Value,Unit", "H-01,Heat meter building energy", "E-01,Main electricity")]
    [InlineData("Date,Meter,Description,Value,Unit", "H-01,Heat meter building", "E-01,Main electricity")]
    [InlineData("Date,Object,Objektbeschreibung,Value,Unit", "H-01,Wärmezähler Heizung", "E-01,Hauptzähler")]
    public void What_a_row_describes_as_a_meter_of_heat_counts_heat(string headers, string heat, string main)
    {
        _bench.RunText($"{headers}\n{string.Concat(Enumerable.Range(0, 6).Select(i => $"2024-01-01 {i:00}:00,{heat},{(i * 7 % 5) + 1},MWh\n2024-01-01 {i:00}:00,{main},{(i * 5 % 7) + 1},kWh\n"))}");

        Assert.Equal((1000, "heat"), (_bench.Values("H-01", "heat").First().Value, Assert.Single(_bench.Facts.Meters, meter => meter.EquipmentId == "H-01").Carrier));
        Assert.Equal(6, _bench.Values("E-01", "energy").Count());
    }

    [Theory]
    [InlineData("Heat pump energy")]
    [InlineData("Electric hot water heater energy")]
    public void What_makes_heat_of_electricity_is_counted_in_that(string name)
    {
        _bench.RunText($"Date,Equipment,Parameter,Value,Unit\n2024-01-01 00:00,A,{name},5,kWh\n2024-01-01 01:00,A,{name},4,kWh\n2024-01-01 02:00,A,{name},6,kWh\n");

        Assert.Equal(3, _bench.Values("A", "energy").Count());
    }

    [Fact]
    public void A_device_that_cools_and_its_power_have_no_one_carrier()
    {
        _bench.RunText("Date,Equipment,Parameter,Value,Unit\n2024-01-01 00:00,A,Cooling energy,5,kWh\n2024-01-01 00:00,B,Cooling energy,5,kWh\n2024-01-01 00:00,B,Active power,5,kW\n2024-01-01 01:00,A,Cooling energy,4,kWh\n2024-01-01 01:00,B,Cooling energy,6,kWh\n2024-01-01 01:00,B,Active power,4,kW\n");

        Assert.Equal(("cooling", null), (_bench.Facts.Meters.Single(meter => meter.EquipmentId == "A").Carrier, _bench.Facts.Meters.Single(meter => meter.EquipmentId == "B").Carrier));
    }

    [Theory]
    [InlineData("Objektbezeichnung", false)]
    [InlineData("Aufzeichnung", true)]
    public void Objects_of_a_building_that_count_in_several_units_are_meters_or_asked_about(string header, bool isAsked)
    {
        var text = $"Zeitstempel;{header};Objektbeschreibung;Wert;Einheit\n01.01.2024 00:00;B01'ELT;Hauptzähler Wirkenergie;5;kWh\n01.01.2024 00:00;B01'HZG;Wärmezähler Heizung Energie;1,5;MWh\n01.01.2024 00:00;B01'SAN;Kaltwasserzähler Volumen;7;m³\n"
            + "01.01.2024 01:00;B01'ELT;Hauptzähler Wirkenergie;4;kWh\n01.01.2024 01:00;B01'HZG;Wärmezähler Heizung Energie;1,2;MWh\n01.01.2024 01:00;B01'SAN;Kaltwasserzähler Volumen;3;m³\n"
            + "01.01.2024 02:00;B01'ELT;Hauptzähler Wirkenergie;6;kWh\n01.01.2024 02:00;B01'HZG;Wärmezähler Heizung Energie;1,9;MWh\n01.01.2024 02:00;B01'SAN;Kaltwasserzähler Volumen;5;m³\n";
        var fault = isAsked ? Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault : null;

        Assert.Equal(isAsked ? $"{ImportFault.AmbiguousMapping} {header}" : " ", $"{fault?.Code} {fault?.Column}");
        using var told = new ImportBench();
        told.RunText(text, isAsked ? new ImportForm { Mapping = fault!.Guess! with { DateOrder = "dmy" } } : null);
        Assert.Equal(15, told.Sum("B01'ELT", "energy"), 1e-6);
        Assert.Equal(4600, told.Sum("B01'HZG", "heat"), 1e-6);
        Assert.Equal(15, told.Sum("B01'SAN", "water_volume"), 1e-6);
    }

    [Fact]
    public void A_corrector_of_gas_shows_the_volume_that_is_billed_beside_the_measured_one()
    {
        var text = $"Datum;Uhrzeit;Vb [m³];Vn [m³];p [bar];T [°C]\n{string.Concat(Enumerable.Range(0, 24).Select(i => $"13.01.2024;{i:00}:00:00;{1000 + i};{3000 + (3 * i)};2,4;8,5\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: "EK280.csv")).Fault;

        Assert.Equal("Vn [m³]", fault.Column);
        using var told = new ImportBench();
        told.RunText(text, new ImportForm { Mapping = fault.Guess }, "EK280.csv");
        Assert.Equal((24, 3000.0), (told.Values("EK280", "gas_volume").Count(), told.Values("EK280", "gas_volume").First().Value));
    }

    [Fact]
    public void The_name_of_a_file_says_what_the_volume_of_its_bills_is_of()
    {
        _bench.RunText("Meter serial,Previous read date,Previous read,Current read date,Current read,Volume m3\nA1,2024-01-01,1200,2024-04-01,1299,99\nA1,2024-04-01,1299,2024-07-01,1405,106\nA1,2024-07-01,1405,2024-10-01,1512,107\n", fileName: "Water bills.csv");

        Assert.Equal([99.0, 106, 107], _bench.Values("A1", "water_volume").Select(value => value.Value));
    }

    [Fact]
    public void A_register_beside_what_it_has_counted_since_is_no_second_meter()
    {
        var text = $"Meter_ID,Read,Read_Time,Read_Unit,Flow,Flow_Time,Flow_Unit\n{string.Concat(Enumerable.Range(1, 24).Select(i => $"31234567,{1000 + (6 * i) + (i % 3)},2024-01-{1 + (i / 24):00} {i % 24:00}:00,GAL,{6 + (i % 3) - ((i - 1) % 3)},2024-01-{1 + (i / 24):00} {i % 24:00}:00,GAL\n"))}";

        _bench.RunText(text, new ImportForm { Metric = "water_volume" });

        Assert.Equal(["31234567"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal(144 * 0.003785411784, _bench.Sum("31234567", "water_volume"), 1e-6);
        Assert.Contains("Read", _bench.Assumed("left_out").Split("; "));
    }

    [Fact]
    public void The_number_of_a_customer_is_no_time()
    {
        _bench.RunText("Account Number,Bill Date,Usage (kWh)\n12-3456,2024-01-31,30\n12-3456,2024-02-29,20\n12-3456,2024-03-31,25\n");

        Assert.Equal(75, _bench.Readings.SelectMany(reading => reading.Values).Sum(value => value.Value));
    }

    [Fact]
    public void The_date_of_readings_above_their_table_is_asked_for_in_its_rows()
    {
        static void Fill(XLWorkbook workbook)
        {
            var sheet = workbook.AddWorksheet("Oct 2025");
            sheet.Cell("A1").Value = "TENANT SUB-METER READINGS";
            sheet.Cell("A2").Value = "Reading date:";
            sheet.Cell("B2").Value = new DateTime(2025, 10, 31, 0, 0, 0, DateTimeKind.Unspecified);
            string[] headers = ["Meter", "Location", "Previous Reading", "Present Reading", "Consumption kWh"];
            for (var i = 0; i < headers.Length; i++)
            {
                sheet.Cell(4, i + 1).Value = headers[i];
            }

            foreach (var (row, meter, read) in new[] { (5, "T-101", 45_210), (6, "T-102", 9_982) })
            {
                sheet.Cell(row, 1).Value = meter;
                sheet.Cell(row, 2).Value = "Bakery";
                sheet.Cell(row, 3).Value = read;
                sheet.Cell(row, 4).Value = read + 292;
                sheet.Cell(row, 5).Value = 292;
            }
        }

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunWorkbook(Fill)).Fault;

        Assert.Equal((ImportFault.MissingRequiredColumns, 4), (fault.Code, fault.Row));
        Assert.Contains("row 2 says one for all of it: Reading date 2025-10-31. Add a column Reading date", fault.Message, StringComparison.Ordinal);
        using var dated = new ImportBench();
        dated.RunWorkbook(workbook =>
        {
            Fill(workbook);
            var sheet = workbook.Worksheet(1);
            sheet.Cell("F4").Value = "Reading date";
            sheet.Cell("F5").Value = sheet.Cell("B2").Value;
            sheet.Cell("F6").Value = sheet.Cell("B2").Value;
        });
        Assert.Equal(292, dated.Sum("T-101", "energy"));
    }

    [Theory]
    [InlineData("Meter,Date,Reading,Unit", ",kWh")]
    [InlineData("Zähler,Ablesedatum,Wert,Einheit", ",kWh")]
    [InlineData("Meter,Reading date,kWh", "")]
    public void A_register_that_rolls_over_is_asked_about_and_said_to_have_fallen(string headers, string unit)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{headers}\n{Months(6, i => $"A,{{0}},{(99_400 + (i * 250)) % 100_000}{unit}")}{Months(6, i => $"B,{{0}},{5000 + (i * 350)}{unit}")}")).Fault;

        Assert.Contains("grows and falls now and then", fault.Message, StringComparison.Ordinal);
        Assert.Equal(QuantityKind.Register, Assert.Single(fault.Guess!.Columns).Kind);
    }

    [Fact]
    public void A_month_that_is_not_over_is_no_register_that_rolled_over()
    {
        _bench.RunText("Meter,Date,kWh\nA,2024-01-01,9100\nA,2024-02-01,9300\nA,2024-03-01,9500\nA,2024-04-01,9700\nA,2024-05-01,800\n");

        Assert.Equal(38_400, _bench.Sum("A", "energy"));
    }

    [Fact]
    public void Six_readings_that_grow_are_asked_about_however_little_they_are()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Meter,Date,Reading,Unit\n{Months(6, i => $"A,{{0}},{100 + (i * 50)},kWh")}")).Fault;

        Assert.StartsWith("The column Reading only grows", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_register_is_told_by_its_kind_and_the_way_it_counts_by_its_header()
    {
        var text = $"Time,Import reading,Export reading\n{Months(12, i => $"{{0}},{10_000 + (i * 50)} kWh,{500 + (i * 7)} kWh")}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal("energy_import_register", fault.Guess!.Columns[0].Metric);
        using var told = new ImportBench();
        told.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = [Register("Import reading (kWh)"), Register("Export reading (kWh)")] } });
        Assert.Equal((12, 12), (told.Values("meter", "energy_import_register").Count(), told.Values("meter", "energy_export_register").Count()));

        static MappedColumn Register(string column) => new(column) { Kind = QuantityKind.Register };
    }

    [Fact]
    public void The_number_of_a_device_names_it_where_nothing_else_does()
    {
        _bench.RunText("Eigentumsnummer;Gerätenummer;Datum;Verbrauch (kWh)\n1;66700123;13.01.2024;5\n2;66700124;13.01.2024;6\n1;66700123;14.01.2024;7\n2;66700124;14.01.2024;4\n1;66700123;15.01.2024;6\n2;66700124;15.01.2024;4\n");

        Assert.Equal((18, 14), (_bench.Sum("66700123", "energy"), _bench.Sum("66700124", "energy")));
    }

    private static string Months(int count, Func<int, string> row) =>
        string.Concat(Enumerable.Range(0, count).Select(i => string.Format(CultureInfo.InvariantCulture, row(i), $"2024-{i + 1:00}-01") + "\n"));

    private static NodaTime.Instant Instant(int month) => NodaTime.Instant.FromUtc(2024, month, 1, 0, 0);

    [Fact]
    public void What_a_description_says_is_heated_may_take_electricity()
    {
        _bench.RunText(
            "Date,Meter,Description,Value,Unit\n2025-01-01,M1,Main meter,90,kWh\n2025-01-01,M2,District heating substation electricity submeter,9,kWh\n"
            + "2025-01-02,M1,Main meter,91,kWh\n2025-01-02,M2,District heating substation electricity submeter,8,kWh\n", new ImportForm());

        Assert.All(_bench.Facts.Meters, meter => Assert.NotEqual("heat", meter.Carrier));
        Assert.Equal(2, _bench.Facts.Meters.Count);
    }

    [Theory]
    [InlineData("Messwert;Verbrauch", 6)]
    [InlineData("Verbrauch;Messwert", 15_003)]
    public void Beside_a_column_that_is_called_as_amounts_are_a_messwert_is_left_out(string headers, double sum)
    {
        _bench.RunText($"Zähler;Datum;{headers};Einheit\nZ1;2024-06-10;5000;2;kWh\nZ1;2024-06-11;5002;1;kWh\nZ1;2024-06-12;5001;3;kWh\n");

        Assert.Equal(sum, _bench.Sum("Z1", "energy"));
        Assert.Equal("Messwert", _bench.Assumed("left_out"));
    }

    [Fact]
    public void Numbers_of_a_status_beside_values_and_their_units_are_no_values()
    {
        _bench.RunText(
            "Messlokation;OBIS;Einheit;Von;Bis;Messwert;Status\nDE0009999;1-1:1.29.0;kWh;01.01.2024 00:00;01.01.2024 00:15;20,97;220\n"
            + "DE0009999;1-1:1.29.0;kWh;01.01.2024 00:15;01.01.2024 00:30;22,35;67\nDE0009999;1-1:1.29.0;kWh;01.01.2024 00:30;01.01.2024 00:45;27,03;220\n");

        Assert.Equal(70.35, _bench.Readings.Sum(reading => reading.Values.Single().Value), 6);
        Assert.StartsWith("Status", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }
}
