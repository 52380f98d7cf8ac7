using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Readings of registers beside what was used between them, and readings of whole months.</summary>
public sealed class ReadingsAndAmountsTests : IDisposable
{
    private readonly ImportBench _bench = new();

    private string Values => string.Join(' ', _bench.Readings.OrderBy(reading => reading.Start).Select(reading =>
        string.Create(CultureInfo.InvariantCulture, $"{reading.Start.ToDateTimeUtc():MM-dd}+{reading.Length.TotalDays}={reading.Values[0].Metric}:{reading.Values[0].Value}")));

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Month,Meter reading (kWh),Consumption (kWh)\n2025-01,11000,1000\n2025-02,12500,1500\n2025-03,13700,1200\n", "Meter reading (kWh)")]
    [InlineData("Monat,Zählerstand (kWh),Verbrauch (kWh)\n2025-01,11000,1000\n2025-02,12500,1500\n2025-03,13700,1200\n", "Zählerstand (kWh)")]
    [InlineData("Monat,Zähler (kWh),Verbrauch (kWh)\n2025-01,11000,1000\n2025-02,12500,1500\n2025-03,13700,1200\n", "Zähler (kWh)")]
    [InlineData("Month,Opening (kWh),Closing (kWh),Units (kWh)\n2025-01,10000,11000,1000\n2025-02,11000,12500,1500\n2025-03,12500,13700,1200\n", "Closing (kWh)")]
    [InlineData("Month,Opening (kWh),Closing (kWh),MF,Units (kWh)\n2025-01,100,110,100,1000\n2025-02,110,125,100,1500\n2025-03,125,137,100,1200\n", "Closing (kWh)")]
    public void Of_months_the_amounts_are_taken_and_no_readings(string text, string leftOut)
    {
        _bench.RunText(text, new ImportForm());

        Assert.Equal("01-01+31=energy:1000 02-01+28=energy:1500 03-01+31=energy:1200", Values);
        Assert.Contains(leftOut, _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Datum,Zählerstand m³,Verbrauch m³,Zustandszahl,Brennwert kWh/m³,Energie kWh")]
    [InlineData("Date,Meter reading (m3),Volume used (m3),Correction,Calorific value,Energy (kWh)")]
    public void Energy_of_volumes_that_are_what_readings_differ_by_lies_before_the_date(string headers)
    {
        _bench.RunText($"{headers}\n2024-01-01,1000,,,,\n2024-02-01,1200,200,0.96,11.2,2150\n2024-03-01,1450,250,0.96,11.3,2712\n2024-04-01,1600,150,0.96,11.1,1598\n", new ImportForm());

        Assert.Equal("01-01+31=energy:2150 02-01+29=energy:2712 03-01+31=energy:1598", Values);
    }

    [Theory]
    [InlineData("Energie kWh", 2150, 800, 3000)]
    [InlineData("Strom kWh", 90, 120, 70)]
    public void Energy_that_is_not_in_such_volumes_keeps_its_month(string header, int first, int second, int third)
    {
        _bench.RunText($"Datum,Zählerstand m³,Verbrauch m³,{header}\n2024-01-01,1000,,{first}\n2024-02-01,1200,200,{second}\n2024-03-01,1450,250,{third}\n2024-04-01,1600,150,80\n", new ImportForm());

        Assert.Contains($"01-01+31=energy:{first}", Values, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Reading")]
    [InlineData("Meter reading (kWh)")]
    public void A_meter_that_was_changed_leaves_amounts_before_their_dates(string header)
    {
        _bench.RunText($"Date,{header},Consumption (kWh)\n2024-01-01,98000,\n2024-02-01,98500,500\n2024-03-01,98900,400\n2024-04-01,150,450\n2024-05-01,500,350\n2024-06-01,800,300\n", new ImportForm());

        Assert.Equal("01-01+31=energy:500 02-01+29=energy:400 03-01+31=energy:450 04-01+30=energy:350 05-01+31=energy:300", Values);
    }

    [Theory]
    [InlineData("Month,Main meter reading kWh,Lighting kWh\n2025-01,12100,70\n2025-02,12230,65\n2025-03,12390,60\n")]
    [InlineData("Month,Meter reading kWh,Budget usage kWh\n2025-01,12100,70\n2025-02,12230,65\n2025-03,12390,60\n")]
    [InlineData("Month,Meter reading kWh,Last year usage kWh\n2025-01,12100,70\n2025-02,12230,65\n2025-03,12390,60\n")]
    [InlineData("Monat,Zählerstand Wärmepumpe kWh,Verbrauch Haus kWh\n2025-01,12100,70\n2025-02,12230,65\n2025-03,12390,60\n")]
    public void Readings_stay_beside_amounts_of_something_else(string text)
    {
        _bench.RunText(text, new ImportForm());

        Assert.Contains(_bench.Readings, reading => reading.Values.Any(value => value is { Metric: "energy_import_register", Value: 12230 }));
    }

    [Theory]
    [InlineData("Month,Opening (kWh),Closing (kWh)\n2025-01,10000,11000\n2025-02,11000,12500\n2025-03,12500,13700\n", "end for readings of registers")]
    [InlineData("Month,Closing reading (kWh)\n2025-01,11000\n2025-02,12500\n2025-03,13700\n", "end for readings of registers")]
    public void A_closing_reading_is_of_the_end_of_its_month(string text, string label)
    {
        _bench.RunText(text, new ImportForm());

        Assert.Equal("02-01+0=energy_import_register:11000 03-01+0=energy_import_register:12500 04-01+0=energy_import_register:13700", Values);
        Assert.Contains(label, _bench.Assumed("timestamp_label"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Meter readings 2025 (kWh),,,,\nMeter,Opening,Jan,Feb,Mar\nA,10000,11000,12500,13700\n", null, "02-01 03-01 04-01")]
    [InlineData("Meter readings 2025 (kWh),,,\nMeter,Jan,Feb,Mar\nA,11000,12500,13700\n", null, "01-01 02-01 03-01")]
    [InlineData("Meter readings 2025 (kWh),,,\nMeter,Jan,Feb,Mar\nA,11000,12500,13700\n", LabelMeaning.End, "02-01 03-01 04-01")]
    [InlineData("Month,Meter reading (kWh)\n2025-01,11000\n2025-02,12500\n2025-03,13700\n", null, "01-01 02-01 03-01")]
    [InlineData("Month,Meter reading (kWh)\n2025-01,11000\n2025-02,12500\n2025-03,13700\n", LabelMeaning.End, "02-01 03-01 04-01")]
    public void Readings_of_months_are_of_their_ends_where_the_file_or_the_request_says_so(string text, LabelMeaning? told, string days)
    {
        _bench.RunText(text, new ImportForm { TimestampLabel = told });

        Assert.Equal(days, string.Join(' ', _bench.Readings.OrderBy(reading => reading.Start).Select(reading => reading.Start.ToString("MM-dd", CultureInfo.InvariantCulture))));
        Assert.Equal(told is null, _bench.Assumed("timestamp_label").Contains("for readings of registers", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Datum,Zählerstand (kWh),Verbrauch (kWh)\n01.01.2025,11000,900\n01.02.2025,12500,1500\n01.03.2025,13700,1200\n01.04.2025,15000,1300\n")]
    [InlineData("Datum,Zählerstand (kWh),Verbrauch (kWh)\n01.04.2025,15000,1300\n01.03.2025,13700,1200\n01.02.2025,12500,1500\n01.01.2025,11000,900\n")]
    public void Readings_tell_what_was_used_between_them_and_when(string text)
    {
        _bench.RunText(text, new ImportForm());

        Assert.Equal("01-01+0=energy_import_register:11000 02-01+0=energy_import_register:12500 03-01+0=energy_import_register:13700 04-01+0=energy_import_register:15000", Values);
        Assert.Contains("Verbrauch (kWh)", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Date,Reading,Usage kWh\n2025-01-01,11000,900\n2025-02-01,12500,1500\n2025-03-01,13700,1200\n2025-04-01,15000,1300\n", "12-01+31 01-01+31 02-01+28 03-01+31")]
    [InlineData("Date,Meter reading (kWh),Usage (kWh)\n2025-01-01,110,9000\n2025-02-01,125,15000\n2025-03-01,137,12000\n2025-04-01,150,13000\n", "12-01+31 01-01+31 02-01+28 03-01+31")]
    [InlineData("Date,Reading,Usage kWh\n2025-01-01,11000,900\n2025-01-02,12500,1500\n2025-01-03,13700,1200\n2025-01-04,15000,1300\n", "12-31+1 01-01+1 01-02+1 01-03+1")]
    [InlineData("Date,kWh used since last\n2025-01-01,720\n2025-01-08,208\n2025-01-16,383\n2025-01-22,224\n2025-02-01,199\n", "12-25+7 01-01+7 01-08+8 01-16+6 01-22+10")]
    [InlineData("Date,Usage since last reading (kWh)\n2025-01-01,9\n2025-01-02,4\n2025-01-03,7\n2025-01-04,5\n", "12-31+1 01-01+1 01-02+1 01-03+1")]
    public void Amounts_that_readings_do_not_tell_lie_before_the_date_on_which_they_were_read(string text, string intervals)
    {
        _bench.RunText(text, new ImportForm());

        Assert.All(_bench.Readings, reading => Assert.Equal("energy", Assert.Single(reading.Values).Metric));
        Assert.Equal(intervals, string.Join(' ', _bench.Readings.OrderBy(reading => reading.Start)
            .Select(reading => string.Create(CultureInfo.InvariantCulture, $"{reading.Start.ToDateTimeUtc():MM-dd}+{reading.Length.TotalDays}"))));
    }

    [Theory]
    [InlineData("Date,Reading (kWh),Usage (kWh)\n2025-01-01,1000,400\n2025-02-01,1013,520\n", "12-01+31=energy:400 01-01+31=energy:520")]
    [InlineData("Date,Reading (kWh),Usage (kWh)\n2025-01-01,1000,12.5\n2025-02-01,1010,25\n2025-03-01,1018,20\n", "12-01+31=energy:12.5 01-01+31=energy:25 02-01+28=energy:20")]
    [InlineData("Date,Meter,Reading (kWh),Usage (kWh)\n2025-01-01,A,1000,400\n2025-01-01,B,500,600\n2025-02-01,A,1013,520\n2025-02-01,B,513,780\n", "12-01+31=energy:400 12-01+31=energy:600 01-01+31=energy:520 01-01+31=energy:780")]
    public void Amounts_that_are_a_multiple_of_what_readings_tell_are_taken_alone(string text, string values)
    {
        _bench.RunText(text);

        Assert.Equal(values, Values);
        Assert.Contains("Reading (kWh)", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Date,Reading,Consumption (kWh)", false)]
    [InlineData("Datum,Zählerstand (kWh),Verbrauch (kWh)", false)]
    [InlineData("Date,Meter Reading (kWh),Consumption (kWh)", true)]
    public void Amounts_lie_before_the_dates_of_readings_though_the_meter_was_changed_for_one_that_begins_low(string headers, bool isNewestFirst)
    {
        string[] rows = ["2025-01-01,988120,", "2025-02-01,993557,5437", "2025-03-01,999141,5584", "2025-04-01,120,5300", "2025-05-01,5432,5312", "2025-06-01,10632,5200"];

        _bench.RunText($"{headers}\n{string.Join('\n', isNewestFirst ? rows.Reverse() : rows)}\n");

        Assert.Equal("01-01+31=energy:5437 02-01+28=energy:5584 03-01+31=energy:5300 04-01+30=energy:5312 05-01+31=energy:5200", Values);
    }

    [Theory]
    [InlineData("Datum,Zählerstand m³,Verbrauch m³")]
    [InlineData("Date,Reading m³,Usage m³")]
    [InlineData("Datum,Zähler m³,Verbrauch m³")]
    public void What_is_told_of_readings_and_amounts_of_water_takes_the_amounts_before_their_dates(string headers)
    {
        _bench.RunText($"{headers}\n2025-01-01,412.3,\n2025-02-01,424.3,12\n2025-03-01,434.2,9.9\n2025-04-01,445.6,11.4\n2025-05-01,455.1,9.5\n", new ImportForm { Metric = "water_volume", Unit = "m³" });

        Assert.Equal("01-01+31=water_volume:12 02-01+28=water_volume:9.9 03-01+31=water_volume:11.4 04-01+30=water_volume:9.5", Values);
    }

    [Theory]
    [InlineData("Datum,Wärmezähler MWh,Verbrauch MWh", null, "heat")]
    [InlineData("Datum,Stromzähler kWh,Verbrauch kWh", null, "electricity")]
    [InlineData("Datum,Wärmezähler MWh,Verbrauch MWh", "energy_import_register", "heat")]
    [InlineData("Datum,Halle kWh,Verbrauch kWh", "energy_import_register", null)]
    public void What_a_meter_grows_by_is_no_meter_beside_it_nor_a_register(string headers, string? metric, string? carrier)
    {
        _bench.RunText($"{headers}\n2025-01-01,412.3,\n2025-02-01,424.3,12\n2025-03-01,434.3,10\n2025-04-01,445.3,11\n2025-05-01,454.3,9\n", new ImportForm { Metric = metric });

        var factor = headers.Contains("MWh", StringComparison.Ordinal) ? 1_000 : 1;
        var values = _bench.Readings.OrderBy(reading => reading.Start).Select(reading => Assert.Single(reading.Values)).Select(value => (value.Metric, Math.Round(value.Value / factor, 6)));
        Assert.Equal(
            metric is null ? [("energy", 12.0), ("energy", 10.0), ("energy", 11.0), ("energy", 9.0)]
            : [(metric, 412.3), (metric, 424.3), (metric, 434.3), (metric, 445.3), (metric, 454.3)], values);
        Assert.Equal(carrier, Assert.Single(_bench.Facts.Meters).Carrier);
    }

    [Theory]
    [InlineData("Datum,Zählerstand m³,Verbrauch m³", "meter water.csv", "water_volume")]
    [InlineData("Datum,Zählerstand m³,Verbrauch m³", "meter.csv", "gas_volume")]
    [InlineData("Datum,Halle kWh,Verbrauch kWh", "meter.csv", "energy_import_register")]
    public void What_is_guessed_of_readings_and_amounts_keeps_the_readings_alone(string headers, string fileName, string metric)
    {
        var text = $"{headers}\n2025-01-01,4412.3,\n2025-02-01,4424.3,12\n2025-03-01,4434.2,9.9\n2025-04-01,4445.6,11.4\n2025-05-01,4455.1,9.5\n";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, fileName: fileName)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess }, fileName);

        Assert.Equal([4412.3, 4424.3, 4434.2, 4445.6, 4455.1], _bench.Readings.Select(reading => (reading.Start, Assert.Single(reading.Values))).OrderBy(reading => reading.Start).Select(reading => reading.Item2.Metric == metric ? reading.Item2.Value : 0));
    }

    [Fact]
    public void What_is_advised_for_a_counter_in_a_unit_of_no_metric_keeps_its_states_as_those_of_a_register()
    {
        double[] used = [82, 120, 101, 97, 88, 105, 110, 93, 99, 104, 87, 91];
        var text = $"Datum,Dampfzähler [t],Tagesverbrauch [t]\n2025-01-01,41210,\n{string.Concat(used.Select((amount, i) => $"2025-01-{i + 2:00},{41_210 + used[..(i + 1)].Sum()},{amount}\n"))}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });

        Assert.Equal([QuantityKind.Register, null], fault.Guess!.Columns.Select(column => column.Kind));
        Assert.Equal(13, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.InRange(Assert.Single(reading.Values).Value, 41_210, 42_387));
    }

    [Theory]
    [InlineData("Date,Main meter reading (kWh),Lighting usage (kWh)\n2025-01-01,1000,70\n2025-02-01,1010,80\n")]
    [InlineData("Date,Reading (kWh),Usage (kWh)\n2025-01-01,1000,11\n2025-02-01,1011,19\n")]
    [InlineData("Date,Reading (kWh),Usage (kWh)\n2025-01-01,1000,10\n2025-02-01,1010,20\n")]
    public void One_step_beside_amounts_of_something_else_or_no_whole_multiple_of_it_shows_nothing(string text)
    {
        _bench.RunText(text);

        Assert.Equal([1000.0, 1010 + (text.Contains("1011", StringComparison.Ordinal) ? 1 : 0)], _bench.Readings.SelectMany(reading => reading.Values).Where(value => value.Metric == "energy_import_register").Select(value => value.Value).Order());
    }

    [Fact]
    public void A_volume_stays_beside_the_energy_that_is_worked_out_from_it()
    {
        _bench.RunText("Date,Gas reading m3,Gas usage m3,Gas usage kWh\n2024-01-28,1100,100,1110\n2024-02-28,1210,110,1221\n2024-03-28,1330,120,1332\n2024-04-28,1460,130,1443\n", new ImportForm());

        Assert.Equal(["energy", "gas_volume"], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct().Order());
    }

    [Theory]
    [InlineData("Date,Meter,Meter reading kWh,Usage kWh\n2024-06-30,A,100,10\n2024-06-30,B,200,20\n")]
    [InlineData("Date,Meter,Meter reading kWh,Usage kWh\n2024-05-30,A,90,9\n2024-05-30,B,180,21\n2024-06-30,A,100,10\n2024-06-30,B,200,20\n")]
    public void One_reading_of_each_meter_is_taken_as_those_of_its_other_files_are(string text)
    {
        _bench.RunText(text, new ImportForm());

        Assert.All(_bench.Readings, reading => Assert.Equal("energy_import_register", Assert.Single(reading.Values).Metric));
    }

    [Fact]
    public void What_is_called_a_meter_shows_its_readings_where_amounts_are_what_it_grows_by()
    {
        _bench.RunText($"Date,Gas meter (m3),Gas used (m3)\n{string.Concat(Enumerable.Range(1, 9).Select(day => $"2024-03-{day:00},{5000 + (day * (day + 1) / 2)},{day}\n"))}");

        Assert.Equal(45, _bench.Readings.Sum(reading => Assert.Single(reading.Values).Value));
        Assert.Equal("Gas meter (m3)", _bench.Assumed("left_out"));
        Assert.Equal("meter", Assert.Single(_bench.Readings.Select(reading => reading.EquipmentId).Distinct()));
    }

    [Fact]
    public void A_meter_that_is_read_once_a_run_may_be_a_register()
    {
        var runs = string.Concat(Enumerable.Range(1, 20).Select(day => $"2024-03-{day:00},08:00,{9 + (day % 4):00}:30,{41_000 + (day * 17)}\n"));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Date,Start,Stop,kWh meter\n{runs}")).Fault;

        Assert.StartsWith("The column kWh meter only grows, as a register does, but its header names energy. Send metric=energy_import_register", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_meter_that_has_readings_alone_keeps_them()
    {
        _bench.RunText("Meter,Month,Reading kWh,Usage kWh\nA,2024-01,1000,100\nA,2024-02,1110,110\nC,2024-01,5000,\nC,2024-02,5200,\n", new ImportForm());

        Assert.Contains(_bench.Readings, reading => reading.EquipmentId == "C");
    }

    [Fact]
    public void Of_the_sheet_of_a_month_the_amounts_are_taken_too()
    {
        _bench.RunWorkbook(workbook => workbook.AddWorksheet("March 2024").Cell("A1").InsertData(new object[][] { ["Meter", "Reading kWh", "Usage kWh"], ["A", 1100, 100], ["B", 2100, 90] }), new ImportForm());

        Assert.Equal(["A 100", "B 90"], _bench.Readings.Select(reading => $"{reading.EquipmentId} {Assert.Single(reading.Values).Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Shifts_that_read_one_register_are_no_meters_that_each_count_all_of_it()
    {
        var rows = Enumerable.Range(0, 18).Select(i => $"2025-05-{(i / 3) + 1:00},{"ABC"[i % 3]},{1000 + (i * 7)},{1007 + (i * 7)},7\n").ToList();
        var text = $"Date,Shift,Start reading (kWh),End reading (kWh),Used (kWh)\n{string.Concat(rows)}";
        MappedColumn shift = new("Shift") { Role = ColumnRole.Equipment };
        var asked = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        var told = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, new ImportForm { Mapping = new() { Columns = [shift] } })).Fault;

        Assert.Contains("one register that is read by turns", told.Message, StringComparison.Ordinal);
        Assert.Equal(told.Message, asked.Message);
        Assert.NotEmpty(asked.Alternatives!);

        _bench.RunText(text, new ImportForm { Mapping = asked.Guess });
        Assert.Equal(["A energy", "B energy", "C energy"], _bench.Readings.SelectMany(reading => reading.Values.Select(value => $"{reading.EquipmentId} {value.Metric}")).Distinct().Order());
        Assert.Equal(42, _bench.Sum("B", "energy"));
    }

    [Theory]
    [InlineData("Phase", "L1 L2 L3")]
    [InlineData("Transformer", "T1 T2 T3")]
    [InlineData("Floor", "1st 2nd 3rd")]
    public void Registers_that_rise_alike_are_no_turns_at_one(string header, string names)
    {
        var rows = Enumerable.Range(0, 18).Select(i => $"2025-05-{(i / 3) + 1:00},{names.Split(' ')[i % 3]},{1000 + (i / 3 * 100) + (i % 3 * 3)}\n");
        _bench.RunText($"Date,{header},Meter reading (kWh)\n{string.Concat(rows)}", new ImportForm { Mapping = new() { Columns = [new(header) { Role = ColumnRole.Equipment }] } });

        Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_amounts_the_readings_of_shifts_need_their_times(bool isPart)
    {
        var form = new ImportForm { Mapping = new() { Columns = [new("Shift") { Role = isPart ? ColumnRole.Part : ColumnRole.Equipment }] } };
        string TextOf(int step) => $"Date,Shift,Reading (kWh)\n{string.Concat(Enumerable.Range(0, 18).Select(i => $"2025-05-{(i / 3) + 1:00},{(i % 3) + 1},{1000 + (i % 3 * step) + (i * 7)}\n"))}";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(TextOf(0), form)).Fault;

        Assert.Contains("write the time of each reading", fault.Message, StringComparison.Ordinal);

        // Registers of their own stay meters.
        _bench.RunText(TextOf(4000), form);
        Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }
}
