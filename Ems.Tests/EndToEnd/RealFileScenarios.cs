using System.Globalization;
using System.Text;
using System.Text.Json;
using Ems.Core.Tables;
using Ems.Tests.Functional;
using Ems.Tests.Unit.Imports;
using ExcelDataReader;

namespace Ems.Tests.EndToEnd;

/// <summary>From a real meter file to numbers that can be trusted, through the public routes: the same on both hosts.</summary>
public abstract class RealFileScenarios(RunningSystem running)
{
    private const string Sample = "original/EMS_Energy_Meter_Data.xlsx";

    private HttpClient Api => running.System.Api;

    [Fact]
    public async Task The_meter_sample_gives_its_energy_its_flags_and_nothing_new_the_second_time()
    {
        var first = await Api.ImportAsync(ImportBench.RealFile(Sample), ("equipment_id", "IKC0073"));
        var again = await Api.ImportAsync(ImportBench.RealFile(Sample), ("equipment_id", "IKC0073"));

        Assert.Equal((100, 100, 0), (first.Count("rows_read"), first.Count("rows_stored"), first.Count("rows_duplicate")));
        Assert.Equal((100, 0, 100), (again.Count("rows_read"), again.Count("rows_stored"), again.Count("rows_duplicate")));
        Assert.Equal(39, first.GetProperty("flags").Count("power_exceeds_apparent"));
        var total = await Api.AskAsync("""{"metric":"energy","aggregate":"sum","equipment":"IKC0073"}""");
        Assert.Equal("kWh", total.Text("unit"));
        Assert.Equal(2.102, total.GetProperty("rows")[0].GetProperty("value").GetDouble(), 0.001);
        var hours = await Api.ValuesAsync("equipment_id=IKC0073&metric=energy&bucket=hour");
        Assert.Equal(2.102, hours["IKC0073"].Values.Sum(), 0.001);
        var kept = await Api.ValuesAsync("equipment_id=IKC0073&metric=active_power&bucket=raw");
        Assert.Equal(100, kept["IKC0073"].Count);
    }

    [Fact]
    public async Task A_year_of_clean_times_keeps_its_sums_and_extremes_and_its_blank_row_is_a_gap()
    {
        await CheckGridLoadAsync("2016", perZone: 8783, rows: 8784, autumn: "2016-11-06", spring: "2016-03-13", peakAt: "2016-08-11T21:00:00Z");

        var around = (await Api.SeriesAsync("equipment_id=COAST&metric=energy&bucket=hour&from=2016-11-07T04:00:00Z&to=2016-11-07T07:00:00Z"))
            .GetProperty("series")[0].GetProperty("points").EnumerateArray().ToList();
        Assert.Equal([JsonValueKind.Number, JsonValueKind.Null, JsonValueKind.Number], around.Select(point => point.GetProperty("value").ValueKind));
        Assert.Equal([1.0, 0.0, 1.0], around.Select(point => point.GetProperty("coverage").GetDouble()));
    }

    [Fact]
    public async Task A_year_of_marked_times_keeps_its_sums_and_extremes_and_the_marked_hour_is_the_second_of_its_name()
    {
        await CheckGridLoadAsync("2018", perZone: 8760, rows: 8760, autumn: "2018-11-04", spring: "2018-03-11", peakAt: "2018-07-19T21:00:00Z");

        var marked = await Api.ValuesAsync("equipment_id=COAST&metric=active_power&bucket=raw&from=2018-11-04T07:00:00Z&to=2018-11-04T08:00:00Z");
        Assert.Equal(MarkedLoadOfCoast() * 1000, Assert.Single(marked["COAST"]).Value, 1e-6);
    }

    [Fact]
    public async Task A_newest_first_file_keeps_the_repeated_autumn_hour_as_two()
    {
        var job = await Api.ImportAsync(
            ImportBench.RealFile("meters/ucsd_MusicBuilding_15min_raw.csv.gz"),
            ("time_zone", "America/Los_Angeles"), ("timestamp_label", "start"), ("unit", "kW"), ("equipment_id", "music"));

        Assert.Equal(122_929, job.Count("rows_read"));
        Assert.Equal(122_929, job.Count("rows_stored") + job.Count("rows_duplicate") + job.Count("rows_rejected"));
        const string RepeatedHour = "equipment_id=music&bucket=raw&from=2019-11-03T08:00:00Z&to=2019-11-03T10:00:00Z&time_zone=UTC";
        var values = (await Api.ValuesAsync($"{RepeatedHour}&metric=active_power"))["music"];
        Assert.Equal(8, values.Count);
        Assert.Equal(75.145, values["2019-11-03T08:00:00Z"]);
        Assert.Equal(74.543, values["2019-11-03T09:00:00Z"]);
        var reactive = (await Api.SeriesAsync($"{RepeatedHour}&metric=reactive_power")).GetProperty("series")[0];
        Assert.Equal(("kvar", 8), (reactive.Text("unit"), reactive.GetProperty("points").GetArrayLength()));
        var local = await Api.SeriesAsync("equipment_id=music&metric=energy&bucket=hour&time_zone=America/Los_Angeles&from=2019-11-03&to=2019-11-04");
        Assert.Equal(25, local.GetProperty("series")[0].GetProperty("points").GetArrayLength());
    }

