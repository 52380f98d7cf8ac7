using System.Text;
using System.Text.RegularExpressions;
using ClosedXML.Excel;
using Ems.Tests.Contracts;

namespace Ems.Tests.Functional;

/// <summary>
/// Rejected rows that come back corrected, with the fields of the first import: afterwards the store holds what the right file would have
/// given. In the files <c>{5}</c> is a cell that is broken at first and 5 when it is corrected.
/// </summary>
public sealed partial class CorrectedRowsTests : IDisposable
{
    private const string Broken = "broken";

    private static readonly (string Name, string Value)[] NoFields = [];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_profile_of_a_file_is_that_of_its_rejected_rows()
    {
        const string Mapping = """{"columns":[{"column":"When","role":"time"},{"column":"X","metric":"active_power","unit":"MW"}]}""";
        var other = Encoding.UTF8.GetBytes($"When,X\n{Rows("2023-06-01", 24)}\n");

        var told = await CheckAsync("Main_2024-02.csv", $"When,X\n{Rows("2024-02-01", 24, 5)}\n", NoFields, async host =>
        {
            await ImportAsync(host, "Main_2024-01.csv", Encoding.UTF8.GetBytes($"When,X\n{Rows("2024-01-01", 24)}\n"), ("mapping", Mapping), ("equipment_id", "M-1"), ("time_zone", "Europe/Berlin"));
            await ImportAsync(host, "Other_2023.csv", other, ("mapping", Mapping.Replace("MW", "kW", StringComparison.Ordinal)), ("equipment_id", "M-2"), ("time_zone", "UTC"));
        });

        Assert.Contains("M-1 active_power 00:00:00 2024-02-01T04:00:00Z 5000", told);
    }

    [Theory]
    [InlineData("sheet", "Data")]
    [InlineData("mapping", """{"sheet":"Data"}""")]
    [InlineData("profile", "kept")]
    public async Task Rows_are_still_of_the_sheet_that_the_fields_name(string field, string value)
    {
        (string, string)[] fields = [(field, value)];
        var told = await CheckAsync("Main.xlsx", "{7}", fields, KeepAsync, Sheets);

        Assert.Equal(24, told.Count(one => one.StartsWith("Main ", StringComparison.Ordinal)));

        Task KeepAsync(ImportHost host) => field == "profile"
            ? ImportAsync(host, "Main.xlsx", Sheets(corrected: false), ("sheet", "Data"), ("profile", value), ("mapping", "{}"))
            : Task.CompletedTask;

        static byte[] Sheets(bool corrected)
        {
            using var workbook = new XLWorkbook();
            Fill(workbook.AddWorksheet("Notes"), $"time,kWh\n{Rows("2024-05-01", 3)}", corrected);
            Fill(workbook.AddWorksheet("Data"), $"time,kWh\n{Rows("2024-05-01", 24, 7)}", corrected);
            return Bytes(workbook);
        }
    }

