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
        var mismatch = await MergeAsync(host, "a1", "b1", 400);
        Assert.Equal(("EQUIPMENT_SITE_MISMATCH", "from"), (Code(mismatch), Field(mismatch)));
        var unknown = await host.PostAsync("/equipment/main/merge", """{"from":"copy","into":"third"}""", 400);
        Assert.Equal(("DATA_VALIDATION_FAILED", "into"), (Code(unknown), Field(unknown)));
        var first = await MergeAsync(host, "main", "copy", 200);
        Assert.Equal("DATA_VALIDATION_FAILED", Code(await MergeAsync(host, "third", "copy", 400)));
        var second = await MergeAsync(host, "third", "main", 200);
        Assert.Equal("REQUEST_REFUSED", Code(await host.PostAsync($"/jobs/{first.GetProperty("id")}/undo", "", 409)));
        await host.PostAsync($"/jobs/{second.GetProperty("id")}/undo", "");
        await host.PostAsync($"/jobs/{first.GetProperty("id")}/undo", "");
        Assert.Equal([("copy", 20), ("main", 10), ("third", 30)], await ValuesAsync(host));
    }

    [Fact]
    public async Task A_virtual_meter_neither_takes_readings_nor_gives_any()
    {
        await using var host = await IntakeHost.StartAsync();
        await SendAsync(host, "main", (1, 10));
        await SendAsync(host, "copy", (2, 20));
        await host.PutAsync("/equipment/sum", JsonDocument.Parse("""{"virtual":{"plus":["main"]}}""").RootElement, 201);

        Assert.Equal("from", Field(await MergeAsync(host, "sum", "copy", 400)));
        Assert.Equal("from", Field(await MergeAsync(host, "copy", "sum", 400)));
        await MergeAsync(host, "main", "copy", 200);
        var refused = await host.PutAsync("/equipment/copy", JsonDocument.Parse("""{"virtual":{"plus":["main"]}}""").RootElement, 400);

        Assert.Equal("virtual", Field(refused));
        Assert.Equal([("main", 10), ("main", 20)], await ValuesAsync(host));
    }

    [Fact]
    public async Task What_comes_for_the_other_name_is_checked_as_what_it_belongs_to()
    {
        await using var host = await IntakeHost.StartAsync();
        await host.PutAsync("/sites/berlin", new { time_zone = "Europe/Berlin" }, 201);
        await host.PutAsync("/sites/chicago", new { time_zone = "America/Chicago" }, 201);
        await SendAsync(host, "main", (10, 1));
        await host.PostAsync("/ingest/realtime", """{"equipment_id":"main","timestamp":"2025-06-11T09:00:00Z","temperature":20}""");
        await SendAsync(host, "copy", (2, 20));
        await MergeAsync(host, "main", "copy", 200);
        await host.PutAsync("/equipment/main", new { site = "berlin" }, 200);
        await host.PutAsync("/equipment/copy", new { site = "chicago" }, 200);
        const string local = """{"equipment_id":"copy","timestamp":"2025-06-11T12:00:00","active_power":1}""";
        const string both = """[{"equipment_id":"copy","timestamp":"2025-06-11T12:00Z","active_power":1},{"equipment_id":"main","timestamp":"2025-06-11T12:00Z","active_power":2}]""";

        var validated = await host.PostAsync("/validate", local);
        var stored = await host.PostAsync("/ingest/realtime", local);
        var contradicting = await host.PostAsync("/ingest/realtime", both);

        Assert.Equal((1, 1), (validated.GetProperty("duplicate").GetInt32(), stored.GetProperty("duplicate").GetInt32()));
        Assert.Equal("missing_temperature", Assert.Single(validated.GetProperty("readings")[0].GetProperty("flags").EnumerateArray()).GetString());
        Assert.Equal(2, contradicting.GetProperty("rejected").GetArrayLength());
    }

    [Fact]
    public async Task What_comes_for_a_name_that_belongs_to_a_virtual_meter_is_rejected()
    {
        await using var host = await IntakeHost.StartAsync();
        await SendAsync(host, "part", (1, 10));
        await host.PutAsync("/equipment/main", new { }, 201);
        await host.PutAsync("/equipment/copy", new { }, 201);
        await MergeAsync(host, "main", "copy", 200);
        await host.PutAsync("/equipment/main", JsonDocument.Parse("""{"virtual":{"plus":["part"]}}""").RootElement, 200);

        var receipt = await SendAsync(host, "copy", (2, 20));

        Assert.Contains("main is a virtual meter", Assert.Single(receipt.GetProperty("rejected").EnumerateArray()).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal([("part", 10)], await ValuesAsync(host));
    }

    [Theory]
    [InlineData("""{"virtual":{"plus":["main","copy"]}}""")]
    [InlineData("""{"virtual":{"plus":["other"],"minus":["copy","main"]}}""")]
    public async Task A_virtual_meter_of_two_names_of_one_meter_is_refused_with_both(string body)
    {
        await using var host = await IntakeHost.StartAsync();
        await SendAsync(host, "main", (1, 10));
        await SendAsync(host, "copy", (2, 20));
        await SendAsync(host, "other", (2, 20));
        await MergeAsync(host, "main", "copy", 200);

        var refused = await host.PutAsync("/equipment/sum", JsonDocument.Parse(body).RootElement, 400);

        Assert.Equal("virtual", Field(refused));
        var message = refused.GetProperty("errors")[0].GetProperty("message").GetString()!;
        Assert.Contains("names equipment twice", message, StringComparison.Ordinal);
        Assert.Contains("copy", message, StringComparison.Ordinal);
        Assert.Contains("main", message, StringComparison.Ordinal);
    }

    private static string? Field(JsonElement problem) => Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString();

    [Theory]
    [InlineData("multiplier", """{"multiplier":20}""", "20", "1")]
    [InlineData("multiplier", """{"multiplier":[{"value":1},{"from":"2026-05-01T00:00:00Z","value":40}]}""", "[{\"value\":1},{\"from\":\"2026-05-01T00:00:00Z\",\"value\":40}]", "1")]
    [InlineData("export", """{"export":true}""", "true", "false")]
    [InlineData("carrier", """{"carrier":"gas"}""", "gas", "electricity")]
    [InlineData("site", """{"site":"berlin"}""", "berlin", "none")]
    [InlineData("parent", """{"parent":"above"}""", "above", "none")]
    public async Task A_merge_that_would_read_values_by_what_holds_for_another_meter_is_refused_with_both_and_the_way_out(
        string what, string body, string ofSource, string ofTarget)
    {
        await using var host = await IntakeHost.StartAsync();
        await host.PutAsync("/sites/berlin", new { time_zone = "Europe/Berlin" }, 201);
        await host.PutAsync("/equipment/above", new { }, 201);
        await host.PutAsync("/equipment/empty", JsonDocument.Parse(body).RootElement, 201);
        await host.PutAsync("/equipment/copy", JsonDocument.Parse(body).RootElement, 201);
        await SendAsync(host, "main", (1, 10));
        await SendAsync(host, "copy", (2, 20));

        var problem = await MergeAsync(host, "main", "copy", 400);

        Assert.Equal("DATA_VALIDATION_FAILED", Code(problem));
        var message = problem.GetProperty("errors")[0].GetProperty("message").GetString()!;
        Assert.Contains($"the {what} of copy is {ofSource} and that of main is {ofTarget}", message, StringComparison.Ordinal);
        Assert.Contains("PUT data/equipment/copy", message, StringComparison.Ordinal);
        await MergeAsync(host, "main", "empty", 200);
        await host.PutAsync("/equipment/copy", new { }, 200);
        await MergeAsync(host, "main", "copy", 200);
        Assert.Equal([("main", 10), ("main", 20)], await ValuesAsync(host));
    }

    [Fact]
    public async Task Two_names_below_one_meter_are_joined_whichever_of_its_names_they_are_below()
    {
        await using var host = await IntakeHost.StartAsync();
        await host.PutAsync("/equipment/above", new { }, 201);
        await host.PutAsync("/equipment/above-copy", new { }, 201);
        await host.PutAsync("/equipment/main", new { parent = "above" }, 201);
        await host.PutAsync("/equipment/copy", new { parent = "above-copy" }, 201);
        await SendAsync(host, "copy", (2, 20));
        await MergeAsync(host, "main", "copy", 400);

        await MergeAsync(host, "above", "above-copy", 200);
        await MergeAsync(host, "main", "copy", 200);

        Assert.Equal([("main", 20)], await ValuesAsync(host));
    }

    [Fact]
    public async Task Readings_of_a_copy_of_which_nothing_is_said_are_read_by_what_is_said_of_the_meter()
    {
        await using var host = await IntakeHost.StartAsync();
        await host.PutAsync("/sites/berlin", new { time_zone = "Europe/Berlin" }, 201);
        await host.PutAsync("/equipment/above", new { }, 201);
        await host.PutAsync("/equipment/main", new { multiplier = 40, export = true, site = "berlin", parent = "above" }, 201);
        await SendAsync(host, "copy", (2, 20));

        await MergeAsync(host, "main", "copy", 200);

        Assert.Equal([("main", 20)], await ValuesAsync(host));
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
