using System.Text.Json;
using Ems.Core.Tables;
using Ems.Tests.Functional;
using Ems.Tests.Unit.Imports;

namespace Ems.Tests.EndToEnd;

/// <summary>From a real meter file to numbers that can be trusted, through the public routes: the same on both hosts.</summary>
public abstract class RealFileScenarios(RunningSystem running)
{
    private const string Sample = "original/EMS_Energy_Meter_Data.xlsx";

    private static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(60);

    private protected HttpClient Api => running.System.Api;

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
        await Eventually.HoldsAsync(async () => (await Api.JsonAsync("/health")).Text("status") == "healthy", HealthLimit, () => name);
    }

    private static byte[] BrokenFile(string name) => name switch
    {
        "empty.xlsx" => [],
        "text renamed.xlsx" => "timestamp,kWh\n2020-01-01 00:00,1\n"u8.ToArray(),
        "cut off.xlsx" => File.ReadAllBytes(ImportBench.RealFile("xlsx/Native_Load_2018.xlsx"))[..500_000],
        "no times.xlsx" => TableFile.ToXlsx(new Table("meters", ["name", "kWh"], [["a", 1.0], ["b", 2.0]])),
        _ => TableFile.ToXlsx(new Table("meters", ["timestamp", "name"], [[new DateTime(2020, 1, 1), "a"], [new DateTime(2020, 1, 2), "b"]])),
    };
}
