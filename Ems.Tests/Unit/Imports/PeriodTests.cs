using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>Quarters, weeks, months and years as the periods of values, and totals of them among their parts.</summary>
public sealed class PeriodTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Quarter,kWh\nQ1 2016,100\nQ2 2016,200\n", "2016-01-01 91d|2016-04-01 91d")]
    [InlineData("Quarter,kWh\n2016-Q4,100\n", "2016-10-01 92d")]
    [InlineData("Week,kWh\n2016-W01,100\n2016-W02,200\n2016-W03,200\n", "2016-01-04 7d|2016-01-11 7d|2016-01-18 7d")]
    [InlineData("Year,kWh\n2015,100\n2016,200\n", "2015-01-01 365d|2016-01-01 366d")]
    [InlineData("Jahr;Verbrauch (kWh)\n2016;200\n", "2016-01-01 366d")]
    [InlineData("Meter,Year,kWh\nA,2015,100\nA,2016,200\nB,2015,100\nB,2016,200\n", "2015-01-01 365d|2016-01-01 366d|2015-01-01 365d|2016-01-01 366d")]
    [InlineData("Start,End,kWh\nQ1 2016,Q1 2016,100\nQ2 2016,Q3 2016,200\n", "2016-01-01 91d|2016-04-01 183d")]
    [InlineData("Meter,Q1 2016,Q2 2016,Q3 2016\nA (kWh),1,2,3\n", "2016-01-01 91d|2016-04-01 91d|2016-07-01 92d")]
    public void Quarters_weeks_and_years_are_the_periods_of_bills(string text, string intervals)
    {
        _bench.RunText(text, text.StartsWith("Meter,Q", StringComparison.Ordinal) ? new ImportForm { Metric = "energy", Unit = "kWh" } : null);

        Assert.Equal(intervals.Split('|'), _bench.Told.Select(told => string.Join(' ', told.Split(' ')[^4], told.Split(' ')[^2])));
    }

    [Theory]
    [InlineData("Property Id,Year Ending,kWh\n555121,12/31/2024,100\n555122,12/31/2024,200\n", "2024-01-01 366d|2024-01-01 366d")]
    [InlineData("Property Id,Year Ending,kWh\n555121,30/06/2024,100\n", "2023-07-01 366d")]
    [InlineData("Property Id,Month Ending,kWh\n555121,2024-11-30,100\n555122,2024-11-30,200\n", "2024-11-01 30d|2024-11-01 30d")]
    [InlineData("Meter,Month Ending,Days,kWh\nA,2024-12-31,33,5\nB,2024-12-31,31,6\n", "2024-11-28 33d|2024-11-30 31d")]
    [InlineData("Property Id,Year Ending,kWh\n1,2023-12-31,100\n2,2023-12-31,200\n1,2024-12-31,100\n2,2024-12-31,200\n", "2023-01-01 365d|2024-01-01 366d|2023-01-01 365d|2024-01-01 366d")]
    [InlineData("Bill Date,Billing Period Start,Billing Period End,kWh\n02/11/2025,01/10/2025,02/09/2025,6380\n03/14/2025,02/10/2025,03/09/2025,6465\n", "2025-01-10 31d|2025-02-10 28d")]
    [InlineData("Bill Date,Start Date,End Date,kWh\n2025-02-14,2025-01-10,2025-02-10,6380\n2025-03-14,2025-02-10,2025-03-10,6465\n", "2025-01-10 31d|2025-02-10 28d")]
    public void Headers_say_how_long_the_periods_are_that_end_with_a_date_and_which_dates_are_their_ends(string text, string intervals)
    {
        _bench.RunText(text);

        Assert.Equal(intervals.Split('|'), _bench.Told.Select(told => string.Join(' ', told.Split(' ')[^4], told.Split(' ')[^2])));
    }

    [Fact]
    public void A_register_is_read_when_the_day_that_a_month_ends_with_is_over()
    {
        _bench.RunText("Meter,Month Ending,Meter reading (kWh)\nA,2024-12-31,1500\nB,2024-12-31,2500\n");

        Assert.Equal(["A energy_import_register 2025-01-01 00:00 1500", "B energy_import_register 2025-01-01 00:00 2500"], _bench.Told);
    }

    [Theory]
    [InlineData("Month Ending,Time,kWh\n2024-12-31,01:00,1\n2024-12-31,02:00,2\n2024-12-31,03:00,3\n")]
    [InlineData("Meter,Year Ending,Hour,kWh\nA,2024-12-31,01:00,1\nA,2024-12-31,02:00,2\nA,2024-12-31,03:00,3\n")]
    public void A_date_beside_a_clock_is_the_day_of_its_hours_whatever_it_is_called(string text)
    {
        _bench.RunText(text);

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(["2024-12-31 00:00 1h 1", "2024-12-31 01:00 1h 2", "2024-12-31 02:00 1h 3"], _bench.Told.Select(told => told[told.IndexOf("2024", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void Rows_of_one_meter_that_share_their_date_are_no_months()
    {
        _bench.RunText("Meter,Month Ending,kWh\nA,2024-12-31,1\nA,2024-12-31,2\nB,2024-12-31,3\n");

        Assert.StartsWith("B energy 2024-12-3", Assert.Single(_bench.Told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Period,kWh\n2024-01,1\n2024-02,2\n2024-03,4\n2024-Q2,8\n", "", "1 31d 1|2 29d 2|3 31d 4|4 91d 8")]
    [InlineData("Period,kWh\n2024-01,1\n2024-02,2\n2024-03,4\nQ1 2024,7\n2024-Q2,8\n", "2024-01 to 2024-03 (row 5)", "1 31d 1|2 29d 2|3 31d 4|4 91d 8")]
    [InlineData("Period,kWh\n2024,31\n2024-Q1,7\n2024-Q2,8\n2024-Q3,9\n2024-Q4,7\n", "2024-01 to 2024-12 (row 2)", "1 91d 7|4 91d 8|7 92d 9|10 92d 7")]
    // Of another meter they are no parts.
    [InlineData("Meter,Period,kWh\nA,2024-01,1\nA,2024-02,2\nA,2024-03,4\nB,2024-Q1,7\n", "", "1 31d 1|2 29d 2|3 31d 4|1 91d 7")]
    [InlineData("Meter (kWh),Jan-24,Feb-24,Mar-24,Q1 2024,H1 2024,2024,Total\nA,1,2,4,7,7,7,7\nB,,,,9,9,9,9\n", "H1 2024; 2024; Total; 2024-01 to 2024-03 (row 2)", "1 31d 1|2 29d 2|3 31d 4|1 91d 9")]
    [InlineData("Meter (kWh),Q1 2023,Q2 2023,Q3 2023,Q4 2023,2023,Q1 2024\nA,1,2,3,4,10,5\n", "2023", "1 90d 1|4 91d 2|7 92d 3|10 92d 4|1 91d 5")]
    [InlineData("Year,Jan,Feb,Mar,Q1,H1,Total kWh\n2024,1,2,4,7,7,7\n", "Q1; H1; Total kWh", "1 31d 1|2 29d 2|3 31d 4")]
    public void Periods_that_shorter_ones_fill_are_their_totals_and_stretch_none_of_them(string text, string left, string told)
    {
        _bench.RunText(text);

        Assert.Equal(left, _bench.Assumed("left_out"));
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(told.Split('|'), _bench.Told.Select(one => one.Split(' ')).Select(one => $"{int.Parse(one[2].Split('-')[1], CultureInfo.InvariantCulture)} {one[4]} {one[5]}"));
    }

    [Theory]
    [InlineData("2025-01-01,100\n2025-02-01,110\n2025-03-01,120\nQ1 2025,330\n2025-04-01,90\n2025-05-01,80\n2025-06-01,70\nQ2 2025,240\n", 6)]
    [InlineData("2025-01-01,100\n2025-02-01,110\n2025-03-01,120\n2025-04-01,90\nQ1 2025,330\n", 4)]
    [InlineData("Q1 2025,330\n2025-01-01,100\n2025-02-01,110\n2025-03-01,120\n", 3)]
    public void Dates_of_months_are_no_quarters_for_a_row_of_their_total(string rows, int months)
    {
        _bench.RunText($"Month,kWh\n{rows}");

        Assert.Equal(Enumerable.Range(1, months).Select(month => $"2025-{month:00}-01 {DateTime.DaysInMonth(2025, month)}d"), _bench.Told.Select(one => one.Split(' ')).Select(one => $"{one[2]} {one[4]}"));
        Assert.Contains("2025-01 to 2025-03", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Month,kWh\n202501,5\n202502,7\n202503,6\n")]
    [InlineData("Monat;kWh\n01.2025;5\n02.2025;7\n03.2025;6\n")]
    [InlineData("Billing Period,Start Date,End Date,kWh\n202512,2025-01-01,2025-02-01,5\n202601,2025-02-01,2025-03-01,7\n202602,2025-03-01,2025-04-01,6\n")]
    [InlineData("Month,Date,kWh\n202512,2025-01-01,5\n202601,2025-02-01,7\n202602,2025-03-01,6\n")]
    public void Months_may_be_written_as_numbers_where_nothing_else_says_the_time(string text)
    {
        _bench.RunText(text);

        Assert.Equal(["meter energy 2025-01-01 00:00 31d 5", "meter energy 2025-02-01 00:00 28d 7", "meter energy 2025-03-01 00:00 31d 6"], _bench.Told);
    }

    [Fact]
    public void A_month_in_numbers_beside_numbered_days_is_none_of_bills() =>
        Assert.Throws<ImportFaultException>(() => _bench.RunText("Month,Day,kWh\n202501,1,5\n202501,2,7\n202501,3,6\n"));

    [Theory]
    [InlineData("Week ending,kWh\n2025-09-07,5\n2025-09-14,7\n2025-09-21,6\n", "2025-09-01")]
    [InlineData("W/E week end date,kWh\n2025-09-05,5\n2025-09-12,7\n2025-09-19,6\n", "2025-08-30")]
    [InlineData("Week ending,kWh\n2025-09-08,5\n2025-09-15,7\n2025-09-22,6\n", "2025-09-01")]
    [InlineData("Week,kWh\n2025-09-01,5\n2025-09-08,7\n2025-09-15,6\n", "2025-09-01")]
    public void The_last_day_of_a_week_belongs_to_it(string text, string first)
    {
        _bench.RunText(text);

        Assert.Equal($"meter energy {first} 00:00 7d 5", _bench.Told[0]);
    }

    [Theory]
    [InlineData("Period,Hall (kWh),Shop (kWh)\n2024-01,1,\n2024-02,2,\n2024-03,4,\n2024-Q1,7,50\n2024-Q2,8,60\n", "Hall (kWh) of 2024-01 to 2024-03 (row 5)", "Hall 1 31d 1|Hall 2 29d 2|Hall 3 31d 4|Shop 1 91d 50|Hall 4 91d 8|Shop 4 91d 60")]
    [InlineData("Period,Hall (kWh),Shop (kWh)\n2024-01,1,\n2024-02,2,\n2024-03,4,\n2024-Q1,7,\n2024-Q1,,50\n", "2024-01 to 2024-03 (row 5)", "Hall 1 31d 1|Hall 2 29d 2|Hall 3 31d 4|Shop 1 91d 50")]
    public void A_period_is_the_total_only_of_the_columns_that_have_its_parts(string text, string left, string told)
    {
        _bench.RunText(text);

        Assert.Equal(left, _bench.Assumed("left_out"));
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(told.Split('|').Order(), _bench.Told.Select(one => one.Split(' ')).Select(one => $"{one[0]} {int.Parse(one[2].Split('-')[1], CultureInfo.InvariantCulture)} {one[4]} {one[5]}").Order());
    }

    [Fact]
    public void A_month_of_energy_beside_days_of_power_is_no_total_of_them()
    {
        _bench.RunText($"Date,kW,kWh\n{string.Concat(Enumerable.Range(1, 31).Select(day => $"2024-01-{day:00},50,\n"))}January 2024,,1550\n");

        Assert.Equal((31, 1550), (_bench.Readings.Count(reading => reading.Length == Duration.FromDays(1)), _bench.Sum("meter", "energy")));
        Assert.Equal("", _bench.Assumed("left_out"));
    }

    [Fact]
    public void A_period_that_one_column_has_begun_is_rejected_in_that_one_alone()
    {
        _bench.RunText("Period,Hall (kWh),Shop (kWh)\n2024-01,1,\n2024-02,2,\n2024-Q1,7,50\n2024-Q2,8,60\n");

        Assert.Equal("1|2|50|60|8", string.Join('|', _bench.Told.Select(told => told.Split(' ')[^1]).Order()));
        Assert.Equal("Hall (kWh)", Assert.Single(_bench.Items.SelectMany(item => item.Faults)).Column);
    }

    [Theory]
    [InlineData("Week,kWh\n2024-W01,100\n2024-W03,200\n2024-W05,300\n")]
    [InlineData("Week,kWh\n2024-W01,100\n")]
    public void A_week_is_seven_days_whatever_stands_beside_it(string text)
    {
        _bench.RunText(text);

        Assert.All(_bench.Readings, reading => Assert.Equal(Duration.FromDays(7), reading.Length));
        Assert.Equal("2024-01-01", _bench.Told[0].Split(' ')[2]);
    }

    [Theory]
    [InlineData("Jahr;Verbrauch (kWh)\n2015;1234,5\n2016;1300,2\n")]
    [InlineData("Year;kWh\n2015;1,234.5\n2016;1,300.2\n")]
    [InlineData("Year;Energy\n2015;5 kWh\n2016;6 kWh\n")]
    [InlineData("Year;kWh;Remarks\n2015;5;new meter\n2016;6;read late\n")]
    public void Years_alone_are_times_however_their_amounts_are_written(string text)
    {
        _bench.RunText(text);

        Assert.Equal(["2015-01-01 365d", "2016-01-01 366d"], _bench.Told.Select(told => string.Join(' ', told.Split(' ')[^4], told.Split(' ')[^2])));
    }

    [Fact]
    public void A_month_is_the_total_of_its_days_and_no_length_of_them()
    {
        _bench.RunText($"Date,kWh\n{string.Concat(Enumerable.Range(1, 31).Select(day => $"2024-01-{day:00},5\n"))}January 2024,155\n");

        Assert.Equal((31, 155), (_bench.Readings.Count, _bench.Sum("meter", "energy")));
        Assert.All(_bench.Readings, reading => Assert.Equal(Duration.FromDays(1), reading.Length));
        Assert.Equal("2024-01 (row 33)", _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("2024-01,1\n2024-02,2\n2024-Q1,7\n2024-Q2,8\n", "1|2|8")]
    [InlineData("2024-W01,1\n2024-W02,2\n2024-W03,3\n2024-Q1,7\n", "1|2|3")]
    public void A_period_that_others_have_begun_is_rejected_with_its_reason(string rows, string values)
    {
        _bench.RunText($"Period,kWh\n{rows}");

        Assert.Equal(values.Split('|'), _bench.Told.Select(told => told.Split(' ')[^1]));
        Assert.Contains("2024-01 to 2024-03 is in the file as a whole", Assert.Single(_bench.Items.SelectMany(item => item.Faults)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_years_beside_times_are_no_times()
    {
        _bench.RunText("Date,Year,kWh\n2024-01-01,2024,310\n2024-01-02,2025,290\n2024-01-03,2026,300\n");

        Assert.Equal(["2024-01-01", "2024-01-02", "2024-01-03"], _bench.Told.Select(told => told.Split(' ')[2]));
    }

    [Theory]
    [InlineData("Building,Year,Area (m2),kWh\nA,1987,100,5\nB,1990,200,6\nC,2001,100,7\n")]
    [InlineData("Building,Year Built,kWh\nA,1987,5\nA,1990,6\n")]
    public void Years_that_are_no_periods_are_no_times(string text) =>
        Assert.Equal(ImportFault.MissingRequiredColumns, Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Code);

    [Fact]
    public void Quarters_above_months_are_no_times_of_values()
    {
        _bench.RunText("kWh,Q1 2016,,,Q2 2016,,,Q3 2016,,\nMeter,2016-01,2016-02,2016-03,2016-04,2016-05,2016-06,2016-07,2016-08,2016-09\nA,1,2,3,4,5,6,7,8,9\n");

        Assert.Equal(9, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.InRange(reading.Length.TotalDays, 28, 31));
    }

    [Theory]
    [InlineData("Month", "Jan-24")]
    [InlineData("Bill Month", "2024-01")]
    [InlineData("Billing Period", "Jan-24")]
    [InlineData("Date Billed", "2024-02-03")]
    [InlineData("Bill Month,Bill Date", "Jan-24,2024-02-03")]
    public void Beside_both_ends_of_a_bill_its_month_is_left_out_in_one_row_and_for_several_meters(string headers, string dates)
    {
        _bench.RunText($"{headers},Start Date,End Date,kWh\n{dates},2024-01-01,2024-01-31,1002\n");
        using var several = new ImportBench();

        several.RunText($"Meter,{headers},Start Date,End Date,kWh\nM1,{dates},2024-01-01,2024-01-31,1002\nM2,{dates.Replace("-03", "-04", StringComparison.Ordinal)},2024-01-01,2024-01-31,1003\nM3,{dates.Replace("-03", "-05", StringComparison.Ordinal)},2024-01-01,2024-01-31,1004\n");

        Assert.All([.. _bench.Readings, .. several.Readings], reading => Assert.Equal((Instant.FromUtc(2024, 1, 1, 0, 0), 31), (reading.Start, (int)reading.Length.TotalDays)));
        Assert.Equal((1, 3), (_bench.Readings.Count, several.Readings.Count));
    }

    [Theory]
    [InlineData("Month,Contract start,Contract end")]
    [InlineData("Month,Start Date,End Date")]
    public void Beside_both_ends_of_a_contract_the_month_is_asked_about(string headers)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{headers},kWh\n2024-01,2023-01-01,2025-12-31,102\n2024-02,2023-01-01,2025-12-31,104\n")).Fault;

        Assert.Equal(ColumnRole.Time, fault.Guess!.Columns.Single(column => column.Column == "Month").Role);
    }

    [Fact]
    public void Times_that_are_called_a_period_are_no_month() =>
        Assert.Throws<ImportFaultException>(() => _bench.RunText("Period,From,To,kWh\n2024-06-10 00:00,2024-06-10,2024-07-10,1363\n2024-06-10 01:00,2024-06-10,2024-07-10,1473\n"));

    [Theory]
    [InlineData("Bill Month,Service From,Service To", "Feb 2023", "Mar 2023")]
    [InlineData("Période,Du,Au", "02/2023", "03/2023")]
    [InlineData("Billing Month,Start,End", "2023-02", "2023-03")]
    public void The_month_of_a_bill_says_nothing_beside_both_ends_of_what_it_is_for(string headers, string one, string other)
    {
        _bench.RunText($"{headers},kWh\n{one},2022-12-17,2023-01-16,1363\n{other},2023-01-17,2023-02-13,1473\n");

        Assert.Equal(["meter energy 2022-12-17 00:00 31d 1363", "meter energy 2023-01-17 00:00 28d 1473"], _bench.Told);
        Assert.Equal(headers.Split(',')[0], _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("01-01-2023 t/m 31-01-2023", "01-02-2023 t/m 28-02-2023", "01-04-2023 t/m 30-04-2023")]
    [InlineData("01/01/2023 au 31/01/2023", "01/02/2023 au 28/02/2023", "01/04/2023 au 30/04/2023")]
    [InlineData("du 01/01/2023 au 31/01/2023", "du 01/02/2023 au 28/02/2023", "du 01/04/2023 au 30/04/2023")]
    [InlineData("01/01/2023 al 31/01/2023", "01/02/2023 al 28/02/2023", "01/04/2023 al 30/04/2023")]
    [InlineData("01/01/2023 a 31/01/2023", "01/02/2023 a 28/02/2023", "01/04/2023 a 30/04/2023")]
    [InlineData("01.01.2023 bis 31.01.2023", "01.02.2023 bis 28.02.2023", "01.04.2023 bis 30.04.2023")]
    [InlineData("01.01.2023-31.01.2023", "01.02.2023-28.02.2023", "01.04.2023-30.04.2023")]
    [InlineData("1.1.2023 – 31.1.2023", "1.2.2023 – 28.2.2023", "1.4.2023 – 30.4.2023")]
    [InlineData("01/01/2023 to 31/01/2023", "01/02/2023 to 28/02/2023", "01/04/2023 to 30/04/2023")]
    [InlineData("01/01/2023 - 01/31/2023", "02/01/2023 - 02/28/2023", "04/01/2023 - 04/30/2023")]
    [InlineData("2023-01-01/2023-01-31", "2023-02-01/2023-02-28", "2023-04-01/2023-04-30")]
    [InlineData("1 Jan 2023 to 31 Jan 2023", "1 Feb 2023 to 28 Feb 2023", "1 Apr 2023 to 30 Apr 2023")]
    [InlineData("01.01.2023 - 01.02.2023", "01.02.2023 - 01.03.2023", "01.04.2023 - 01.05.2023")]
    public void Both_ends_of_a_bill_may_stand_in_one_cell(string first, string second, string third)
    {
        _bench.RunText($"Bill,Period,kWh\n1,{first},100\n2,{second},200\n3,{third},300\n");

        Assert.Equal("2023-01-01 31d|2023-02-01 28d|2023-04-01 30d".Split('|'), _bench.Told.Select(told => string.Join(' ', told.Split(' ')[^4], told.Split(' ')[^2])));
    }

    [Fact]
    public void A_bill_for_two_months_lasts_as_long_as_its_cell_says()
    {
        _bench.RunText("Periode;Verbruik (kWh)\n01-01-2023 t/m 28-02-2023;100\n01-03-2023 t/m 30-04-2023;200\n01-07-2023 t/m 31-08-2023;300\n");

        Assert.Equal("2023-01-01 59d|2023-03-01 61d|2023-07-01 62d".Split('|'), _bench.Told.Select(told => string.Join(' ', told.Split(' ')[^4], told.Split(' ')[^2])));
    }

    [Theory]
    [InlineData("Annual electricity consumption (kWh),,,\nSite,2022,2023,2024\nDepot North,10,20,30\nDepot South,40,50,60\nTotal,50,70,90\n")]
    [InlineData("Annual electricity consumption (kWh),,,,\nSite,Floor area (m²),2022,2023,2024\nDepot North,1200,10,20,30\nDepot South,1610,40,50,60\nTotal,,50,70,90\n")]
    [InlineData("Building,2022 (kWh),2023 (kWh),2024 (kWh)\nDepot North,10,20,30\nDepot South,40,50,60\n")]
    [InlineData("Building (kWh),2022,2023,2024\nDepot North,10,20,30\nDepot South,40,50,60\n")]
    [InlineData("Site,Consumption 2022 (kWh),Consumption 2023 (kWh),Consumption 2024 (kWh),Cost 2024 (£)\nDepot North,10,20,30,3\nDepot South,40,50,60,6\n")]
    public void Sites_may_have_a_column_for_each_year(string text)
    {
        _bench.RunText(text);

        Assert.Equal(
            ["Depot North 2022-01-01 365d 10", "Depot North 2023-01-01 365d 20", "Depot North 2024-01-01 366d 30", "Depot South 2022-01-01 365d 40", "Depot South 2023-01-01 365d 50", "Depot South 2024-01-01 366d 60"],
            _bench.Told.Select(told => told.Replace(" energy", "", StringComparison.Ordinal).Replace(" 00:00", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Registers_of_years_need_the_day_on_which_they_were_read()
    {
        const string Text = "Meter readings (kWh),,,\nMeter,2022,2023,2024\nMain,41203,52190,63377\nLift,1203,1290,1377\n";
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(Text)).Fault;
        _bench.RunText(Text.Replace(",2022,2023,2024", ",31/12/2022,31/12/2023,31/12/2024", StringComparison.Ordinal));

        Assert.Contains("write the date", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Main energy_import_register 2022-12-31 00:00 41203", _bench.Told);
    }

    [Theory]
    [InlineData("Monat,Verbrauch 2023 kWh,Verbrauch 2024 kWh,Differenz\nJan,1,3,2\nFeb,2,4,2\nMär,3,5,2\n")]
    [InlineData("Electricity kWh,,,\nMonth,Actual 2023,Actual 2024,Budget 2025\nJan,1,3,9\nFeb,2,4,9\nMar,3,5,9\n")]
    [InlineData("Månad,Förbrukning 2023 (kWh),Förbrukning 2024 (kWh)\nJan,1,3\nFeb,2,4\nMar,3,5\n")]
    public void Years_may_stand_beside_a_word_for_what_was_used(string text)
    {
        _bench.RunText(text);

        Assert.Equal("2023-01=1 2023-02=2 2023-03=3 2024-01=3 2024-02=4 2024-03=5", string.Join(' ', _bench.Readings.OrderBy(reading => reading.Start).Select(reading =>
            string.Create(CultureInfo.InvariantCulture, $"{reading.Start.ToDateTimeUtc():yyyy-MM}={reading.Values[0].Value}"))));
    }

    [Theory]
    [InlineData("Month,Strom 2023 kWh,Strom 2024 kWh,Gas 2023 kWh,Gas 2024 kWh\nJan,1,2,3,4\nFeb,1,2,3,4\nMar,1,2,3,4\n")]
    [InlineData("Month,Consumption 2023 kWh,Consumption 2024 kWh,Production 2023 kWh,Production 2024 kWh\nJan,1,2,3,4\nFeb,1,2,3,4\nMar,1,2,3,4\n")]
    public void Years_beside_several_words_are_not_taken_for_one(string text)
    {
        Assert.Throws<ImportFaultException>(() => _bench.RunText(text));
    }
}
