using System.Globalization;
using System.Text;
using System.Text.Json;
using Ems.Core.Storage;

namespace Ems.Tests.Functional;

public sealed class UndoTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-undo-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_corrected_month_changes_what_differs_and_history_tells_what_was_there()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await ImportAsync(host, 1, 2, 3);

        var corrected = await ImportAsync(host, 1, 20, 3, 4);
        var history = await host.GetAsync("/history?equipment_id=m&from=2024-05-01T00:00Z&to=2024-05-02T00:00");

        Assert.Equal("completed 1 stored 2 duplicate 1 changed", Counts(corrected));
        var change = Assert.Single(history.GetProperty("changes").EnumerateArray());
        Assert.Equal(
            $"m energy kWh 2024-05-01T01:00:00+00:00 2 20 {corrected.GetProperty("id")}",
            $"{change.GetProperty("equipment_id")} {change.GetProperty("metric")} {change.GetProperty("unit")} {change.GetProperty("start")} {change.GetProperty("old_value")} {change.GetProperty("new_value")} {change.GetProperty("job_id")}");
        Assert.Equal(JsonValueKind.Null, history.GetProperty("next_cursor").ValueKind);
    }

    [Fact]
    public async Task A_preliminary_month_that_becomes_final_has_a_history_though_its_numbers_stay()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        await ImportAsync("E", "E");

        var final = await ImportAsync("A", "E");
        var history = await host.GetAsync("/history?equipment_id=m");
        var csv = (await host.Client.GetStringAsync("/history?equipment_id=m&format=csv", Cancel)).Split("\r\n");

        Assert.Equal("completed 0 stored 1 duplicate 1 changed", Counts(final));
        var change = Assert.Single(history.GetProperty("changes").EnumerateArray());
        Assert.Equal("1 1 True False", string.Join(' ', ((string[])["old_value", "new_value", "old_estimated", "new_estimated"]).Select(name => change.GetProperty(name))));
        Assert.EndsWith("job_id,old_estimated,new_estimated", csv[0], StringComparison.Ordinal);
        Assert.EndsWith("true,false", csv[1], StringComparison.OrdinalIgnoreCase);

        async Task<JsonElement> ImportAsync(string first, string second)
        {
            var text = $"timestamp,kWh,Status\n2024-05-01 00:00,1,{first}\n2024-05-01 01:00,2,{second}\n";
            return (await host.ImportAsync("m.csv", Encoding.UTF8.GetBytes(text), wait: true, ("equipment_id", "m"))).Body;
        }
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("cba")]
    [InlineData("bca")]
    [InlineData("acb")]
    public async Task Undo_puts_back_what_the_job_did_in_any_order(string order)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        double?[][] written = [[1, 2, 3, null], [1, 20, 3, null], [null, 20, 30, 40]];
        var ids = new Dictionary<char, string>();
        for (var i = 0; i < written.Length; i++)
        {
            ids["abc"[i]] = (await ImportAsync(host, written[i])).GetProperty("id").GetString()!;
        }

        Assert.Equal([1, 20, 30, 40], await ValuesAsync(host));
        var left = "abc";
        foreach (var job in order)
        {
            var undone = await UndoAsync(host, ids[job], 200);
            left = left.Replace($"{job}", "", StringComparison.Ordinal);

            Assert.Equal("undone", undone.GetProperty("state").GetString());
            Assert.Equal(Enumerable.Range(0, 4).Select(hour => left.Select(one => written["abc".IndexOf(one, StringComparison.Ordinal)][hour])
                .LastOrDefault(value => value is not null)).OfType<double>(), await ValuesAsync(host));
        }

        Assert.Empty((await host.GetAsync("/equipment")).GetProperty("equipment").EnumerateArray());
        Assert.Equal("undone", (await UndoAsync(host, ids['a'], 200)).GetProperty("state").GetString());
        Assert.Equal("completed 3 stored 0 duplicate 0 changed", Counts(await ImportAsync(host, 1, 2, 3)));
    }

    [Fact]
    public async Task A_value_that_a_later_identical_import_confirmed_stays()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var first = await ImportAsync(host, 1, 2, 3);
        var second = await ImportAsync(host, 1, 2);

        await UndoAsync(host, first.GetProperty("id").GetString()!, 200);

        Assert.Equal("completed 0 stored 2 duplicate 0 changed", Counts(second));
        Assert.Equal([1, 2], await ValuesAsync(host));
    }

    [Fact]
    public async Task A_job_that_runs_is_cancelled_first_and_then_undone()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:ImportBatchSize=10");
        var (_, job) = await host.ImportAsync("m.csv", File([.. Enumerable.Range(0, 40_000).Select(i => (double?)(i % 7))]), wait: false, ("equipment_id", "m"));
        var id = job.GetProperty("id").GetString()!;
        while ((await host.GetAsync($"/jobs/{id}")).GetProperty("rows_stored").GetInt32() == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        }

        Assert.Equal("REQUEST_REFUSED", (await UndoAsync(host, id, 409)).GetProperty("code").GetString());
        using var cancelled = await host.Client.DeleteAsync($"/jobs/{id}", Cancel);
        var stopped = await cancelled.JsonAsync();
        Assert.Equal("cancelled", stopped.GetProperty("state").GetString());
        Assert.InRange(stopped.GetProperty("rows_stored").GetInt32(), 10, 39_990);
        Assert.NotEqual(JsonValueKind.Null, stopped.GetProperty("ended_at").ValueKind);

        await UndoAsync(host, id, 200);

        Assert.Empty(await host.Store.ListSeriesAsync(null, null, Cancel));
        Assert.Equal("JOB_NOT_FOUND", (await UndoAsync(host, "none", 404)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Events_tell_of_the_job_until_it_has_ended()
    {
        await using var host = await ImportHost.StartAsync(_folder, "--Ems:Ingestion:ImportBatchSize=500");
        var (_, job) = await host.ImportAsync("m.csv", File([.. Enumerable.Range(0, 20_000).Select(i => (double?)(i % 7))]), wait: false, ("equipment_id", "m"));

        using var response = await host.Client.GetAsync($"/jobs/{job.GetProperty("id")}/events", HttpCompletionOption.ResponseHeadersRead, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, one => Assert.StartsWith("event: job\ndata: {", one, StringComparison.Ordinal));
        var states = events.Select(one => JsonDocument.Parse(one[one.IndexOf('{', StringComparison.Ordinal)..]).RootElement).ToList();
        Assert.All(states.Zip(states.Skip(1)), pair => Assert.True(
            pair.First.GetProperty("percentage").GetDouble() <= pair.Second.GetProperty("percentage").GetDouble()));
        Assert.Equal("completed 20000 stored 0 duplicate 0 changed", Counts(states[^1]));
        Assert.True(states[^1].GetProperty("rows_per_second").GetDouble() > 0);
        Assert.All(states.Where(state => state.GetProperty("rows_read").GetInt32() > 0), state => Assert.Equal(JsonValueKind.Number, state.GetProperty("rows_per_second").ValueKind));
        Assert.Equal(20_000, states[^1].GetProperty("rows_read").GetInt32());
        Assert.Equal("JOB_NOT_FOUND", (await host.GetAsync("/jobs/none/events")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task History_comes_in_pages_and_as_a_file_and_refuses_what_it_does_not_understand()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        foreach (var value in new double?[] { 1, 2, 3, 4 })
        {
            await ImportAsync(host, value, value);
        }

        var first = await host.GetAsync("/history?equipment_id=m&limit=4");
        var second = await host.GetAsync($"/history?equipment_id=m&limit=4&cursor={first.GetProperty("next_cursor").GetString()}");
        var csv = await host.Client.GetStringAsync("/history?equipment_id=m&format=csv", Cancel);

        Assert.Equal([4, 4, 3, 3], NewValues(first));
        Assert.Equal([2, 2], NewValues(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_cursor").ValueKind);
        Assert.Equal(7, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("EQUIPMENT_NOT_FOUND", await CodeAsync("equipment_id=x"));
        Assert.Equal("DATA_VALIDATION_FAILED", await CodeAsync("metric=energy"));
        Assert.Equal("DATA_VALIDATION_FAILED", await CodeAsync("equipment_id=m&cursor=bm9uZQ"));
        Assert.Equal("DATA_VALIDATION_FAILED", await CodeAsync($"equipment_id=m&cursor={Convert.ToBase64String("99999999999999999999 1 11"u8)}"));
        Assert.Equal("INVALID_TIME_RANGE", await CodeAsync("equipment_id=m&from=yesterday"));
        Assert.Equal("INVALID_TIME_RANGE", await CodeAsync("equipment_id=m&from=2024-05-02&to=2024-05-01"));

        async Task<string?> CodeAsync(string query) => (await host.GetAsync($"/history?{query}")).GetProperty("code").GetString();
    }

    [Fact]
    public async Task A_file_of_history_holds_all_changes_however_many_there_are()
    {
        const int Count = 100_002;
        await using var host = await ImportHost.StartAsync(_folder);
        foreach (var value in new[] { 1, 2 })
        {
            var rows = Enumerable.Range(0, Count).Select(i => $"{new DateTime(2024, 5, 1).AddMinutes(i):yyyy-MM-dd HH:mm},{value + (i % 2)}\n");
            var (_, job) = await host.ImportAsync("m.csv", Encoding.UTF8.GetBytes($"time,kWh\n{string.Concat(rows)}"), wait: true);
            Assert.Equal("completed", job.GetProperty("state").GetString());
        }

        var csv = await host.Client.GetStringAsync("/history?equipment_id=m&format=csv", Cancel);

        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((Count + 1, Count + 1), (lines.Length, lines.Distinct().Count()));
    }

    [Fact]
    public async Task A_metric_of_one_s_own_takes_unit_and_kind_anew_when_all_of_it_was_undone_and_no_other_before()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var (_, wrong) = await ImportPressureAsync(host, "psi", "level");

        var (_, otherUnit) = await ImportPressureAsync(host, "bar", "level");
        var (_, otherKind) = await ImportPressureAsync(host, "psi", "interval");
        await UndoAsync(host, wrong.GetProperty("id").GetString()!, 200);
        var (_, right) = await ImportPressureAsync(host, "bar", "interval");

        Assert.Equal(["failed", "failed", "completed"], new[] { otherUnit, otherKind, right }.Select(job => job.GetProperty("state").GetString()));
        Assert.Contains("kind level", otherKind.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        var metric = Assert.Single((await host.GetAsync("/equipment/m")).GetProperty("metrics").EnumerateArray());
        Assert.Equal("pressure bar interval 2", $"{metric.GetProperty("metric")} {metric.GetProperty("unit")} {metric.GetProperty("kind")} {metric.GetProperty("count")}");

        static Task<(int Status, JsonElement Body)> ImportPressureAsync(ImportHost host, string unit, string kind) => host.ImportAsync(
            "m.csv", "timestamp,P\n2024-05-01 00:00,1\n2024-05-01 01:00,2\n"u8.ToArray(), wait: true, ("equipment_id", "m"), ("timestamp_label", "start"),
            ("mapping", $$"""{"columns":[{"column":"P","metric":"pressure","unit":"{{unit}}","kind":"{{kind}}"}]}"""));
    }

    private static IEnumerable<double> NewValues(JsonElement page) =>
        page.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("new_value").GetDouble());

    private static byte[] File(double?[] values)
    {
        var text = new StringBuilder("timestamp,kWh\n");
        for (var i = 0; i < values.Length; i++)
        {
            text.Append(values[i] is { } value
                ? string.Create(CultureInfo.InvariantCulture, $"{new DateTime(2024, 5, 1).AddHours(i):yyyy-MM-dd HH:mm},{value}\n")
                : "");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static async Task<JsonElement> ImportAsync(ImportHost host, params double?[] values)
    {
        var (status, job) = await host.ImportAsync("m.csv", File(values), wait: true, ("equipment_id", "m"));
        Assert.Equal((200, "completed"), (status, job.GetProperty("state").GetString()));
        return job;
    }

    private static async Task<JsonElement> UndoAsync(ImportHost host, string id, int expectedStatus)
    {
        using var response = await host.Client.PostAsync($"/jobs/{id}/undo", null, Cancel);
        return await response.JsonAsync(expectedStatus);
    }

    private static async Task<IEnumerable<double>> ValuesAsync(ImportHost host)
    {
        var series = await host.Store.ListSeriesAsync(["m"], null, Cancel);
        return series.Count == 0
            ? []
            : (await host.Store.ReadAsync(Assert.Single(series).Key, series[0].FirstAt, series[0].EndAt, 0, Cancel)).Select(sample => sample.Value);
    }

    private static string Counts(JsonElement job) =>
        $"{job.GetProperty("state")} {job.GetProperty("rows_stored")} stored {job.GetProperty("rows_duplicate")} duplicate {job.GetProperty("rows_changed")} changed";
}
