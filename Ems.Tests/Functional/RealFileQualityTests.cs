using Ems.Tests.Contracts;
using Ems.Tests.Unit.Imports;

namespace Ems.Tests.Functional;

/// <summary>Real meters lack values; nothing else is said of them.</summary>
public sealed class RealFileQualityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The school's temperature is missing once more: two rows of one hour contradict each other.
    [Theory]
    [InlineData("meters/bdg2_building_1_hourly_kWh.csv", 0, 0)]
    [InlineData("meters/nmecr_school_2018_hourly_kWh.csv", 5, 2)]
    [InlineData("meters/taltech_ICT_hourly_kWh.csv", 16, 16)]
    [InlineData("meters/ucsd_SocialScience_hourly_kW.csv", 6, 0)]
    public async Task Hours_that_a_file_lacks_are_gaps(string file, int ofMeter, int ofWeather) =>
        Assert.Equal(ofMeter + ofWeather, await CountGapsAsync(file, ("time_zone", "UTC"), ("timestamp_label", "start")));

    [Theory]
    [InlineData("meters/ucsd_MusicBuilding_15min_raw.csv.gz", 0, "time_zone=America/Los_Angeles", "unit=kW", "timestamp_label=start")]
    [InlineData("xlsx/Native_Load_2016.xlsx", 8, "time_zone=America/Chicago", "unit=MW", "metric=active_power", "timestamp_label=end")]
    [InlineData("xlsx/Native_Load_2018.xlsx", 0, "time_zone=America/Chicago", "unit=MW", "metric=active_power", "timestamp_label=end")]
    public async Task Clocks_that_change_are_no_gaps(string file, int gaps, params string[] fields) =>
        Assert.Equal(gaps, await CountGapsAsync(file, [.. fields.Select(field => (field.Split('=')[0], field.Split('=')[1]))]));

    private async Task<int> CountGapsAsync(string file, params (string, string)[] fields)
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var content = await File.ReadAllBytesAsync(ImportBench.RealFile(file), TestContext.Current.CancellationToken);
        var (status, job) = await host.ImportAsync(Path.GetFileName(file), content, wait: true, fields);
        Assert.True(status == 200 && job.GetProperty("state").GetString() == "completed", job.GetRawText());

        var findings = (await host.GetAsync("/quality?limit=1000")).GetProperty("findings").EnumerateArray().ToList();
        Assert.All(findings, one => Assert.Equal("gap", one.GetProperty("kind").GetString()));
        var counted = job.GetProperty("flags").TryGetProperty("gap", out var gaps) ? gaps.GetInt32() : 0;
        Assert.Equal(counted, findings.Sum(one => one.GetProperty("values").GetInt32()));
        return counted;
    }
}
