using System.Globalization;
using System.Text;
using System.Text.Json;
using ClosedXML.Excel;
using Ems.Tests.Contracts;
using Ems.Tests.EndToEnd;

namespace Ems.Tests.Functional;

/// <summary>Rejected rows come back as a workbook that can be corrected and imported.</summary>
public sealed class RejectedRowsTests : IDisposable
{
    private const string Reasons = "Rejected because";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_corrected_row_is_an_hour_as_the_others_of_its_file()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var hours = Enumerable.Range(1, 20).Select(hour => hour switch
        {
            2 => "01.05.2024 02:00;broken;231",
            4 => "01.05.2024 04:00;2,5;5000",
            6 => "01.05.2024 25:77;4,5;233",
            8 => "01.05.2024 08:00;-6,25;\n01.05.2024 08:00;6,75;",
            _ => $"01.05.2024 {hour:00}:00;1,5;230",
        });
        var job = await ImportAsync(host, "main.csv", $"Report of May\n\nHour ending;Energy (kWh);Voltage (V)\n{string.Join('\n', hours)}\n");
        Assert.Equal(4, job.GetProperty("errors").GetArrayLength());

        using var workbook = await DownloadAsync(host, job);
        var sheet = workbook.Worksheet(1);
        Assert.Equal("Report of May", sheet.Cell("A1").GetString());
        Assert.Equal(["Hour ending", "Energy (kWh)", "Voltage (V)"], Texts(sheet, 3).Take(3));
        Assert.StartsWith(Reasons, sheet.Cell(3, 4).GetString(), StringComparison.Ordinal);
        Assert.Equal(["broken", "2.5", "4.5", "-6.25", "6.75"], Enumerable.Range(4, 5).Select(row => sheet.Cell(row, 2).GetString()));
        Assert.Contains("no number", sheet.Cell("D4").GetString(), StringComparison.Ordinal);
        Assert.Contains("0", sheet.Cell("D5").GetString(), StringComparison.Ordinal);
        Assert.Contains("Rows 11 and 12", sheet.Cell("D7").GetString(), StringComparison.Ordinal);
        Assert.Equal(["B4", "C5", "A6", "B7", "B8"], Marked(sheet));

        sheet.Cell("B4").Value = 2.25;
        sheet.Cell("C5").Value = 229;
        sheet.Cell("A6").Value = new DateTime(2024, 5, 1, 6, 0, 0);
        sheet.Row(7).Delete();
        var again = await ImportAsync(host, "main rejected.xlsx", Bytes(workbook));

