using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Tests.Unit.Files;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>Times as files write them.</summary>
public sealed class TimeFormTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("dd-MM-yyyy-HH-mm", 60)]
    [InlineData("yyyy-MM-dd-HH-mm", 15)]
    public void Times_of_day_with_hyphens_alone_are_refused_with_what_to_write(string form, int minutes)
    {
        string Rows(string form) => $"Date,kWh\n{string.Concat(Enumerable.Range(0, 120).Select(i => $"{new DateTime(2024, 6, 13).AddMinutes(i * minutes).ToString(form, CultureInfo.InvariantCulture)},{i % 7}\n"))}";

        Assert.Contains("write it with a colon", Assert.Throws<ImportFaultException>(() => _bench.RunText(Rows(form))).Fault.Message, StringComparison.Ordinal);
        _bench.RunText(Rows(form.Replace("HH-mm", "HH:mm", StringComparison.Ordinal)));
        Assert.Equal(120, _bench.Readings.Count);
    }

    [Theory]
    [InlineData("1705312800", "1705316400")]
    [InlineData("1705312800000", "1705316400000")]
    [InlineData("45306.4166666667", "45306.4583333333")]
    [InlineData("45306,4166666667", "45306,4583333333")]
    [InlineData("20240115100000", "20240115110000")]
    [InlineData("2024年1月15日 10時00分", "2024年1月15日 11時00分")]
    [InlineData("15 de enero de 2024 10:00", "15 de enero de 2024 11:00")]
    [InlineData("Mon Jan 15 10:00:00 2024", "Mon Jan 15 11:00:00 2024")]
    public void Text_cells_of_times_are_read_as_other_cells_are(string first, string second)
    {
        string[] expected = ["Main energy 2024-01-15 10:00 1h 4", "Main energy 2024-01-15 11:00 1h 5"];
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Main");
            sheet.Cell("A1").Value = "Time";
            sheet.Cell("B1").Value = "kWh";
            (sheet.Cell("A2").Value, sheet.Cell("B2").Value) = (first, 4);
            (sheet.Cell("A3").Value, sheet.Cell("B3").Value) = (second, 5);
        });
        Assert.Equal(expected, _bench.Told);

        using var text = new ImportBench();
        text.RunText($"Time;kWh\n{first};4\n{second};5\n", fileName: "Main.csv");
        Assert.Equal(expected, text.Told);
    }

    [Theory]
    [InlineData("yyyy-MM-dd_HH-mm", 60)]
    [InlineData("yyyy-MM-dd HH-mm", 30)]
    [InlineData("dd.MM.yyyy HH-mm", 15)]
    [InlineData("yyyy-MM-ddTHH-mm", 10)]
    [InlineData("yyyy-MM-dd HH-mm", 5)]
    [InlineData("yyyy-MM-dd HH-mm", 1)]
    public void Hyphens_part_hours_from_minutes_in_all_times_of_a_column(string form, int minutes)
    {
        var times = Enumerable.Range(0, 2880 / minutes).Select(i => new DateTime(2024, 6, 13, 0, 0, 0, DateTimeKind.Unspecified).AddMinutes(i * minutes)).ToList();

        _bench.RunText($"Time,kWh\n{string.Concat(times.Select((time, i) => $"{time.ToString(form, CultureInfo.InvariantCulture)},{3 + (i % 5)}\n"))}");

        Assert.Equal(times.Select(time => (time, minutes)), _bench.Readings.Select(reading => (reading.Start.ToDateTimeUtc(), (int)reading.Length.TotalMinutes)));
    }

    [Theory]
    [InlineData("{0:00}-{1:00}", 1)]
    [InlineData("{0:00}-{2:00}", 1)]
    [InlineData("{0:00}-{1:00}", 2)]
    [InlineData("{0:00}-{1:00}", 6)]
    public void Or_from_the_next_hours(string form, int hours)
    {
        var text = $"Time,kWh\n{string.Concat(Enumerable.Range(0, 72 / hours).Select(i => (Day: 13 + (i * hours / 24), From: i * hours % 24, To: (i * hours % 24) + hours))
            .Select((at, i) => $"2024-06-{at.Day} {string.Format(CultureInfo.InvariantCulture, form, at.From, at.To, at.To % 24)},{3 + (i % 5)}\n"))}";
        if (hours > 1)
        {
            Assert.Contains(":00-", Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Message, StringComparison.Ordinal);
            return;
        }

        _bench.RunText(text);

        Assert.Equal(Enumerable.Range(0, 72).Select(i => Instant.FromUtc(2024, 6, 13, 0, 0) + Duration.FromHours(i)), _bench.Readings.Select(reading => reading.Start));
    }

    [Fact]
    public void Days_that_end_at_24_and_go_on_in_one_order_of_dates_only_decide_it()
    {
        _bench.RunText($"Hour Ending,Feeder (MW)\n{string.Concat(Enumerable.Range(0, 72).Select(i => $"11/{2 + (i / 24):00}/2024 {(i % 24) + 1:00}:00,{2 + (i % 7)}\n"))}");

        Assert.Equal("mdy", _bench.Assumed("date_order"));
        Assert.Equal(Instant.FromUtc(2024, 11, 2, 0, 0), _bench.Readings.Min(reading => reading.Start));
    }

    [Fact]
    public void A_time_that_cannot_be_read_is_quoted()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Time,kWh\nbeat 416 of day 15,4\nbeat 458 of day 15,5\n")).Fault;
        Assert.Contains("Below Time stands 'beat 416 of day 15'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Date,Time,kWh", 60, false)]
    [InlineData("Time,kWh", 60, false)]
    [InlineData("Time,kWh", 60, true)]
    [InlineData("Meter,Time,kWh", 30, false)]
    [InlineData("Meter,Date,Time,kWh", 15, true)]
    public void Midnight_that_comes_last_among_the_rows_of_its_date_ends_it(string header, int minutes, bool isNewestFirst)
    {
        var perDay = 1440 / minutes;
        var rows = Enumerable.Range(0, 3 * perDay).Select(i => Row(13 + (i / perDay), (i % perDay) + 1, i % 7));
        _bench.RunText($"{header}\n{string.Concat(isNewestFirst ? rows.Reverse() : rows)}");

        var start = new DateTime(2024, 1, 13);
        Assert.Equal(
            Enumerable.Range(0, 3 * perDay).Select(i => $"{start.AddMinutes(i * minutes):yyyy-MM-dd HH:mm} {i % 7}"),
            _bench.Readings.Where(reading => reading.EquipmentId != "B").OrderBy(reading => reading.Start)
                .Select(reading => $"{reading.Start.ToDateTimeUtc():yyyy-MM-dd HH:mm} {reading.Values[0].Value}"));
        Assert.Equal("end", _bench.Assumed("timestamp_label"));
        Assert.Equal("24:00", _bench.Assumed("midnight"));

        string Row(int day, int step, int value)
        {
            var clock = TimeSpan.FromMinutes(step % perDay * minutes).ToString(@"hh\:mm", CultureInfo.InvariantCulture);
            var time = $"{day}/01/2024{(header.Contains("Date", StringComparison.Ordinal) ? "," : " ")}{clock}";
            return header.StartsWith("Meter", StringComparison.Ordinal) ? $"A,{time},{value}\nB,{time},{9 - value}\n" : $"{time},{value}\n";
        }
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(2, false)]
    [InlineData(1, false)]
    public void Midnight_ends_the_date_of_one_meter_whatever_others_have_no_other_times(int days, bool isNewestFirst)
    {
        var hours = Enumerable.Range(0, 72).Select(i => $"A,{13 + (i / 24)}/01/2024 {(i + 1) % 24:00}:00,{i % 7}\n");
        var daily = Enumerable.Range(13, days).Select(day => $"G,{day}/01/2024 00:00,{day}\n");
        var rows = hours.Concat(daily);

        _bench.RunText($"Meter,Time,kWh\n{string.Concat(isNewestFirst ? rows.Reverse() : rows)}");

        Assert.Equal("24:00", _bench.Assumed("midnight"));
        Assert.Equal(
            Enumerable.Range(0, 72).Select(i => $"{new DateTime(2024, 1, 13).AddHours(i):yyyy-MM-dd HH:mm} {i % 7}"),
            Told("A"));
        Assert.Equal(Enumerable.Range(13, days).Select(day => $"2024-01-{day} 00:00 {day}"), Told("G"));

        IEnumerable<string> Told(string meter) => _bench.Readings.Where(reading => reading.EquipmentId == meter).OrderBy(reading => reading.Start)
            .Select(reading => $"{reading.Start.ToDateTimeUtc():yyyy-MM-dd HH:mm} {reading.Values[0].Value}");
    }

    [Fact]
    public void A_date_of_which_there_is_only_its_midnight_does_not_say_where_midnight_belongs()
    {
        var labels = Enumerable.Range(1, 72).Where(hour => hour is <= 24 or >= 48).Select(hour => $"2024-01-{13 + ((hour - 1) / 24)} {hour % 24:00}:00,{(hour == 48 ? 99 : hour % 7)}\n");

        _bench.RunText($"Time,kWh\n{string.Concat(labels)}");

        Assert.Equal("24:00", _bench.Assumed("midnight"));
        Assert.Equal("2024-01-14 23:00", $"{_bench.Readings.Single(reading => reading.Values[0].Value == 99).Start.ToDateTimeUtc():yyyy-MM-dd HH:mm}");
    }

    [Theory]
    [InlineData("13 00:00|13 01:00|13 02:00|13 23:00|14 00:00|14 01:00")]
    [InlineData("14 01:00|14 00:00|13 23:00|13 02:00|13 01:00|13 00:00")]
    [InlineData("13 22:00|13 23:00|14 00:00|14 01:00|14 02:00|14 03:00")]
    [InlineData("13 12:00|14 00:00|14 12:00|15 00:00|15 12:00")]
    [InlineData("13 00:00|13 12:00|14 00:00|14 12:00")]
    [InlineData("13 00:00|13 22:00|13 23:00|13 00:00|13 22:00|13 23:00")]
    public void Midnight_in_its_place_begins_its_date(string labels)
    {
        _bench.RunText($"Time,kWh\n{string.Concat(labels.Split('|').Select((label, i) => $"2024-01-{label},{i}\n"))}");

        Assert.Equal("", _bench.Assumed("midnight"));
    }

    [Fact]
    public void The_order_of_dates_is_decided_from_the_whole_column()
    {
        _bench.RunText("timestamp,kWh\n01/02/2020 00:00,1\n13/02/2020 00:00,2\n");

        Assert.Equal([1, 13], _bench.Readings.Select(reading => reading.Start.ToDateTimeUtc().Day));
    }

    [Fact]
    public void Date_and_time_in_two_columns_are_one_time()
    {
        _bench.RunText("Datum;Uhrzeit;Wirkleistung (kW)\n01.02.2020;00:00;1\n01.02.2020;00:15;2\n01.02.2020;24:00;3\n");

        Assert.Equal(
            ["meter active_power 2020-01-31 23:45 15m 1", "meter active_power 2020-02-01 00:00 15m 2", "meter active_power 2020-02-01 23:45 15m 3"], _bench.Told);
    }

    [Theory]
    [InlineData("HE", "1 2 24", "00:00 01:00 23:00")]
    [InlineData("Hour Ending", "0100 0200 2400", "00:00 01:00 23:00")]
    [InlineData("Hour", "0 1 23", "00:00 01:00 23:00")]
    [InlineData("Settlement Period", "1 2 48", "00:00 00:30 23:30")]
    public void Hours_and_periods_are_numbered_in_a_column_of_their_own(string header, string numbers, string starts)
    {
        var rows = numbers.Split(' ').Select((number, i) => $"2020-01-01,{number},{i}\n");
        _bench.RunText($"Date,{header},kWh\n{string.Concat(rows)}", new ImportForm { TimeZone = "Europe/London" });

        Assert.Equal(starts, string.Join(' ', _bench.Readings.Select(reading => reading.Start.ToDateTimeUtc().ToString("HH:mm", CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void A_date_in_columns_of_year_month_day_and_hour_is_one_time()
    {
        _bench.RunText("Year,Month,Day,Hour,Load MW\n2020,1,31,23,1\n2020,2,1,0,2\n");

        Assert.Equal(["meter active_power 2020-01-31 23:00 1h 1000", "meter active_power 2020-02-01 00:00 1h 2000"], _bench.Told);
    }

    [Theory]
    [InlineData("43831 43831.0416666667", "2020-01-01 00:00|2020-01-01 01:00")]
    [InlineData("1577836800 1577840400", "2020-01-01 00:00|2020-01-01 01:00")]
    [InlineData("1577836800000 1577840400000", "2020-01-01 00:00|2020-01-01 01:00")]
    [InlineData("1577836800000000000 1577840400000000000", "2020-01-01 00:00|2020-01-01 01:00")]
    [InlineData("20200101 20200102", "2020-01-01 00:00|2020-01-02 00:00")]
    public void Numbers_are_serials_epochs_or_digits_of_dates(string numbers, string expected)
    {
        _bench.RunText($"time,kWh\n{string.Concat(numbers.Split(' ').Select(number => $"{number},1\n"))}");

        Assert.Equal(expected, string.Join('|', _bench.Readings.Select(reading => reading.Start.ToDateTimeUtc().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void An_epoch_is_utc_wherever_the_site_is()
    {
        _bench.RunText("epoch,kWh\n1577836800,1\n1577840400,2\n", new ImportForm { TimeZone = "Asia/Kathmandu" });

        Assert.Equal("meter energy 2020-01-01 00:00 1h 1", _bench.Told[0]);
    }

    [Fact]
    public void A_header_that_says_utc_is_believed_and_wins_over_local_time()
    {
        _bench.RunText(
            "Timestamp (local),Timestamp (UTC),kWh\n2020-01-01 01:00,2020-01-01 00:00,1\n2020-01-01 02:00,2020-01-01 01:00,2\n",
            new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal(["meter energy 2020-01-01 00:00 1h 1", "meter energy 2020-01-01 01:00 1h 2"], _bench.Told);
    }

    [Fact]
    public void A_workbook_that_counts_from_1904_has_its_own_days()
    {
        var parts = XlsxParts.Sheet(
            """<row r="1"><c r="A1" t="inlineStr"><is><t>Date</t></is></c><c r="B1" t="inlineStr"><is><t>kWh</t></is></c></row>"""
            + """<row r="2"><c r="A2" s="1"><v>42369</v></c><c r="B2"><v>1</v></c></row><row r="3"><c r="A3" s="1"><v>42370</v></c><c r="B3"><v>2</v></c></row>""") with
        {
            WorkbookProperties = "date1904=\"1\"",
            Styles = """<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>""",
        };

        _bench.RunBytes(parts.ToBytes(), "meter.xlsx");

        Assert.Equal(["meter energy 2020-01-01 00:00 1d 1", "meter energy 2020-01-02 00:00 1d 2"], _bench.Told);
    }

    [Theory]
    [InlineData("meter.xlsx")]
    [InlineData("meter.xlsb")]
    [InlineData("meter.xls")]
    [InlineData("meter.zip")]
    public void Plain_numbers_of_such_a_workbook_are_its_days_too(string name)
    {
        (string, object?[][]) sheet = ("Data", [["Date", "kWh"], [42_369.0, 1.0], [42_370.5, 2.0], [42_371.0, 3.0]]);
        var parts = XlsxParts.Sheet(string.Concat(sheet.Item2.Select((row, i) => i == 0
            ? """<row r="1"><c r="A1" t="inlineStr"><is><t>Date</t></is></c><c r="B1" t="inlineStr"><is><t>kWh</t></is></c></row>"""
            : string.Create(CultureInfo.InvariantCulture, $"""<row r="{i + 1}"><c r="A{i + 1}"><v>{row[0]}</v></c><c r="B{i + 1}"><v>{row[1]}</v></c></row>""")))) with
        {
            WorkbookProperties = "date1904=\"1\"",
        };
        _bench.RunBytes(
            Path.GetExtension(name) switch
            {
                ".xls" => BinaryWorkbooks.Xls(true, sheet),
                ".xlsb" => BinaryWorkbooks.Xlsb(true, sheet),
                ".zip" => FileBench.Zip(("meter.xlsx", parts.ToBytes())),
                _ => parts.ToBytes(),
            },
            name);

        Assert.Equal(["2020-01-01 00:00", "2020-01-02 12:00", "2020-01-03 00:00"], _bench.Readings.Select(reading => reading.Start.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Milliseconds_of_noise_are_taken_off_the_grid()
    {
        _bench.RunText("time,kWh\n2020-01-01 01:00:00.003,1\n2020-01-01 01:59:59.997,2\n2020-01-01 03:00:00.001,3\n");

        Assert.Equal(["01:00", "02:00", "03:00"], _bench.Told.Select(told => told[24..29]));
        Assert.All(_bench.Readings, reading => Assert.Equal(0, reading.Start.ToUnixTimeTicks() % TimeSpan.TicksPerHour));
    }

    [Theory]
    [InlineData("1/1/2024 00:00|1/1/2024 01:00", "both orders read them alike")]
    [InlineData("01.02.2024 00:00|01.02.2024 01:00", "dates with dots have the day first")]
    [InlineData("13/1/2024 00:00|13/1/2024 01:00", "row 2 can only have the day first")]
    public void The_order_of_day_and_month_is_told_with_its_true_reason(string labels, string why)
    {
        _bench.RunText($"Time,kWh\n{string.Concat(labels.Split('|').Select(label => $"{label},1\n"))}");

        var order = Assert.Single(_bench.Facts.Assumptions, assumption => assumption.What == "date_order");
        Assert.Equal("dmy", order.Value);
        Assert.EndsWith(why, order.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hour Ending,kW\n2020-01-01 01:00,1\n2020-01-01 02:00,2\n", "end")]
    [InlineData("time,kW\n2020-01-01 01:00,1\n2020-01-01 24:00,2\n", "end")]
    [InlineData("time,kW\n2020-01-01 12:00,1\n2020-01-01 18:00,2\n2020-01-02 00:00,2\n", "instant for levels, start for intervals")]
    [InlineData("time,kW\n2020-01-01 06:00,1\n2020-01-01 12:00,2\n2020-01-01 18:00,2\n2020-01-02 00:00,2\n", "end")]
    [InlineData("interval start,kW\n2020-01-01 00:00,1\n2020-01-01 01:00,2\n", "start")]
    [InlineData("time,kW\n01.01.2020 00:00 - 01:00,1\n01.01.2020 01:00 - 02:00,2\n", "start")]
    [InlineData("month,kWh\nJan-20,1\nFeb-20,2\n", "start")]
    [InlineData("time,kW\n2020-01-01 00:00,1\n2020-01-01 01:00,2\n", "instant for levels, start for intervals")]
    public void What_a_label_stands_for_is_taken_from_evidence_in_the_file(string text, string expected)
    {
        _bench.RunText(text);

        Assert.Equal(expected, _bench.Assumed("timestamp_label"));
    }

    [Theory]
    [InlineData("1899-12-31 00:00")]
    [InlineData("2999-01-01 00:00")]
    [InlineData("2020-02-30 00:00")]
    [InlineData("soon")]
    public void A_time_that_no_meter_has_is_refused_alone(string time)
    {
        _bench.RunText($"time,kWh\n2020-01-01 00:00,1\n{time},2\n2020-01-01 02:00,3\n2020-01-01 03:00,4\n");

        Assert.Equal(3, _bench.Told.Count);
        Assert.Equal([ImportFault.InvalidTimestamp], _bench.FaultCodes);
    }

    [Fact]
    public void Unsorted_rows_have_the_step_of_the_sorted_ones()
    {
        int[] minutes = [45, 0, 120, 15, 90, 30, 105, 60, 75];
        _bench.RunText($"time,kWh\n{string.Concat(minutes.Select(minute => $"{new DateTime(2020, 1, 1).AddMinutes(minute):yyyy-MM-dd HH:mm},{minute}\n"))}");

        Assert.All(_bench.Readings, reading => Assert.Equal(Duration.FromMinutes(15), reading.Length));
        Assert.Equal(minutes.Order(), _bench.Readings.Select(reading => (int)reading.Values[0].Value));
    }

    [Theory]
    [InlineData("20200130,6174\n20200131,937\n20200201,5000\n")]
    [InlineData("202001300000,6174\n202001310000,937\n202002010000,5000\n")]
    public void The_digits_of_dates_without_headers_are_their_times(string text)
    {
        _bench.RunText(text, new ImportForm { Metric = "energy", Unit = "Wh" });

        Assert.Equal(["meter energy 2020-01-30 00:00 1d 6.174", "meter energy 2020-01-31 00:00 1d 0.937", "meter energy 2020-02-01 00:00 1d 5"], _bench.Told);
    }

    [Fact]
    public void The_language_of_a_header_says_which_number_is_the_day()
    {
        _bench.RunText("Giorno;kWh\n03/09/2024;1,5\n05/09/2024;2,5\n04/09/2024;3,5\n");

        Assert.Equal(["meter energy 2024-09-03 00:00 1d 1.5", "meter energy 2024-09-04 00:00 1d 3.5", "meter energy 2024-09-05 00:00 1d 2.5"], _bench.Told);
        Assert.Equal("dmy", _bench.Assumed("date_order"));
    }

    [Fact]
    public void Clocks_without_their_accents_are_clocks()
    {
        _bench.RunText("Datum;Cas od;Cas do;Spotreba (kWh)\n13.02.2024;00:00;00:15;1\n13.02.2024;00:15;00:30;2\n");

        Assert.Equal(["meter energy 2024-02-13 00:00 15m 1", "meter energy 2024-02-13 00:15 15m 2"], _bench.Told);
    }
}
