using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>What a register shows is no consumption, however few rows there are.</summary>
public sealed class RegisterReadingTests : IDisposable
{
    /// <summary>Few months do not show it, but are asked about, and so is a register that rolls over.</summary>
    [Theory]
    [InlineData("Usage H1 2026 (kWh)", 6, 1007, 7)]
    [InlineData("Energy (kWh)", 30, 99_970, 1.37)]
    public void What_is_asked_about_as_a_register_is_one_where_the_answer_says_so(string header, int count, double first, double step)
    {
        var text = $"Month,{header}\n{string.Concat(Enumerable.Range(0, count).Select(i => $"{new DateTime(2024, 1, 1).AddMonths(i):yyyy-MM},{(first + (i * step)) % 100_000:0.00}\n"))}";
        var answer = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Alternatives![0];

        _bench.RunText(text, new ImportForm { Metric = answer });

        Assert.Equal(count, _bench.Values("meter", "energy_import_register").Count());
    }

    private static readonly string[] Months = ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"];

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Present Reading (kWh)")]
    [InlineData("Current Reading (kWh)")]
    [InlineData("Closing Read (kWh)")]
    [InlineData("End Reading kWh")]
    [InlineData("PresentReading_kWh")]
    [InlineData("Present Meter Reading (kWh)")]
    [InlineData("Meter Reading (kWh)")]
    [InlineData("Reading (kWh)")]
    public void A_reading_of_a_register_is_named_as_people_name_it(string header)
    {
        _bench.RunText($"Meter,Read Date,{header}\nE1,2024-01-31,51200\nE1,2024-02-29,52400\nE1,2024-03-31,53500\n");

        Assert.Equal(
            ["E1 energy_import_register 2024-01-31 00:00 51200", "E1 energy_import_register 2024-02-29 00:00 52400", "E1 energy_import_register 2024-03-31 00:00 53500"],
            _bench.Told);
    }

    [Theory]
    [InlineData("Reading (kW)", "active_power")]
    [InlineData("Reading (°C)", "temperature")]
    [InlineData("Reading (V)", "voltage")]
    [InlineData("Current Reading (A)", "current")]
    [InlineData("Consumption Reading (kWh)", "energy")]
    public void A_reading_of_something_else_is_no_register(string header, string metric)
    {
        _bench.RunText($"Time,{header}\n2024-01-01 00:00,50\n2024-01-01 01:00,51\n2024-01-01 02:00,53\n");

        Assert.Equal([50.0, 51, 53], _bench.Values("meter", metric).Select(value => value.Value));
    }