    [Theory]
    [InlineData("bdg2_building_1_hourly_kWh.csv")]
    [InlineData("nmecr_school_2018_hourly_kWh.csv")]
    [InlineData("taltech_ICT_hourly_kWh.csv")]
    [InlineData("taltech_LIB_hourly_kWh.csv")]
    [InlineData("taltech_U05_hourly_kWh.csv")]
    [InlineData("ucsd_MusicBuilding_hourly_kW.csv")]
    [InlineData("ucsd_SocialScience_hourly_kW.csv")]
    public async Task An_hourly_meter_gives_every_number_of_the_answer_key(string file)
    {
        var job = await Api.ImportAsync(ImportBench.RealFile($"meters/{file}"), ("time_zone", "UTC"), ("timestamp_label", "start"));

        var equipment = job.GetProperty("assumptions").EnumerateArray().Single(one => one.Text("what") == "equipment_id").Text("value");
        foreach (var row in AnswerKey.Of(file))
        {
            if (row.Question == "rows")
            {
                Assert.Equal((int)row.Expected, job.Count("rows_read"));
            }
            else
            {
                await row.CheckAsync(equipment, Api.AskAsync, Api.SeriesAsync);
            }
        }
    }

    [Theory]
    [InlineData("empty.xlsx", "INVALID_FILE_FORMAT")]
    [InlineData("text renamed.xlsx", "INVALID_FILE_FORMAT")]
    [InlineData("cut off.xlsx", "INVALID_FILE_FORMAT")]
    [InlineData("no times.xlsx", "MISSING_REQUIRED_COLUMNS", "meters", 1)]
    [InlineData("no numbers.xlsx", "MISSING_REQUIRED_COLUMNS", "meters", 1)]
    public async Task A_broken_file_gets_a_problem_that_says_where_and_the_service_stays_up(
        string name, string code, string? sheet = null, int? row = null)
    {
        using var answer = await Api.UploadAsync(name, BrokenFile(name), wait: true);

        var problem = await answer.JsonAsync(expectedStatus: 400);
        Assert.Equal(code, problem.Text("code"));
        var fault = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(code, fault.Text("code"));
        Assert.Equal(sheet, fault.GetProperty("sheet").GetString());
        Assert.Equal(row, fault.GetProperty("row").ValueKind == JsonValueKind.Null ? null : fault.Count("row"));
        Assert.Equal(sheet is null, fault.GetProperty("column").GetString() is null);
        Assert.Equal("healthy", (await Api.JsonAsync("/health")).Text("status"));
    }

    private static byte[] BrokenFile(string name) => name switch
    {
        "empty.xlsx" => [],
        "text renamed.xlsx" => "timestamp,kWh\n2020-01-01 00:00,1\n"u8.ToArray(),
        "cut off.xlsx" => File.ReadAllBytes(ImportBench.RealFile("xlsx/Native_Load_2018.xlsx"))[..500_000],
        "no times.xlsx" => TableFile.ToXlsx(new Table("meters", ["name", "kWh"], [["a", 1.0], ["b", 2.0]])),
        _ => TableFile.ToXlsx(new Table("meters", ["timestamp", "name"], [[new DateTime(2020, 1, 1), "a"], [new DateTime(2020, 1, 2), "b"]])),
    };

    private async Task CheckGridLoadAsync(string year, int perZone, int rows, string autumn, string spring, string peakAt)
    {
        var file = $"Native_Load_{year}.xlsx";
        var job = await Api.ImportAsync(
            ImportBench.RealFile($"xlsx/{file}"),
            ("time_zone", "America/Chicago"), ("timestamp_label", "end"), ("metric", "active_power"), ("unit", "MW"));

        using var expected = JsonDocument.Parse(File.ReadAllText(ImportBench.RealFile("xlsx/ercot_expected.json")));
        var facts = expected.RootElement.GetProperty(file);
        var zones = facts.GetProperty("sum_MWh").EnumerateObject().Where(zone => zone.Name != "ERCOT")
            .ToDictionary(zone => zone.Name, zone => zone.Value.GetDouble());
        Assert.Equal((rows, perZone * 8), (job.Count("rows_read"), job.Count("rows_stored")));
        Assert.Equal(zones.Keys.Order(), job.GetProperty("mapping").EnumerateArray().Select(column => column.Text("equipment_id")).Order());
        Assert.Contains(job.GetProperty("assumptions").EnumerateArray(), one => one.Text("what") == "left_out" && one.Text("value") == "ERCOT");

        await CheckTotalsAsync(zones, year, perZone);
        await CheckExtremesAsync(facts, zones.Keys, year, peakAt);
        Assert.Equal(["05", "06", "07", "08"], await HoursAsync(autumn, "05:00", "09:00"));
        Assert.Equal(["06", "07", "08"], await HoursAsync(spring, "06:00", "09:00"));
    }

