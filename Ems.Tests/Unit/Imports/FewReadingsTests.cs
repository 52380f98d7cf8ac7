using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Logs of a few months, of which a title or a name says that meters were read, and columns of readings whose headers say no more.</summary>
public sealed class FewReadingsTests : IDisposable
{
    private static readonly double[] Main = [18_200, 22_410, 26_330, 29_980, 33_020];

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Meter readings 2024\n\n", "Date", "meter.csv", 3, true)]
    [InlineData("Zählerstände 2024\n\n", "Datum", "meter.csv", 3, true)]
    [InlineData("Relevés des compteurs\n\n", "Date", "meter.csv", 3, true)]
    [InlineData("", "Date", "Meter readings.csv", 5, true)]
    [InlineData("", "Reading date", "meter.csv", 3, true)]
    [InlineData("Meter readings 2024\n\n", "Date", "meter.csv", 2, true)]
    [InlineData("Energy use 2024\n\n", "Date", "meter.csv", 5, false)]
    public void A_few_values_that_are_said_to_be_read_and_grow_are_asked_about(string title, string date, string fileName, int count, bool isAsked)
    {
        var text = $"{title}{date},Electricity (kWh)\n{Rows(count, Main)}";

        if (!isAsked)
        {
            Assert.Equal(Main[..count], _bench.RunText(text, fileName: fileName).Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
            return;
        }

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: fileName)).Fault;
        Assert.Equal((ImportFault.AmbiguousMapping, "Electricity (kWh)"), (fault.Code, fault.Column));
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, fileName);
        Assert.Equal(Main[..count], _bench.Readings.SelectMany(reading => reading.Values).Where(value => value.Metric == "energy_import_register").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Wasserzähler m³", "412,421,433,440,452", "water_volume")]
    [InlineData("Water meter (m³)", "412,421,433,440,452", "water_volume")]
    [InlineData("Wärmemengenzähler MWh", "41.22,43.67,45.95,47.77,49.05,49.84,50.22", "energy_import_register")]
    [InlineData("Stromzähler kWh", "712,745,790,821,856,889,903,951", "energy_import_register")]
    [InlineData("Kaltwasser m³", "412.3,422.4,432.6,442,451.3,459.6", "water_volume")]
    [InlineData("Wärme MWh", "2.1,5.9,8.8,10.4,11.2,11.4,11.4,11.4,11.9,13.8,16.9,20.7", "energy_import_register")]
    public void Small_numbers_that_rise_as_those_of_registers_do_are_asked_about(string header, string values, string metric)
    {
        double[] numbers = [.. values.Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
        var text = $"Datum,{header}\n{Rows(numbers.Length, numbers)}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal((ImportFault.AmbiguousMapping, header), (fault.Code, fault.Column));
        Assert.Equal(numbers.Length, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.Equal((metric, 0), (Assert.Single(reading.Values).Metric, reading.Length.TotalDays)));
    }

    [Theory]
    [InlineData("Date,kWh", "412,421,433")]
    [InlineData("Date,kWh", "412,433,421,440,452,460,466,471,480,495,503,512")]
    [InlineData("Date,Electricity consumption (kWh)", "412,421,433,440,452,463")]
    [InlineData("Datum,Wasser Verbrauch m³", "412,421,433,440,452,463")]
    [InlineData("Month,kWh", "412,421,433,440,452,463")]
    [InlineData("Date,Main meter (kWh)", "10,20,30,40,50,60")]
    [InlineData("Date,Main meter (kWh)", "412,433,421,440,452,460,455")]
    [InlineData("Date,PV (kWh)", "212,391,733,902,1108,1211,1230")]
    public void Small_amounts_that_rise_for_a_while_stay_amounts(string headers, string values)
    {
        double[] numbers = [.. values.Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];

        Assert.Equal(numbers, _bench.RunText($"{headers}\n{Rows(numbers.Length, numbers)}").Readings.OrderBy(reading => reading.Start).Select(reading => Assert.Single(reading.Values).Value));
        Assert.All(_bench.Readings, reading => Assert.NotEqual(0, reading.Length.TotalDays));
    }

    [Fact]
    public void Of_several_meters_one_may_rise_by_chance()
    {
        var rows = string.Concat("412,433|421,430|433,441|440,420|452,415|463,428".Split('|').Select((row, i) => $"2024-01-{i + 1:00},{row}\n"));

        _bench.RunText($"Date,Meter A kWh,Meter B kWh\n{rows}");

        Assert.All(_bench.Readings, reading => Assert.Equal(1, reading.Length.TotalDays));
    }

    [Fact]
    public void Years_of_readings_that_grow_by_about_as_much_each_time_are_asked_about_together()
    {
        var rows = string.Concat(Enumerable.Range(0, 10).Select(i => $"31.12.{2015 + i};{41_389 + (2_934 * i) + (i % 3 * 217)};{8_120 + (1_410 * i)};{612 + (88 * i)}\n"));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Datum;Strom kWh;Gas m³;Wasser m³\n{rows}")).Fault;

        Assert.Equal(["Strom kWh", "Gas m³", "Wasser m³"], fault.Guess!.Columns.Select(column => column.Column));
    }

    [Fact]
    public void Gas_that_grows_faster_than_electricity_beside_it_is_asked_about_with_it()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Meter readings\n\nDate,Electric kWh,Gas m3\n{Rows(4, Main, [88_120, 99_643, 112_107, 118_765])}")).Fault;

        Assert.Equal(["Electric kWh", "Gas m3"], fault.Guess!.Columns.Select(column => column.Column));
    }

    [Theory]
    [InlineData("1,2,3,4")]
    [InlineData("420,380,410,450")]
    public void Numbers_that_just_count_or_fall_are_no_readings(string values)
    {
        var numbers = values.Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();

        Assert.Equal(numbers, _bench.RunText($"Meter readings\n\nDate,kWh\n{Rows(4, numbers)}").Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
    }

    [Fact]
    public void Meters_of_rows_that_all_grow_are_asked_about_where_half_of_them_grow_little()
    {
        double[] steady = [1_204_500, 1_244_100, 1_283_900, 1_320_700, 1_361_000, 1_404_200], fast = [88_100, 96_300, 104_900, 112_400, 120_100, 128_800];
        string RowsOf(string meter, double[] values) => string.Concat(values.Select((value, i) => string.Create(CultureInfo.InvariantCulture, $"{meter},2024-0{i + 1}-01,{value}\n")));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Meter,Date,kWh\n{RowsOf("M1", steady)}{RowsOf("M2", fast)}")).Fault;

        Assert.Equal((ImportFault.AmbiguousMapping, "energy_import_register"), (fault.Code, fault.Alternatives![0]));
    }

    [Fact]
    public void Years_of_buildings_that_use_more_in_each_are_no_registers()
    {
        var rows = string.Concat(((string[])["North", "South"]).SelectMany((building, i) => Enumerable.Range(0, 6).Select(year => $"{building},{2015 + year},{(12_000 * (i + 1)) + ((310 + (1_500 * i)) * year) + (7 * year * year)}\n")));

        Assert.Equal(12, _bench.RunText($"Building,Year,kWh\n{rows}").Readings.Count);
    }

    [Fact]
    public void A_few_intervals_of_a_morning_are_no_readings()
    {
        _bench.RunText("Timestamp,kWh\n2024-01-01 06:00,1.2\n2024-01-01 06:15,1.31\n2024-01-01 06:30,1.52\n", fileName: "meter readings.csv");

        Assert.Equal([1.2, 1.31, 1.52], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
    }

    [Theory]
    [InlineData("Reading")]
    [InlineData("Read")]
    [InlineData("Value")]
    public void Readings_of_meters_in_rows_are_advised_as_registers_however_many_there_are(string header)
    {
        string RowsOf(string meter, double first, double step) => string.Concat(Enumerable.Range(0, 13).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{meter},{new DateTime(2024, 1, 1).AddMonths(i):yyyy-MM-dd},{first + (step * i) + (i % 3)}\n")));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Meter,Date,{header}\n{RowsOf("M1", 1_204_500, 52_000)}{RowsOf("M2", 88_100, 9_500)}")).Fault;

        Assert.Contains("(metric=energy_import_register, unit=kWh, as numbers grow here and never fall; metric=energy if each row has an amount of its own)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_of_meters_with_few_large_numbers_are_advised_as_registers()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Date,M1,M2\n{Rows(4, [1_204_500, 1_256_100, 1_309_900, 1_360_200], [5_000, 5_210, 5_409, 5_611])}")).Fault;

        Assert.Contains("metric=energy_import_register", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_advised_for_a_list_of_both_directions_and_gas_reads_each_as_it_is()
    {
        const string Headers = "Datum;Stand normaal;Stand dal;Teruglevering normaal;Teruglevering dal;Gasstand\n";
        var text = Headers + string.Concat(Enumerable.Range(0, 15).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"2024-02-{i + 1:00};{1000 + (5.5 * i):0.00};{2000 + (7.25 * i):0.00};{300 + i:0.00};{400 + (2.5 * i):0.00};{5000 + (3.3 * i):0.00}\n").Replace('.', ',')));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal(
            [("Gasstand", "gas_volume"), ("Stand dal", "energy_import_register"), ("Stand normaal", "energy_import_register"), ("Teruglevering dal", "energy_export_register"), ("Teruglevering normaal", "energy_export_register")],
            _bench.Readings.SelectMany(reading => reading.Values.Select(value => (reading.EquipmentId, value.Metric))).Distinct().Order());
    }

    [Fact]
    public void No_register_of_energy_counts_gas()
    {
        var text = $"Datum;Stand normaal;Gasstand\n{string.Concat(Enumerable.Range(0, 12).Select(i => $"2024-02-{i + 1:00};{1000 + (5 * i)};{5000 + (3 * i)}\n"))}";

        _bench.RunText(text, new ImportForm { Metric = "energy_import_register", Unit = "kWh" });

        Assert.All(_bench.Readings.SelectMany(reading => reading.Values), value => Assert.InRange(value.Value, 1000, 1055));
        Assert.Equal("Gasstand", _bench.Assumed("left_out"));
    }

    [Fact]
    public void Electricity_without_a_unit_beside_gas_and_water_is_asked_about_and_never_dropped()
    {
        var text = $"Date,Main elec,Gas,Water\n{Rows(4, [1_204_500, 1_256_100, 1_309_900, 1_360_200], [5_000, 5_210, 4_409, 4_611], [351, 373, 369, 320])}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, new ImportForm { Unit = "m³" })).Fault;
        _bench.RunText(text, new ImportForm { Unit = "m³", Mapping = fault.Guess });

        Assert.Equal(("Main elec", "energy_import_register"), (fault.Column, fault.Guess!.Columns[0].Metric));
        Assert.Equal(4, _bench.Readings.SelectMany(reading => reading.Values).Count(value => value.Metric == "energy_import_register"));
    }

    /// <summary>As the Australian market calls them.</summary>
    [Theory]
    [InlineData("NMI", -28)]
    [InlineData("Site", 28)]
    public void A_data_stream_of_what_flows_out_is_one_beside_the_number_of_its_point(string header, double sum)
    {
        var rows = Enumerable.Range(0, 28).Select(i => string.Create(CultureInfo.InvariantCulture, $"6102345678,2024-02-{1 + (i / 4):00} {6 * (i % 4):00}:00,{4.6 + (i % 5)},1\n"));

        _bench.RunText($"{header},Date/Time,E1 (kWh),B1 (kWh)\n{string.Concat(rows)}");

        Assert.Equal(sum, _bench.Readings.Where(reading => reading.EquipmentId.EndsWith("B1", StringComparison.Ordinal)).SelectMany(reading => reading.Values).Sum(value => value.Value));
    }

    private static string Rows(int count, params double[][] columns) => string.Concat(Enumerable.Range(0, count).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"2024-{i + 1:00}-01,{string.Join(',', columns.Select(column => column[i].ToString(CultureInfo.InvariantCulture)))}\n")));
}