        Assert.Equal((0, 0, 0), (again.GetProperty("rows_rejected").GetInt32(), again.GetProperty("rows_changed").GetInt32(), again.GetProperty("errors").GetArrayLength()));
        var meter = (await host.GetAsync("/equipment/main")).GetProperty("metrics").EnumerateArray().ToDictionary(one => one.Text("metric"));
        Assert.Equal((20, 19), (meter["energy"].GetProperty("count").GetInt32(), meter["voltage"].GetProperty("count").GetInt32()));
        var gaps = (await host.GetAsync("/quality?kind=gap")).GetProperty("findings").EnumerateArray();
        Assert.Equal(["voltage"], gaps.Select(gap => gap.Text("metric")));
    }

    [Fact]
    public async Task A_unit_that_nobody_knows_is_marked_itself()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var job = await ImportAsync(host, "main.csv", "time,value,unit\n2024-05-01 00:00,1,kWh\n2024-05-01 01:00,2,furlong\n2024-05-01 02:00,3,kWh\n");

        using var workbook = await DownloadAsync(host, job);
        Assert.Equal(["C2"], Marked(workbook.Worksheet(1)));
    }

    [Theory]
    [InlineData("time;meter;Reading;unit", ";kWh")]
    [InlineData("time;meter;Reading (kWh)", "")]
    public async Task Corrected_readings_that_were_amounts_stay_amounts(string headers, string unit)
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var rows = Enumerable.Range(0, 20).Select(hour => $"2024-05-01 {hour:00}:00;M1;{(hour is 5 or 6 or 7 ? "broken" : 5 + (hour % 3))}{unit}\n");
        var job = await ImportAsync(host, "meters.csv", $"{headers}\n{string.Concat(rows)}");

        using var workbook = await DownloadAsync(host, job);
        var sheet = workbook.Worksheet(1);
        (sheet.Cell("C2").Value, sheet.Cell("C3").Value, sheet.Cell("C4").Value) = (5, 6, 7);
        await ImportAsync(host, "meters rejected.xlsx", Bytes(workbook));

        var meter = (await host.GetAsync("/equipment/M1")).GetProperty("metrics").EnumerateArray();
        Assert.Equal([("energy", 20)], meter.Select(one => (one.Text("metric"), one.GetProperty("count").GetInt32())));
    }

    [Fact]
    public async Task Numbers_of_a_matrix_come_back_as_they_were_read()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var job = await ImportAsync(host, "main.csv", "Strom [kWh]\nJahr;Jan;Feb;Mrz\n2019;987,5;1.234;broken\n2020;1.001;912,5;1.002\n");
        Assert.Equal(1, job.GetProperty("errors").GetArrayLength());

        using var workbook = await DownloadAsync(host, job);
        var sheet = workbook.Worksheet(1);
        Assert.Equal([987.5, 1234], [sheet.Cell("B3").GetDouble(), sheet.Cell("C3").GetDouble()]);
        sheet.Cell("D3").Value = 1100;
        var again = await ImportAsync(host, "main rejected.xlsx", Bytes(workbook));

        Assert.Equal(
            (1, 0, 0), (again.GetProperty("rows_stored").GetInt32(), again.GetProperty("rows_changed").GetInt32(), again.GetProperty("rows_rejected").GetInt32()));
    }

    [Fact]
    public async Task What_two_sheets_give_differently_is_rejected_in_both_and_what_they_agree_on_counts_once()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        using var upload = new XLWorkbook();
        foreach (var (name, first, values) in new[] { ("Raw", 0, "1 2 3 4 5"), ("Copy", 2, "3 9 5 6"), ("Later", 7, "8 7") })
        {
            var sheet = upload.AddWorksheet(name);
            (sheet.Cell("A1").Value, sheet.Cell("B1").Value, sheet.Cell("C1").Value) = ("Time", "Meter ID", "kWh");
            foreach (var (value, i) in values.Split(' ').Select((value, i) => (double.Parse(value, System.Globalization.CultureInfo.InvariantCulture), i)))
            {
                (sheet.Cell(i + 2, 1).Value, sheet.Cell(i + 2, 2).Value, sheet.Cell(i + 2, 3).Value) = (new DateTime(2024, 5, 1).AddHours(first + i), "M1", value);
            }
        }

        var file = Bytes(upload);

        var (_, preview) = await host.PreviewAsync("book.xlsx", file);
        var job = await ImportAsync(host, "book.xlsx", file);

        Assert.Equal(
            [("Raw", 5, "DUPLICATE_IN_FILE"), ("Copy", 3, "DUPLICATE_IN_FILE")],
            job.GetProperty("errors").EnumerateArray().Select(error => (error.Text("sheet"), error.GetProperty("row").GetInt32(), error.Text("code"))));
        Assert.All(job.GetProperty("errors").EnumerateArray(), error =>
            Assert.StartsWith("Raw row 5 and Copy row 3 give M1 different values of energy", error.Text("message"), StringComparison.Ordinal));
        Assert.Equal(
            (7, 2, 0, 2),
            (job.GetProperty("rows_stored").GetInt32(), job.GetProperty("rows_duplicate").GetInt32(), job.GetProperty("rows_changed").GetInt32(), job.GetProperty("rows_rejected").GetInt32()));
        Assert.Equal(2, preview.GetProperty("problems").GetArrayLength());
        using var workbook = await DownloadAsync(host, job);
        Assert.Equal(["Raw", "Copy"], workbook.Worksheets.Select(sheet => sheet.Name));
    }

    [Fact]
    public async Task What_two_sheets_give_differently_is_the_row_of_its_metric_and_no_other()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        using var upload = new XLWorkbook();
        foreach (var (name, rows) in new[]
        {
            ("Raw", new[] { (0, "Voltage", 230.0), (0, "Energy", 1), (1, "Voltage", 231), (1, "Energy", 2), (2, "Voltage", 232), (2, "Energy", 3) }),
            ("Copy", [(0, "Energy", 1), (1, "Energy", 9), (2, "Energy", 3)]),
        })
        {
            var sheet = upload.AddWorksheet(name);
            sheet.Cell("A1").InsertData(new[] { new object[] { "Time", "Meter ID", "Quantity", "Value", "Unit" } });
            sheet.Cell("A2").InsertData(rows.Select(row => new object[] { new DateTime(2024, 5, 1).AddHours(row.Item1), "M1", row.Item2, row.Item3, row.Item2 == "Energy" ? "kWh" : "V" }));
        }

        var job = await ImportAsync(host, "book.xlsx", Bytes(upload));

        Assert.Equal(
            [("Raw", 5, "Value"), ("Copy", 3, "Value")],
            job.GetProperty("errors").EnumerateArray().Select(error => (error.Text("sheet"), error.GetProperty("row").GetInt32(), error.Text("column"))));
        Assert.All(job.GetProperty("errors").EnumerateArray(), error =>
            Assert.StartsWith("Raw row 5 and Copy row 3 give M1 different values of energy", error.Text("message"), StringComparison.Ordinal));
        Assert.Equal(
            (5, 2, 2),
            (job.GetProperty("rows_stored").GetInt32(), job.GetProperty("rows_duplicate").GetInt32(), job.GetProperty("rows_rejected").GetInt32()));
        using var workbook = await DownloadAsync(host, job);
        Assert.Equal([2.0, 9], workbook.Worksheets.Select(sheet => sheet.Cell("D2").GetDouble()));
        Assert.All(workbook.Worksheets, sheet => Assert.Equal(2, sheet.LastRowUsed()!.RowNumber()));
        var meter = (await host.GetAsync("/equipment/M1")).GetProperty("metrics").EnumerateArray().ToDictionary(one => one.Text("metric"));
        Assert.Equal((2, 3), (meter["energy"].GetProperty("count").GetInt32(), meter["voltage"].GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task A_corrected_row_is_as_long_as_the_others_of_its_metric()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var rows = Enumerable.Range(0, 24).SelectMany(quarter =>
        {
            var at = new DateTime(2024, 5, 1).AddMinutes(15 * quarter);
            var gas = quarter % 4 == 0 ? $"{at:yyyy-MM-dd HH:mm};M1;Gas;{(quarter == 8 ? "broken" : "1")};m³\n" : "";
            return new[] { $"{at:yyyy-MM-dd HH:mm};M1;Electricity;{(quarter == 9 ? "broken" : "1")};kWh\n", gas };
        });
        var job = await ImportAsync(host, "meters.csv", $"interval start;meter;type;value;unit\n{string.Concat(rows)}");

        using var workbook = await DownloadAsync(host, job);
        var sheet = workbook.Worksheet(1);
        Assert.Equal("""Rejected because (file: "meters.csv", meters: "meter", zone: "UTC", columns: "date, equipment, type, value, unit", labels: start, interval: 900 s)""", sheet.Cell("F1").GetString());
        Assert.Equal([true, false], Enumerable.Range(2, 2).Select(row => sheet.Cell(row, 6).GetString().EndsWith(" (interval: 3600 s)", StringComparison.Ordinal)));
        (sheet.Cell("D2").Value, sheet.Cell("D3").Value) = (1, 1);
        await ImportAsync(host, "meters rejected.xlsx", Bytes(workbook));

        var meter = (await host.GetAsync("/equipment/M1")).GetProperty("metrics").EnumerateArray();
        Assert.Equal([("energy", 24), ("gas_volume", 6)], meter.Select(one => (one.Text("metric"), one.GetProperty("count").GetInt32())).Order());
        var gaps = (await host.GetAsync("/quality?kind=gap")).GetProperty("findings").EnumerateArray();
        Assert.Empty(gaps);
    }

    [Fact]
    public async Task Rows_of_several_meters_and_sheets_keep_their_meter()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        using var upload = new XLWorkbook();
        foreach (var (name, wrong) in new[] { ("North", 3), ("South", 4), ("West", 0) })
        {
            var sheet = upload.AddWorksheet(name);
            (sheet.Cell("A1").Value, sheet.Cell("B1").Value, sheet.Cell("C1").Value) = ("Meter", "Date", "kWh");
            for (var row = 2; row < 6; row++)
            {
                (sheet.Cell(row, 1).Value, sheet.Cell(row, 2).Value) = ($"{name} meter", new DateTime(2024, 1, row));
                sheet.Cell(row, 3).Value = row == wrong ? "?!" : row;
            }
        }

        var job = await ImportAsync(host, "all.xlsx", Bytes(upload));
        using var workbook = await DownloadAsync(host, job);
        Assert.Equal(["North", "South"], workbook.Worksheets.Select(sheet => sheet.Name));
        foreach (var sheet in workbook.Worksheets)
        {
            Assert.Equal(["A2", "B2", "C2", "D2"], sheet.Row(2).CellsUsed().Select(cell => cell.Address.ToString()));
            sheet.Cell("C2").Value = 50;
        }

        var again = await ImportAsync(host, "all rejected.xlsx", Bytes(workbook));

        Assert.Equal((2, 0), (again.GetProperty("rows_stored").GetInt32(), again.GetProperty("rows_rejected").GetInt32()));
        foreach (var id in new[] { "North meter", "South meter", "West meter" })
        {
            Assert.Equal(4, Assert.Single((await host.GetAsync($"/equipment/{id}")).GetProperty("metrics").EnumerateArray()).GetProperty("count").GetInt32());
        }
    }

    [Fact]
    public async Task Rows_of_meters_that_are_told_apart_by_their_place_keep_it()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        using var file = new XLWorkbook();
        foreach (var (place, i) in new[] { ("C", 0), ("D", 1) })
        {
            var sheet = file.AddWorksheet($"Building {place}");
            sheet.Cell("A1").InsertData(new object[][] { ["Meter", "Date", "Usage (kWh)"], ["Main", new DateTime(2024, 1, 1), 10 + i], ["Main", new DateTime(2024, 1, 2), "broken"], ["Main", new DateTime(2024, 1, 3), 12 + i] });
        }

        using var workbook = await DownloadAsync(host, await ImportAsync(host, "campus.xlsx", Bytes(file)));
        Assert.Equal(["Building C", "Building D"], workbook.Worksheets.Select(sheet => sheet.Name));
        workbook.Worksheet("Building C").Delete();
        workbook.Worksheet(1).Cell("C2").Value = 99;
        var again = await ImportAsync(host, "campus rejected.xlsx", Bytes(workbook));

        Assert.Equal((0, 0), (again.GetProperty("rows_rejected").GetInt32(), again.GetProperty("rows_changed").GetInt32()));
        foreach (var (id, count) in new[] { ("Building C:Main", 2), ("Building D:Main", 3) })
        {
            var metric = Assert.Single((await host.GetAsync($"/equipment/{Uri.EscapeDataString(id)}")).GetProperty("metrics").EnumerateArray());
            Assert.Equal(count, metric.GetProperty("count").GetInt32());
        }
    }

    [Fact]
    public async Task Rows_with_substitutes_come_back_with_them()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var hours = Enumerable.Range(0, 12).Select(hour => $"01.05.2024 {(hour == 3 ? "25" : $"{hour:00}")}:00;{(hour % 3 == 0 ? ";0,25" : "1,5;")}");
        var job = await ImportAsync(host, "main.csv", $"Zeitpunkt;Verbrauch (kWh);Ersatzwert\n{string.Join('\n', hours)}\n");

        using var workbook = await DownloadAsync(host, job);
        var sheet = workbook.Worksheet(1);
        Assert.StartsWith(Reasons, sheet.Cell("D1").GetString(), StringComparison.Ordinal);
        sheet.Cell("A2").Value = new DateTime(2024, 5, 1, 3, 0, 0);
        var again = await ImportAsync(host, "main rejected.xlsx", Bytes(workbook));

        Assert.Equal((0, 1), (again.GetProperty("rows_rejected").GetInt32(), again.GetProperty("rows_stored").GetInt32()));
        Assert.Equal(12, Assert.Single((await host.GetAsync("/equipment/main")).GetProperty("metrics").EnumerateArray()).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Formulas_come_back_as_texts_and_an_import_without_rejections_says_so()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var job = await ImportAsync(host, "main.csv", "Date,kWh,Remark\n2024-01-01,1,\n2024-01-02,2,\n2024-01-03,broken,=HYPERLINK(\"http://x\")\n2024-01-04,3,\n");
        using var workbook = await DownloadAsync(host, job);
        Assert.All(workbook.Worksheet(1).CellsUsed(), cell => Assert.False(cell.HasFormula));
        Assert.Equal("'=HYPERLINK(\"http://x\")", workbook.Worksheet(1).Cell("C2").GetString());

        var fine = await ImportAsync(host, "other.csv", "Date,kWh\n2024-01-01,1\n2024-01-02,2\n");
        using var nothing = await DownloadAsync(host, fine);
        Assert.Equal("No row was rejected.", nothing.Worksheet(1).Cell("A1").GetString());
        Assert.Equal("JOB_NOT_FOUND", (await host.GetAsync("/jobs/unknown/rejected")).Text("code"));
    }

    [Fact]
    public async Task A_job_that_was_cancelled_has_what_it_rejected_until_then_and_one_whose_workbook_is_gone_says_so()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path, "--Ems:Ingestion:ImportBatchSize=10", "--Ems:Ingestion:ImportLease=00:00:03");
        var rows = Enumerable.Range(0, 60_000).Select(i => $"{new DateTime(2024, 1, 1).AddMinutes(15 * i):yyyy-MM-dd HH:mm},{(i % 5 == 4 ? "broken" : i % 7)}");
        var (_, job) = await host.ImportAsync("main.csv", Encoding.UTF8.GetBytes($"Date,kWh\n{string.Join('\n', rows)}\n"), wait: false);
        var route = new Uri($"/jobs/{job.Text("id")}", UriKind.Relative);
        await Eventually.HoldsAsync(
            () => host.GetAsync(route.OriginalString).GetAwaiter().GetResult().GetProperty("rows_rejected").GetInt32() > 0, TimeSpan.FromMinutes(1), () => "Nothing is rejected.");
        using var cancelled = await host.Client.DeleteAsync(route, TestContext.Current.CancellationToken);
        var stopped = await cancelled.JsonAsync();
        Assert.Equal("cancelled", stopped.Text("state"));

        await Eventually.HoldsAsync(
            () => host.Client.GetAsync($"{route}/rejected").GetAwaiter().GetResult().IsSuccessStatusCode, TimeSpan.FromMinutes(1), () => "There is no workbook.");
        using var workbook = await DownloadAsync(host, job);
        Assert.InRange(workbook.Worksheet(1).LastRowUsed()!.RowNumber() - 1, stopped.GetProperty("rows_rejected").GetInt32(), 11_999);
        Assert.Equal("broken", workbook.Worksheet(1).Cell("B2").GetString());

        Directory.Delete(Path.Combine(_folder.Path, "rejected"), recursive: true);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "rejected"));
        var gone = await host.GetAsync($"{route}/rejected");
        Assert.Equal((404, "NOT_FOUND"), (gone.GetProperty("status").GetInt32(), gone.Text("code")));
    }

    [Theory]
    [InlineData("hours", false, false)]
    [InlineData("hours", true, false)]
    [InlineData("hours", true, true)]
    [InlineData("half-hours", false, true)]
    [InlineData("half-hours", true, false)]
    [InlineData("months", false, false)]
    [InlineData("months", true, true)]
    public async Task A_bad_cell_of_a_matrix_is_marked_and_named_by_its_column(string kind, bool hasMeters, bool isWorkbook)
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        string[] headers = kind switch
        {
            "hours" => [.. Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00")],
            "half-hours" => [.. Enumerable.Range(0, 48).Select(half => $"{half / 2:00}:{half % 2 * 30:00}")],
            _ => "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".Split(' '),
        };
        var (first, names, bad) = kind == "months" ? ("Year", (string[])["2019", "2020"], "May") : ("Date", ["2026-03-02", "2026-03-03"], kind == "hours" ? "05:00" : "05:30");
        List<string[]> rows =
        [
            [.. hasMeters ? ["Meter"] : (string[])[], first, .. headers],
            .. names.Select((name, row) => (string[])[.. hasMeters ? ["M1"] : (string[])[], name, .. headers.Select((header, i) => row == 1 && header == bad ? "bad!" : $"{(i * 5 % 7) + 1}")]),
        ];
        var (status, job) = await host.ImportAsync(isWorkbook ? "m.xlsx" : "m.csv", isWorkbook ? Book(rows) : Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => $"{string.Join(',', row)}\n"))), wait: true, ("metric", "energy"), ("unit", "kWh"));
        Assert.Equal(200, status);

        using var workbook = await DownloadAsync(host, job);
        Assert.Equal([bad], job.GetProperty("errors").EnumerateArray().Select(error => error.Text("column")));
        Assert.Equal([workbook.Worksheet(1).Cell(2, Array.IndexOf(rows[0], bad) + 1).Address.ToString()!], Marked(workbook.Worksheet(1)));
    }

    [Fact]
    public async Task A_column_without_a_meaning_comes_back_as_it_was()
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var job = await ImportAsync(host, "m.csv", "Date,Energy (kWh),Order,Note\n2026-03-02,1,1,a\n2026-03-03,bad!,007,+5\n2026-03-04,bad!,12345678901234567890,1.10\n2026-03-05,2,12,7\n2026-03-06,3,13,8\n2026-03-07,4,14,9\n");

        using var workbook = await DownloadAsync(host, job);
        var sheet = workbook.Worksheet(1);
        Assert.Equal(["007", "'+5", "12345678901234567890", "1.10"], ((string[])["C2", "D2", "C3", "D3"]).Select(cell => sheet.Cell(cell).GetString()));
    }

    private static byte[] Book(List<string[]> rows)
    {
        using var workbook = new XLWorkbook();
        var sheet = workbook.AddWorksheet("Data");
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < rows[row].Length; column++)
            {
                var text = rows[row][column];
                sheet.Cell(row + 1, column + 1).Value = DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
                    : TimeSpan.TryParseExact(text, @"hh\:mm", CultureInfo.InvariantCulture, out var time) ? time
                    : double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : text;
            }
        }

        return Bytes(workbook);
    }

    private static Task<JsonElement> ImportAsync(ImportHost host, string name, string text) => ImportAsync(host, name, Encoding.UTF8.GetBytes(text));

    private static async Task<JsonElement> ImportAsync(ImportHost host, string name, byte[] content)
    {
        var (status, job) = await host.ImportAsync(name, content, wait: true);
        Assert.True(status == 200 && job.Text("state") == "completed", job.GetRawText());
        return job;
    }

    private static async Task<XLWorkbook> DownloadAsync(ImportHost host, JsonElement job)
    {
        using var answer = await host.Client.GetAsync(new Uri($"/jobs/{job.Text("id")}/rejected", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", answer.Content.Headers.ContentType?.MediaType);
        return new XLWorkbook(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    private static byte[] Bytes(XLWorkbook workbook)
    {
        using var stream = new MemoryStream();
        workbook.SaveAs(stream);
        return stream.ToArray();
    }

    private static IEnumerable<string> Texts(IXLWorksheet sheet, int row) => sheet.Row(row).CellsUsed().Select(cell => cell.GetString());

    private static IEnumerable<string> Marked(IXLWorksheet sheet) => sheet.CellsUsed()
        .Where(cell => cell.Style.Fill.BackgroundColor.ColorType == XLColorType.Color && cell.Style.Fill.BackgroundColor.Color.Name is "ffffc7ce")
        .Select(cell => cell.Address.ToString()!);
}
