using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Months, and labels at their ends.</summary>
public sealed class MonthEndTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Read Date", "2024-02-15|2024-03-15|2024-04-15", "end")]
    [InlineData("Bill Date", "2024-02-01|2024-03-01|2024-04-01", "end")]
    [InlineData("Ablesedatum", "2024-02-14|2024-03-15|2024-04-16", "end")]
    [InlineData("Billing Month", "2024-02-01|2024-03-01|2024-04-01", "instant for levels, start for intervals")]
    [InlineData("Bill Start Date", "2024-02-15|2024-03-15|2024-04-15", "start")]
    [InlineData("Read Date", "2024-02-15|2024-02-16|2024-02-17", "instant for levels, start for intervals")]
    [InlineData("Date", "2024-02-15|2024-03-15|2024-04-15", "instant for levels, start for intervals")]
    public void What_was_used_lies_before_the_day_on_which_a_meter_was_read(string header, string days, string label)
    {
        int[] amounts = [900, 850, 870];
        _bench.RunText($"Meter,{header},Usage (kWh)\n{string.Concat(days.Split('|').Zip(amounts, (day, amount) => $"M,{day},{amount}\n"))}");

        Assert.Equal(label, _bench.Assumed("timestamp_label"));
        if (label == "end")
        {
            Assert.Equal(1, _bench.Readings[0].Start.InUtc().Month);
            Assert.Equal(days.Split('|')[^1], (_bench.Readings[^1].Start + _bench.Readings[^1].Length).ToString("uuuu-MM-dd", null));
        }
    }

    [Theory]
    [InlineData("Month end", "2023-12-31|2024-01-31|2024-02-29", null, "2024-01-01 00:00|2024-02-01 00:00|2024-03-01 00:00")]
    [InlineData("End of month", "2024-02-29", null, "2024-03-01 00:00")]
    [InlineData("Date", "2023-12-31|2024-01-31|2024-02-29", LabelMeaning.End, "2024-01-01 00:00|2024-02-01 00:00|2024-03-01 00:00")]
    [InlineData("Week ending", "2024-01-07|2024-01-14|2024-01-21", null, "2024-01-08 00:00|2024-01-15 00:00|2024-01-22 00:00")]
    // Nothing says that these are ends, or of whole months.
    [InlineData("Date", "2023-12-31|2024-01-31|2024-02-29", null, "2023-12-31 00:00|2024-01-31 00:00|2024-02-29 00:00")]
    [InlineData("Date", "2024-01-01|2024-02-01|2024-03-01", LabelMeaning.End, "2024-01-01 00:00|2024-02-01 00:00|2024-03-01 00:00")]
    [InlineData("Date", "2024-02-29", LabelMeaning.End, "2024-02-29 00:00")]
    [InlineData("Date", "2024-01-30|2024-01-31|2024-02-01", LabelMeaning.End, "2024-01-30 00:00|2024-01-31 00:00|2024-02-01 00:00")]
    [InlineData("Month end", "2024-01-30|2024-02-28|2024-03-29", null, "2024-01-30 00:00|2024-02-28 00:00|2024-03-29 00:00")]
    [InlineData("Month end", "2024-01-31 07:00|2024-02-29 07:00|2024-03-31 07:00", null, "2024-01-31 07:00|2024-02-29 07:00|2024-03-31 07:00")]
    public void What_registers_show_on_last_days_of_months_that_are_said_to_be_ends_is_read_when_these_are_over(string header, string days, LabelMeaning? label, string read)
    {
        _bench.RunText($"{header},Meter 1 reading (kWh),Meter 2 reading (kWh)\n{string.Concat(days.Split('|').Select((day, i) => $"{day},{50_000 + (i * 4_100)},{7_000 + (i * 310)}\n"))}", new ImportForm { TimestampLabel = label, Metric = "energy_import_register" });

        Assert.All(_bench.Readings, reading => Assert.Equal("energy_import_register", reading.Values[0].Metric));
        Assert.Equal(read.Split('|'), _bench.Readings.Select(reading => reading.Start.ToString("uuuu-MM-dd HH:mm", null)).Distinct());
    }

    [Theory]
    [InlineData("Read Date", "2024-02-01", "2024-01-01 00:00 31d")]
    [InlineData("Read Date", "2024-02-14", "2024-01-14 00:00 31d")]
    [InlineData("Read Date", "2024-02-29", "2024-02-01 00:00 29d")]
    [InlineData("Date", "2024-02-01", "2024-02-01 00:00")]
    public void What_was_used_before_the_only_read_date_of_a_file_is_that_of_a_month(string header, string day, string told)
    {
        // One meter has a transformer, and one has rolled over.
        _bench.RunText($"Meter,{header},Previous Reading,Present Reading,Consumption (kWh)\nS1,{day},1000,1249.8,249.8\nS2,{day},1503.2,1757.4,5084\nS3,{day},99870,156.2,286.2\n");

        Assert.Equal([$"S1 energy {told} 249.8", $"S2 energy {told} 5084", $"S3 energy {told} 286.2"], _bench.Told);
        Assert.Equal(header == "Read Date" ? "one month" : "", _bench.Assumed("interval"));
    }

    [Theory]
    [InlineData("Bill Date,Days", false)]
    [InlineData("Read Date,Days", true)]
    [InlineData("Read Date,Comment", false)]
    public void What_was_used_before_a_meter_was_read_was_used_since_it_was_read_before(string header, bool isNewestFirst)
    {
        (string Date, int Days)[] bills = [("15/01/2016", 31), ("14/02/2016", 30), ("16/03/2016", 31), ("15/04/2016", 30), ("17/05/2016", 32), ("17/08/2016", 31)];
        var rows = bills.Select(bill => $"M,{bill.Date},{(header.EndsWith("Days", StringComparison.Ordinal) ? bill.Days : "")},{bill.Days * 10}\n");
        _bench.RunText($"Meter,{header},kWh\n{string.Concat(isNewestFirst ? rows.Reverse() : rows)}");

        Assert.Equal(
            [
                "M energy 2015-12-15 00:00 31d 310", "M energy 2016-01-15 00:00 30d 300", "M energy 2016-02-14 00:00 31d 310", "M energy 2016-03-16 00:00 30d 300",
                "M energy 2016-04-15 00:00 32d 320", "M energy 2016-07-17 00:00 31d 310",
            ],
            _bench.Told);
    }

    [Theory]
    // Holes, odd lengths, first rows, and one row alone.
    [InlineData("Read Date", "2024-02-10,45,450|2024-03-01,20,200|2024-06-01,31,310", "2023-12-27 45d|2024-02-10 20d|2024-05-01 31d")]
    [InlineData("Date", "2024-02-10,45,450|2024-03-01,20,200|2024-06-01,31,310", "2023-12-27 45d|2024-02-10 20d|2024-05-01 31d")]
    [InlineData("Bill Date", "2024-02-10,45,450", "2023-12-27 45d")]
    [InlineData("Date", "2024-02-10,33,330|2024-03-10,30,290", "2024-01-09 32d|2024-02-10 29d")]
    [InlineData("Date", "2024-01-01,31,310|2024-02-01,29,290|2024-03-01,31,310", "2024-01-01 31d|2024-02-01 29d|2024-03-01 31d")]
    [InlineData("Date", "2024-03-01,31,310|2024-02-01,29,290|2024-01-01,31,310", "2024-01-01 31d|2024-02-01 29d|2024-03-01 31d")]
    [InlineData("Date", "2024-02-01,29,290", "2024-02-01 29d")]
    [InlineData("Date", "2024-01-31,31,310|2024-02-29,29,290|2024-03-31,31,310", "2024-01-01 31d|2024-02-01 29d|2024-03-01 31d")]
    [InlineData("Period Ending", "2024-01-31,17,310|2024-02-29,29,290|2024-03-31,31,310", "2024-01-15 17d|2024-02-01 29d|2024-03-01 31d")]
    [InlineData("Start Date", "2024-02-10,45,450|2024-04-01,20,200", "2024-02-10 45d|2024-04-01 20d")]
    // One and the same difference counts before several of them.
    [InlineData("Date", "2024-01-10,31,300|2024-02-10,30,300|2024-03-11,31,310|2024-04-11,31,310", "2024-01-10 31d|2024-02-10 30d|2024-03-11 31d|2024-04-11 31d")]
    public void Days_of_bills_say_how_long_they_are(string header, string rows, string intervals)
    {
        foreach (var days in new[] { "Days", "Tage", "Nombre de jours", "Días facturados" })
        {
            using var bench = new ImportBench();
            bench.RunText($"{header};{days};kWh\n{rows.Replace(',', ';').Replace('|', '\n')}\n");

            Assert.Equal(intervals.Split('|'), bench.Told.Select(told => string.Join(' ', told.Split(' ').Where((_, i) => i is 2 or 4))));
        }
    }

    [Theory]
    [InlineData("Date,Days,kWh", 1, 0, "1d")]
    [InlineData("Date,Days in period,kWh", 0, 30, "1d")]
    public void Numbers_of_days_that_do_not_go_with_the_dates_say_no_lengths(string header, int step, int first, string length)
    {
        _bench.RunText($"{header}\n{string.Concat(Enumerable.Range(1, 12).Select(day => $"2024-01-{day:00},{first + (day * step)},5\n"))}");

        Assert.Equal(12, _bench.Told.Count);
        Assert.All(_bench.Told, told => Assert.Equal(length, told.Split(' ')[4]));
    }

    [Theory]
    [InlineData("Month ending", "2024-01-31,22,310|2024-02-29,21,290|2024-03-31,21,310", "2024-01-01 31d|2024-02-01 29d|2024-03-01 31d")]
    [InlineData("Week starting", "2024-01-01,5,100|2024-01-08,5,120|2024-01-15,5,110", "2024-01-01 7d|2024-01-08 7d|2024-01-15 7d")]
    public void Days_of_operation_are_no_lengths_of_the_months_and_weeks_beside_them(string header, string rows, string intervals)
    {
        _bench.RunText($"{header},Days,kWh\n{rows.Replace('|', '\n')}\n");

        Assert.Equal(intervals.Split('|'), _bench.Told.Select(told => string.Join(' ', told.Split(' ').Where((_, i) => i is 2 or 4))));
    }

    [Theory]
    [InlineData("C,2024-01-01,2024-01-01,0\nD,2024-02-01,2024-02-01,0\n")]
    [InlineData("C,2024-01-01,2024-01-01,\nD,2024-02-01,2024-02-01,\nE,2024-02-01,2024-02-01,\n")]
    public void Bills_of_no_days_make_no_months_of_the_others(string others)
    {
        _bench.RunText($"Meter,Start,End,kWh\nA,2024-01-01,2024-02-01,310\nB,2024-01-01,2024-02-01,280\n{others}");

        Assert.Equal(["31d", "31d"], _bench.Told.Where(told => told[0] is 'A' or 'B').Select(told => told.Split(' ')[4]));
    }

    [Theory]
    [InlineData("2024-01-10,2024-02-09,31", "31d")]
    [InlineData("2024-01-10,2024-02-09,30", "30d")]
    [InlineData("2024-01-01,2024-01-30,30", "30d")]
    public void Days_beside_both_ends_say_whether_the_last_one_belongs_to_the_interval(string row, string length)
    {
        _bench.RunText($"Start Date,End Date,Days,kWh\n{row},300\n");

        Assert.Equal(length, Assert.Single(_bench.Told).Split(' ')[4]);
    }

    [Theory]
    [InlineData("Read Date,Days,Menge", "2024-02-10,31,300|2024-03-10,29,290")]
    [InlineData("Date,Jour,Conso", "2024-02-10,10,300|2024-02-11,11,290|2024-02-12,12,310")]
    public void Days_are_no_values_though_the_request_says_what_the_values_are(string header, string rows)
    {
        _bench.RunText($"{header}\n{rows.Replace('|', '\n')}\n", new ImportForm { Metric = "energy", Unit = "kWh" });

        Assert.Equal(rows.Split('|').Select(row => row.Split(',')[2]), _bench.Told.Select(told => told.Split(' ')[^1]));
    }

    [Theory]
    // Months that a workbook shows as Jan-24 are dates in it.
    [InlineData("2024-01-01,2024-01-01 2024-02-01,2024-02-01 2024-03-01,2024-04-01", "31d 29d 61d")]
    [InlineData("2024-01-01,2024-02-01 2024-02-01,2024-03-01 2024-03-01,2024-04-01", "31d 29d 31d")]
    [InlineData("2024-01-01,2024-01-01 2024-01-02,2024-01-02 2024-02-01,2024-02-01", "1d 1d 1d")]
    [InlineData("2024-01-01,2024-01-01", "1d")]
    public void First_days_of_months_at_both_ends_are_the_months(string rows, string lengths)
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Main");
            (sheet.Cell("A1").Value, sheet.Cell("B1").Value, sheet.Cell("C1").Value) = ("Start", "End", "kWh");
            foreach (var (row, at) in rows.Split(' ').Select((row, i) => (row.Split(','), i + 2)))
            {
                (sheet.Cell(at, 1).Value, sheet.Cell(at, 2).Value, sheet.Cell(at, 3).Value) = (DateTime.Parse(row[0], CultureInfo.InvariantCulture), DateTime.Parse(row[1], CultureInfo.InvariantCulture), 5);
            }
        });

        Assert.Equal(lengths.Split(' '), _bench.Told.Select(told => told.Split(' ')[4]));
    }

    [Fact]
    public void Days_alone_are_no_values()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText("Read Date,Days,kWh\n2024-02-10,31,broken\n2024-03-10,29,broken\n")).Fault;

        Assert.Equal(ImportFault.MissingRequiredColumns, fault.Code);
    }

    [Fact]
    public void What_a_register_shows_is_of_the_day_on_which_it_was_read()
    {
        _bench.RunText("Meter,Read Date,Meter Reading (kWh)\nM,2024-02-15,900\nM,2024-03-15,1850\nM,2024-04-15,2700\n");

        Assert.Equal(["M energy_import_register 2024-02-15 00:00 900", "M energy_import_register 2024-03-15 00:00 1850", "M energy_import_register 2024-04-15 00:00 2700"], _bench.Told);
    }

    [Theory]
    [InlineData(null, "Date")]
    [InlineData(LabelMeaning.End, "Date")]
    [InlineData(null, "Period Ending")]
    public void Last_days_of_months_label_those_months(LabelMeaning? label, string header)
    {
        _bench.RunText($"{header},kWh\n2023-01-31,100\n2023-02-28,90\n2023-03-31,95\n2023-04-30,80\n", new ImportForm { TimestampLabel = label });

        Assert.Equal(
            ["meter energy 2023-01-01 00:00 31d 100", "meter energy 2023-02-01 00:00 28d 90", "meter energy 2023-03-01 00:00 31d 95", "meter energy 2023-04-01 00:00 30d 80"],
            _bench.Told);
        Assert.Equal("inclusive", _bench.Assumed("interval_end"));
        Assert.Equal(label is null ? "end" : "", _bench.Assumed("timestamp_label"));
    }

    [Theory]
    [InlineData("2023-03-31 2023-06-30 2023-09-30 2023-12-31", "2023-01-01 90d|2023-04-01 91d|2023-07-01 92d|2023-10-01 92d")]
    [InlineData("2021-12-31 2022-12-31 2023-12-31", "2021-01-01 365d|2022-01-01 365d|2023-01-01 365d")]
    public void Last_days_of_quarters_and_years_label_those(string labels, string intervals)
    {
        _bench.RunText($"Date,kWh\n{string.Concat(labels.Split(' ').Select(label => $"{label},1\n"))}");

        Assert.Equal(intervals.Split('|'), _bench.Told.Select(told => $"{told[13..23]}{told[29..^2]}"));
    }

    [Fact]
    public void Labels_that_are_said_to_be_starts_stay_starts_and_leave_no_gap()
    {
        _bench.RunText(
            "Date,kWh\n2023-01-31,100\n2023-02-28,90\n2023-03-31,95\n2023-04-30,80\n", new ImportForm { TimestampLabel = LabelMeaning.Start });

        Assert.Equal(
            ["meter energy 2023-01-31 00:00 28d 100", "meter energy 2023-02-28 00:00 31d 90", "meter energy 2023-03-31 00:00 30d 95", "meter energy 2023-04-30 00:00 31d 80"],
            _bench.Told);
        Assert.Equal("", _bench.Assumed("interval_end"));
    }

    [Fact]
    public void A_month_that_ends_on_a_day_goes_back_to_that_day_of_the_month_before()
    {
        _bench.RunText(
            "Date,kWh\n2023-01-30,100\n2023-02-28,90\n2023-03-30,95\n2023-04-30,80\n2023-05-30,70\n", new ImportForm { TimestampLabel = LabelMeaning.End });

        Assert.Equal(
            [
                "meter energy 2022-12-30 00:00 31d 100", "meter energy 2023-01-30 00:00 29d 90", "meter energy 2023-02-28 00:00 30d 95",
                "meter energy 2023-03-30 00:00 31d 80", "meter energy 2023-04-30 00:00 30d 70",
            ],
            _bench.Told);
    }

    [Fact]
    public void What_a_register_shows_on_the_last_day_of_a_month_stays_on_that_day()
    {
        _bench.RunText("Date,energy_import_register (kWh)\n2023-01-31,100\n2023-02-28,190\n2023-03-31,285\n");

        Assert.Equal(
            ["meter energy_import_register 2023-01-31 00:00 100", "meter energy_import_register 2023-02-28 00:00 190", "meter energy_import_register 2023-03-31 00:00 285"],
            _bench.Told);
    }

    [Fact]
    public void A_row_taken_out_of_such_a_file_is_of_its_month()
    {
        _bench.RunText("Date;kWh;Rejected because (labels: end, interval: 2629746 s, ends: +86400 s)\n2023-02-28;90;\n");

        Assert.Equal(["meter energy 2023-02-01 00:00 28d 90"], _bench.Told);
    }

    [Fact]
    public void Bills_that_all_begin_and_end_on_one_first_day_are_asked_about_and_the_advice_says_which_they_are()
    {
        const string Rows = "A,2024-03-01,2024-03-01,310\nB,2024-03-01,2024-03-01,620\nC,2024-03-01,2024-03-01,930\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Meter,Start,End,kWh\n{Rows}")).Fault;

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
        Assert.Contains("2024-03-31", fault.Message, StringComparison.Ordinal);
        Assert.Contains("2024-03-02", fault.Message, StringComparison.Ordinal);
        Assert.Equal("day", fault.Guess!.IntervalEnd);
        _bench.RunText($"Meter,Start,End,kWh\n{Rows.Replace(",2024-03-01,2024-03-01,", ",2024-03-01,2024-03-31,", StringComparison.Ordinal)}");
        Assert.Contains("A energy 2024-03-01 00:00 31d 310", _bench.Told);
        _bench.RunText($"Meter,Start,End,kWh\n{Rows.Replace(",2024-03-01,2024-03-01,", ",2024-03-01,2024-03-02,", StringComparison.Ordinal)}");
        Assert.Contains("A energy 2024-03-01 00:00 1d 310", _bench.Told);
    }

    [Theory]
    [InlineData("day", "2024-03-01", "2024-03-01", "1d")]
    [InlineData("month", "2024-03-01", "2024-03-01", "31d")]
    [InlineData("day", "2024-03-02", "2024-03-02", "1d")]
    [InlineData("day", "2024-03-01", "2024-03-31", "31d")]
    public void A_mapping_says_what_belongs_to_an_interval(string told, string start, string end, string length)
    {
        _bench.RunText($"Meter,Start,End,kWh\nA,{start},{end},310\nB,{start},{end},620\n", new ImportForm { Mapping = new() { IntervalEnd = told } });

        Assert.Equal([$"A energy {start} 00:00 {length} 310", $"B energy {start} 00:00 {length} 620"], _bench.Told);
    }

    [Theory]
    [InlineData("month", "A,2024-04-01,2024-04-01,310", "30d")]
    [InlineData("month", "A,2024-04-01,2024-04-01,310\nB,2024-04-01,2024-04-01,", "30d")]
    [InlineData("day", "A,2024-04-01,2024-04-01,310", "1d")]
    [InlineData(null, "A,2024-04-01,2024-04-01,310", "1d")]
    public void A_mapping_says_it_of_a_single_interval_as_well(string? told, string rows, string length)
    {
        _bench.RunText($"Meter,Start,End,kWh\n{rows}\n", new ImportForm { Mapping = told is null ? null : new() { IntervalEnd = told } });

        Assert.Equal([$"A energy 2024-04-01 00:00 {length} 310"], _bench.Told);
    }

    [Fact]
    public void Only_days_and_months_belong_to_intervals() =>
        Assert.Equal("mapping.interval_end", Assert.Single(MappingChecks.FaultsOf(new ImportMapping { IntervalEnd = "week" })).Field);

    [Fact]
    public void Bills_that_begin_and_end_on_first_days_a_month_apart_are_of_the_months()
    {
        _bench.RunText("Meter,Start,End,kWh\nA,2024-03-01,2024-03-01,310\nB,2024-03-01,2024-03-01,620\nA,2024-04-01,2024-04-01,300\nB,2024-04-01,2024-04-01,600\n");

        Assert.Equal(["A energy 2024-03-01 00:00 31d 310", "A energy 2024-04-01 00:00 30d 300", "B energy 2024-03-01 00:00 31d 620", "B energy 2024-04-01 00:00 30d 600"], _bench.Told);
    }
}
