using System.Net.Http.Json;
using System.Text.Json;
using Ems.Tests.Functional;
using Ems.Tests.Unit.Imports;

namespace Ems.Tests.EndToEnd;

/// <summary>The same real files on the embedded store and on MongoDB, RabbitMQ and Redis: every number is the same.</summary>
[Collection("Processes and servers")]
public sealed class SameNumbersTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-9;

    private static readonly string[] Buckets = ["raw", "hour", "day", "month"];
    private static readonly string[] Aggregates = ["sum", "mean", "min", "max", "count", "median", "stddev"];
    private static readonly string[] Groups = ["day", "month", "weekday", "hour_of_day"];

    /// <summary>Of another server, or of the request.</summary>
    private static readonly string[] Own = ["trace_id", "job_id", "created_at", "started_at", "ended_at"];

    private static readonly IReadOnlyList<(string File, (string Name, string Value)[] Fields)> Files =
    [
        ("original/EMS_Energy_Meter_Data.xlsx", [("equipment_id", "IKC0073")]),
        ("meters/nmecr_school_2018_hourly_kWh.csv", [("time_zone", "UTC"), ("timestamp_label", "start")]),
        ("xlsx/example-pm-monthly-meter-usage-1-dup.xlsx", []),
        ("xlsx/example-pm-data-request-with-meters.xlsx", []),
        ("xlsx/PM Meter Data.xlsx", []),
        ("xlsx/example-pm-monthly-meter-usage.xlsx", []),
        ("other/example-GreenButton-data.xml", []),
    ];

    /// <summary>Each read of the stand-in of MongoDB looks at every reading there is, so that these take it long.</summary>
    private static readonly IReadOnlyList<(string File, (string Name, string Value)[] Fields)> LargeFiles =
    [
        .. ((string[])["bdg2_building_1_hourly_kWh", "taltech_ICT_hourly_kWh", "taltech_LIB_hourly_kWh", "taltech_U05_hourly_kWh", "ucsd_MusicBuilding_hourly_kW", "ucsd_SocialScience_hourly_kW"])
            .Select(name => ($"meters/{name}.csv", new[] { ("time_zone", "UTC"), ("timestamp_label", "start") })),
        ("meters/ucsd_MusicBuilding_15min_raw.csv.gz", [("time_zone", "America/Los_Angeles"), ("timestamp_label", "start"), ("unit", "kW"), ("equipment_id", "music")]),
        ("xlsx/Native_Load_2018.xlsx", [("time_zone", "America/Chicago"), ("timestamp_label", "end"), ("metric", "active_power"), ("unit", "MW")]),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Real_files_give_the_same_values_totals_flags_and_counts_on_both_stores()
    {
        TestServers.SkipIfMissing();
        await using var servers = TestServers.Find()!;
        await using MonolithSystem embedded = new(), onServers = new([.. servers.Settings]);
        await embedded.StartAsync();
        await onServers.StartAsync();
        (HttpClient Embedded, HttpClient OnServers) both = (embedded.Api, onServers.Api);
        foreach (var (file, fields) in LongRun.IsOn ? [.. Files, .. LargeFiles] : Files)
        {
            var jobs = (await both.Embedded.ImportAsync(ImportBench.RealFile(file), fields), await both.OnServers.ImportAsync(ImportBench.RealFile(file), fields));
            foreach (var part in (string[])["rows_read", "rows_stored", "rows_duplicate", "rows_rejected", "flags", "mapping"])
            {
                AssertSame(jobs.Item1.GetProperty(part), jobs.Item2.GetProperty(part), $"{file} {part}");
            }
        }

        await SameAsync(both, "data/stats");
        Dictionary<string, int> compared = [];
        foreach (var equipment in (await SameAsync(both, "data/equipment?limit=1000")).GetProperty("equipment").EnumerateArray())
        {
            var metrics = equipment.GetProperty("metrics").EnumerateArray().Select(metric => metric.Text("metric")).Append("energy").ToHashSet();
            foreach (var metric in metrics)
            {
                await CompareAsync(both, equipment.Text("id"), metric, compared);
            }
        }

        // Two equal refusals are no equal values.
        output.WriteLine(string.Join(", ", compared));
        Assert.All([.. Buckets, .. Aggregates, .. Groups.Select(group => $"by {group}")], what => Assert.True(compared.GetValueOrDefault(what) >= 5, what));
    }

    /// <param name="compared">How often answers had values, by what was asked for.</param>
    private static async Task CompareAsync(
        (HttpClient Embedded, HttpClient OnServers) both, string equipment, string metric, Dictionary<string, int> compared)
    {
        foreach (var bucket in Buckets)
        {
            Count(bucket, await SameAsync(both, $"data/series?equipment_id={Uri.EscapeDataString(equipment)}&metric={Uri.EscapeDataString(metric)}&bucket={bucket}"));
        }

        foreach (var aggregate in Aggregates)
        {
            Count(aggregate, await SameAsync(both, "data/aggregate", new { equipment, metric, aggregate }));
        }

        foreach (var group in Groups)
        {
            Count($"by {group}", await SameAsync(both, "data/aggregate", new { equipment, metric, aggregate = "mean", group_by = group }));
        }

        void Count(string what, JsonElement answer) => compared[what] = compared.GetValueOrDefault(what) + (HasValues(answer) ? 1 : 0);
    }

    private static bool HasValues(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Object => answer.EnumerateObject().Any(one => (one.Name == "value" && one.Value.ValueKind == JsonValueKind.Number) || HasValues(one.Value)),
        JsonValueKind.Array => answer.EnumerateArray().Any(HasValues),
        _ => false,
    };

    /// <summary>Asks both; returns the answer of the embedded store.</summary>
    private static async Task<JsonElement> SameAsync((HttpClient Embedded, HttpClient OnServers) both, string route, object? question = null)
    {
        var (expected, actual) = (await AskAsync(both.Embedded, route, question), await AskAsync(both.OnServers, route, question));
        var where = $"{route} {JsonSerializer.Serialize(question)}";
        Assert.True(expected.Status == actual.Status, $"{where}: {expected} but {actual}");
        AssertSame(expected.Body, actual.Body, where);
        return expected.Body;
    }

    private static async Task<(int Status, JsonElement Body)> AskAsync(HttpClient api, string route, object? question)
    {
        var address = new Uri($"/api/v1/{route}", UriKind.Relative);
        using var answer = question is null ? await api.GetAsync(address, Cancel) : await api.PostAsJsonAsync(address, question, Cancel);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement);
    }

    private static void AssertSame(JsonElement expected, JsonElement actual, string where)
    {
        Assert.True(expected.ValueKind == actual.ValueKind, $"{where}: {expected} but {actual}");
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(one => one.Name), actual.EnumerateObject().Select(one => one.Name));
                foreach (var property in expected.EnumerateObject().Where(one => !Own.Contains(one.Name)))
                {
                    AssertSame(property.Value, actual.GetProperty(property.Name), $"{where}.{property.Name}");
                }

                break;
            case JsonValueKind.Array:
                Assert.True(expected.GetArrayLength() == actual.GetArrayLength(), $"{where}: {expected.GetArrayLength()} but {actual.GetArrayLength()}");
                foreach (var (one, other, index) in expected.EnumerateArray().Zip(actual.EnumerateArray(), Enumerable.Range(0, int.MaxValue)))
                {
                    AssertSame(one, other, $"{where}[{index}]");
                }

                break;
            case JsonValueKind.Number:
                var (mine, its) = (expected.GetDouble(), actual.GetDouble());
                Assert.True(Math.Abs(mine - its) <= Tolerance * Math.Max(Math.Abs(mine), Math.Abs(its)), $"{where}: {mine:R} but {its:R}");
                break;
            default:
                Assert.True(expected.ToString() == actual.ToString(), $"{where}: {expected} but {actual}");
                break;
        }
    }
}