    private async Task CheckTotalsAsync(Dictionary<string, double> zones, string year, int perZone)
    {
        var equipment = JsonSerializer.Serialize(zones.Keys);
        var period = $""" "from":"{year}-01-01T06:00:00Z","to":"{Next(year)}-01-01T06:00:00Z","group_by":"equipment" """;
        var counts = await Api.AskAsync($$"""{"metric":"active_power","aggregate":"count","equipment":{{equipment}},{{period}}}""");
        var sums = await Api.AskAsync($$"""{"metric":"energy","aggregate":"sum","equipment":{{equipment}},{{period}}}""");
        Assert.Equal(8, counts.GetProperty("rows").GetArrayLength());
        Assert.All(counts.GetProperty("rows").EnumerateArray(), row => Assert.Equal(perZone, row.Count("value")));
        Assert.Equal("kWh", sums.Text("unit"));
        Assert.All(
            sums.GetProperty("rows").EnumerateArray(),
            row => Assert.Equal(zones[row.Text("equipment")], row.GetProperty("value").GetDouble() / 1000, 0.001));
    }

    private async Task CheckExtremesAsync(JsonElement facts, IEnumerable<string> zones, string year, string peakAt)
    {
        var query = string.Concat(zones.Select(zone => $"equipment_id={zone}&"));
        var load = (await Api.ValuesAsync($"{query}metric=active_power&bucket=raw&from={year}-01-01T06:00:00Z&to={Next(year)}-01-01T06:00:00Z&time_zone=UTC"))
            .Values.SelectMany(series => series).GroupBy(point => point.Key, point => point.Value / 1000)
            .ToDictionary(hour => hour.Key, hour => hour.Sum());
        Assert.Equal(facts.GetProperty("max_ERCOT")[0].GetDouble(), load.Values.Max(), 0.002);
        Assert.Equal(facts.GetProperty("min_ERCOT")[0].GetDouble(), load.Values.Min(), 0.002);
        Assert.Equal(peakAt, load.MaxBy(hour => hour.Value).Key);

        var equipment = JsonSerializer.Serialize(zones);
        var peak = await ExtremeAsync("max");
        Assert.Equal(facts.GetProperty("max_ERCOT")[0].GetDouble(), peak.GetProperty("value").GetDouble() / 1000, 0.002);
        Assert.Equal(peakAt, peak.Text("at"));
        var trough = await ExtremeAsync("min");
        Assert.Equal(facts.GetProperty("min_ERCOT")[0].GetDouble(), trough.GetProperty("value").GetDouble() / 1000, 0.002);
        Assert.Equal(load.MinBy(hour => hour.Value).Key, trough.Text("at"));

        async Task<JsonElement> ExtremeAsync(string aggregate) => (await Api.AskAsync(
            $$"""{"metric":"active_power","aggregate":"{{aggregate}}","equipment":{{equipment}},"from":"{{year}}-01-01T06:00:00Z","to":"{{Next(year)}}-01-01T06:00:00Z","time_zone":"UTC"}"""))
            .GetProperty("rows")[0];
    }

    private async Task<IEnumerable<string>> HoursAsync(string day, string from, string to)
    {
        var values = await Api.ValuesAsync($"equipment_id=NORTH&metric=active_power&bucket=raw&from={day}T{from}:00Z&to={day}T{to}:00Z&time_zone=UTC");
        return values["NORTH"].Keys.Order(StringComparer.Ordinal).Select(start => start[11..13]);
    }

    private static string Next(string year) => (int.Parse(year, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);

    private static double MarkedLoadOfCoast()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        using var file = File.OpenRead(ImportBench.RealFile("xlsx/Native_Load_2018.xlsx"));
        using var workbook = ExcelReaderFactory.CreateReader(file);
        while (workbook.Read())
        {
            if (workbook.GetValue(0) is string label && label.Contains("DST", StringComparison.Ordinal))
            {
                return workbook.GetDouble(1);
            }
        }

        throw new InvalidDataException("No row is marked DST.");
    }
}
