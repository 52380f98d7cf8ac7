using System.Globalization;
using System.Text;
using System.Text.Json;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>Whoever has answered what the columns of a file are is not asked again for the next one of its name, and of others still.</summary>
public sealed class AnsweredFilesTests : IDisposable
{
    private static readonly (string, string)[] Answers = [("metric", "energy"), ("unit", "MWh")];

    private readonly string _folder = Directory.CreateTempSubdirectory("ems-answers-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_sent_with_a_file_is_true_of_the_next_one_of_its_name_and_is_said()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await CompleteAsync(host, "North_2024-01.csv", Rows(1), [.. Answers, ("timestamp_label", "end"), ("time_zone", "Europe/Berlin")]);

        var job = await CompleteAsync(host, "North_2024-02.csv", Rows(2));
        var other = await AskedAsync(host, "South_2024-02.csv", Rows(2));

        Assert.Equal(["North energy 2023-12-31 22:00 1000", "North energy 2023-12-31 23:00 2000", "North energy 2024-01-31 22:00 1000", "North energy 2024-01-31 23:00 2000"], await ToldAsync(host));
        Assert.EndsWith("was kept when metric=energy, unit=MWh was sent", WhyOf(job, "profile"), StringComparison.Ordinal);
        Assert.StartsWith("The headers do not say what the columns measure.", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_was_answered_is_kept_and_the_rest_is_decided_anew()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await CompleteAsync(host, "North_2024-01.csv", "When,X,Gas (m3)\n2024-01-01 00:00,1,\n2024-01-01 01:00,2,\n", Answers);

        await CompleteAsync(host, "North_2024-02.csv", "When,X,Gas (m3)\n2024-02-01 00:00,1,5\n2024-02-01 01:00,2,6\n");

        Assert.Equal(2, (await ToldAsync(host)).Count(value => value.Contains("gas_volume", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Answers_that_came_with_a_mapping_are_kept_with_it()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        static string Month(int month) => $"NMI,RegisterCode,RateTypeDescription,StartDate,ProfileReadValue\n{Row(month, "E1", 0, 1)}{Row(month, "B1", 0, 2)}{Row(month, "E1", 1, 3)}{Row(month, "B1", 1, 4)}";
        static string Row(int month, string register, int hour, int value) => $"6305998877,6305998877#{register},{(register == "E1" ? "Usage" : "Solar")},2024-{month:00}-01 {hour:00}:00,{value}\n";
        await CompleteAsync(host, "one.csv", Month(1), [.. Answers, ("mapping", """{"columns":[{"column":"RegisterCode","role":"part"}]}""")]);

        await CompleteAsync(host, "two.csv", Month(2));

        Assert.Equal(8, (await ToldAsync(host)).Count);
    }

    [Theory]
    [InlineData("Report_2024-01.csv", "Report_2024-02.csv", "", "The headers do not say")]
    [InlineData("Book1.csv", "Book1.csv", "", "The headers do not say")]
    [InlineData("UsageData_2024-01.csv", "UsageData_2024-02.csv", "", "The headers do not say")]
    [InlineData("download.csv", "download (1).csv", "", "The headers do not say")]
    [InlineData("North_2024-01.csv", "North_2024-02.csv", "Water m3,\n", "'Water m3' stands above")]
    [InlineData("North_2024-01.csv", "North_2024-02.csv", "Units,kWh\n\n", "'Units: kWh' stands above the values, and the profile that their headers have found has energy in MWh")]
    public async Task A_name_that_says_nothing_and_a_title_that_says_something_else_are_asked_about(string first, string next, string above, string asked)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await CompleteAsync(host, first, Rows(1), Answers);

        Assert.StartsWith(asked, await AskedAsync(host, next, above + Rows(2)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Readings 2023.csv", "Readings 2024.csv", "Main kWh,Kitchen kWh", "Kitchen, Main")]
    [InlineData("Trend_20240301.csv", "Trend_20240308.csv", "M1 kWh,M2 kWh", "M1, M2")]
    [InlineData("Log_20240301.csv", "Log_20240308.csv", "Main kWh", "Log")]
    public async Task Registers_that_their_headers_name_are_known_again_in_files_that_are_called_as_any_are(string first, string next, string headers, string meters)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await CompleteAsync(host, first, States(headers, 0, 13), ("metric", "energy_import_register"));

        var job = await CompleteAsync(host, next, States(headers, 12, 3));

        Assert.EndsWith("was kept when metric=energy_import_register was sent", WhyOf(job, "profile"), StringComparison.Ordinal);
        Assert.Equal(meters, string.Join(", ", (await host.Store.ListSeriesAsync(null, null, Cancellation)).Where(series => series is { Key.Metric: "energy_import_register", Count: 15 }).Select(series => series.Key.EquipmentId).Order()));
        Assert.DoesNotContain(await ToldAsync(host), value => value.Contains(" energy ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("kWh")]
    [InlineData("Total kWh")]
    [InlineData("Electricity kWh")]
    [InlineData("Main kWh,Total kWh")]
    public async Task Registers_of_headers_that_name_no_meter_are_asked_about_again_where_the_file_is_called_as_any_is(string headers)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await CompleteAsync(host, "Report_2023.csv", States(headers, 0, 13), ("metric", "energy_import_register"));

        Assert.Contains("metric=energy_import_register, or metric=energy", await AskedByJobAsync(host, "Report_2024.csv", States(headers, 13, 13)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Readings 2023.csv", "Readings 2024.csv")]
    [InlineData("North 2023.csv", "North 2024.csv")]
    public async Task What_was_said_to_be_a_register_and_goes_up_and_down_in_the_next_file_is_asked_about(string first, string next)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await CompleteAsync(host, first, States("Main kWh,Kitchen kWh", 0, 13), ("metric", "energy_import_register"));
        const string Amounts = "Date,Main kWh,Kitchen kWh\n2024-02-01,4200,1400\n2024-03-01,3900,1300\n2024-04-01,4100,1350\n2024-05-01,3700,1310\n";

        Assert.Equal("The column Main kWh goes up and down, as amounts do, and metric=energy_import_register was sent for a file with these headers before. Send metric=energy, or metric=energy_import_register if it is a register all the same.", await AskedByJobAsync(host, next, Amounts));
        await CompleteAsync(host, next, Amounts, ("metric", "energy"));

        Assert.Equal(8, (await ToldAsync(host)).Count(value => value.Contains(" energy ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Another_meter_of_the_request_is_not_what_was_said_of_the_first()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await CompleteAsync(host, "North_2024-01.csv", Rows(1), [.. Answers, ("equipment_id", "GasMain")]);

        var (status, _) = await host.ImportAsync("North_2024-02.csv", Encoding.UTF8.GetBytes(Rows(2)), wait: true, ("equipment_id", "ElecMain"));
        await CompleteAsync(host, "North_2024-03.csv", Rows(3), ("equipment_id", "GasMain"));

        Assert.Equal(400, status);
        Assert.All(await ToldAsync(host), value => Assert.StartsWith("GasMain ", value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_request_and_a_profile_of_a_mapping_come_before_what_was_answered()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await CompleteAsync(host, "North_2024-01.csv", Rows(1), Answers);
        await CompleteAsync(host, "North_2024-02.csv", Rows(2), ("mapping", """{"columns":[{"column":"X","metric":"active_power","unit":"kW"}]}"""));
        await CompleteAsync(host, "North_2024-03.csv", Rows(3), Answers);

        await CompleteAsync(host, "North_2024-04.csv", Rows(4));

        Assert.Equal(["energy", "active_power", "energy", "active_power"], (await ToldAsync(host)).OrderBy(value => value[value.IndexOf("2024", StringComparison.Ordinal)..]).Where((_, i) => i % 2 == 0).Select(value => value.Split(' ')[1]));
    }

    [Fact]
    public async Task An_import_that_is_undone_is_no_answer_any_more()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var kept = await CompleteAsync(host, "North_2024-01.csv", Rows(1), Answers);
        using var undone = await host.Client.PostAsync($"/jobs/{kept.GetProperty("id").GetString()}/undo", null, Cancellation);

        Assert.StartsWith("The headers do not say", await AskedAsync(host, "North_2024-02.csv", Rows(2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_for_one_sheet_is_none_for_another_that_the_request_names()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var book = Workbook();
        await host.ImportAsync("Plant.xlsx", book, wait: true, ("sheet", "Hall"), ("metric", "water_volume"), ("unit", "m3"));

        var (_, other) = await host.ImportAsync("Plant.xlsx", book, wait: true, ("sheet", "Yard"));
        var (_, same) = await host.ImportAsync("Plant.xlsx", book, wait: true, ("sheet", "Hall"));

        Assert.StartsWith("The headers do not say", other.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("completed", same.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("3,456", "3.456")]
    [InlineData("3.45", "3.45")]
    public async Task A_decimal_sign_that_was_told_answers_what_the_next_file_leaves_open_and_nothing_else(string number, string expected)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await CompleteAsync(host, "North_2024-01.csv", "Dato;kWh\n2024-01-01;1,234\n2024-01-02;2,345\n", ("mapping", """{"decimal_sign":","}"""));

        var job = await CompleteAsync(host, "North_2024-02.csv", $"Dato;kWh\n2024-02-01;{number}\n2024-02-02;{number}\n");

        Assert.Equal(expected, (await ToldAsync(host))[^1].Split(' ')[^1]);
        Assert.Equal(number.Contains('.', StringComparison.Ordinal), WhyOf(job, "decimal_sign") == "its numbers show it, though the profile has ,");
    }

    [Fact]
    public async Task A_profile_shows_the_answers_that_it_keeps_and_takes_those_of_a_person()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var kept = await CompleteAsync(host, "North_2024-01.csv", Rows(1), Answers);
        var route = $"/profiles/{kept.GetProperty("profile").GetString()}";
        var got = await host.GetAsync(route);
        using var put = await host.Client.PutAsync(route, Json(got.GetRawText().Replace("\"MWh\"", "\"cu. ft.\"", StringComparison.Ordinal).Replace("\"energy\"", "\"gas_volume\"", StringComparison.Ordinal)), Cancellation);
        using var bad = await host.Client.PutAsync(route, Json("""{"metric":"warmth","unit":"bushel"}"""), Cancellation);

        Assert.Equal(("energy", "MWh"), (got.GetProperty("metric").GetString(), got.GetProperty("unit").GetString()));
        Assert.Equal((200, 400), ((int)put.StatusCode, (int)bad.StatusCode));
        Assert.Equal("ft³", (await host.GetAsync(route)).GetProperty("unit").GetString());
        using var gas = await host.Client.PutAsync("/equipment/North", Json("""{"carrier":"gas"}"""), Cancellation);
        await CompleteAsync(host, "North_2024-02.csv", Rows(2));
        Assert.Contains(await ToldAsync(host), value => value.StartsWith("North gas_volume 2024-02-01", StringComparison.Ordinal));
    }

    /// <summary>Registers at first days of months from 2023 on, each of which counts less by itself than the one before it.</summary>
    private static string States(string headers, int first, int count) => $"Date,{headers}\n" + string.Concat(Enumerable.Range(first, count).Select(month =>
        $"{new DateTime(2023, 1, 1).AddMonths(month):yyyy-MM-dd},{string.Join(',', headers.Split(',').Select((_, i) => ((50_000 + (month * 4_100) + (month % 3 * 70)) / (i + 1)) + i))}\n"));

    private static string Rows(int month) => $"When,X\n2024-{month:00}-01 00:00,1\n2024-{month:00}-01 01:00,2\n";

    private static byte[] Workbook()
    {
        using var workbook = new ClosedXML.Excel.XLWorkbook();
        foreach (var name in new[] { "Hall", "Yard" })
        {
            var sheet = workbook.Worksheets.Add(name);
            (sheet.Cell(1, 1).Value, sheet.Cell(1, 2).Value) = ("When", "X");
            for (var row = 2; row < 4; row++)
            {
                (sheet.Cell(row, 1).Value, sheet.Cell(row, 2).Value) = (new DateTime(2024, 1, row), row);
            }
        }

        using var stream = new MemoryStream();
        workbook.SaveAs(stream);
        return stream.ToArray();
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static string? WhyOf(JsonElement job, string what) =>
        job.GetProperty("assumptions").EnumerateArray().Where(one => one.GetProperty("what").GetString() == what).Select(one => one.GetProperty("why").GetString()).FirstOrDefault();

    private static async Task<JsonElement> CompleteAsync(ImportHost host, string name, string text, params (string, string)[] fields)
    {
        var (status, job) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(text), wait: true, fields);
        Assert.True(status == 200 && job.GetProperty("state").GetString() == "completed", job.ToString());
        return job;
    }

    private static async Task<string> AskedAsync(ImportHost host, string name, string text)
    {
        var (status, problem) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(text), wait: true);
        Assert.True(status == 400, problem.ToString());
        return problem.GetProperty("detail").GetString()!;
    }

    /// <summary>What only the whole file tells fails the job.</summary>
    private static async Task<string> AskedByJobAsync(ImportHost host, string name, string text)
    {
        var (_, job) = await host.ImportAsync(name, Encoding.UTF8.GetBytes(text), wait: true);
        var error = Assert.Single(job.GetProperty("errors").EnumerateArray());
        Assert.Equal(("failed", "AMBIGUOUS_MAPPING"), (job.GetProperty("state").GetString(), error.GetProperty("code").GetString()));
        return error.GetProperty("message").GetString()!;
    }

    private static async Task<List<string>> ToldAsync(ImportHost host)
    {
        var told = new List<string>();
        foreach (var series in (await host.Store.ListSeriesAsync(null, null, Cancellation)).OrderBy(series => series.Key.EquipmentId, StringComparer.Ordinal).ThenBy(series => series.Key.Metric, StringComparer.Ordinal))
        {
            var samples = await host.Store.ReadAsync(series.Key, Instant.MinValue, Instant.MaxValue, 0, Cancellation);
            told.AddRange(samples.Select(sample => string.Create(
                CultureInfo.InvariantCulture, $"{series.Key.EquipmentId} {series.Key.Metric} {sample.Start.ToDateTimeUtc():yyyy-MM-dd HH:mm} {Math.Round(sample.Value, 6)}")));
        }

        return told;
    }
}
