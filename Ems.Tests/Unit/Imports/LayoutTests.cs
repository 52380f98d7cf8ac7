using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Small files, each laid out in another way, with what must come of them.</summary>
public sealed class LayoutTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_header_below_title_rows_is_found()
    {
        _bench.RunText("Export of building 7\n\ntimestamp;kWh;temp_F\n2020-01-01 00:00;1,5;50\n2020-01-01 01:00;2,5;68\n");

        Assert.Equal(
            [
                "meter energy 2020-01-01 00:00 1h 1.5", "meter energy 2020-01-01 01:00 1h 2.5",
                "meter temperature 2020-01-01 00:00 10", "meter temperature 2020-01-01 01:00 20",
            ],
            _bench.Told);
    }

    [Fact]
    public void A_title_that_is_a_date_is_no_row_of_values()
    {
        _bench.RunText("Energy report\n01/31/2020 04:28 PM\nMeter: 12\n\nDate,kWh\n2020-01-01,5\n2020-01-02,6\n");

        Assert.Equal(["meter energy 2020-01-01 00:00 1d 5", "meter energy 2020-01-02 00:00 1d 6"], _bench.Told);
    }

    [Fact]
    public void Lines_of_names_and_values_above_the_header_are_no_headers()
    {
        _bench.RunText("Meter:,4711\nPeriod:,January\nDate,kWh\n2020-01-01,5\n2020-01-02,6\n");

        Assert.Equal(["4711 energy 2020-01-01 00:00 1d 5", "4711 energy 2020-01-02 00:00 1d 6"], _bench.Told);
    }

    [Fact]
    public void A_long_layout_in_no_order_is_sorted_and_its_duplicates_are_judged()
    {
        _bench.RunText("meter_id,time,kW\nA,2020-01-01 02:00,3\nB,2020-01-01 00:00,7\nA,2020-01-01 00:00,1\nA,2020-01-01 01:00,2\nB,2020-01-01 00:00,8\nA,2020-01-01 02:00,3\n");

        Assert.Equal(["A active_power 2020-01-01 00:00 1", "A active_power 2020-01-01 01:00 2", "A active_power 2020-01-01 02:00 3"], _bench.Told);
        Assert.Equal((1, 2), (_bench.Items.Sum(item => item.Duplicates), _bench.Items.Sum(item => item.Rejected)));
    }

    [Fact]
    public void A_long_layout_with_a_column_of_metrics_has_each_value_as_what_its_row_says()
    {
        _bench.RunText("Device;Zeitstempel;Messgröße;Einheit;Wert\nM1;01.02.2020 00:00;Energy;kWh;1,5\nM1;01.02.2020 00:00;Voltage;V;230\nM1;01.02.2020 01:00;Energy;MWh;0,002\n");

        Assert.Equal(
            ["M1 energy 2020-02-01 00:00 1h 1.5", "M1 energy 2020-02-01 01:00 1h 2", "M1 voltage 2020-02-01 00:00 230"], _bench.Told);
    }

    [Fact]
    public void A_unit_column_tells_the_unit_row_by_row_and_the_type_what_a_volume_is_of()
    {
        _bench.RunText(
            "Meter ID,Meter Name,Utility Type,Date,Usage,Units\n"
            + "1,Main,Electric,2020-01-01,10,kWh\n1,Main,Electric,2020-01-02,11,kWh\n"
            + "2,Main,Natural Gas,2020-01-01,2,ccf\n2,Main,Natural Gas,2020-01-02,1,therms\n"
            + "3,Main,Water,2020-01-01,1000,gal\n3,Main,Water,2020-01-02,2,m3\n3,Main,Water,2020-01-03,2,furlong\n");

        Assert.Equal(
            [
                "1 energy 2020-01-01 00:00 1d 10", "1 energy 2020-01-02 00:00 1d 11", "2 energy 2020-01-02 00:00 1d 29.307107",
                "2 gas_volume 2020-01-01 00:00 1d 5.663369", "3 water_volume 2020-01-01 00:00 1d 3.785412", "3 water_volume 2020-01-02 00:00 1d 2",
            ],
            _bench.Told);
        Assert.Equal(["UNKNOWN_UNIT"], _bench.FaultCodes);
        Assert.Equal([("1", "electricity"), ("2", "gas"), ("3", "water")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!)));
    }

    [Fact]
    public void Meters_of_one_name_are_told_apart_by_their_site_and_by_what_flows_through_them()
    {
        _bench.RunText(
            "Building,Meter Name,Fuel Type,Date,Usage (kBtu)\nNorth,Main,Electric,2020-01-01,1\nNorth,Main,Natural Gas,2020-01-01,2\nSouth,Main,Electric,2020-01-01,3\n");

        Assert.Equal(
            [("North:Main electricity", "electricity", "North"), ("North:Main gas", "gas", "North"), ("South:Main electricity", "electricity", "South")],
            _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!, meter.SiteName!)).Order());
    }

    [Fact]
    public void Several_header_rows_are_one_header_and_the_units_row_belongs_to_it()
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Sheet1");
            sheet.Cell("A1").Value = "Load profiles";
            sheet.Cell("B3").Value = "Main building";
            sheet.Range("B3:C3").Merge();
            sheet.Cell("D3").Value = "Chiller";
            sheet.Range("D3:E3").Merge();
            string[] metrics = ["Timestamp", "Energy", "Power", "Energy", "Power"];
            string[] units = ["", "kWh", "W", "MWh", "kW"];
            for (var i = 0; i < metrics.Length; i++)
            {
                sheet.Cell(4, i + 1).Value = metrics[i];
                sheet.Cell(5, i + 1).Value = units[i];
                sheet.Cell(6, i + 1).Value = i == 0 ? new DateTime(2020, 1, 1) : i;
                sheet.Cell(7, i + 1).Value = i == 0 ? new DateTime(2020, 1, 1, 1, 0, 0) : i + 10;
            }
        });

        Assert.Equal(
            [
                "Chiller active_power 2020-01-01 00:00 4", "Chiller active_power 2020-01-01 01:00 14",
                "Chiller energy 2020-01-01 00:00 1h 3000", "Chiller energy 2020-01-01 01:00 1h 13000",
                "Main building active_power 2020-01-01 00:00 0.002", "Main building active_power 2020-01-01 01:00 0.012",
                "Main building energy 2020-01-01 00:00 1h 1", "Main building energy 2020-01-01 01:00 1h 11",
            ],
            _bench.Told);
    }

    [Fact]
    public void Merged_cells_fill_the_rows_below_them()
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Sheet1");
            string[] headers = ["Meter", "Date", "Hour", "kWh"];
            for (var i = 0; i < headers.Length; i++)
            {
                sheet.Cell(1, i + 1).Value = headers[i];
            }

            for (var hour = 0; hour < 24; hour++)
            {
                sheet.Cell(hour + 2, 3).Value = hour;
                sheet.Cell(hour + 2, 4).Value = hour * 2;
            }

            sheet.Cell("A2").Value = "M1";
            sheet.Range("A2:A25").Merge();
            sheet.Cell("B2").Value = new DateTime(2020, 1, 1);
            sheet.Range("B2:B25").Merge();
        });

        Assert.Equal(24, _bench.Told.Count);
        Assert.Equal("M1 energy 2020-01-01 23:00 1h 46", _bench.Told[^1]);
    }

    [Fact]
    public void Sums_and_footers_are_no_readings()
    {
        _bench.RunText("Date,kWh\n2020-01-01,5\n2020-01-02,6\n2020-01-03,7\n2020-01-04,8\n2020-01-05,9\nTotal,35\n,35\nAverage:,7\nPrinted by the meter office\n");

        Assert.Equal(5, _bench.Told.Count);
        Assert.Empty(_bench.FaultCodes);
        Assert.Contains("rows 7, 8, 9", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_that_come_again_are_no_readings()
    {
        _bench.RunText("Date,kWh\n2020-01-01,5\nDate,kWh\n2020-01-02,6\n");

        Assert.Equal(2, _bench.Told.Count);
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void Row_numbers_count_blank_lines()
    {
        _bench.RunText("Date,kWh\n\n2020-01-01,5\n\n\n2020-01-02,none at all\n2020-01-03,7\n");

        Assert.Equal((6, "DATA_VALIDATION_FAILED"), Assert.Single(_bench.Items.SelectMany(item => item.Faults).Select(fault => (fault.Row!.Value, fault.Code))));
    }

    [Fact]
    public void Unicode_headers_name_the_meters()
    {
        _bench.RunText("Datum,Gebäude Süd kWh,مبنى kWh,ビル kWh\n2020-01-01,1,2,3\n2020-01-02,4,5,6\n");

        Assert.Equal(["Gebäude Süd", "مبنى", "ビル"], _bench.Facts.Mapping.Select(column => column.EquipmentId));
        Assert.Equal(21, _bench.Readings.Sum(reading => reading.Values[0].Value));
    }

    [Fact]
    public void A_file_without_headers_is_read_when_the_request_says_what_it_holds()
    {
        _bench.RunText("2020-01-01 00:00,1\n2020-01-01 01:00,2\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(["meter energy 2020-01-01 00:00 1h 1", "meter energy 2020-01-01 01:00 1h 2"], _bench.Told);
    }

    [Theory]
    [InlineData("timestamp,kWh\n01/02/2020 00:00,1\n01/02/2020 01:00,2\n", "AMBIGUOUS_MAPPING")]
    [InlineData("timestamp,Real Power\n2020-01-01 00:00,1\n2020-01-01 01:00,2\n", "AMBIGUOUS_MAPPING")]
    [InlineData("start,received at date,kWh\n2020-01-01 00:00,2020-01-01 00:01,2\n2020-01-01 01:00,2020-01-01 01:01,2\n", "AMBIGUOUS_MAPPING")]
    [InlineData("meter id,meter number,date,kWh\n1,2,2020-01-01,1\n1,3,2020-01-02,2\n", null)]
    [InlineData("meter number,meter serial,date,kWh\n1,2,2020-01-01,1\n1,3,2020-01-02,2\n", "AMBIGUOUS_MAPPING")]
    [InlineData("date,value,reading,unit\n2020-01-01,1,2,kWh\n2020-01-02,1,2,kWh\n", "AMBIGUOUS_MAPPING")]
    public void What_can_be_read_in_two_ways_is_refused_with_the_alternatives(string text, string? code)
    {
        if (code is null)
        {
            Assert.Equal(2, _bench.RunText(text).Told.Count);
            return;
        }

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal(code, fault.Code);
        Assert.True(fault.Alternatives!.Count >= 2);
    }

    [Theory]
    [InlineData("name,kWh\na,1\nb,2\n", "name, kWh")]
    [InlineData("Date,kWh\n", "no rows below the headers: Date, kWh")]
    [InlineData("Building ID,Built on,Floor area\nA,2001-01-01,100\nB,1999-05-05,200\n", "Building ID, Built on, Floor area")]
    public void What_holds_no_readings_is_refused_with_what_was_found(string text, string found)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal("MISSING_REQUIRED_COLUMNS", fault.Code);
        Assert.Contains(found, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_location_of_a_device_is_not_that_of_the_next_ones()
    {
        var rows = string.Concat(Enumerable.Range(0, 4).Select(hour => $"2024-01-01 0{hour}:00,3a9fb50e,Bedroom,1\n2024-01-01 0{hour}:00,63ac628e,,2\n2024-01-01 0{hour}:00,mains,,3\n"));

        _bench.RunText($"DateTime,Device ID,Device Location,kWh\n{rows}");

        Assert.Equal([("3a9fb50e", "Bedroom"), ("63ac628e", null), ("mains", null)], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Site ?? meter.SiteName)).Order());
    }
}