    [Theory]
    // Both ends of each interval behind a date.
    [InlineData("time,kWh\n2024-05-06 00:00-00:15,1\n2024-05-06 00:15-00:30,2\n2024-05-06 00:30-00:45,{3}\n2024-05-06 00:45-01:00,{4}\n2024-05-06 01:00-01:15,5\n2024-05-06 01:15-01:30,6\n")]
    [InlineData("time,kWh\n05/06/2024 00:45-01:00,{4}\n05/06/2024 01:00-01:15,5\n05/06/2024 01:15-01:30,6\n05/13/2024 01:15-01:30,6\n")]
    // Quarters as numbers, and hours and minutes as digits.
    [InlineData("date,period,kWh\n@1..96:2024-05-01 broken 30")]
    [InlineData("date,period,kWh\n@1..92:2024-03-31 broken 30")]
    [InlineData("date,time,kWh\n2024-05-01,0000,1\n2024-05-01,0015,{2}\n2024-05-01,0030,3\n2024-05-01,1345,4\n")]
    // Hours of a day of 25 and of 23, numbered through the clock change or by the clock.
    [InlineData("date,hour ending,kWh\n@1..24:2024-10-26\n@1..25:2024-10-27 broken 2,3,4,24,25\n@1..24:2024-10-28 broken 3")]
    [InlineData("date,hour,kWh\n@0..23:2024-10-26\n@0..24:2024-10-27 broken 2,3,4,24\n@0..23:2024-10-28 broken 3")]
    [InlineData("date,hour ending,kWh\n@1..24:2024-03-30\n@1..23:2024-03-31 broken 2,3,4,23\n@1..24:2024-04-01 broken 3")]
    [InlineData("date,hour ending,kWh\n@1..24:2024-10-26 broken 3\n@1..24:2024-10-27 broken 2,3,4,24\n@1..24:2024-10-28 broken 3")]
    // The second of two equal times, told by the order of the rows.
    [InlineData("time,kWh\n2024-10-27 01:30,1\n2024-10-27 02:00,2\n2024-10-27 02:30,3\n2024-10-27 02:00,{4}\n2024-10-27 02:30,5\n2024-10-27 03:00,6\n")]
    [InlineData("time,kWh\n2024-10-27 03:00,1\n2024-10-27 02:30,2\n2024-10-27 02:00,{3}\n2024-10-27 02:30,4\n2024-10-27 02:00,{5}\n2024-10-27 01:30,6\n")]
    [InlineData("interval end,kWh\n2024-10-27 01:30,1\n2024-10-27 02:00,1\n2024-10-27 02:30,2\n2024-10-27 03:00,{3}\n2024-10-27 02:30,{4}\n2024-10-27 03:00,{5}\n2024-10-27 03:30,6\n2024-10-27 04:00,6\n")]
    // Midnights that end their days, which one of them alone is not.
    [InlineData("time,kWh\n13/05/2024 22:00,1\n13/05/2024 23:00,2\n13/05/2024 00:00,{3}\n14/05/2024 01:00,4\n14/05/2024 23:00,{5}\n14/05/2024 00:00,6\n")]
    // Gas days, of which the first rows alone do not tell that they go on past midnight.
    [InlineData("date,time,kWh\n2024-05-13,06:00,1\n2024-05-13,09:00,2\n2024-05-13,12:00,{3}\n2024-05-13,15:00,4\n2024-05-13,18:00,5\n2024-05-13,21:00,6\n2024-05-13,00:00,{7}\n2024-05-13,03:00,8\n2024-05-14,06:00,9\n2024-05-14,09:00,{1}\n2024-05-14,12:00,2\n2024-05-14,15:00,3\n2024-05-14,18:00,4\n2024-05-14,21:00,5\n2024-05-14,00:00,6\n2024-05-14,03:00,{7}\n")]
    // Marks on the first of two equal hours.
    [InlineData("time,kWh\n27.10.2024 00:00,1\n27.10.2024 01:00,2\n27.10.2024 02:00 DST,{3}\n27.10.2024 02:00,{4}\n27.10.2024 03:00,5\n27.10.2024 04:00,6\n")]
    // Since when a meter was read.
    [InlineData("meter,read date,kWh\nA,2016-01-15,{5}\nA,2016-02-14,{2}\nA,2016-03-16,3\nA,2016-04-15,1\nA,2016-05-17,4\n")]
    // Days that bills have, one fewer than are between their dates.
    [InlineData("meter,date,days,kWh\nA,2024-02-10,30,{5}\nA,2024-03-10,28,2\nA,2024-04-10,30,3\nA,2024-06-10,50,{4}\nA,2024-07-10,29,3\n")]
    [InlineData("meter,start date,days,kWh\nA,2024-02-10,28,{5}\nA,2024-03-10,30,2\nA,2024-04-10,29,3\nA,2024-06-10,50,{4}\nA,2024-08-10,29,3\n")]
    // Periods of several lengths.
    [InlineData("period,kWh\n2022-12,1\n2023,{9}\n2024-01,5\n2024-02,2\nQ2 2024,{3}\n2024-Q3,4\n")]
    [InlineData("period,kWh\n2022-12,1\n2023,{9}\n2024-01,5\n2024-02,2\n")]
    [InlineData("year,kWh\n2020,7\n2021,{5}\n2022,2\n2023,{3}\n2024,4\n")]
    // Two months in the headers.
    [InlineData("meter (kWh),Jan-24,Feb-24\nA,1,{5}\nB,2,3\nC,{4},2\nD,2,3\n")]
    // First days that stand for months.
    [InlineData("from,to,kWh\n2016-01-01,2016-01-01,{1}\n2016-02-01,2016-02-01,2\n2016-03-01,2016-04-01,{3}\n2016-05-01,2016-05-01,4\n2016-06-01,2016-06-01,5\n")]
    // Months at both ends.
    [InlineData("from,to,kWh\nJan-16,Jan-16,{1}\nFeb-16,Feb-16,2\nMar-16,Apr-16,{3}\nMay-16,May-16,4\nJun-16,Jun-16,5\n")]
    // Cells that are merged, and numbers that stand for no value.
    [InlineData("meter,time,kWh\nA,2024-05-01 00:00,1\n,2024-05-01 01:00,{2}\n,2024-05-01 02:00,3\nB,2024-05-01 00:00,4\n,2024-05-01 01:00,5\n,2024-05-01 02:00,{6}\n")]
    [InlineData("date,time,kWh\n2024-05-01,00:00,1\n,01:00,{2}\n,02:00,3\n2024-05-02,00:00,4\n,01:00,5\n,02:00,{6}\n")]
    [InlineData("time,kWh,Voltage (V)\n2024-05-01 00:00,1,230\n2024-05-01 01:00,{2},9999\n2024-05-01 02:00,3,231\n2024-05-01 03:00,4,232\n")]
    // Meters that are numbers.
    [InlineData("meter,time,kWh\n101,2024-05-01 00:00,1\n102,2024-05-01 00:00,{2}\n101,2024-05-01 01:00,{3}\n102,2024-05-01 01:00,4\n101,2024-05-01 02:00,5\n102,2024-05-01 02:00,6\n")]
    // Names that would lose zeros as numbers, in rows and in headers.
    [InlineData("meter,time,kWh\n007,2024-05-01 00:00,1\n07,2024-05-01 00:00,{2}\n007,2024-05-01 01:00,{3}\n07,2024-05-01 01:00,4\n007,2024-05-01 02:00,5\n07,2024-05-01 02:00,6\n")]
    [InlineData("time,007,1.10\n2024-05-01 00:00,1,2\n2024-05-01 01:00,{3},4\n2024-05-01 02:00,5,{6}\n2024-05-01 03:00,7,8\n")]
    // Rows of different meters, of which only the field says what they are.
    [InlineData("meter,time,value\nA,2024-05-01 00:00,{1}\nB,2024-05-01 00:00,{2}\nA,2024-05-01 01:00,3\nB,2024-05-01 01:00,4\nA,2024-05-01 02:00,3\nB,2024-05-01 02:00,4\n")]
    // No headers at all.
    [InlineData("2024-05-01 00:00,1\n2024-05-01 01:00,{2}\n2024-05-01 02:00,3\n2024-05-01 03:00,4\n")]
    public async Task What_only_the_whole_file_tells_about_its_times_and_columns_is_not_lost(string text)
    {
        var file = Days().Replace(text, Day);
        (string, string)[] fields = !file.Contains("kWh", StringComparison.Ordinal) ? [("time_zone", "Europe/Berlin"), ("metric", "energy"), ("unit", "kWh")] : [("time_zone", "Europe/Berlin")];

        Assert.NotEmpty(await CheckAsync("Main.csv", file, fields));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Times_after_24_00_are_still_those_of_the_day_of_25_hours(int first)
    {
        var headers = string.Join(',', Enumerable.Range(first, 25).Select(hour => $"{hour:00}:00"));
        var hours = Enumerable.Range(1, 25).Select(hour => hour is 2 or 3 or 24 or 25 ? $"{{{hour % 7 + 1}}}" : $"{hour % 7}");
        var text = $"Meter,Unit,Date,{headers}\nA,kWh,2024-10-26,{string.Join(',', Enumerable.Repeat(5, 24))},\nA,kWh,2024-10-27,{string.Join(',', hours)}\nA,kWh,2024-10-28,{string.Join(',', Enumerable.Repeat(6, 24))},\n";

        Assert.Equal(73, (await CheckAsync("Main.csv", text, [("time_zone", "Europe/Berlin")])).Count);
    }

    [Fact]
    public async Task A_day_in_the_rows_and_a_month_in_the_headers_are_still_one_day()
    {
        var rows = Enumerable.Range(1, 31).Select(day => $"{day},{(day is 3 or 31 ? "{7}" : day % 5)},{(day > 29 ? "" : day == 29 ? "{4}" : $"{day % 6}")},{day % 7}\n");

        Assert.Equal(91, (await CheckAsync("Main.csv", $"Energy (kWh)\nDay,Jan-24,Feb-24,Mar-24\n{string.Concat(rows)}", [("time_zone", "Europe/Berlin")])).Count);
    }

    [Fact]
    public async Task So_are_a_month_in_the_rows_and_a_day_in_the_headers()
    {
        var rows = Enumerable.Range(1, 3).Select(month => $"2024-0{month},{string.Join(',', Enumerable.Range(1, 31).Select(day => day > DateTime.DaysInMonth(2024, month) ? "" : (month, day) is (1, 3 or 31) ? "{7}" : $"{day % 5}"))}\n");

        Assert.Equal(91, (await CheckAsync("Main.csv", $"Energy (kWh)\nMonth,{string.Join(',', Enumerable.Range(1, 31))}\n{string.Concat(rows)}", [("time_zone", "Europe/Berlin")])).Count);
    }

    [Theory]
    [InlineData("41.5 kW")]
    [InlineData("41.5 kW", "17 °C")]
    [InlineData("1,200 W", "63 °F", "5 MWh")]
    public async Task Cells_with_units_of_their_own_keep_them(params string[] cells)
    {
        string[] points = ["Chiller", "Hall", "Main"];
        var rows = string.Concat(Enumerable.Range(1, 3).Select(hour => $"2024-05-01 {hour:00}:00,Chiller,40.5 kW\n2024-05-01 {hour:00}:00,Hall,16.5 °C\n2024-05-01 {hour:00}:00,Main,\"1,234 kWh\"\n"));
        string FileOf(bool corrected) => $"time,Point name,Value\n{rows}{string.Concat(cells.Select((cell, i) => $"2024-05-01 04:00,{points[i]},{(corrected ? $"\"{cell}\"" : Broken)}\n"))}";

        await using var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, "units"));
        using var workbook = await DownloadAsync(host, await ImportAsync(host, "Main.csv", Encoding.UTF8.GetBytes(FileOf(corrected: false))));
        var open = new Queue<string>(cells);
        foreach (var cell in workbook.Worksheets.SelectMany(sheet => sheet.CellsUsed()).Where(cell => cell.GetString() == Broken))
        {
            cell.Value = open.Dequeue();
        }