    [Fact]
    public void Readings_that_go_up_and_down_are_amounts_of_their_intervals()
    {
        _bench.RunText("Time,Meter,Reading (kWh)\n2024-01-01 00:00,A,5\n2024-01-01 00:00,B,50\n2024-01-01 01:00,A,7\n2024-01-01 01:00,B,40\n2024-01-01 02:00,A,4\n2024-01-01 02:00,B,60\n");

        Assert.Equal([5.0, 7, 4], _bench.Values("A", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("meter_reading", "kWh")]
    [InlineData("Meter Reading (kWh)", null)]
    public void What_goes_up_and_down_is_no_register_however_surely_it_is_named(string header, string? unit)
    {
        var rows = string.Concat(Enumerable.Range(0, 24).Select(hour => $"2024-01-01 {hour:00}:00,{100 + (hour * 7 % 11)}\n"));

        _bench.RunText($"timestamp,{header}\n{rows}", new ImportForm { Unit = unit });

        Assert.Equal(24, _bench.Values("meter", "energy").Count());
        Assert.Equal($"{header}: interval", _bench.Assumed("kind"));
    }

    [Fact]
    public void A_register_whose_rows_are_in_no_order_stays_one()
    {
        var rows = string.Concat(Enumerable.Range(0, 24).Select(i => i * 7 % 24).Select(hour => $"2024-01-01 {hour:00}:00,{5000 + hour}\n"));

        _bench.RunText($"timestamp,Meter Reading (kWh)\n{rows}");

        Assert.Equal(24, _bench.Values("meter", "energy_import_register").Count());
    }

    [Theory]
    [InlineData("125001 125013 125030 125041")]
    [InlineData("1100 1210 1330 1405 1500 1602 1700")]
    [InlineData("100 110", "energy")]
    [InlineData("0.1 0.4 0.9 1.7 2.6 3.8", "energy")]
    public void A_register_stays_one_when_the_request_says_energy(string states, string metric = "energy_import_register")
    {
        var values = states.Split(' ');
        _bench.RunText($"Date,Meter Reading (kWh)\n{string.Concat(values.Select((value, i) => $"2024-0{i + 1}-28,{value}\n"))}", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(values.Length, _bench.Values("meter", metric).Count());
        Assert.Equal(metric == "energy" ? "" : $"Meter Reading (kWh): {metric}", _bench.Assumed("metric"));
    }

    [Theory]
    [InlineData("", "Reading date", 11, 30, true)]
    [InlineData("", "Reading date", 3, 30, true)]
    [InlineData("", "Reading date", 2, 30, false)]
    [InlineData("", "Date", 12, 31, true)]
    [InlineData("", "Date", 11, 31, false)]
    [InlineData("", "Date", 12, 7, false)]
    [InlineData("Zählerstände\n\n", "Datum", 12, 7, true)]
    [InlineData("Zählerstände\n\n", "Datum", 14, 7, true, true)]
    [InlineData("Verbrauch\n\n", "Datum", 14, 7, false, true)]
    public void Values_that_grow_for_longer_than_amounts_do_are_asked_about(string title, string date, int count, int days, bool isAsked, bool rollsOver = false)
    {
        var rows = string.Concat(Enumerable.Range(0, count).Select(i =>
            $"{new DateTime(2024, 1, 1).AddDays(i * days):yyyy-MM-dd};{(13_000 + (4_321.5 * i) + (7 * i * i) - (rollsOver && i > 4 ? 30_000 : 0)).ToString(CultureInfo.InvariantCulture)};{2_100 + (577 * i)}\n"));
        var text = $"{title}{date};Hall [kWh];Press [kWh]\n{rows}";

        if (!isAsked)
        {
            Assert.Equal(count, _bench.RunText(text).Values("Hall", "energy").Count());
            return;
        }

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;
        Assert.Equal((ImportFault.AmbiguousMapping, "Hall [kWh]"), (fault.Code, fault.Column));
        Assert.EndsWith("Send metric=energy_import_register, or metric=energy if each row has an amount of its own. So does Press [kWh]: where there are several, send the mapping that the preview proposes.", fault.Message, StringComparison.Ordinal);

        _bench.RunText(text, new ImportForm { Mapping = fault.Guess });
        Assert.Equal(count, _bench.Values("Hall", "energy_import_register").Count());
        Assert.Equal(count, _bench.Values("Press", "energy_import_register").Count());
    }

    /// <summary>Most days of a month could also be months.</summary>
    [Theory]
    [InlineData(52, 7)]
    [InlineData(16, 7)]
    [InlineData(14, 14)]
    [InlineData(30, 3)]
    public void A_register_whose_dates_begin_with_the_month_stays_one(int count, int days)
    {
        var rows = string.Concat(Enumerable.Range(0, count).Select(i => $"{new DateTime(2023, 7, 3).AddDays(i * days).ToString("MM'/'dd'/'yyyy", CultureInfo.InvariantCulture)},{400 + (37 * i)}\n"));

        _bench.RunText($"Date,Meter Reading (kWh)\n{rows}");

        Assert.Equal(count, _bench.Values("meter", "energy_import_register").Count());
    }

    [Theory]
    [InlineData("energy", "energy")]
    [InlineData("energy_import_register", "energy_import_register")]
    [InlineData(null, "energy_import_register")]
    public void What_the_request_says_of_the_only_column_counts_before_its_header(string? told, string metric)
    {
        _bench.RunText("timestamp,meter_reading\n2024-01-01 00:00,5\n2024-01-01 01:00,6\n2024-01-01 02:00,8\n", new ImportForm { Metric = told, Unit = "kWh" });

        Assert.Equal([5.0, 6, 8], _bench.Values("meter", metric).Select(value => value.Value));
    }

    [Fact]
    public void A_register_that_was_replaced_stays_one()
    {
        _bench.RunText("Date,Reading (kWh)\n2024-01-31,51200\n2024-02-29,52400\n2024-03-31,300\n2024-04-30,1600\n2024-05-31,2700\n");

        Assert.Equal(5, _bench.Values("meter", "energy_import_register").Count());
    }

    [Fact]
    public void The_request_may_say_that_readings_are_amounts()
    {
        _bench.RunText("Date,Reading (kWh)\n2024-01-01,5\n2024-01-02,6\n2024-01-03,7\n", new ImportForm { Metric = "energy" });

        Assert.Equal([5.0, 6, 7], _bench.Values("meter", "energy").Select(value => value.Value));
    }

    [Theory]
    [InlineData("Read Date,Previous Reading (kWh),Present Reading (kWh)", "2024-01-31,50000,51200\n2024-02-29,51200,52400\n", "51200 52400")]
    [InlineData("From,To,Opening Reading (kWh),Closing Reading (kWh)", "2024-01-01,2024-02-01,50000,51200\n2024-02-01,2024-03-01,51200,52400\n", "50000 51200")]
    public void Of_two_readings_of_a_row_one_is_taken_and_the_job_says_so(string headers, string rows, string expected)
    {
        _bench.RunText($"{headers}\n{rows}");

        Assert.Equal(expected, string.Join(' ', _bench.Values("meter", "energy_import_register").Select(value => value.Value)));
        Assert.EndsWith("Reading (kWh)", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bill_with_readings_and_what_was_used_between_them_has_the_amounts()
    {
        _bench.RunText(
            "Read Date,Prior Read Date,Prior Reading (kWh),Present Reading (kWh),Usage (kWh)\n2024-02-01,2024-01-01,50000,51200,1200\n2024-03-01,2024-02-01,51200,52400,1200\n");

        Assert.Equal(["meter energy 2024-01-01 00:00 31d 1200", "meter energy 2024-02-01 00:00 29d 1200"], _bench.Told);
    }

    [Fact]
    public void A_reading_of_gas_is_a_register_of_gas()
    {
        _bench.RunText("Date,Gas Meter Reading (m³)\n2024-01-31,5120\n2024-02-29,5240\n2024-03-31,5350\n");

        Assert.All(_bench.Readings, reading => Assert.Equal(("gas_volume", QuantityKind.Register), (reading.Values.Single().Metric, reading.Values.Single().Kind)));
    }

    [Theory]
    [InlineData("kWh", "51200 52400 53500 54800")]
    [InlineData("kWh", "125000 125100 125100 125300 125400")]
    public void A_few_large_values_that_grow_little_are_asked_about(string header, string values)
    {
        var fault = Assert.Throws<ImportFaultException>(() => RunMonths(header, values)).Fault;

        Assert.Equal(["energy_import_register", "energy"], fault.Alternatives);
    }

    [Fact]
    public void What_grows_is_asked_about_in_files_that_begin_with_the_newest_too()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Month,Total kWh\n2024-04-30,54800\n2024-03-31,53500\n2024-02-29,52400\n2024-01-31,51200\n")).Fault;

        Assert.Equal(["energy_import_register", "energy"], fault.Alternatives);
    }

    [Theory]
    [InlineData("2023-09 2023-10 2023-11", 1)]
    [InlineData("2024-01 2024-02 2024-03", -1)]
    [InlineData("2024-01 2024-02 2024-03 2024-04 2024-05", -1)]
    [InlineData("2023-11 2023-10 2023-09", -1)]
    public void What_all_buildings_use_more_of_in_autumn_or_less_in_spring_is_no_register(string months, int sign)
    {
        var rows = string.Concat(Enumerable.Range(1, 24).SelectMany(meter => months.Split(' ').Select((month, i) => $"B{meter},{month},{5000 + (sign * i * 40) + meter}\n")));

        _bench.RunText($"Meter,Month,Gas (m³)\n{rows}");

        Assert.Equal(24 * months.Split(' ').Length, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.Equal(("gas_volume", QuantityKind.Interval), (reading.Values.Single().Metric, reading.Values.Single().Kind)));
    }

    [Fact]
    public void A_header_of_a_register_over_a_long_file_of_amounts_is_asked_about()
    {
        var rows = string.Concat(Enumerable.Range(0, 3).SelectMany(day => Enumerable.Range(1, 600).Select(flat => $"F{flat},2024-01-0{day + 1},{5 + (day % 2)}\n")));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Meter,Date,Present Reading (kWh)\n{rows}")).Fault;

        Assert.Equal(["energy", "energy_import_register"], fault.Alternatives);
        _bench.RunText($"Meter,Date,Present Reading (kWh)\n{rows}", new ImportForm { Mapping = fault.Guess });
        Assert.Equal(1800, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.Equal("energy", reading.Values.Single().Metric));
    }

    [Theory]
    [InlineData("Start,End,Consumption (kWh),Export register (kWh)", "energy energy_export_register")]
    [InlineData("Start,End,Electricity (kWh),Zählerstand Gas (m³)", "energy gas_volume")]
    [InlineData("Start,End,Verbrauch Gas (m³),Zählerstand Gas (m³)", "gas_volume")]
    [InlineData("Start,End,Consumption (kWh),Import register (kWh)", "energy")]
    public void Beside_amounts_only_their_own_registers_are_left_out(string headers, string metrics)
    {
        _bench.RunText($"{headers}\n2024-01-01,2024-02-01,1200,51200\n2024-02-01,2024-03-01,1100,52400\n2024-03-01,2024-04-01,1300,53500\n");

        Assert.Equal(metrics, string.Join(' ', _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Metric).Distinct().Order()));
    }

    [Theory]
    [InlineData("Water (m³)", "water_volume")]
    [InlineData("Gas m3", "gas_volume")]
    [InlineData("Heat (MWh)", "heat")]
    public void What_only_grows_under_the_name_of_what_a_register_may_count_is_asked_about(string header, string metric)
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(hour => $"2024-01-{1 + (hour / 24):00} {hour % 24:00}:00,{10234 + (2 * hour)}\n"));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Time,{header}\n{rows}")).Fault;

        Assert.Equal((ImportFault.AmbiguousMapping, header), (fault.Code, fault.Column));
        Assert.Equal(["register", "interval"], fault.Alternatives);

        _bench.RunText($"Time,{header}\n{rows}", new ImportForm { Mapping = fault.Guess });
        Assert.All(_bench.Readings, reading => Assert.Equal((metric, QuantityKind.Register), (reading.Values.Single().Metric, reading.Values.Single().Kind)));
    }

    [Fact]
    public void The_mapping_says_that_what_only_grows_are_amounts()
    {
        var rows = string.Concat(Months.Select((month, i) => $"{month},{50_000 + (i * 1_000)}\n"));
        var mapping = new ImportMapping { Columns = [new MappedColumn("Water (m³)") { Kind = QuantityKind.Interval }] };

        _bench.RunText($"Month,Water (m³)\n{rows}", new ImportForm { Mapping = mapping });

        Assert.Equal(5, _bench.Values("meter", "water_volume").Count());
        Assert.All(_bench.Readings, reading => Assert.Equal(QuantityKind.Interval, reading.Values.Single().Kind));
    }

    [Fact]
    public void All_columns_that_only_grow_are_asked_about_at_once()
    {
        var rows = string.Concat(Months.Select((month, i) => $"{month},{50_000 + (i * 1_000)},{7_000 + (i * 100)},{i % 2}\n"));

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Month,Water (m³),Gas (m³),Temperature (°C)\n{rows}")).Fault;

        Assert.Equal(["Water (m³)", "Gas (m³)"], fault.Guess!.Columns.Select(column => column.Column));
    }

    [Theory]
    [InlineData("Zählerstand Wasser (m³)", "water_volume")]
    [InlineData("Index gaz (m³)", "gas_volume")]
    public void The_word_for_a_register_may_stand_beside_what_it_counts(string header, string metric)
    {
        _bench.RunText($"Datum;{header}\n31.01.2024;5120\n29.02.2024;5240\n31.03.2024;5350\n");

        Assert.All(_bench.Readings, reading => Assert.Equal((metric, QuantityKind.Register), (reading.Values.Single().Metric, reading.Values.Single().Kind)));
    }

    [Theory]
    [InlineData("100 150 300 500")]
    [InlineData("1200 1500 3000 5000")]
    [InlineData("51200 52400 53500")]
    [InlineData("51200 52400 53500 51900")]
    [InlineData("51200 51200 51200 51200 51200")]
    [InlineData("500 510 520 530 540")]
    public void Bills_are_taken_as_they_are(string values)
    {
        RunMonths("kWh", values);

        Assert.Equal(values, string.Join(' ', _bench.Values("meter", "energy").Select(value => value.Value)));
    }

    [Fact]
    public void A_list_of_readings_says_the_unit_and_the_kind_of_each_meter()
    {
        static string Month(string date, double heat, double cold, double warm) => string.Create(
            CultureInfo.InvariantCulture, $"4711;1;60123456;Wärmezähler;{date};{heat};MWh\n4711;2;70200011;Kaltwasserzähler;{date};{cold};m³\n4711;2;70200012;Warmwasserzähler;{date};{warm};m³\n");

        _bench.RunText($"Liegenschaft;Nutzeinheit;Gerätenummer;Geräteart;Ablesedatum;Ablesewert;Einheit\n{Month("31.01.2025", 40.25, 100.5, 55.75)}{Month("28.02.2025", 42.5, 104.75, 58.25)}");

        Assert.Equal(
            [
                "60123456 heat 2025-01-31 00:00 40250", "60123456 heat 2025-02-28 00:00 42500", "70200011 water_volume 2025-01-31 00:00 100.5", "70200011 water_volume 2025-02-28 00:00 104.75",
                "70200012 water_volume 2025-01-31 00:00 55.75", "70200012 water_volume 2025-02-28 00:00 58.25",
            ],
            _bench.Told);
        Assert.All(_bench.Readings, reading => Assert.Equal(QuantityKind.Register, reading.Values.Single().Kind));
    }

    private void RunMonths(string header, string values) =>
        _bench.RunText($"Month,{header}\n{string.Concat(values.Split(' ').Zip(Months, (value, month) => $"{month},{value}\n"))}");
}
