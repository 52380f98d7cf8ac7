using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Files whose times go both down and across.</summary>
public sealed class MatrixLayoutTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("00:00 01:00 02:00 03:00 04:00 05:00 06:00 07:00 08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00 17:00 18:00 19:00 20:00 21:00 22:00 23:00")]
    [InlineData("01:00 02:00 03:00 04:00 05:00 06:00 07:00 08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00 17:00 18:00 19:00 20:00 21:00 22:00 23:00 24:00")]
    [InlineData("01:00 02:00 03:00 04:00 05:00 06:00 07:00 08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00 17:00 18:00 19:00 20:00 21:00 22:00 23:00 00:00")]
    [InlineData("HE01 HE02 HE03 HE04 HE05 HE06 HE07 HE08 HE09 HE10 HE11 HE12 HE13 HE14 HE15 HE16 HE17 HE18 HE19 HE20 HE21 HE22 HE23 HE24")]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24")]
    public void A_matrix_has_a_row_for_each_day_and_a_column_for_each_hour(string hours)
    {
        var values = string.Join(',', Enumerable.Range(0, 24));
        _bench.RunText($"Consumption (kWh)\nDate,{hours.Replace(' ', ',')},Total\n2020-01-01,{values},276\n2020-01-02,{values},276\n");

        Assert.Equal(48, _bench.Told.Count);
        Assert.Equal("meter energy 2020-01-01 00:00 1h 0", _bench.Told[0]);
        Assert.Equal("meter energy 2020-01-02 23:00 1h 23", _bench.Told[47]);
        Assert.Contains("Total", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("06:00 07:00 08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00 17:00 18:00 19:00 20:00 21:00 22:00 23:00 00:00 01:00 02:00 03:00 04:00 05:00", null, 0)]
    [InlineData("0600 0700 0800 0900 1000 1100 1200 1300 1400 1500 1600 1700 1800 1900 2000 2100 2200 2300 0000 0100 0200 0300 0400 0500", null, 0)]
    [InlineData("07:00 08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00 17:00 18:00 19:00 20:00 21:00 22:00 23:00 24:00 01:00 02:00 03:00 04:00 05:00 06:00", null, 0)]
    [InlineData("07:00 08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00 17:00 18:00 19:00 20:00 21:00 22:00 23:00 00:00 01:00 02:00 03:00 04:00 05:00 06:00", LabelMeaning.End, 0)]
    [InlineData("07:00 08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00 17:00 18:00 19:00 20:00 21:00 22:00 23:00 00:00 01:00 02:00 03:00 04:00 05:00 06:00", null, 1)]
    public void The_hours_of_a_gas_day_that_come_behind_midnight_are_of_the_next_day(string hours, LabelMeaning? label, int later)
    {
        _bench.RunText($"Gas usage (kWh)\nMPRN,Gas Day,{hours.Replace(' ', ',')}\n{GasDay(1)}{GasDay(2)}", new ImportForm { TimestampLabel = label });

        Assert.Equal(Enumerable.Range(0, 48).Select(hour => $"4001234567 energy {new DateTime(2026, 3, 1).AddHours(6 + later + hour):yyyy-MM-dd HH:mm} 1h {100 + (hour * 7 % 24)}"), _bench.Told);
        Assert.Contains("is of the next day", _bench.Assumed("layout"), StringComparison.Ordinal);

        static string GasDay(int day) => $"4001234567,2026-03-{day:00},{string.Join(',', Enumerable.Range(0, 24).Select(hour => 100 + (hour * 7 % 24)))}\n";
    }

    [Theory]
    [InlineData(23)]
    [InlineData(22)]
    public void What_begins_in_the_evening_is_taken_as_it_is_dated(int first)
    {
        _bench.RunText($"Energy (kWh)\nDay,{string.Join(',', Enumerable.Range(first, 24).Select(hour => $"{hour % 24:00}:00"))}\n2026-03-01,{string.Join(',', Enumerable.Range(1, 24))}\n2026-03-02,{string.Join(',', Enumerable.Range(2, 24))}\n");

        Assert.Equal(48, _bench.Told.Count);
        Assert.All(_bench.Readings, reading => Assert.InRange(reading.Start.InUtc().Day, 1, 2));
        Assert.DoesNotContain("is of the next day", _bench.Assumed("layout"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_gas_day_before_clocks_are_put_back_has_the_hour_that_comes_twice()
    {
        var hours = string.Join(',', Enumerable.Range(6, 21).Append(26).Concat(Enumerable.Range(27, 3)).Select(hour => $"{hour % 24:00}:00"));
        _bench.RunText(
            $"Energy (kWh)\nDate,{hours}\n{string.Concat(Enumerable.Range(23, 3).Select(day => $"2026-10-{day},{string.Join(',', Enumerable.Range(0, 25).Select(i => i == 21 && day != 24 ? "" : $"{i * 7 % 25}"))}\n"))}",
            new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(Enumerable.Range(0, 73).Select(hour => $"{new DateTime(2026, 10, 23, 4, 0, 0).AddHours(hour):yyyy-MM-dd HH:mm}"), _bench.Told.Select(line => line[13..29]));
    }

    [Theory]
    [InlineData("Month,2024 (kWh),2025 (kWh),Change\nJan,100,110,10 %\nFeb,101,113,12 %\nMar,102,114,12 %\n", "meter")]
    [InlineData("Month,2024 (kWh),2025 (kWh),Comment\nJan,100,110,\nFeb,101,113,ok\nMar,102,114,\n", "meter")]
    [InlineData("Month,2024 (kWh),2025 (kWh),Trend\nJan,100,110,up\nFeb,101,113,down\nMar,102,114,up\n", "meter")]
    [InlineData("Year,Remark,Jan (kWh),Feb (kWh),Mar (kWh)\n2024,ok,100,101,102\n2025,shutdown,110,113,114\n", "meter")]
    [InlineData("Year,Asset,Jan (kWh),Feb (kWh),Mar (kWh)\n2024,Hall,100,101,102\n2025,Hall,110,113,114\n", "Hall")]
    [InlineData("Year,Asset,Jan (kWh),Feb (kWh),Mar (kWh)\n2024,Hall,100,101,102\n2025,Hall,110,113,114\n2024,Shop,1,2,3\n2025,Shop,2,3,4\n", "Hall|Shop")]
    public void What_is_said_of_each_month_or_year_names_no_meter(string text, string meters)
    {
        _bench.RunText(text);

        Assert.Equal(meters.Split('|'), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal(6 * meters.Split('|').Length, _bench.Told.Count);
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void A_matrix_of_clock_times_leaves_the_hour_that_the_clocks_skip_blank_and_has_a_column_for_the_repeated_one()
    {
        var hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"));
        var spring = string.Join(',', Enumerable.Range(0, 24).Select(hour => hour == 2 ? "" : $"{hour}"));
        var autumn = string.Join(',', Enumerable.Range(0, 24));
        _bench.RunText(
            $"Meter,Date,{hours},02:00 DST,Unit\nM,2020-03-29,{spring},,kWh\nM,2020-10-25,{autumn},2.5,kWh\n", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal(23 + 25, _bench.Told.Count);
        Assert.Equal(["M energy 2020-03-29 00:00 1h 1", "M energy 2020-03-29 01:00 1h 3"], _bench.Told.Skip(1).Take(2));
        Assert.Equal(["M energy 2020-10-25 00:00 1h 2", "M energy 2020-10-25 01:00 1h 2.5", "M energy 2020-10-25 02:00 1h 3"], _bench.Told.Skip(23 + 2).Take(3));
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("02:00 DST,02:00", 1)]
    [InlineData("02:00,02:00 DST", 0)]
    [InlineData("2A:00,2B:00", 0)]
    [InlineData("02A:00,02B:00", 1)]
    [InlineData("02:00 S,02:00 W", 0)]
    [InlineData("02:00 SZ,02:00 WZ", 1)]
    [InlineData("02:00 CEST,02:00 CET", 0)]
    [InlineData("02:00 MESZ,02:00 MEZ", 1)]
    [InlineData("02:00 (DST),02:00", 0)]
    [InlineData("02:00A,02:00B", 0)]
    public void Of_two_columns_of_one_time_the_first_is_of_the_first_hour(string pair, int usual)
    {
        var hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => hour == 2 ? pair : $"{hour:00}:00"));
        string Row(string ofPair) => string.Join(',', Enumerable.Range(0, 24).Select(hour => hour == 2 ? ofPair : $"{hour}"));
        _bench.RunText(
            $"kWh\nDate,{hours}\n2024-10-26,{Row(usual == 0 ? "2," : ",2")}\n2024-10-27,{Row("2,2.5")}\n", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(24 + 25, _bench.Told.Count);
        Assert.Equal("meter energy 2024-10-26 00:00 1h 2", _bench.Told[2]);
        Assert.Equal(
            ["meter energy 2024-10-26 23:00 1h 1", "meter energy 2024-10-27 00:00 1h 2", "meter energy 2024-10-27 01:00 1h 2.5", "meter energy 2024-10-27 02:00 1h 3"],
            _bench.Told.Skip(25).Take(4));
        Assert.Empty(_bench.Facts.Gaps);
    }

    /// <summary>Each row has its own hours as values; the 25th is 99.</summary>
    [Theory]
    [InlineData("00:00", "02:00 CET,02:00 CEST", "99,2", "2,")]
    [InlineData("00:00", "02:00 CET,02:00 CEST", "99,2", ",2")]
    [InlineData("Hour 1", "Hour 3A,Hour 3B", "2,99", "2,")]
    [InlineData("Hour 1", "Hour 3,Hour 3B", "2,99", "2,")]
    [InlineData("HE1", "HE3,HE3X", "2,99", "2,")]
    [InlineData("1", "3A,3B", "2,99", ",2")]
    [InlineData("H0", "H2,H2 (DST)", "2,99", "2,")]
    public void The_columns_of_the_hour_that_comes_twice_are_two_hours_on_the_day_of_the_change_alone(string first, string pair, string both, string one)
    {
        var (word, from) = (first.TrimEnd('0', '1'), int.Parse(first[^1..], CultureInfo.InvariantCulture));
        string Name(int hour) => first.Contains(':', StringComparison.Ordinal) ? $"{hour:00}:00" : $"{word}{hour + from}";
        string Row(string day, string ofPair) => $"{day},{string.Join(',', Enumerable.Range(0, 24).Select(hour => hour == 2 ? ofPair : $"{hour}"))}";
        _bench.RunText(
            $"kWh\nDate,{string.Join(',', Enumerable.Range(0, 24).Select(hour => hour == 2 ? pair : Name(hour)))}\n{Row("2024-10-26", one)}\n{Row("2024-10-27", both)}\n{Row("2024-10-28", one)}\n{Row("2025-03-30", ",")}\n",
            new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(24 + 25 + 24 + 23, _bench.Told.Count);
        Assert.Equal(
            ["meter energy 2024-10-26 00:00 1h 2", "meter energy 2024-10-27 00:00 1h 2", "meter energy 2024-10-27 01:00 1h 99", "meter energy 2024-10-27 02:00 1h 3", "meter energy 2024-10-28 01:00 1h 2", "meter energy 2025-03-30 01:00 1h 3"],
            _bench.Told.Where(told => told.EndsWith(" 2", StringComparison.Ordinal) || told.EndsWith(" 99", StringComparison.Ordinal) || told is "meter energy 2024-10-27 02:00 1h 3" or "meter energy 2025-03-30 01:00 1h 3"));
    }

    [Fact]
    public void One_zone_behind_all_hours_is_that_of_all_days()
    {
        var hours = string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00 CET"));
        _bench.RunText($"kWh\nDate,{hours}\n2024-07-01,{string.Join(',', Enumerable.Range(0, 24).Select(hour => hour % 7))}\n", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal(["meter energy 2024-06-30 23:00 1h 0", "meter energy 2024-07-01 22:00 1h 2"], [_bench.Told[0], _bench.Told[^1]]);
    }

    [Theory]
    [InlineData("Meter (kWh),Jan-24,Feb-24\nA,100,110\n", "A 1 31d 100|A 2 29d 110")]
    [InlineData("Meter (kWh),Jan 2024,Feb 2024,Total\nA,100,110,210\nB,200,210,410\n", "A 1 31d 100|A 2 29d 110|B 1 31d 200|B 2 29d 210")]
    [InlineData("Meter,Unit,2024-01,2024-02\nA,kWh,100,110\n", "A 1 31d 100|A 2 29d 110")]
    [InlineData("Meter (kWh),2024-01-01,2024-02-01\nA,100,110\n", "A 1 31d 100|A 2 29d 110")]
    [InlineData("Meter (kWh),Jan-24\nA,100\nB,200\n", "A 1 31d 100|B 1 31d 200")]
    [InlineData("kWh\nYear,Jan,Feb\n2024,100,110\n", "meter 1 31d 100|meter 2 29d 110")]
    public void Two_months_that_follow_each_other_or_one_make_a_matrix(string text, string told)
    {
        _bench.RunText(text);

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(told.Split('|'), _bench.Told.Select(one => one.Split(' ')).Select(one => $"{one[0]} {int.Parse(one[2].Split('-')[1], CultureInfo.InvariantCulture)} {one[4]} {one[5]}"));
    }

    [Theory]
    [InlineData("Meter,Jan-24,Feb-24\nA,100,110\n", "Send metric and unit (metric=energy, unit=kWh)")]
    [InlineData("Date,kWh\n", "Export it again")]
    [InlineData("Building,Built\nA,2001-01-01\nB,2002-01-01\n", "Send the export of the meters' readings")]
    public void What_is_refused_says_what_to_do(string text, string answer) =>
        Assert.Contains(answer, Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Meter (kWh),Jan-24,Mar-24\nA,100,110\n")]
    [InlineData("Meter (kWh),01/01/2024,02/01/2024\nA,100,110\n")]
    [InlineData("Meter (kWh),Feb-24,Jan-24\nA,100,110\n")]
    [InlineData("Report of,2024-01-31\nMeter,kWh\nA,100\n")]
    // A cover sheet.
    [InlineData("Energy consumption (kWh),\nPeriod,Jan 2024\nNumber of meters,12\nPeak demand,56\n")]
    [InlineData("Building report (kWh),Jan 2024\nNumber of meters,12\nPeak demand,56\n")]
    [InlineData("Building energy consumption (kWh),Jan 2024\nNumber of meters,12\nPeak demand,56\n")]
    // The reading before, the present one and what was used.
    [InlineData("Meter,Jan-24,Feb-24,Consumption (kWh)\nA,12800,14000,1200\nB,1200,1500,300\n")]
    [InlineData("Meter (kWh),Jan-24,Feb-24,Difference\nA,12800,14000,1200\nB,1200,1500,300\n")]
    public void Two_times_that_do_not_follow_each_other_make_none(string text) =>
        Assert.Equal("MISSING_REQUIRED_COLUMNS", Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault.Code);

    [Theory]
    [InlineData("January 2024\nDay,kWh\n")]
    [InlineData("Month:,January 2024\nDay,kWh\n")]
    [InlineData("Building,January 2024\nDay,kWh\n")]
    public void A_month_in_a_title_is_that_of_the_days_below_it(string above)
    {
        _bench.RunText($"{above}{string.Concat(Enumerable.Range(1, 31).Select(day => $"{day},{(day * 7 % 31) + 9}\n"))}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(Enumerable.Range(1, 31).Select(day => $"2024-01-{day:00} 00:00 1d {(day * 7 % 31) + 9}"), _bench.Told.Select(told => told[(told.IndexOf(" energy ", StringComparison.Ordinal) + 8)..]));
    }

    [Fact]
    public void A_month_in_a_title_is_that_of_the_days_in_the_headers_below_it()
    {
        _bench.RunText($"Month,January 2024\nMeter (kWh),{string.Join(',', Enumerable.Range(1, 31))}\nA,{string.Join(',', Enumerable.Range(1, 31).Select(day => (day * 7 % 31) + 9))}\n");

        Assert.Equal(Enumerable.Range(1, 31).Select(day => $"A energy 2024-01-{day:00} 00:00 1d {(day * 7 % 31) + 9}"), _bench.Told);
    }

    [Fact]
    public void A_month_in_a_title_is_that_of_days_by_hours()
    {
        _bench.RunText($"January 2024 (kWh)\nDay,{string.Join(',', Enumerable.Range(1, 24).Select(hour => $"{hour:00}:00"))}\n{string.Concat(Enumerable.Range(1, 31).Select(day => $"{day},{string.Join(',', Enumerable.Range(1, 24))}\n"))}");

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(31 * 24, _bench.Told.Count);
        Assert.Equal("meter energy 2024-01-31 23:00 1h 24", _bench.Told[^1]);
    }

    [Theory]
    [InlineData("A,B", " (kWh)")]
    [InlineData("A", " (kWh)")]
    [InlineData("A,B", " kWh")]
    public void Numbers_of_which_many_have_letters_are_those_of_flats(string letters, string unit)
    {
        string[] names = [.. Enumerable.Range(1, 24).SelectMany(floor => letters.Split(',').Select(letter => $"{floor}{letter}"))];
        string Row(int day) => $"2024-01-{day:00},{string.Join(',', names.Select((_, i) => i + day))}\n";
        _bench.RunText($"Date,{string.Join(',', names.Select(name => name + unit))}\n{Row(1)}{Row(2)}{Row(3)}");

        Assert.Equal(names.Order(), _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.All(_bench.Readings, reading => Assert.Equal(24, reading.Length.TotalHours));
    }

    [Fact]
    public void A_circuit_with_a_letter_is_no_first_hour()
    {
        _bench.RunText($"kWh\nDate,T1A,{string.Join(',', Enumerable.Range(1, 24))}\n2024-01-01,77,{string.Join(',', Enumerable.Range(1, 24))}\n2024-01-02,78,{string.Join(',', Enumerable.Range(1, 24))}\n");

        Assert.Equal(48, _bench.Told.Count);
        Assert.Equal("meter energy 2024-01-01 00:00 1h 1", _bench.Told[0]);
    }

    [Fact]
    public void A_matrix_of_numbered_half_hours_counts_them_through_the_clock_changes()
    {
        var numbers = string.Join(',', Enumerable.Range(1, 50));
        static string Day(int count) => string.Join(',', Enumerable.Range(1, 50).Select(number => number <= count ? $"{number}" : ""));
        _bench.RunText(
            $"kWh by settlement period\nSettlement Date,{numbers}\n29/03/2020,{Day(46)}\n30/03/2020,{Day(48)}\n25/10/2020,{Day(50)}\n",
            new ImportForm { TimeZone = "Europe/London" });

        Assert.Equal(46 + 48 + 50, _bench.Told.Count);
        Assert.Equal("meter energy 2020-03-29 00:00 30m 1", _bench.Told[0]);
        Assert.Equal("meter energy 2020-03-29 22:30 30m 46", _bench.Told[45]);
        Assert.Equal("meter energy 2020-03-29 23:00 30m 1", _bench.Told[46]);
        Assert.Equal("meter energy 2020-10-24 23:00 30m 1", _bench.Told[46 + 48]);
        Assert.Equal("meter energy 2020-10-25 23:30 30m 50", _bench.Told[^1]);
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void A_matrix_of_meters_and_months_has_a_bill_in_each_cell()
    {
        _bench.RunText("Electricity use in kWh\nMeter,Jan-20,Feb-20,Mar-20,Total\nNorth,100,90,95,285\nSouth,50,,45,95\nTotal,150,90,140,380\n");

        Assert.Equal(
            [
                "North energy 2020-01-01 00:00 31d 100", "North energy 2020-02-01 00:00 29d 90", "North energy 2020-03-01 00:00 31d 95",
                "South energy 2020-01-01 00:00 31d 50", "South energy 2020-03-01 00:00 31d 45",
            ],
            _bench.Told);
        Assert.Equal(1, _bench.Facts.Gaps["blank"]);
        Assert.Contains("row 5", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_matrix_of_years_and_months_is_one_meter()
    {
        _bench.RunText("Gas [m3]\nYear,Jan,Feb,Mar,Apr\n2019,1,2,3,4\n2020,5,6,7,8\n");

        Assert.Equal(8, _bench.Told.Count);
        Assert.Equal("meter gas_volume 2019-01-01 00:00 31d 1", _bench.Told[0]);
        Assert.Equal("meter gas_volume 2020-02-01 00:00 29d 6", _bench.Told[5]);
    }

    [Fact]
    public void A_matrix_of_months_and_years_is_read_down_its_columns()
    {
        _bench.RunText("kWh\nMonth,2019,2020\nJanuary,1,5\nFebruary,2,6\nMarch,3,7\n");

        Assert.Equal(6, _bench.Told.Count);
        Assert.Equal(["meter energy 2019-01-01 00:00 31d 1", "meter energy 2020-03-01 00:00 31d 7"], [_bench.Told[0], _bench.Told[^1]]);
    }

    [Theory]
    [InlineData(',', "Day", "28-Feb", "29-Feb", "01-Mar")]
    [InlineData(',', "Date", "Feb 28", "Feb 29", "Mar 1")]
    [InlineData(',', "Day", "Feb-28", "Feb-29", "Mar-01")]
    [InlineData(';', "Datum", "28.02.", "29.02.", "01.03.")]
    [InlineData(';', "Tag", "28. Februar", "29. Februar", "1. März")]
    [InlineData(',', "Day", "28/02", "29/02", "01/03")]
    [InlineData(',', "Day", "02/28", "02/29", "03/01")]
    public void A_matrix_of_days_and_years_has_the_days_that_its_years_have(char separator, string header, params string[] days)
    {
        var rows = days.Zip(["1|5|9", "|6|", "3|7|10"], (day, values) => $"{day}|{values}\n");
        _bench.RunText($"Energy (kWh)\n{header}|2023|2024|2025\n{string.Concat(rows)}".Replace('|', separator));

        Assert.Equal(
            [
                "meter energy 2023-02-28 00:00 1d 1", "meter energy 2023-03-01 00:00 1d 3", "meter energy 2024-02-28 00:00 1d 5", "meter energy 2024-02-29 00:00 1d 6",
                "meter energy 2024-03-01 00:00 1d 7", "meter energy 2025-02-28 00:00 1d 9", "meter energy 2025-03-01 00:00 1d 10",
            ],
            _bench.Told);
        Assert.Empty(_bench.FaultCodes);
        Assert.Empty(_bench.Facts.Gaps);
    }

    [Fact]
    public void Days_of_a_workbook_beside_years_stand_for_those_of_any_year()
    {
        _bench.RunWorkbook(book =>
        {
            var sheet = book.AddWorksheet("kWh");
            sheet.Cell(1, 1).Value = "Day";
            sheet.Cell(1, 2).Value = 2022;
            sheet.Cell(1, 3).Value = 2023;
            for (var day = 1; day <= 3; day++)
            {
                sheet.Cell(day + 1, 1).Value = new DateTime(2024, 1, day, 0, 0, 0, DateTimeKind.Unspecified);
                sheet.Cell(day + 1, 2).Value = day;
                sheet.Cell(day + 1, 3).Value = day + 10;
            }
        });

        Assert.Equal(6, _bench.Told.Count);
        Assert.Equal(["meter energy 2022-01-01 00:00 1d 1", "meter energy 2023-01-03 00:00 1d 13"], [_bench.Told[0], _bench.Told[^1]]);
    }

    [Fact]
    public void A_value_of_a_day_that_its_year_does_not_have_is_rejected()
    {
        _bench.RunText("Energy (kWh)\nDay,2023,2024\n28-Feb,1,5\n29-Feb,2,6\n01-Mar,3,7\n");

        Assert.Equal(["INVALID_TIMESTAMP"], _bench.FaultCodes);
        Assert.Equal(5, _bench.Told.Count);
    }

    [Fact]
    public void A_matrix_with_hours_down_and_days_across_joins_both()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 24).Select(hour => string.Create(CultureInfo.InvariantCulture, $"{hour:00}:00,{hour},{hour + 100},{hour + 200}")));
        _bench.RunText($"Energy (kWh)\nHour,2020-01-01,2020-01-02,2020-01-03\n{rows}\n");

        Assert.Equal(72, _bench.Told.Count);
        Assert.Equal(["meter energy 2020-01-01 00:00 1h 0", "meter energy 2020-01-03 23:00 1h 223"], [_bench.Told[0], _bench.Told[^1]]);
    }
}
