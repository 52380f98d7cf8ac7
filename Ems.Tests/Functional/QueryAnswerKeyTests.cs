using System.Globalization;
using System.Text.Json;
using Ems.Core.Metering;
using NodaTime;
using NodaTime.Text;

namespace Ems.Tests.Functional;

/// <summary>Plain aggregates of real hourly meters, worked out elsewhere.</summary>
public sealed class QueryAnswerKeyTests
{
    private static readonly LocalDateTimePattern Times = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");

    [Theory]
    [InlineData("bdg2_building_1_hourly_kWh")]
    [InlineData("nmecr_school_2018_hourly_kWh")]
    [InlineData("taltech_ICT_hourly_kWh")]
    [InlineData("taltech_LIB_hourly_kWh")]
    [InlineData("taltech_U05_hourly_kWh")]
    [InlineData("ucsd_MusicBuilding_hourly_kW")]
    [InlineData("ucsd_SocialScience_hourly_kW")]
    public async Task A_real_meter_gives_every_number_of_the_answer_key(string file)
    {
        var folder = Environment.GetEnvironmentVariable("EMS_TEST_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "EMS_TEST_DATA does not name the folder of real files.");
        await using var host = await QueryHost.StartAsync();
        await LoadAsync(host, file, Path.Combine(folder!, "meters", $"{file}.csv"));
        var key = (await File.ReadAllLinesAsync(Path.Combine(folder!, "nlq", "answer_key_meters.csv"), TestContext.Current.CancellationToken))
            .Select(line => line.Split(',')).Where(row => row[0] == $"{file}.csv" && row[^3] != "rows").ToList();
        Assert.NotEmpty(key);

        foreach (var row in key)
        {
            await CheckAsync(host, file, row[2], double.Parse(row[^2], CultureInfo.InvariantCulture), row[^1]);
        }
    }

    private static async Task CheckAsync(QueryHost host, string file, string question, double expected, string when)
    {
        switch (question)
        {
            case "sum of all hourly values":
                await ExpectAsync("sum", "");
                break;
            case "mean":
                await ExpectAsync("mean", "");
                break;
            case "maximum":
                Assert.Equal(Iso(when), (await ExpectAsync("max", "")).GetProperty("at").GetString());
                break;
            case "minimum":
                Assert.Equal(Iso(when), (await ExpectAsync("min", "")).GetProperty("at").GetString());
                break;
            case "mean on weekdays (Mon-Fri)":
                await ExpectAsync("mean", ""","filters":{"weekdays":[1,2,3,4,5]}""");
                break;
            case "mean at weekends":
                await ExpectAsync("mean", ""","filters":{"weekdays":["saturday","sun"]}""");
                break;
            case "hour of day (0-23) with the highest mean":
                var hour = await ExpectAsync("mean", ""","group_by":"hour_of_day","order":"desc","limit":1""");
                Assert.Equal(int.Parse(when, CultureInfo.InvariantCulture), hour.GetProperty("hour_of_day").GetInt32());
                break;
            case "missing hours between first and last":
                var series = await host.GetAsync($"/series?equipment_id={file}&metric=energy&bucket=hour");
                var points = series.GetProperty("series")[0].GetProperty("points").EnumerateArray();
                Assert.Equal((int)expected, points.Count(p => p.GetProperty("value").ValueKind == JsonValueKind.Null));
                break;
            case "monthly total":
                var month = LocalDatePattern.Iso.Parse($"{when}-01").Value;
                await ExpectAsync("sum", $""","from":"{month:uuuu-MM-dd}","to":"{month.PlusMonths(1):uuuu-MM-dd}" """);
                break;
            default:
                Assert.StartsWith("day with the highest daily total", question, StringComparison.Ordinal);
                var day = await ExpectAsync("sum", ""","group_by":"day","filters":{"min_coverage":0.8},"order":"desc","limit":1""");
                Assert.Equal(when, day.GetProperty("day").GetString());
                break;
        }

        async Task<JsonElement> ExpectAsync(string aggregate, string rest)
        {
            var answer = await host.AskAsync($$"""{"metric":"energy","equipment":"{{file}}","aggregate":"{{aggregate}}"{{rest}}}""");
            var row = answer.GetProperty("rows")[0];
            Assert.Equal(expected, row.GetProperty("value").GetDouble(), 0.00051);
            return row;
        }
    }

    private static string Iso(string when) => when.Replace(' ', 'T') + "Z";

    private static async Task LoadAsync(QueryHost host, string id, string path)
    {
        var isPower = id.EndsWith("_kW", StringComparison.Ordinal);
        var values = (await File.ReadAllLinesAsync(path)).Skip(1).Select(line => line.Split(','))
            .Where(cells => cells[1].Length > 0)
            .Select(cells => (Start: Times.Parse(cells[0]).Value.InUtc().ToInstant(), Value: double.Parse(cells[1], CultureInfo.InvariantCulture)))
            .DistinctBy(v => v.Start);
        await host.WriteAsync(
            id, isPower ? "active_power" : "energy", isPower ? QuantityKind.Level : QuantityKind.Interval, isPower ? "kW" : "kWh",
            Duration.FromHours(1), values);
    }
}
