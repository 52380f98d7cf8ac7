using Ems.Core.Metering;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Plain files in which a word or a number might be taken for more than it is.</summary>
public sealed class PlainFilesTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_register_whose_meter_was_changed_once_is_one()
    {
        _bench.RunText("Meter,Date,Energy Import (kWh)\nM1,2024-01-01,98500\nM1,2024-02-01,99200\nM1,2024-03-01,150\nM1,2024-04-01,900\n");

        Assert.Equal([98_500.0, 99_200, 150, 900], _bench.Values("M1", "energy_import_register").Select(value => value.Value));
    }

    [Fact]
    public void A_register_with_both_ends_of_its_rows_that_only_grows_is_one()
    {
        _bench.RunText("From,To,Active Energy Import (kWh)\n" + string.Concat(Enumerable.Range(0, 20).Select(
            i => FormattableString.Invariant($"2024-01-01 {i / 4:00}:{i % 4 * 15:00},2024-01-01 {(i + 1) / 4:00}:{(i + 1) % 4 * 15:00},{1000 + (i * 0.4):0.0}\n"))));

        Assert.Equal(20, _bench.Values("meter", "energy_import_register").Count());
    }

    [Theory]
    [InlineData("Data do consumo")]
    [InlineData("Data e hora do registo")]
    public void A_Portuguese_date_of_something_is_no_end(string header)
    {
        _bench.RunText($"{header};Consumo (kWh)\n2024-01-01;10\n2024-01-02;11\n2024-01-03;12\n");

        Assert.Equal("2024-01-01", FormattableString.Invariant($"{_bench.Values("meter", "energy").First().Start:uuuu-MM-dd}"));
    }

    [Fact]
    public void A_summary_above_the_table_names_no_meter()
    {
        _bench.RunText("Meter,Type,Usage\nM-1001,Elec,500\nM-1002,Elec,300\n\nDate,kWh\n2024-01-01,5\n2024-01-02,6\n2024-01-03,7\n");

        Assert.DoesNotContain(_bench.Readings, reading => reading.EquipmentId == "M-1001");
    }

    [Fact]
    public void A_name_with_a_number_above_the_table_names_no_meter()
    {
        _bench.RunText("Meter: Block 4\nDate,kWh\n2024-01-01,5\n2024-01-02,6\n", fileName: "gas_2024.csv");

        Assert.All(_bench.Readings, reading => Assert.Equal("gas", reading.EquipmentId));
    }

    [Fact]
    public void Sheets_of_one_meter_that_have_other_names_stay_apart()
    {
        _bench.RunWorkbook(workbook =>
        {
            foreach (var (name, value) in new[] { ("Hall", 1.0), ("Roof", 3.0) })
            {
                workbook.AddWorksheet(name).Cell("A1").InsertData(new object[][] { ["MPAN", "1200012345678"], ["Date", "kWh"], [new DateTime(2024, 1, 1), value], [new DateTime(2024, 1, 2), value + 1] });
            }
        });

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal("Hall Roof", string.Join(" ", _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order()));
    }

    [Theory]
    [InlineData("Meter Number;333013\n\n", "Peak shaving (kWh);Base (kWh)", "333013 Base|333013 Peak shaving")]
    [InlineData("CPE:;PT0002000012345678AB\n\n", "Consumo (kW);Produção (kW)", "PT0002000012345678AB Consumo|PT0002000012345678AB Produção")]
    [InlineData("Site visit;333013\n\n", "Peak shaving (kWh);Base (kWh)", "Base|Peak shaving")]
    public void Several_columns_below_the_number_of_a_meter_are_parts_of_it(string lines, string columns, string meters)
    {
        _bench.RunText($"{lines}Date;Time;{columns}\n2024-01-01;00:00;1.5;2.5\n2024-01-01;01:00;1.6;2.4\n2024-01-01;02:00;1.4;2.6\n");

        Assert.Equal(meters.Split('|'), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Plant Name", "Werk Nord")]
    [InlineData("Plant Status", "Plant Report")]
    public void A_report_of_a_plant_is_of_the_plant_that_its_rows_name(string header, string meter)
    {
        _bench.RunWorkbook(workbook => workbook.AddWorksheet("Plant Report").Cell("A1").InsertData(new object[][]
        {
            ["Statistical Period", header, "PV Yield (kWh)"], ["2024-01-01", "Werk Nord", 285.2], ["2024-01-02", "Werk Nord", 446.6], ["2024-01-03", "Werk Nord", 459.3],
        }));

        Assert.Equal([meter], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
    }

    [Fact]
    public void A_mapping_by_the_name_of_the_file_holds_below_a_line_that_names_the_meter()
    {
        var form = new ImportForm { Mapping = new ImportMapping { Equipment = new Dictionary<string, string> { ["lastgang_export"] = "B:Main" } } };

        _bench.RunText("Zählpunkt;AT0010000000000000001\nZeit;kWh\n2024-01-01 00:00;1\n2024-01-01 00:15;2\n", form, "lastgang_export_2024-02.csv");

        Assert.All(_bench.Readings, reading => Assert.Equal("B:Main", reading.EquipmentId));
    }

    [Theory]
    [InlineData("MPAN,Meter Serial Number,Date,kWh\n1200012345678,S1,2024-01-01,5\n1200012345678,S2,2024-01-01,7\n1200012345678,S1,2024-01-02,6\n1200012345678,S2,2024-01-02,8\n", "S1 S2")]
    [InlineData("MPAN,MPRN,Meter Serial Number,Date,kWh\n1200012345678,,S1,2024-01-01,5\n,3300012345,S2,2024-01-01,7\n1200012345678,,S1,2024-01-02,6\n,3300012345,S2,2024-01-02,8\n", "S1 S2")]
    [InlineData("Marktlokation;Messlokation;Datum;Verbrauch (kWh)\n51238696781;DE0005626680;2024-01-01;5\n51238696781;DE0005626680;2024-01-02;6\n", "DE0005626680")]
    public void Devices_tell_meters_apart_that_hang_at_one_point_or_at_points_of_two_kinds(string text, string meters)
    {
        _bench.RunText(text);

        Assert.Equal(meters, string.Join(' ', _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order()));
    }

    [Fact]
    public void Numbers_of_flats_in_the_headers_are_meters()
    {
        var flats = Enumerable.Range(101, 30).ToList();

        _bench.RunText($"Date,{string.Join(',', flats)}\n2024-01-01,{string.Join(',', flats)}\n2024-01-02,{string.Join(',', flats)}\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(30, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    [Fact]
    public void Pieces_are_no_gas()
    {
        _bench.RunText("Date,Energy (kWh),Output (pcs)\n2024-01-01,1200,350\n2024-01-02,1300,360\n");

        Assert.DoesNotContain(_bench.Facts.Meters, meter => meter.Carrier == "gas");
    }

    [Fact]
    public void What_is_produced_in_is_a_consumer_among_others_and_the_total_is_their_sum()
    {
        _bench.RunText("Time,Total (kWh),Production (kWh),Office (kWh)\n2024-01-01 00:00,8,5,3\n2024-01-01 01:00,9,5,4\n2024-01-01 02:00,11,6,5\n");

        Assert.Equal(["Office", "Production"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
    }

    [Theory]
    [InlineData("Item No,Date,kWh\n1,2024-01-01,5\n2,2024-01-02,6\n3,2024-01-03,7\n4,2024-01-04,7\n")]
    [InlineData("Date,kWh,Trend\n2024-01-01,5,up\n2024-01-02,6,up\n2024-01-03,4,down\n2024-01-04,3,down\n")]
    public void Numbers_of_rows_and_remarks_are_no_meters(string text)
    {
        _bench.RunText(text);

        Assert.All(_bench.Readings, reading => Assert.Equal("meter", reading.EquipmentId));
    }

    [Theory]
    [InlineData("Meter,Commodity,Date,kWh\nM1,E,2024-01-01,5\nM1,E,2024-01-02,6\n")]
    [InlineData("Meter,Wing,Date,kWh\nM1,E,2024-01-01,5\nM2,W,2024-01-01,6\n")]
    public void Letters_of_something_else_are_no_marks(string text)
    {
        _bench.RunText(text);

        Assert.All(_bench.Readings, reading => Assert.False(reading.Flags.HasFlag(ReadingFlags.Estimated)));
    }

    [Fact]
    public void What_a_meter_may_carry_is_no_series()
    {
        _bench.RunText("Meter,Capacity,Date,kWh\nA,10 kW,2024-01-01,5\nA,10 kW,2024-01-02,6\nA,10 kW,2024-01-03,6\nB,20 kW,2024-01-01,7\nB,20 kW,2024-01-02,8\nB,20 kW,2024-01-03,8\n");

        Assert.Equal(["energy"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct());
    }
}
