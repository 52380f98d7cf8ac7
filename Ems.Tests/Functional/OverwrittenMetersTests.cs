using System.Globalization;
using System.Text;
using System.Text.Json;
using Ems.Tests.Unit.Files;

namespace Ems.Tests.Functional;

/// <summary>Files of several buildings whose meters are called alike.</summary>
public sealed partial class OverwrittenMetersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-overwritten-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Another_buildings_file_does_not_overwrite_meters_that_are_called_like_its_own()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("North hotel 2025.csv", Months(1), wait: true);

        var (_, preview) = await host.PreviewAsync("South hotel 2025.csv", Months(2));
        var (_, refused) = await host.ImportAsync("South hotel 2025.csv", Months(2), wait: true);
        var error = Assert.Single(refused.GetProperty("errors").EnumerateArray());
        var (_, south) = await host.ImportAsync("South hotel 2025.csv", Months(2), wait: true, ("mapping", preview.GetProperty("mapping").GetRawText()));
        var (_, later) = await host.ImportAsync("South hotel 2026.csv", Months(3), wait: true);

        Assert.Equal(("failed", "AMBIGUOUS_MAPPING", 0), (State(refused), error.GetProperty("code").GetString(), refused.GetProperty("rows_changed").GetInt32()));
        Assert.Contains("\"Lighting\": \"South hotel Lighting\"", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(("completed", 0), (State(south), south.GetProperty("rows_changed").GetInt32()));
        Assert.Equal("completed", State(later));
        Assert.Equal(
            ["HVAC", "Lighting", "South hotel HVAC", "South hotel Lighting"],
            (await host.Catalogue.ListEquipmentAsync(Cancel)).Select(equipment => equipment.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Buildings_that_are_numbered_are_not_the_same()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Building 1.csv", Months(1), wait: true);

        var (_, refused) = await host.ImportAsync("Building 2.csv", Months(2), wait: true);

        Assert.Equal("failed", State(refused));
    }

    [Fact]
    public async Task Numbered_meters_of_a_month_are_not_the_same_and_a_corrected_month_is()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Main1_2024-01.csv", Energy(1), wait: true);

        var (_, other) = await host.ImportAsync("Main2_2024-01.csv", Energy(2), wait: true);
        var (_, corrected) = await host.ImportAsync("Main1_2024-01_corrected.csv", Energy(3), wait: true);

        Assert.Equal((0, 28), (other.GetProperty("rows_changed").GetInt32(), corrected.GetProperty("rows_changed").GetInt32()));
        Assert.Equal([("Main1", 28L), ("Main2", 28L)], await CountsAsync(host));

        static byte[] Energy(int factor) => Encoding.UTF8.GetBytes($"Date,Energy (kWh)\n{string.Concat(Enumerable.Range(1, 28).Select(day => $"2024-01-{day:00},{factor * (100 + (day * 7 % 5))}\n"))}");
    }

    [Theory]
    [InlineData("Main", "failed", "Main")]
    [InlineData("Arkusz1", "completed", "North plant")]
    public async Task Another_plants_workbook_does_not_overwrite_the_meter_that_its_sheet_is_called_like(string sheet, string state, string first)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("North plant.xls", Sheet(sheet, 1), wait: true);

        var (_, later) = await host.ImportAsync("South plant.xls", Sheet(sheet, 2), wait: true);

        Assert.Equal((state, 0), (State(later), later.GetProperty("rows_changed").GetInt32()));
        Assert.Contains(first, (await host.Catalogue.ListEquipmentAsync(Cancel)).Select(equipment => equipment.Id));
    }

    [Theory]
    [InlineData("Building 2020.xls", "Building 2021.xls", "failed")]
    [InlineData("Building 2024.xls", "Building 2025.xls", "completed")]
    [InlineData("Building 2025.xls", "Building 2025 (2).xls", "completed")]
    public async Task A_number_is_a_year_of_a_files_name_only_where_its_values_are_of_about_that_time(string first, string second, string state)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync(first, Sheet("Sheet1", 1), wait: true);

        var (_, later) = await host.ImportAsync(second, Sheet("Sheet1", 2), wait: true);

        Assert.Equal((state, state == "failed" ? 0 : 12), (State(later), later.GetProperty("rows_changed").GetInt32()));
    }

    [Theory]
    [InlineData("North hotel 2025 corrected.csv")]
    [InlineData("North hotel 2025 (2).csv")]
    [InlineData("North_hotel_2025_v2.csv")]
    public async Task A_file_that_corrects_another_one_changes_its_values(string name)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync(name.StartsWith("North_", StringComparison.Ordinal) ? "North_hotel_2025.csv" : "North hotel 2025.csv", Months(1), wait: true);

        var (_, job) = await host.ImportAsync(name, Months(2), wait: true);

        Assert.Equal(("completed", 24), (State(job), job.GetProperty("rows_changed").GetInt32()));
    }

    [Fact]
    public async Task A_file_of_another_name_may_have_the_same_values_and_a_few_others()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Hotels Q1.csv", Months(1), wait: true);

        var (_, job) = await host.ImportAsync("Whole year.csv", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Months(1)).Replace(",105", ",99", StringComparison.Ordinal)), wait: true);

        Assert.Equal(("completed", 1), (State(job), job.GetProperty("rows_changed").GetInt32()));
    }

    [Fact]
    public async Task Meters_that_rows_call_alike_in_files_of_two_buildings_are_asked_about()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Building A 2025-01.csv", Rows(1, "Main incomer"), wait: true);

        var (_, preview) = await host.PreviewAsync("Building B 2025-01.csv", Rows(2, "Main incomer"));
        var (_, refused) = await host.ImportAsync("Building B 2025-01.csv", Rows(2, "Main incomer"), wait: true);
        var (_, own) = await host.ImportAsync("Building B 2025-01.csv", Rows(2, "Main incomer"), wait: true, ("mapping", preview.GetProperty("mapping").GetRawText()));
        var (_, later) = await host.ImportAsync("Building B 2025-02.csv", Rows(2, "Main incomer", month: 2), wait: true);
        var (_, first) = await host.ImportAsync("Building A 2025-02.csv", Rows(1, "Main incomer", month: 2), wait: true);
        var (_, third) = await host.ImportAsync("Building C 2025-02.csv", Rows(3, "Main incomer", month: 2), wait: true);

        var error = Assert.Single(refused.GetProperty("errors").EnumerateArray());
        Assert.Equal(("failed", "AMBIGUOUS_MAPPING"), (State(refused), error.GetProperty("code").GetString()));
        Assert.Contains("\"Main incomer\": \"Building B Main incomer\"", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.All([own, later, first], job => Assert.Equal(("completed", 0), (State(job), job.GetProperty("rows_changed").GetInt32())));
        // The profile that the answer made is not of files of other names.
        Assert.Equal("failed", State(third));
        Assert.Equal([("Building B Main incomer", 56L), ("Main incomer", 56L)], await CountsAsync(host));
    }

    [Fact]
    public async Task Parts_of_meters_that_rows_call_alike_go_with_them()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        static byte[] Tariffs(int factor) => Encoding.UTF8.GetBytes($"Date,Meter,HT kWh,NT kWh\n{string.Concat(Enumerable.Range(1, 28).Select(day => $"2025-01-{day:00},Main,{factor * (100 + (day * 7 % 5))},{factor * (50 + (day * 5 % 7))}\n"))}");
        await host.ImportAsync("North.csv", Tariffs(1), wait: true);

        var (_, preview) = await host.PreviewAsync("South.csv", Tariffs(2));
        var (_, refused) = await host.ImportAsync("South.csv", Tariffs(2), wait: true);
        var (_, own) = await host.ImportAsync("South.csv", Tariffs(2), wait: true, ("mapping", preview.GetProperty("mapping").GetRawText()));

        Assert.Equal(("failed", "completed"), (State(refused), State(own)));
        Assert.Equal([("Main HT", 28L), ("Main NT", 28L), ("South Main HT", 28L), ("South Main NT", 28L)], await CountsAsync(host));
    }

    [Theory]
    [InlineData("Building A.csv", "Building A corrected.csv", "Main incomer", 28)]
    [InlineData("Building A.csv", "Building B.csv", "Main incomer", 20)]
    [InlineData("Building A.csv", "Building B.csv", "10023451", 28)]
    [InlineData("Building A.csv", "Building B.csv", "AT0010000000000000001000000123456", 28)]
    public async Task Rows_correct_meters_that_they_name_by_a_number_in_a_file_of_that_name_or_in_part(string first, string second, string meter, int changed)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync(first, Rows(1, meter), wait: true);

        var (_, job) = await host.ImportAsync(second, Rows(2, meter, until: changed), wait: true);

        Assert.Equal(("completed", changed), (State(job), job.GetProperty("rows_changed").GetInt32()));
    }

    [Fact]
    public async Task What_a_file_of_this_name_has_stored_may_be_corrected_in_meters_that_another_one_has_created()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("History.csv", Rows(1, "Main incomer"), wait: true);
        await host.ImportAsync("Portal 2025-02.csv", Rows(1, "Main incomer", month: 2), wait: true);

        var (_, corrected) = await host.ImportAsync("Portal 2025-02 (1).csv", Rows(2, "Main incomer", month: 2), wait: true);
        var (_, other) = await host.ImportAsync("Portal 2025-01.csv", Rows(2, "Main incomer"), wait: true);

        Assert.Equal(("completed", 28), (State(corrected), corrected.GetProperty("rows_changed").GetInt32()));
        Assert.Equal("failed", State(other));
    }

    [Fact]
    public async Task The_advice_names_a_meter_as_the_rows_do_whatever_a_profile_calls_it()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("North.csv", Rows(1, "Main incomer"), wait: true, ("mapping", """{"equipment":{"Main incomer":"North main"}}"""));

        var (_, refused) = await host.ImportAsync("South.csv", Rows(2, "Main incomer"), wait: true);

        var message = Assert.Single(refused.GetProperty("errors").EnumerateArray()).GetProperty("message").GetString();
        Assert.Contains("""{"Main incomer": "South Main incomer"}""", message, StringComparison.Ordinal);
        Assert.Contains("""{"Main incomer": "North main"}""", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mapping_is_of_the_meters_that_it_names_and_the_advice_names_all()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("North.csv", [.. Rows(1, "Main"), .. Rows(1, "Lifts", header: "")], wait: true);
        byte[] south = [.. Rows(2, "Main"), .. Rows(2, "Lifts", header: "")];

        var (_, refused) = await host.ImportAsync("South.csv", south, wait: true);
        var (_, half) = await host.ImportAsync("South.csv", south, wait: true, ("mapping", """{"equipment":{"Main":"South Main"}}"""));
        var (_, own) = await host.ImportAsync("South.csv", south, wait: true, ("mapping", AdvisedIn(half)));

        Assert.Equal("""{"equipment": {"Main": "South Main", "Lifts": "South Lifts"}}""", AdvisedIn(refused));
        Assert.Equal(("failed", """{"equipment": {"Lifts": "South Lifts", "Main": "South Main"}}"""), (State(half), AdvisedIn(half)));
        Assert.Equal(("completed", 0), (State(own), own.GetProperty("rows_changed").GetInt32()));
        Assert.Equal([("Lifts", 28L), ("Main", 28L), ("South Lifts", 28L), ("South Main", 28L)], await CountsAsync(host));
    }

    [Fact]
    public async Task Meters_that_a_profile_of_this_files_name_knows_are_not_asked_about_again()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Provisional_2025-01.csv", Rows(1, "Main"), wait: true);

        var (_, asked) = await host.ImportAsync("Billing_2025-01.csv", Rows(2, "Main"), wait: true);
        var (_, answered) = await host.ImportAsync("Billing_2025-01.csv", Rows(2, "Main"), wait: true, ("mapping", """{"equipment":{"Main":"Main"}}"""));
        await host.ImportAsync("Provisional_2025-02.csv", Rows(1, "Main", month: 2), wait: true);
        var (_, later) = await host.ImportAsync("Billing_2025-02.csv", Rows(2, "Main", month: 2), wait: true);
        var (_, other) = await host.ImportAsync("South_2025-02.csv", Rows(3, "Main", month: 2), wait: true);

        Assert.Equal(["failed", "completed", "completed", "failed"], new[] { asked, answered, later, other }.Select(State));
        Assert.Equal(28, later.GetProperty("rows_changed").GetInt32());
    }

    [Theory]
    [InlineData("Building 2020.csv", "Building 2021.csv", "Building 2022.csv")]
    [InlineData("North.csv", "Report 1.csv", "Report 2.csv")]
    public async Task An_answer_for_a_name_that_says_nothing_of_whose_the_file_is_is_for_one_file(string first, string second, string third)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync(first, Rows(1, "Main"), wait: true);
        await host.ImportAsync(second, Rows(2, "Main"), wait: true, ("mapping", """{"equipment":{"Main":"Main"}}"""));

        var (_, job) = await host.ImportAsync(third, Rows(3, "Main"), wait: true);

        Assert.Equal("failed", State(job));
    }

    [Fact]
    public async Task A_sheet_that_is_called_alike_in_two_plants_workbooks_is_asked_about_whatever_was_answered_for_one()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("North plant.xls", Sheet("Main", 1), wait: true, ("mapping", """{"equipment":{"Main":"Main"}}"""));

        var (_, later) = await host.ImportAsync("South plant.xls", Sheet("Main", 2), wait: true);

        Assert.Equal("failed", State(later));
    }

    [Fact]
    public async Task What_a_file_of_another_name_has_added_to_a_meter_is_not_overwritten_by_files_of_the_name_that_created_it()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Building A 2025-01.csv", Rows(1, "Main incomer"), wait: true);
        await host.ImportAsync("Building B 2025-02.csv", Rows(2, "Main incomer", month: 2), wait: true);

        var (_, corrected) = await host.ImportAsync("Building A 2025-01.csv", Rows(3, "Main incomer"), wait: true);
        var (_, refused) = await host.ImportAsync("Building A 2025-02.csv", Rows(1, "Main incomer", month: 2), wait: true);
        var (_, own) = await host.ImportAsync("Building A 2025-02.csv", Rows(1, "Main incomer", month: 2), wait: true, ("mapping", AdvisedIn(refused)));

        Assert.Equal(("completed", 28), (State(corrected), corrected.GetProperty("rows_changed").GetInt32()));
        Assert.Equal("failed", State(refused));
        Assert.Contains("of Building B 2025-02.csv has other values", refused.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(("completed", 0), (State(own), own.GetProperty("rows_changed").GetInt32()));
    }

    [Theory]
    [InlineData("South hotel 2026.csv", true)]
    [InlineData("North hotel 2026.csv", false)]
    [InlineData("export.csv", false)]
    public async Task A_file_of_another_name_that_goes_on_in_meters_which_columns_name_is_told_so(string second, bool isTold)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("North hotel 2025.csv", Months(1), wait: true);
        var next = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Months(2)).Replace("2025-", "2026-", StringComparison.Ordinal));

        var (_, preview) = await host.PreviewAsync(second, next);
        var (_, job) = await host.ImportAsync(second, next, wait: true);

        Assert.Equal("completed", State(job));
        Assert.All([preview, job], told => Assert.Equal(
            isTold ? ["Lighting, HVAC"] : [],
            told.GetProperty("assumptions").EnumerateArray().Where(one => one.GetProperty("what").GetString() == "equipment").Select(one => one.GetProperty("value").GetString()!)));
    }

    [Theory]
    [InlineData("South plant.xls", true)]
    [InlineData("North plant (2).xls", false)]
    public async Task A_workbook_of_another_name_that_goes_on_in_the_meter_of_a_sheet_is_told_so(string second, bool isTold)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("North plant.xls", Sheet("BL-07", 1), wait: true);

        var (_, job) = await host.ImportAsync(second, Sheet("BL-07", 2, year: 2026), wait: true);

        Assert.Equal("completed", State(job));
        Assert.Equal(isTold, job.GetProperty("assumptions").EnumerateArray().Any(one => (one.GetProperty("what").GetString(), one.GetProperty("value").GetString()) == ("equipment", "BL-07")));
    }

    [Theory]
    [InlineData("0.#", "completed")]
    [InlineData("0", "completed")]
    [InlineData("0.###", "failed")]
    public async Task Values_that_are_the_same_with_fewer_places_are_of_the_same_meter(string format, string state)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        static byte[] Days(double more, string format) => Encoding.UTF8.GetBytes($"Date,Meter,kWh\n{string.Concat(Enumerable.Range(1, 28).Select(day => $"2025-01-{day:00},Main,{(31 + (day * 7 % 5) + more + (day * 0.013)).ToString(format, CultureInfo.InvariantCulture)}\n"))}");
        await host.ImportAsync("Months.csv", Days(0, "0.###"), wait: true);

        var (_, job) = await host.ImportAsync("Whole year.csv", Days(format == "0.###" ? 0.04 : 0, format), wait: true);

        Assert.Equal(state, State(job));
    }

    [Theory]
    [InlineData("Billing")]
    [InlineData("BL-07")]
    public async Task What_was_answered_for_one_buildings_sheet_is_none_of_anothers(string sheet)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("North plant.xls", Sheet(sheet, 1), wait: true);
        var answer = ("mapping", $$$"""{"equipment":{"{{{sheet}}}":"South plant {{{sheet}}}"}}""");
        await host.ImportAsync("South plant.xls", Sheet(sheet, 2), wait: true, answer);

        var (_, west) = await host.ImportAsync("West plant.xls", Sheet(sheet, 3), wait: true);
        var (_, south) = await host.ImportAsync("South plant 2025.xls", Sheet(sheet, 2), wait: true);
        var (_, north) = await host.ImportAsync("North plant.xls", Sheet(sheet, 1), wait: true);

        Assert.Equal(("failed", "AMBIGUOUS_MAPPING"), (State(west), Assert.Single(west.GetProperty("errors").EnumerateArray()).GetProperty("code").GetString()));
        Assert.All([south, north], job => Assert.Equal(("completed", 0, 0, 12), (State(job), Count(job, "stored"), Count(job, "changed"), Count(job, "duplicate"))));
    }

    [Fact]
    public async Task Equipment_that_was_sent_with_a_workbook_is_not_that_of_others_with_a_sheet_of_its_name()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await host.ImportAsync("Quarry.xls", Sheet("BL-07", 1), wait: true, ("metric", "energy"), ("unit", "kWh"), ("equipment_id", "Quarry"));
        await host.ImportAsync("House.xls", Sheet("BL-08", 1), wait: true, ("mapping", """{"equipment":{"BL-08":"House"}}"""));

        await host.ImportAsync("Bakery.xls", Sheet("BL-07", 2), wait: true);
        await host.ImportAsync("Shop.xls", Sheet("BL-08", 3), wait: true);
        var (_, again) = await host.ImportAsync("Quarry.xls", Sheet("BL-07", 1), wait: true);

        Assert.Equal((0, 12), (Count(again, "changed"), Count(again, "duplicate")));
        Assert.Equal([("BL-07", 12L), ("BL-08", 12L), ("House", 12L), ("Quarry", 12L)], await CountsAsync(host));
    }

    private static int Count(JsonElement job, string what) => job.GetProperty($"rows_{what}").GetInt32();

    private static string AdvisedIn(JsonElement job)
    {
        var message = job.GetProperty("errors")[0].GetProperty("message").GetString()!;
        var start = message.IndexOf('{', StringComparison.Ordinal);
        return message[start..(message.IndexOf("}}", start, StringComparison.Ordinal) + 2)];
    }

    private static async Task<IEnumerable<(string, long)>> CountsAsync(ImportHost host) =>
        (await host.Store.ListSeriesAsync(null, null, Cancel)).Select(one => (one.Key.EquipmentId, one.Count)).Order();

    /// <summary>Days of a month.</summary>
    /// <param name="until">Days of it that the factor counts for.</param>
    private static byte[] Rows(int factor, string meter, int month = 1, int until = 28, string header = "Date,Meter,kWh\n") =>
        Encoding.UTF8.GetBytes($"{header}{string.Concat(Enumerable.Range(1, 28).Select(day => $"2025-{month:00}-{day:00},{meter},{(day <= until ? factor : 1) * (100 + (day * 7 % 5))}\n"))}");

    /// <param name="until">Hours that the factor counts for.</param>
    private static byte[] Hours(int factor, int until = 48) =>
        Encoding.UTF8.GetBytes($"Time,kWh\n{string.Concat(Enumerable.Range(0, 48).Select(hour => $"2024-01-{1 + (hour / 24):00} {hour % 24:00}:00,{(hour < until ? factor : 1) * (1 + (hour * 7 % 3))}\n"))}");

    private static string? State(JsonElement job) => job.GetProperty("state").GetString();

    private static byte[] Sheet(string name, int factor, int year = 2025) =>
        BinaryWorkbooks.Xls(is1904: false, (name, [["Month", "Energy (kWh)"], .. Enumerable.Range(1, 12).Select(month => new object?[] { $"{year}-{month:00}", (double)(factor * (100 + month)) })]));

    private static byte[] Months(int factor) =>
        Encoding.UTF8.GetBytes($"Month,Lighting (kWh),HVAC (kWh)\n{string.Concat(Enumerable.Range(1, 12).Select(month => $"2025-{month:00},{factor * (100 + month)},{factor * (200 + month)}\n"))}");
}
