using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Whether whole numbers below a word for a meter are numbers of meters or values.</summary>
public sealed class NumberedMetersTests : IDisposable
{
    private static readonly ImportForm Power = new() { Metric = "active_power", Unit = "kW" };

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Meter ID,1.23457E+11,1.23458E+11", ',')]
    [InlineData("Meter,1.2E+13,1.2E+13", ',')]
    [InlineData("Zählernummer;1,23457E+11;1,23457E+11", ';')]
    public void Numbers_of_meters_that_were_cut_are_refused_and_another_column_may_name_them(string column, char separator)
    {
        var (header, first, second) = column.Split(separator) is [var name, var one, var two] ? (name, one, two) : default;
        string[] lines = [$"Time{separator}{header}{separator}Label{separator}kWh", $"2024-01-01 00:00{separator}{first}{separator}A{separator}5", $"2024-01-01 00:00{separator}{second}{separator}B{separator}7", $"2024-01-01 01:00{separator}{first}{separator}A{separator}6"];
        var text = string.Join('\n', lines);
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = new ImportMapping { Columns = [new MappedColumn(header) { Role = ColumnRole.Ignored }, new MappedColumn("Label") { Role = ColumnRole.Equipment }] } });

        Assert.Equal(("DATA_VALIDATION_FAILED", 2, header), (fault.Code, fault.Row, fault.Column));
        Assert.Equal(["A", "B"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
    }

    [Fact]
    public void A_number_that_was_cut_does_not_stand_in_the_way_of_the_meter_that_the_request_names()
    {
        _bench.RunText("Time,MPAN,kWh\n2024-01-01 00:00,1.23457E+11,5\n2024-01-01 01:00,1.23457E+11,6\n2024-01-01 02:00,1.23457E+11,8\n", new ImportForm { EquipmentId = "M" });

        Assert.Equal(["M"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
        Assert.Equal([5.0, 6.0, 8.0], _bench.Values("M", "energy").Select(value => value.Value));
    }

    [Fact]
    public void A_number_above_a_table_that_was_cut_names_no_meter()
    {
        _bench.RunText("Meter Number: 1.23457E+11\nTime,kWh\n2024-01-01 00:00,5\n2024-01-01 01:00,6\n");

        Assert.Equal(["meter"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
    }

    [Fact]
    public void Numbers_of_meters_in_cells_of_numbers_keep_all_of_their_digits()
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Data");
            sheet.Cell(1, 1).InsertData(new object[][] { ["Time", "Meter ID", "kWh"], ["2024-01-01 00:00", 123456789012d, 5], ["2024-01-01 00:00", 123456789013d, 6], ["2024-01-01 01:00", 123456789012d, 7] });
        });

        Assert.Equal(["123456789012", "123456789013"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    public void Numbers_below_the_name_of_a_metric_are_its_values(string fraction)
    {
        _bench.RunText(
            $"timestamp,Load,Temperature (°C)\n2024-01-01 00:00,1200{fraction},5\n2024-01-01 01:00,1215{fraction},6\n2024-01-01 02:00,1200{fraction},7\n", Power);

        Assert.Equal(["meter"], _bench.Facts.Meters.Select(meter => meter.EquipmentId));
        Assert.Equal([1200, 1215, 1200], _bench.Values("meter", "active_power").Select(value => Math.Floor(value.Value)));
        Assert.Equal([5, 6, 7], _bench.Values("meter", "temperature").Select(value => value.Value));
    }

    [Fact]
    public void Numbers_below_the_name_of_a_metric_are_asked_for_their_unit()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("timestamp,Load,Temperature (°C)\n2024-01-01 00:00,1200,5\n2024-01-01 01:00,1215,6\n")).Fault;

        Assert.Equal(("AMBIGUOUS_MAPPING", "Load"), (fault.Code, fault.Column));
    }

    [Theory]
    [InlineData("Circuit 1", "Circuit 2")]
    [InlineData("Panel A", "Panel B")]
    [InlineData("Meter 1", "Meter 2")]
    [InlineData("Building 1", "Building 2")]
    public void Columns_of_whole_numbers_are_a_meter_each(string first, string second)
    {
        _bench.RunText($"timestamp,{first},{second}\n2024-01-01 00:00,12,7\n2024-01-01 01:00,12,8\n2024-01-01 02:00,14,8\n", Power);

        Assert.Equal([12.0, 12, 14], _bench.Values(first, "active_power").Select(value => value.Value));
        Assert.Equal([7.0, 8, 8], _bench.Values(second, "active_power").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Load")]
    [InlineData("Panel")]
    [InlineData("Meter 1")]
    [InlineData("Meter")]
    public void The_only_column_of_numbers_has_the_values(string header)
    {
        _bench.RunText($"timestamp,{header}\n2024-01-01 00:00,1200\n2024-01-01 01:00,1200\n2024-01-01 02:00,1215\n", Power);

        Assert.Equal([1200.0, 1200, 1215], _bench.Values("meter", "active_power").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Meter,Date,kWh\n101,2024-01-01,5\n102,2024-01-01,6\n101,2024-01-02,7\n102,2024-01-02,8\n")]
    [InlineData("Meter,Date,kWh\n101,2024-01-01,5\n102,2024-01-01,6\n")]
    [InlineData("Meter,Date,kWh\n101,2024-01-05,5\n101,2024-02-04,7\n102,2024-01-06,6\n102,2024-02-07,8\n")]
    [InlineData("Circuit,Date,Value,Unit\n101,2024-01-01,5,kWh\n102,2024-01-01,6,kWh\n")]
    [InlineData("Meter No,Date,kWh\n101,2024-01-01,5\n102,2024-01-02,6\n")]
    [InlineData("MPAN,Date,kWh\n101,2024-01-01,5\n102,2024-01-02,6\n")]
    [InlineData("Energy (kWh)\nMeter,2024-01-01,2024-01-02,2024-01-03\n101,5,7,8\n102,6,8,9\n")]
    [InlineData("Building,Date,kWh\n101,2024-01-01,5\n102,2024-01-01,6\n")]
    public void Numbers_of_meters_name_them(string text)
    {
        _bench.RunText(text);

        Assert.Equal(["101", "102"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Site,Meter,Month,Usage (kWh)", "North,HVAC,2024-01,1|South,HVAC,2024-01,2|North,Main,2024-01,3|North,HVAC,2024-02,4|South,HVAC,2024-02,5|North,Main,2024-02,6", "Main|North:HVAC|South:HVAC")]
    [InlineData("building_id,meter_id,timestamp,energy_kwh", "7,0,2024-01-01 00:00,1|8,0,2024-01-01 00:00,2|7,1,2024-01-01 00:00,3|7,0,2024-01-01 01:00,4|8,0,2024-01-01 01:00,5|7,1,2024-01-01 01:00,6", "1|7:0|8:0")]
    public void Meters_that_sites_call_alike_are_told_apart_by_the_site(string headers, string rows, string meters)
    {
        _bench.RunText($"{headers}\n{rows.Replace('|', '\n')}\n");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(meters.Split('|'), _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order(StringComparer.Ordinal));
        Assert.Equal([1.0, 4], _bench.Values(meters.Split('|')[1], "energy").Select(value => value.Value));
        Assert.StartsWith("site:", _bench.Assumed("equipment_id"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hall 2")]
    [InlineData("hall 1")]
    [InlineData("")]
    public void A_meter_that_is_said_to_be_elsewhere_later_stays_one(string later)
    {
        _bench.RunText($"device_id,location,timestamp,kWh\nEM-12,Hall 1,2024-01-01 00:00,1\nEM-12,Hall 1,2024-01-01 01:00,2\nEM-12,{later},2024-01-01 02:00,3\nEM-12,,2024-01-01 03:00,4\nEM-12,{later},2024-01-01 04:00,5\n");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([1.0, 2, 3, 4, 5], _bench.Values("EM-12", "energy").Select(value => value.Value));
    }

    /// <summary>A meter that was moved is read in one place after the other.</summary>
    [Theory]
    [InlineData("00:05 01:05 02:05", "1 2 3", "Hall 1:EM-12 Hall 2:EM-12")]
    [InlineData("00:00 01:00 02:00", "0 0 0", "EM-12")]
    [InlineData("03:00 04:00 05:00", "1 2 3", "EM-12")]
    public void A_number_that_is_read_in_two_places_by_turns_is_of_two_meters(string times, string values, string meters)
    {
        var here = values[0] == '0' ? "0" : "9";
        var later = times.Split(' ').Zip(values.Split(' '), (time, value) => $"EM-12,Hall 2,2024-01-01 {time},{value}\n");
        _bench.RunText($"device_id,location,timestamp,kWh\nEM-12,Hall 1,2024-01-01 00:00,{here}\nEM-12,Hall 1,2024-01-01 01:00,{here}\nEM-12,Hall 1,2024-01-01 02:00,{here}\n{string.Concat(later)}");

        Assert.Equal(meters, string.Join(' ', _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Places_that_are_written_in_other_cases_are_one()
    {
        var rows = string.Concat(Enumerable.Range(0, 4).Select(hour => $"EM-1,{(hour < 2 ? "Hall 1" : "HALL 1")},2024-01-01 0{hour}:00,{hour}\nEM-1,Hall 2,2024-01-01 0{hour}:00,{hour + 10}\n"));

        _bench.RunText($"device_id,location,timestamp,kWh\n{rows}");

        Assert.Equal(["Hall 1:EM-1", "Hall 2:EM-1"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order(StringComparer.Ordinal));
        Assert.Equal([0.0, 1, 2, 3], _bench.Values("Hall 1:EM-1", "energy").Select(value => value.Value));
    }

    /// <summary>Of more times than are kept at once, of which one site has but the last.</summary>
    [Fact]
    public void Meters_of_long_files_are_told_apart_by_the_site()
    {
        string Rows(string site, int from, int value) =>
            string.Concat(Enumerable.Range(from, 120_000 - from).Select(i => $"{site},1,{new DateTime(2023, 1, 1).AddMinutes(5 * i):yyyy-MM-dd HH:mm},{value}\n"));

        _bench.RunText($"Site,Meter,Time,kWh\n{Rows("North", 0, 1)}{Rows("South", 115_000, 2)}");

        Assert.Equal(["North:1", "South:1"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_long_number_of_a_meter_is_its_own_wherever_its_site_is_said_to_be()
    {
        _bench.RunText("Site,Meter ID,Month,Usage (kWh)\nMain Street,10443720001,2024-01,1\nMain St,10443720001,2024-02,2\n");

        Assert.Equal([1.0, 2], _bench.Values("10443720001", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Serial Number")]
    [InlineData("Serial No.")]
    [InlineData("S/N")]
    [InlineData("SN")]
    public void The_serial_number_of_a_device_names_it_where_nothing_else_does(string header)
    {
        _bench.RunText($"{header},Timestamp,Energy (kWh)\n15812345,2024-01-01 00:00,1\n15812345,2024-01-01 01:00,2\n15899999,2024-01-01 00:00,3\n15899999,2024-01-01 01:00,4\n");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal([1.0, 2], _bench.Values("15812345", "energy").Select(value => value.Value));
        Assert.Equal([3.0, 4], _bench.Values("15899999", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Serial No,Timestamp,Energy (kWh)\n1,2024-01-01 00:00,1\n2,2024-01-01 01:00,2\n3,2024-01-01 02:00,3\n", "meter")]
    [InlineData("Building,Serial Number,Timestamp,Energy (kWh)\nHall,15812345,2024-01-01 00:00,1\nHall,15812345,2024-01-01 01:00,2\nHall,15812345,2024-01-01 02:00,3\n", "Hall")]
    public void A_number_of_rows_or_of_the_only_device_of_a_place_names_no_meter(string text, string meter)
    {
        _bench.RunText(text);

        Assert.Equal([1.0, 2, 3], _bench.Values(meter, "energy").Select(value => value.Value));
    }

    [Fact]
    public void Numbers_that_tell_rows_of_the_same_times_apart_are_asked_about()
    {
        var rows = string.Concat(Enumerable.Range(0, 4).Select(hour => $"77,2024-01-01 0{hour}:00,1\n88,2024-01-01 0{hour}:00,2\n"));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Ref,Timestamp,Energy (kWh)\n{rows}")).Fault;

        Assert.Equal(("AMBIGUOUS_MAPPING", "Ref"), (fault.Code, fault.Column));
    }

    [Theory]
    [InlineData("Trafo Nr. 1", "Trafo Nr. 2")]
    [InlineData("Pump No. 1", "Pump No. 2")]
    [InlineData("Wallbox (ID 1) Netzbezug", "Wallbox (ID 2) Netzbezug")]
    [InlineData("Meter No. 1", "Meter No. 2")]
    [InlineData("Pump #1", "Pump #2")]
    public void Meters_whose_names_have_a_number_are_no_numbers(string first, string second)
    {
        _bench.RunText($"Timestamp,{first},{second}\n2024-01-01 00:00,12,7\n2024-01-01 01:00,12,9\n2024-01-01 02:00,14,8\n", Power);

        Assert.Equal([12.0, 7, 12, 9, 14, 8], _bench.Readings.OrderBy(reading => reading.Start).ThenBy(reading => reading.EquipmentId, StringComparer.Ordinal).Select(reading => Assert.Single(reading.Values).Value));
    }

    [Fact]
    public void Where_all_numbers_are_those_of_something_the_fault_says_so()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Timestamp,Ref\n2024-01-01 00:00,12\n2024-01-01 01:00,13\n", Power)).Fault;

        Assert.Contains("Ref, whose headers say that they number something", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Site,Meter,Serial", 1)]
    [InlineData("Site,Meter,Serial", 2)]
    [InlineData("Site,Meter,Serial No", 2)]
    [InlineData("Site,Meter,Ref", 2)]
    [InlineData("Site,Meter,Code", 1)]
    [InlineData("Site,Meter,ID", 2)]
    [InlineData("Site,Meter Number,Serial", 1)]
    public void The_number_of_a_meter_is_none_of_its_site(string headers, int meters)
    {
        _bench.RunText($"{headers},Timestamp,kWh\n{string.Concat(Enumerable.Range(0, 48).Select(i => $"North,M{i % meters},SN{7 + (i % meters)}9,2024-05-{1 + (i / meters / 24):00} {i / meters % 24:00}:00,{3 + (i % 5)}\n"))}");

        Assert.Equal(Enumerable.Range(0, meters).Select(meter => ($"M{meter}", "North")), _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Site ?? meter.SiteName!)).Order());
    }

    [Theory]
    [InlineData("Store,Code,Meter")]
    [InlineData("Code,Store,Meter")]
    public void The_number_of_a_store_is_that_of_its_site(string headers)
    {
        static string Row(string headers, int store, int meter) => headers.StartsWith("Code", StringComparison.Ordinal) ? $"{70 + store},Store {store},M{store}{meter}" : $"Store {store},{70 + store},M{store}{meter}";

        _bench.RunText($"{headers},Timestamp,kWh\n{string.Concat(Enumerable.Range(0, 48).Select(i => $"{Row(headers, i % 2, i / 2 % 2)},2024-05-01 {i / 4:00}:00,{3 + (i % 5)}\n"))}");

        Assert.Equal(["70", "70", "71", "71"], _bench.Facts.Meters.Select(meter => meter.Site).Order());
    }
}
