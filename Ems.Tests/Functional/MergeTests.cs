using System.Text.Json;

namespace Ems.Tests.Functional;

public sealed class MergeTests
{
    [Fact]
    public async Task Two_names_of_one_meter_become_one_and_can_be_told_apart_again()
    {
        await using var host = await IntakeHost.StartAsync();
        await SendAsync(host, "main", (1, 10), (2, 20));
        await SendAsync(host, "copy", (2, 21), (3, 30));

        var job = await MergeAsync(host, "main", "copy", 200);
        await SendAsync(host, "copy", (4, 40));

        Assert.Equal("completed 2 copy main", $"{job.GetProperty("state")} {job.GetProperty("rows_changed")} {job.GetProperty("merge").GetProperty("from")} {job.GetProperty("merge").GetProperty("into")}");
        Assert.Equal([("main", 10), ("main", 21), ("main", 30), ("main", 40)], await ValuesAsync(host));
        Assert.Equal("main", (await host.GetAsync("/equipment/copy")).GetProperty("merged_into").GetString());
        await host.PutAsync("/equipment/copy", await host.GetAsync("/equipment/copy"), 200);
        Assert.Equal("main", (await host.GetAsync("/equipment/copy")).GetProperty("merged_into").GetString());

        await host.PostAsync($"/jobs/{job.GetProperty("id")}/undo", "");

        Assert.Equal([("copy", 21), ("copy", 30), ("main", 10), ("main", 20), ("main", 40)], await ValuesAsync(host));
        Assert.Equal("undone", (await host.GetAsync($"/jobs/{job.GetProperty("id")}")).GetProperty("state").GetString());
        Assert.False((await host.GetAsync("/equipment/copy")).TryGetProperty("merged_into", out _));
    }

    [Fact]
    public async Task A_merge_that_makes_no_sense_is_refused_with_its_reason()
    {
        await using var host = await IntakeHost.StartAsync();
        await host.PutAsync("/sites/a", new { }, 201);
        await host.PutAsync("/sites/b", new { }, 201);
        await host.PutAsync("/equipment/a1", new { site = "a" }, 201);
        await host.PutAsync("/equipment/b1", new { site = "b" }, 201);
        await SendAsync(host, "main", (1, 10));
        await SendAsync(host, "copy", (2, 20));
        await SendAsync(host, "third", (3, 30));

        Assert.Equal("EQUIPMENT_NOT_FOUND", Code(await MergeAsync(host, "main", "nobody", 404)));
        Assert.Equal("EQUIPMENT_NOT_FOUND", Code(await MergeAsync(host, "nobody", "main", 404)));
        Assert.Equal("DATA_VALIDATION_FAILED", Code(await MergeAsync(host, "main", "main", 400)));
        Assert.Equal("EQUIPMENT_SITE_MISMATCH", Code(await MergeAsync(host, "a1", "b1", 400)));
        var first = await MergeAsync(host, "main", "copy", 200);
        Assert.Equal("DATA_VALIDATION_FAILED", Code(await MergeAsync(host, "third", "copy", 400)));
        var second = await MergeAsync(host, "third", "main", 200);
        Assert.Equal("REQUEST_REFUSED", Code(await host.PostAsync($"/jobs/{first.GetProperty("id")}/undo", "", 409)));
        await host.PostAsync($"/jobs/{second.GetProperty("id")}/undo", "");
        await host.PostAsync($"/jobs/{first.GetProperty("id")}/undo", "");
        Assert.Equal([("copy", 20), ("main", 10), ("third", 30)], await ValuesAsync(host));
    }

    private static string? Code(JsonElement problem) => problem.GetProperty("code").GetString();

    private static Task<JsonElement> MergeAsync(IntakeHost host, string into, string from, int expectedStatus) =>
        host.PostAsync($"/equipment/{into}/merge", $$"""{"from":"{{from}}"}""", expectedStatus);

    private static Task<JsonElement> SendAsync(IntakeHost host, string equipment, params (int Hour, double Value)[] values) => host.PostAsync(
        "/ingest/realtime",
        JsonSerializer.Serialize(values.Select(one => new
        {
            equipment_id = equipment,
            timestamp = $"2025-06-11T{one.Hour:00}:00:00Z",
            active_power = one.Value,
        })));

    private static async Task<IEnumerable<(string, double)>> ValuesAsync(IntakeHost host) =>
        (await host.ValuesAsync()).Select(one => (one.Series.Key.EquipmentId, one.Sample.Value));
}