        await ImportAsync(host, "Main rejected.xlsx", Bytes(workbook));
        Assert.Equal(await ToldOfRightAsync("Main.csv", Encoding.UTF8.GetBytes(FileOf(corrected: true)), NoFields), await ToldAsync(host));
    }

    [Theory]
    [InlineData("105 kWh")]
    [InlineData("0 kWh")]
    public async Task Cells_with_units_of_their_own_stay_what_their_point_measures_however_few_come_back(string cell)
    {
        string FileOf(string every) => $"Time,Point,Value\n{string.Concat(Enumerable.Range(0, 40).Select(i => $"2024-05-{1 + (i / 24):00} {i % 24:00}:00,Hall,{20 + (i % 3)}.5 °C\n2024-05-{1 + (i / 24):00} {i % 24:00}:00,Main,{(i % 10 == 5 ? every : $"{100 + (i % 7)} kWh")}\n"))}";

        await using var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, "points"));
        using var workbook = await DownloadAsync(host, await ImportAsync(host, "Main.csv", Encoding.UTF8.GetBytes(FileOf("1o5 kWh"))));
        foreach (var broken in workbook.Worksheets.SelectMany(sheet => sheet.CellsUsed()).Where(found => found.GetString() == "1o5 kWh"))
        {
            broken.Value = cell;
        }

        await ImportAsync(host, "Main rejected.xlsx", Bytes(workbook));
        Assert.Equal(await ToldOfRightAsync("Main.csv", Encoding.UTF8.GetBytes(FileOf(cell)), NoFields), await ToldAsync(host));
    }

    [Theory]
    [InlineData("time,load_mw,energy_mwh\n2024-05-01 00:00,{1},2\n2024-05-01 01:00,2,{3}\n2024-05-01 02:00,3,2\n2024-05-01 03:00,4,1\n")]
    [InlineData("time,meter,value,unit\n2024-05-01 00:00,A,{1},mW\n2024-05-01 00:00,B,{2},°C\n2024-05-01 01:00,A,3,mW\n2024-05-01 01:00,B,2,°C\n2024-05-01 02:00,A,4,mW\n2024-05-01 02:00,B,1,°C\n")]
    public async Task What_a_small_m_stands_for_is_of_corrected_rows_too(string text) =>
        Assert.NotEmpty(await CheckAsync("Main.csv", text, [("time_zone", "Europe/Berlin"), ("unit", "MW")]));

    [Fact]
    public async Task A_column_that_is_the_sum_of_others_is_left_out_of_a_single_row_too()
    {
        var rows = Enumerable.Range(0, 240).Select(hour => $"{new DateTime(2024, 5, 1).AddHours(hour):yyyy-MM-dd HH:mm},{hour % 5},{(hour == 9 ? "{3}" : 3)},{(hour % 5) + 3}\n");
        var told = await CheckAsync("Main.csv", $"time,North kWh,South kWh,Total kWh\n{string.Concat(rows)}", NoFields);

        Assert.DoesNotContain(told, one => one.StartsWith("Total ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_fields_of_the_first_import_rows_become_what_they_would_have_been_with_them()
    {
        await using var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, "bare"));
        (string, string)[] fields = [("time_zone", "Asia/Kolkata"), ("equipment_id", "M-1"), ("timestamp_label", "end")];
        var text = $"time,kWh\n{Rows("2024-05-01", 24, 7)}\n";

        var job = await ImportAsync(host, "Main.csv", Written(text, corrected: false), fields);
        using var workbook = await DownloadAsync(host, job);
        Correct(workbook, text);
        await ImportAsync(host, "anything.xlsx", Bytes(workbook));

        Assert.Equal(await ToldOfRightAsync("Main.csv", Written(text, corrected: true), fields), await ToldAsync(host));
    }

    [Fact]
    public async Task Rows_may_be_corrected_in_turns_and_their_header_says_what_the_file_told()
    {
        await using var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, "turns"));
        var text = $"time,kWh\n{Rows("2024-05-01", 24, 3, 7, 9)}\n";
        var job = await ImportAsync(host, "data.csv", Written(text, corrected: false));

        using var first = await DownloadAsync(host, job);
        var header = first.Worksheet(1).Cell("C1").GetString();
        (first.Worksheet(1).Cell("B2").Value, first.Worksheet(1).Cell("B3").Value) = (3, 7);
        job = await ImportAsync(host, "first.xlsx", Bytes(first));
        using var second = await DownloadAsync(host, job);
        Assert.Equal(("", header), (second.Worksheet(1).Cell("D1").GetString(), second.Worksheet(1).Cell("C1").GetString()));
        Correct(second, "{9}");
        await ImportAsync(host, "second.xlsx", Bytes(second));

        Assert.Equal("""Rejected because (file: "data.csv", equipment: "data", zone: "UTC", columns: "date, value", interval: 3600 s)""", header);
        Assert.Equal(await ToldOfRightAsync("data.csv", Written(text, corrected: true), NoFields), await ToldAsync(host));
    }

    [Fact]
    public async Task A_row_that_is_not_corrected_yet_is_rejected_again_and_no_header_of_the_others()
    {
        await using var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, "first"));
        const string Wrong = "2024-05-01 25:77,5\n";
        var text = $"time,kWh\n{Rows("2024-05-01", 24, 3, 7, 9)}\n";
        var job = await ImportAsync(host, "Main.csv", Written(text.Replace("2024-05-01 01:00,1\n", Wrong, StringComparison.Ordinal), corrected: false));

        using var workbook = await DownloadAsync(host, job);
        Correct(workbook, text);
        var again = await ImportAsync(host, "Main rejected.xlsx", Bytes(workbook));

        Assert.Equal((3, 1), (again.GetProperty("rows_stored").GetInt32(), again.GetProperty("rows_rejected").GetInt32()));
        Assert.Equal(await ToldOfRightAsync("Main.csv", Written(text.Replace("2024-05-01 01:00,1\n", "", StringComparison.Ordinal), corrected: true), NoFields), await ToldAsync(host));
    }

    [Fact]
    public async Task A_quarter_of_which_months_have_a_part_is_rejected_without_them_too()
    {
        var (host, workbook) = await RejectOnlyAsync("begun", "Main.csv", "period,Hall (kWh),Shop (kWh)\n2024-01,1,1\n2024-02,2,1\n2024-Q1,7,9\n2024-Q2,8,\n2024-Q1,,broken\n");
        await using var first = host;
        using var uncorrected = workbook;
        var before = await ToldAsync(host);
        workbook.Worksheet(1).CellsUsed().Single(cell => cell.GetString() == Broken).Clear(XLClearOptions.Contents);
        var bytes = Bytes(workbook);

        var (_, again) = await host.ImportAsync("Main rejected.xlsx", bytes, wait: true);

        Assert.Equal((0, 2), (again.GetProperty("rows_stored").GetInt32(), again.GetProperty("rows_rejected").GetInt32()));
        Assert.Equal(before, await ToldAsync(host));

        using var corrected = new XLWorkbook(new MemoryStream(bytes));
        var row = corrected.Worksheet(1).CellsUsed().First(cell => cell.GetString() == "2024-Q1").WorksheetRow();
        (row.Cell(1).Value, row.Cell(2).Value, row.Cell(3).Value) = ("2024-03", 4, 7);
        await ImportAsync(host, "Main rejected.xlsx", Bytes(corrected));

        Assert.Equal(["Hall energy 31.00:00:00 2024-03-01T00:00:00Z 4", "Shop energy 31.00:00:00 2024-03-01T00:00:00Z 7"], (await ToldAsync(host)).Except(before));
    }

    [Fact]
    public async Task A_mapping_that_comes_again_with_rejected_rows_takes_the_place_of_no_profile()
    {
        await using var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, "kept"));
        (string, string)[] fields = [("mapping", """{"columns":[{"column":"time","role":"time"}]}""")];
        const string Text = "time,kWh,Voltage (V)\n2024-05-01 00:00,1,230\n2024-05-01 01:00,{2},\n2024-05-01 02:00,3,231\n";
        var job = await ImportAsync(host, "Main.csv", Written(Text, corrected: false), fields);
        var profile = (await host.GetAsync("/profiles")).GetRawText();

        using var workbook = await DownloadAsync(host, job);
        Correct(workbook, Text);
        await ImportAsync(host, "Main rejected.xlsx", Bytes(workbook), fields);

        Assert.Equal(profile, (await host.GetAsync("/profiles")).GetRawText());
    }

    /// <summary>Weeks, whose numbers are no times of day.</summary>
    [Fact]
    public async Task A_row_of_a_file_of_dates_alone_has_no_time_of_day()
    {
        var rows = Enumerable.Range(0, 104).Select(week => $"{new DateTime(2023, 1, 2).AddDays(7 * week):yyyy-MM-dd},{(week % 52) + 1},{(week == 56 ? "{7}" : week * 37 % 101)}\n");

        Assert.NotEmpty(await CheckAsync("Main.csv", $"Date,Period,kWh\n{string.Concat(rows)}", NoFields));
    }

    [Fact]
    public async Task A_unit_in_the_lines_above_the_table_is_found_again() => Assert.NotEmpty(await CheckAsync(
        "Main.csv", "Meter,Unit,Installed\nM1,kWh,2020-01-01\n\ntime,value\n2024-05-01 00:00,1\n2024-05-01 01:00,{2}\n2024-05-01 02:00,3\n", NoFields));

    [Fact]
    public async Task Another_mapping_that_is_sent_counts_before_the_header()
    {
        var (host, workbook) = await RejectAsync("mapped", "Main.csv", "time,kWh\n2024-05-01 00:00,1\n2024-05-01 01:00,{2}\n2024-05-01 02:00,3\n");
        await using var _ = host;
        await ImportAsync(host, "anything.xlsx", Bytes(workbook), ("mapping", """{"equipment":{"Main":"M-7"}}"""));

        Assert.Contains("M-7 energy 01:00:00 2024-05-01T01:00:00Z 2", await ToldAsync(host));
    }

    [Fact]
    public async Task Rows_of_files_of_two_zones_in_one_workbook_are_asked_about()
    {
        var (host, workbook) = await RejectAsync("zones", "A.csv", $"time,kWh\n{Rows("2024-05-01", 24, 7)}\n", ("time_zone", "Europe/Berlin"));
        await using var _ = host;
        var text = $"time,kWh\n{Rows("2024-05-01", 24, 9)}\n";
        using var other = await DownloadAsync(host, await ImportAsync(host, "B.csv", Written(text, corrected: false), ("time_zone", "Asia/Kolkata")));
        Correct(other, text);
        other.Worksheet(1).CopyTo(workbook, "B");

        var (_, job) = await host.ImportAsync("both.xlsx", Bytes(workbook), wait: true, NoFields);

        Assert.Contains("Asia/Kolkata", job.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("AMBIGUOUS_MAPPING", job.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    // The values of all but one row are still broken.
    [InlineData(Broken, "time,kWh\n2024-05-01 00:00,{}\n2024-05-01 01:00,{}\n2024-05-01 02:00,{}\n2024-05-01 03:00,{}\n2024-05-01 04:00,5\n@", "7")]
    // Or the times, beside others that each row has.
    [InlineData("2024-05-01 25:77", "created,time,kWh\n2024-06-01 10:00,2024-05-01 00:00,1\n2024-06-01 10:00,2024-05-01 01:00,2\n2024-06-01 10:00,2024-05-01 02:00,3\n2024-06-01 10:00,2024-05-01 03:00,4\n2024-06-01 10:00,{},5\n2024-06-01 10:00,{},6\n", "2024-05-01 04:00")]
    // Channels, of which one row does not show that they are.
    [InlineData(Broken, "time,EAN,Register,kWh\n2024-05-01 00:00,5,Injectie,{}\n2024-05-01 00:00,5,Afname,1\n2024-05-01 01:00,5,Injectie,{}\n2024-05-01 01:00,5,Afname,1\n2024-05-01 02:00,5,Injectie,3\n2024-05-01 02:00,5,Afname,1\n", "7")]
    public async Task One_corrected_row_is_taken_and_the_others_are_rejected_again(string wrong, string text, string value)
    {
        var file = text.Replace("@", string.Concat(Enumerable.Range(5, 19).Select(hour => $"2024-05-01 {hour:00}:00,6\n")), StringComparison.Ordinal);
        var (host, workbook) = await RejectOnlyAsync("few", "Main.csv", file.Replace("{}", wrong, StringComparison.Ordinal));
        await using var first = host;
        using var corrected = workbook;
        workbook.Worksheet(1).CellsUsed().First(cell => cell.GetString() == wrong).Value = value;
        var broken = workbook.Worksheet(1).CellsUsed().Count(cell => cell.GetString() == wrong);

        var again = await ImportAsync(host, "rejected.xlsx", Bytes(workbook));

        Assert.Equal(broken, again.GetProperty("rows_rejected").GetInt32());
        var one = new Regex(@"\{\}").Replace(file, value, 1).Replace("{}", wrong, StringComparison.Ordinal);
        Assert.Equal(await ToldOfRightAsync("Main.csv", Encoding.UTF8.GetBytes(one), NoFields), await ToldAsync(host));
    }

    [Theory]
    [InlineData("time;kWh\n2024-05-01 00:00;{}\n2024-05-01 01:00;2,5\n2024-05-01 02:00;3,25\n2024-05-01 03:00;3,25\n", "1,234")]
    [InlineData("time;kWh\n2024-05-01 00:00;{}\n2024-05-01 01:00;2,5\n2024-05-01 02:00;3,25\n2024-05-01 03:00;3,25\n", "1.234")]
    [InlineData("time;kWh\n2024-05-01 00:00;{}\n2024-05-01 01:00;2.5\n2024-05-01 02:00;3.25\n2024-05-01 03:00;3.25\n", "1,234")]
    public async Task A_number_that_is_written_as_text_has_the_decimal_sign_of_its_file(string file, string value)
    {
        var (host, workbook) = await RejectOnlyAsync("sign", "Main.csv", file.Replace("{}", Broken, StringComparison.Ordinal));
        await using var first = host;
        using var corrected = workbook;
        workbook.Worksheet(1).CellsUsed().Single(cell => cell.GetString() == Broken).SetValue(value).Style.NumberFormat.Format = "@";

        await ImportAsync(host, "rejected.xlsx", Bytes(workbook));

        Assert.Equal(await ToldOfRightAsync("Main.csv", Encoding.UTF8.GetBytes(file.Replace("{}", value, StringComparison.Ordinal)), NoFields), await ToldAsync(host));
    }
}
