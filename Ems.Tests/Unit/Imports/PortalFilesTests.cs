using System.Globalization;
using System.Text;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Exports as utilities, suppliers and portals of networks offer them.</summary>
public sealed class PortalFilesTests : IDisposable
{
    private static readonly ImportForm Energy = new() { Metric = "energy", Unit = "kWh" };

    private readonly ImportBench _bench = new();

    [Fact]
    public void Registers_of_the_network_count_once_more_what_those_of_the_supplier_do()
    {
        var rows = string.Concat(Enumerable.Range(0, 20).Select(day => $"2024-02-{day + 5:00}T00:00:00+01:00;Arrêté quotidien;{5_000_000 + (12_137 * day)};{8_000_000 + (24_274 * day)};{4_000_000 + (18_000 * day)};{9_000_000 + (18_411 * day)}\n"));
        _bench.RunText(
            $"Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite\n30001234567890;Index;05/02/2024;25/02/2024;Energie active;Consommation;Comptage Brut;Wh\nHorodate;Type de releve;EAS F1;EAS F2;EAS D1;EAS D2\n{rows}",
            new ImportForm { Metric = "energy_import_register" }, "Enedis_index.csv");

        var values = _bench.Readings.SelectMany(reading => reading.Values).ToList();
        Assert.Equal(40, values.Count);
        Assert.Equal(5000, values.Min(value => value.Value));
        Assert.Contains("EAS D1", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("EAN", "571313100000012345", "571313100000012352")]
    [InlineData("ESIID", "10443720001234567", "10443720001234568")]
    [InlineData("Meter", "0012345", "12345")]
    [InlineData("供給地点特定番号", "0312345678901234567890", "0312345678901234567891")]
    public void Ids_keep_all_their_digits(string header, string first, string second)
    {
        _bench.RunText($"{header};Time;Energy (kWh)\n{first};2024-01-01 00:00;1.5\n{second};2024-01-01 00:00;2.5\n{first};2024-01-01 01:00;3\n{second};2024-01-01 01:00;4\n");

        Assert.Equal(new[] { first, second }.Order(), _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Equal([1.5, 3], _bench.Values(first, "energy").Select(value => value.Value));
        Assert.Equal([2.5, 4], _bench.Values(second, "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("571313100000012345", "571313100000012352")]
    [InlineData("001123", "1123")]
    public void Ids_that_only_some_rows_pad_with_blanks_stay_those_of_two_meters(string first, string second)
    {
        _bench.RunText($"EAN;Time;Energy (kWh)\n{first} ;2024-01-01 00:00; 1.5\n{second};2024-01-01 00:00;2.5\n{first};2024-01-01 01:00;3\n  {second};2024-01-01 01:00;  4\n");

        Assert.Equal([1.5, 3], _bench.Values(first, "energy").Select(value => value.Value));
        Assert.Equal([2.5, 4], _bench.Values(second, "energy").Select(value => value.Value));
    }

    [Fact]
    public void Values_may_be_padded_with_zeros_and_long()
    {
        _bench.RunText("Time;Register (kWh)\n2024-01-01 00:00;000123456\n2024-01-01 01:00;000123457\n2024-01-01 02:00;0000000000123459\n");

        Assert.Equal([123456.0, 123457, 123459], _bench.Values("meter", "energy_import_register").Select(value => value.Value));
    }

    [Fact]
    public void The_numbers_of_a_workbook_have_no_exponent_in_an_id()
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet();
            sheet.Cell("A1").InsertData(new object[][] { ["EAN", "Time", "Energy (kWh)"], [541448820012345000d, "2024-01-01 00:00", 1d], [541448820012345000d, "2024-01-01 01:00", 2d] });
        });

        Assert.Equal([1.0, 2], _bench.Values("541448820012345000", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Energy Import (kWh)", "Energy Export (kWh)")]
    [InlineData("Active Energy Import (kWh)", "Active Energy Export (kWh)")]
    public void What_flows_in_is_an_amount_where_it_goes_up_and_down(string import, string export)
    {
        var text = new StringBuilder($"Meter,Timestamp,{import},{export}\n");
        for (var i = 0; i < 96; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"M1,2024-01-01 {i / 4:00}:{i % 4 * 15:00},{i * 7 % 10},0\n");
        }

        _bench.RunText(text.ToString());

        Assert.Equal(Enumerable.Range(0, 96).Sum(i => i * 7 % 10), _bench.Sum("M1", "energy"));
        Assert.Equal(["energy"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct());
    }

    [Theory]
    [InlineData("Energy Import (kWh)")]
    [InlineData("Energy Import Register (kWh)")]
    public void What_flows_in_is_a_register_where_it_grows_or_is_called_one(string header)
    {
        _bench.RunText($"Meter,Timestamp,{header}\nM1,2024-01-01 00:00,100\nM1,2024-01-01 01:00,104\nM1,2024-01-01 02:00,105\nM1,2024-01-01 03:00,109\n");

        Assert.Equal([100.0, 104, 105, 109], _bench.Values("M1", "energy_import_register").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Type", null, "bills")]
    [InlineData("Service", null, "bills")]
    [InlineData("Service", "store", "store")]
    public void Bills_of_two_services_are_of_two_meters(string header, string? equipment, string name)
    {
        _bench.RunText(
            $"{header},Bill Start,Bill End,Usage,Units\nElectric,2024-01-03,2024-02-02,310,kWh\nNatural Gas,2024-01-05,2024-02-05,80,therms\nElectric,2024-02-02,2024-03-03,320,kWh\nNatural Gas,2024-02-05,2024-03-05,70,therms\n",
            new ImportForm { EquipmentId = equipment }, "bills.csv");

        Assert.Equal(
            [($"{name} electricity", "electricity"), ($"{name} gas", "gas")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!)).Order());
        Assert.Equal(630, _bench.Sum($"{name} electricity", "energy"));
        Assert.Equal(4396.1, _bench.Sum($"{name} gas", "energy"), 0.1);
    }

    [Fact]
    public void The_rows_of_one_service_say_what_flows_through_the_meter()
    {
        _bench.RunText("TYPE,DATE,USAGE,UNITS\nNatural gas usage,2024-01-01,0.50,therms\nNatural gas usage,2024-01-02,0.60,therms\n");

        Assert.Equal([("meter", "gas")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!)));
    }

    [Theory]
    [InlineData("Usage (therms)", "")]
    [InlineData("Verbrauch (kWh)", "Brennwert")]
    [InlineData("kWh", "Calorific Value")]
    public void What_only_gas_has_tells_that_it_is_gas(string header, string other)
    {
        _bench.RunText($"Date;{header};{other}\n2024-01-01;50.5;{(other.Length > 0 ? "11.2" : "")}\n2024-01-02;60.5;{(other.Length > 0 ? "11.3" : "")}\n");

        Assert.Equal(["gas"], _bench.Facts.Meters.Select(meter => meter.Carrier));
        Assert.Equal("meter: gas", _bench.Assumed("carrier"));
        Assert.Equal(["energy"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct());
    }

    [Fact]
    public void A_meter_is_known_by_its_point_and_its_device_is_no_reading()
    {
        var text = new StringBuilder("MPRN,Meter Serial Number,Read Value,Read Type,Read Date and End Time\n");
        for (var i = 95; i >= 0; i--)
        {
            text.Append(CultureInfo.InvariantCulture, $"10001234567,000000000030123456,{0.5 + (i % 7 * 0.01)},Active Import Interval (kW),{14 + (i / 48)}-01-2024 {i % 48 / 2:00}:{i % 2 * 30:00}\n");
        }

        _bench.RunText(text.ToString(), new ImportForm { Metric = "active_power", Unit = "kW" });

        Assert.Equal(["10001234567"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
        Assert.Equal(96, _bench.Values("10001234567", "active_power").Count());
        Assert.Equal(96, _bench.Readings.SelectMany(reading => reading.Values).Count());
    }

    [Theory]
    [InlineData("Duration", "15", "30")]
    [InlineData("Minutes", "15", "15")]
    [InlineData("お客さま番号", "123", "123")]
    [InlineData("Partner", "1000234567", "1000234567")]
    [InlineData("MPAN", "1200012345678", "1200012345678")]
    public void Numbers_of_something_else_beside_the_values_are_left_out(string header, string first, string second)
    {
        _bench.RunText($"Meter,Date,Start Time,{header},Amount\nM1,2024-01-01,00:00,{first},1.5\nM1,2024-01-01,00:15,{second},2.5\nM1,2024-01-01,00:30,{first},3.5\n", Energy);

        Assert.Equal([1.5, 2.5, 3.5], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
        Assert.Single(_bench.Facts.Meters);
    }

    [Theory]
    [InlineData("Zählernummer")]
    [InlineData("Zählernr")]
    [InlineData("Zählpunktnummer")]
    [InlineData("Zählpunktbezeichnung")]
    [InlineData("Messlokation")]
    [InlineData("Meternummer")]
    [InlineData("Metering point ID")]
    [InlineData("Service Point ID")]
    [InlineData("Matricola")]
    [InlineData("CPE")]
    [InlineData("ICP")]
    [InlineData("Mätpunkt")]
    [InlineData("MålepunktsID")]
    [InlineData("Anläggnings-ID")]
    [InlineData("Kod PPE")]
    public void Words_for_meters_are_known_in_the_languages_of_networks(string header)
    {
        _bench.RunText($"{header};Von;Bis;Verbrauch (kWh)\nGZ1;01.01.2024;31.01.2024;600\nGZ2;15.01.2024;14.02.2024;700\nGZ1;01.02.2024;29.02.2024;620\nGZ2;15.02.2024;14.03.2024;680\n");

        Assert.Equal(["GZ1", "GZ2"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Equal((1220.0, 1380.0), (_bench.Sum("GZ1", "energy"), _bench.Sum("GZ2", "energy")));
    }

    [Theory]
    [InlineData("Data;Godzina", "2024-01-01")]
    [InlineData("Datum;Timme", "2024-01-01")]
    [InlineData("Datum;Hodina", "01.01.2024")]
    [InlineData("Päivä;Tunti", "1.1.2024")]
    [InlineData("年月日;時間", "2024/01/01")]
    public void Words_for_hours_are_known_in_many_languages(string headers, string date)
    {
        var text = new StringBuilder($"{headers};Value (kWh)\n");
        for (var hour = 1; hour <= 24; hour++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{date};{hour};{hour % 5}.5\n");
        }

        _bench.RunText(text.ToString());

        Assert.Equal(Enumerable.Range(1, 24).Select(hour => (hour % 5) + 0.5), _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.Equal("2024-01-01T00:00:00Z", _bench.Values("meter", "energy").First().Start.ToString());
    }

    [Theory]
    [InlineData("Fra_dato", "Til_dato")]
    [InlineData("Från", "Till")]
    [InlineData("Od", "Do")]
    public void Words_for_both_ends_are_known_in_many_languages(string start, string end)
    {
        _bench.RunText($"{start};{end};Value (kWh)\n2024-01-01 00:00;2024-01-01 01:00;1.5\n2024-01-01 01:00;2024-01-01 02:00;2.5\n");

        Assert.Equal(["meter energy 2024-01-01 00:00 1h 1.5", "meter energy 2024-01-01 01:00 1h 2.5"], _bench.Told);
    }

    [Theory]
    [InlineData("Identifiant PRM;Type;Date de debut;Unite\n30001234567891;puissance;2024-01-01;W\n", "30001234567891")]
    [InlineData("Zählpunkt;DE0001112223334445556667778889991\nKunde;Muster AG\n", "DE0001112223334445556667778889991")]
    [InlineData("CPE;PT0002000012345678AB\n", "PT0002000012345678AB")]
    [InlineData("Meter Number: 222013-012345\nAddress: 1 Main St\n", "222013-012345")]
    [InlineData("Meter:;0030123456\nPOD;IT001E00123456\n", "IT001E00123456")]
    public void The_meter_in_the_lines_above_a_table_has_its_values(string lines, string id)
    {
        _bench.RunText($"{lines}Horodate;Valeur\n2024-01-01 00:00;1500\n2024-01-01 00:30;1600\n2024-01-01 01:00;1700\n", new ImportForm { Metric = "active_power", Unit = "W" }, "lastgang_export.csv");

        Assert.Equal([id], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
        Assert.Equal([1.5, 1.6, 1.7], _bench.Values(id, "active_power").Select(value => value.Value));
        Assert.Equal(id, _bench.Assumed("equipment_id"));
    }

    [Theory]
    [InlineData("Meter Number: 222013\nMeter Number: 222014\n")]
    [InlineData("Meter: 7\n")]
    [InlineData("Meter Type: AMI-2000\n")]
    public void Lines_that_name_no_meter_for_sure_leave_it_to_the_file(string lines)
    {
        _bench.RunText($"{lines}Time;Energy (kWh)\n2024-01-01 00:00;1\n2024-01-01 00:30;2\n");

        Assert.Equal(["meter"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
    }

    [Theory]
    [InlineData("{0:00}{1:00}")]
    [InlineData("{0}:{1:00}～{2}:{3:00}")]
    [InlineData("{0}:{1:00}〜{2}:{3:00}")]
    public void Half_hours_in_the_headers_make_a_matrix_however_they_are_written(string header)
    {
        var headers = Enumerable.Range(0, 48).Select(k => string.Format(CultureInfo.InvariantCulture, header, k / 2, k % 2 * 30, (k + 1) / 2, (k + 1) % 2 * 30));
        _bench.RunText($"Meter Point,Date,{string.Join(',', headers)}\n1200012345688,20/04/2024,{string.Join(',', Enumerable.Range(0, 48))}\n1200012345688,21/04/2024,{string.Join(',', Enumerable.Range(1, 48))}\n", Energy);

        Assert.Equal(["1200012345688"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
        Assert.Equal([.. Enumerable.Range(0, 48).Select(k => (double)k), .. Enumerable.Range(1, 48).Select(k => (double)k)], _bench.Values("1200012345688", "energy").Select(value => value.Value));
    }

    [Fact]
    public void Numbers_as_headers_that_make_no_day_are_asked_about()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(
            $"Date,{string.Join(',', Enumerable.Range(1, 30).Select(k => k * 7))}\n2024-04-20,{string.Join(',', Enumerable.Range(0, 30))}\n2024-04-21,{string.Join(',', Enumerable.Range(0, 30))}\n", Energy)).Fault;

        Assert.Equal("AMBIGUOUS_MAPPING", fault.Code);
        Assert.Contains("equipment_id", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_with_dates_above_a_table_are_no_table_without_values()
    {
        _bench.RunText(
            "Name,A User\nAddress,1 Main St\nAccount Number,1234567890\nDisclaimer,The data is as it was read\n\nTitle,Electric Usage Data\nResource,Electric\nMeter Number,01234567\nUOM,kWh\n"
            + "Reading Start,1/14/2024\nReading End,1/15/2024\nTotal Duration,1\nTotal Usage,6\n"
            + "Meter Number,Date,Start Time,Duration,Consumption,Generation,Net\n01234567,1/14/2024,12:00 AM,60,1,0,1\n01234567,1/14/2024,1:00 AM,60,2,0,2\n01234567,1/14/2024,2:00 AM,60,3,0,3\n", Energy);

        Assert.Equal([1.0, 2, 3], _bench.Values("01234567", "energy").Select(value => value.Value));
    }

    [Fact]
    public void A_type_beside_what_flows_in_and_out_leaves_no_question()
    {
        _bench.RunText(
            "TYPE,DATE,START TIME,END TIME,IMPORT (kWh),EXPORT (kWh),COST,NOTES\nElectric usage,2024-01-01,00:00,00:59,0.5,0.00,$0.15,\nElectric usage,2024-01-01,01:00,01:59,0.4,0.10,$0.12,\nElectric usage,2024-01-01,02:00,02:59,0.7,0.00,$0.21,\n");

        Assert.Equal([0.5, 0.4, 0.7], _bench.Values("meter", "energy").Select(value => value.Value));
        Assert.Equal(["electricity"], _bench.Facts.Meters.Select(meter => meter.Carrier));
    }

    [Fact]
    public void A_row_for_each_meter_is_no_list_where_its_numbers_have_a_unit()
    {
        const string File = "Meter,Date,Reading (m³)\nW1,2024-01-31,1000\nW2,2024-01-31,2000\nW3,2024-01-31,3000\n";

        Assert.Contains("Send metric", Assert.Throws<ImportFaultException>(() => _bench.RunText(File)).Fault.Message, StringComparison.Ordinal);
        _bench.RunText(File, new ImportForm { Metric = "water_volume", Unit = "m³" });

        Assert.Equal(["W1 water_volume 2024-01-31 00:00 1000", "W2 water_volume 2024-01-31 00:00 2000", "W3 water_volume 2024-01-31 00:00 3000"], _bench.Told);
    }

    [Theory]
    [InlineData("Meter Number: 222013;\nEnergy Export;\n", "222013 Energy Export")]
    [InlineData("Zählpunkt;DE0001112223334\nRichtung;Einspeisung\n", "DE0001112223334 Einspeisung")]
    [InlineData("Zählpunkt;DE0001112223334\nRichtung: Lieferung;\n", "DE0001112223334 Lieferung")]
    [InlineData("Meter Number: 222013;\n", "222013 Export", "Export (kWh)")]
    public void What_flows_out_by_its_title_is_a_meter_of_its_own_below_zero(string lines, string id, string header = "Energy (kWh)")
    {
        _bench.RunText($"{lines}Time;{header}\n2024-01-01 00:00;1\n2024-01-01 01:00;2\n2024-01-01 02:00;1.5\n");

        Assert.Equal([(id, true)], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.IsExport)));
        Assert.Equal([-1.0, -2, -1.5], _bench.Values(id, "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Zählpunkt;DE0001112223334\nRichtung;Bezug\n", "lastgang.csv", "DE0001112223334")]
    [InlineData("Zählpunkt;DE0001112223334\nExport;15.01.2024\n", "meter_export.csv", "DE0001112223334")]
    [InlineData("Zählpunkt;DE0001112223334\n", "lastgang_einspeisung.csv", "DE0001112223334 einspeisung")]
    [InlineData("Zählpunkt;DE0001112223334\n", "Lastgang_Einspeisung_Dach.csv", "DE0001112223334 einspeisung")]
    [InlineData("Zählpunkt;DE0001112223334\n", "grid_feed-in_2024-01.csv", "DE0001112223334 feed-in")]
    [InlineData("Zählpunkt;DE0001112223334\nDirection;Feed-in\n", "lastgang.csv", "DE0001112223334 Feed-in")]
    [InlineData("Zählpunkt;DE0001112223334\n", "Conveyor feed in.csv", "DE0001112223334")]
    [InlineData("Zählpunkt;DE0001112223334\n", "Injection Moulding Hall.csv", "DE0001112223334")]
    [InlineData("Zählpunkt;DE0001112223334\n", "Stromlieferung 2024.csv", "DE0001112223334")]
    public void An_export_of_data_flows_nowhere(string lines, string fileName, string id)
    {
        _bench.RunText($"{lines}Time;Energy (kWh)\n2024-01-01 00:00;1\n2024-01-01 01:00;2\n2024-01-01 02:00;1.5\n", null, fileName);

        Assert.Equal([id], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
    }

    [Fact]
    public void Only_meters_with_a_factor_of_gas_are_of_gas()
    {
        _bench.RunText("Meter,Date,Usage (kWh),Brennwert\nA1,2024-01-01,10,\nA2,2024-01-01,20,11.2\nA1,2024-01-02,11,\nA2,2024-01-02,21,11.3\n");

        Assert.Equal([("A1", null), ("A2", (string?)"gas")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier)).Order());
    }

    [Theory]
    [InlineData("Unit")]
    [InlineData("UOM")]
    [InlineData("Unit of Measure")]
    public void A_unit_that_is_not_known_is_named_with_its_row(string header)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Meter,Date,Usage,{header}\nM1,2024-01-01,10,flurb\nM1,2024-01-02,11,flurb\n")).Fault;

        Assert.Equal(("UNKNOWN_UNIT", 2, header), (fault.Code, fault.Row, fault.Column));
        Assert.Contains("flurb", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contradiction_names_the_column_of_its_values()
    {
        _bench.RunText("Meter,Date,Energy (kWh),Water (m3)\nM1,2024-01-01,10,1\nM1,2024-01-01,10,2\nM1,2024-01-02,11,3\n");

        Assert.Contains("in Water (m3)", Assert.Single(_bench.Items.SelectMany(item => item.Faults)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_source_of_data_is_no_time()
    {
        _bench.RunText("Data Source,Timestamp,kWh\n20240101,2024-01-01 00:00,1\n20240101,2024-01-01 01:00,2\n20240101,2024-01-01 02:00,3\n");

        Assert.Equal([1.0, 2, 3], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
    }

    [Fact]
    public void The_same_times_beside_each_column_are_asked_about_no_more()
    {
        _bench.RunText("Datum;Profil +A [kW];Status;Datum;Profil +Ri [kVAr];Status\n13.02.2024 00:15;1;ok;13.02.2024 00:15;5;ok\n13.02.2024 00:30;2;ok;13.02.2024 00:30;6;ok\n");

        Assert.Equal([1.0, 2], _bench.Values("meter", "active_power").Select(value => value.Value));
        Assert.Equal([5.0, 6], _bench.Values("meter", "reactive_power").Select(value => value.Value));
    }

    [Fact]
    public void What_is_said_of_one_of_several_columns_of_a_name_is_not_said_of_the_others()
    {
        _bench.RunText(
            "Timestamp,kWh,kWh\n2024-01-01 00:00,1,5\n2024-01-01 01:00,2,6\n",
            new ImportForm { Mapping = new() { Columns = [new MappedColumn("kWh") { Position = 3, Role = ColumnRole.Ignored }] } });

        Assert.Equal([1.0, 2], _bench.Values("meter", "energy").Select(value => value.Value));
    }

    [Fact]
    public void The_time_of_a_revision_is_not_that_of_the_usage()
    {
        _bench.RunText(
            "ESIID,USAGE_DATE,REVISION_DATE,USAGE_START_TIME,USAGE_END_TIME,USAGE_KWH\n'10443720001234567,05/14/2026,05/15/2026 03:11:00,00:00,00:15,1\n'10443720001234567,05/14/2026,05/15/2026 03:11:00,00:15,00:30,2\n");

        Assert.Equal(["10443720001234567 energy 2026-05-14 00:00 15m 1", "10443720001234567 energy 2026-05-14 00:15 15m 2"], _bench.Told);
    }
}
