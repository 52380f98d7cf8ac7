using System.Text.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Functional;

public sealed class IntakeTests
{
    private const string Route = "/ingest/realtime";

    [Fact]
    public async Task A_reading_may_be_sent_alone_in_an_array_or_under_a_name_and_nested_or_flat()
    {
        await using var host = await IntakeHost.StartAsync();

        await Accept(host, """{"equipment_id":"a","timestamp":"2025-06-11T05:46:22.41+02:00","values":{"voltage":230.5}}""", 1);
        await Accept(host, """[{"equipment_id":"b","timestamp":"2025-06-11T05:46Z","current":3,"cfm":100,"temperature":null}]""", 1);
        await Accept(host, """{"source":"x","readings":[{"equipment_id":"c","timestamp":"2025-06-11 05:46:00Z","steam_flow":7}]}""", 1);
        await Accept(host, "[]", 0);

        var values = await host.ValuesAsync();
        Assert.Equal(["a/voltage", "b/airflow", "b/current", "c/steam_flow"], values.Select(Name));
        Assert.Equal(
            new Sample(Instant.FromUtc(2025, 6, 11, 3, 46, 22) + Duration.FromMilliseconds(410), Duration.Zero, 230.5), values[0].Sample);
        Assert.Equal((QuantityKind.Level, 7), (values[3].Series.Kind, values[3].Sample.Value));
    }

    [Fact]
    public async Task What_is_sent_again_is_a_duplicate_and_what_differs_a_change()
    {
        await using var host = await IntakeHost.StartAsync();
        const string reading = """{"equipment_id":"a","timestamp":"2025-06-11T05:46:00Z","voltage":230}""";

        await Accept(host, reading, 1);
        var again = await host.PostAsync(Route, reading);
        var corrected = await host.PostAsync(Route, reading.Replace("230", "231"));

        Assert.Equal((0, 1, 0), Counts(again));
        Assert.Equal((0, 0, 1), Counts(corrected));
    }

    [Fact]
    public async Task Readings_of_one_identity_are_merged_when_they_agree_and_rejected_when_they_contradict()
    {
        await using var host = await IntakeHost.StartAsync();

        var receipt = await host.PostAsync(Route, """
            [{"equipment_id":"a","timestamp":"2025-06-11T05:46:00Z","voltage":230},
             {"equipment_id":"a","timestamp":"2025-06-11T07:46:00+02:00","voltage":230},
             {"equipment_id":"a","timestamp":"2025-06-11T05:46:00Z","current":5},
             {"equipment_id":"b","timestamp":"2025-06-11T05:46:00Z","voltage":230},
             {"equipment_id":"b","timestamp":"2025-06-11T05:46:00Z","voltage":231},
             {"equipment_id":"a","timestamp":"2025-06-11T05:46:00Z","duration_seconds":900,"voltage":240}]
            """);

        Assert.Equal((3, 1, 0), Counts(receipt));
        Assert.Equal([(3, "DUPLICATE_IN_FILE"), (4, "DUPLICATE_IN_FILE")], Rejected(receipt));
        Assert.Equal(["a/current", "a/voltage", "a/voltage"], (await host.ValuesAsync()).Select(Name));
    }

    [Theory]
    [InlineData("""{"timestamp":"2025-06-11T05:46Z","voltage":230}""", "DATA_VALIDATION_FAILED")]
    [InlineData("""{"equipment_id":"a/b","timestamp":"2025-06-11T05:46Z","voltage":230}""", "DATA_VALIDATION_FAILED")]
    [InlineData("""{"equipment_id":7,"timestamp":"2025-06-11T05:46Z","voltage":230}""", "DATA_VALIDATION_FAILED")]
    [InlineData("""{"equipment_id":"a","voltage":230}""", "INVALID_TIMESTAMP")]
    [InlineData("""{"equipment_id":"a","timestamp":"11.06.2025 05:46","voltage":230}""", "INVALID_TIMESTAMP")]
    [InlineData("""{"equipment_id":"a","timestamp":1749620782,"voltage":230}""", "INVALID_TIMESTAMP")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z"}""", "DATA_VALIDATION_FAILED")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","voltage":"230"}""", "DATA_VALIDATION_FAILED")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","values":[230]}""", "DATA_VALIDATION_FAILED")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","voltage":1e999}""", "VALUE_OUT_OF_RANGE")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","voltage":1001}""", "VALUE_OUT_OF_RANGE")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","cfm":1,"airflow":1}""", "DATA_VALIDATION_FAILED")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","a/b":1}""", "DATA_VALIDATION_FAILED")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","duration_seconds":-1,"energy":1}""", "DATA_VALIDATION_FAILED")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","duration_seconds":900,"energy_import_register":1}""", "DATA_VALIDATION_FAILED")]
    [InlineData("7", "DATA_VALIDATION_FAILED")]
    public async Task A_faulty_reading_is_rejected_alone_with_its_index_and_code(string faulty, string code)
    {
        await using var host = await IntakeHost.StartAsync();

        var receipt = await host.PostAsync(
            Route, $$"""[{"equipment_id":"ok","timestamp":"2025-06-11T05:46Z","voltage":230},{{faulty}}]""");

        Assert.Equal((1, 0, 0), Counts(receipt));
        Assert.Equal([(1, code)], Rejected(receipt));
        Assert.Equal(["ok/voltage"], (await host.ValuesAsync()).Select(Name));
    }

    [Fact]
    public async Task Each_value_out_of_range_is_rejected_by_itself_and_the_others_of_its_reading_stored()
    {
        await using var host = await IntakeHost.StartAsync();

        var receipt = await host.PostAsync(Route, """
            [{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","voltage":1001,"current":5,"power_factor":2},
             {"equipment_id":"b","timestamp":"2025-06-11T05:46Z","voltage":1001,"temperature":900}]
            """);

        Assert.Equal((1, 0, 0), Counts(receipt));
        Assert.Equal([(0, "VALUE_OUT_OF_RANGE"), (0, "VALUE_OUT_OF_RANGE"), (1, "VALUE_OUT_OF_RANGE"), (1, "VALUE_OUT_OF_RANGE")], Rejected(receipt));
        Assert.Equal(
            ["voltage", "power_factor", "voltage", "temperature"],
            receipt.GetProperty("rejected").EnumerateArray().Select(one => one.GetProperty("message").GetString()!.Split(' ')[0]));
        Assert.Equal(["a/current"], (await host.ValuesAsync()).Select(Name));
    }

    [Fact]
    public async Task A_value_that_is_no_number_is_rejected_by_itself_and_the_others_of_its_reading_stored()
    {
        await using var host = await IntakeHost.StartAsync();

        var receipt = await host.PostAsync(Route, """
            [{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","values":{"voltage":"230","current":5,"frequency":true,"temperature":null}},
             {"equipment_id":"b","timestamp":"2025-06-11T05:46Z","voltage":"n/a"}]
            """);

        Assert.Equal((1, 0, 0), Counts(receipt));
        Assert.Equal([(0, "DATA_VALIDATION_FAILED"), (0, "DATA_VALIDATION_FAILED"), (1, "DATA_VALIDATION_FAILED")], Rejected(receipt));
        Assert.Equal(
            ["voltage must be a number, but is a string.", "frequency must be a number, but is a boolean.", "voltage must be a number, but is a string."],
            receipt.GetProperty("rejected").EnumerateArray().Select(one => one.GetProperty("message").GetString()));
        Assert.Equal(["a/current"], (await host.ValuesAsync()).Select(Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","voltage":NaN}""")]
    [InlineData("""{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","voltage":1} x""")]
    [InlineData("""{"equipment_id":"\ud800","timestamp":"2025-06-11T05:46Z","voltage":1}""")]
    public async Task What_is_not_json_is_a_problem_and_stores_nothing(string body)
    {
        await using var host = await IntakeHost.StartAsync();

        var problem = await host.PostAsync(Route, body, 400);

        Assert.Equal("DATA_VALIDATION_FAILED", problem.GetProperty("code").GetString());
        Assert.Equal("$", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
        Assert.Empty(await host.ValuesAsync());
    }

    [Fact]
    public async Task What_does_not_say_that_it_is_json_is_an_unsupported_media_type()
    {
        await using var host = await IntakeHost.StartAsync();

        using var answer = await host.Client.PostAsync(Route, new ByteArrayContent("{}"u8.ToArray()), TestContext.Current.CancellationToken);

        Assert.Equal("UNSUPPORTED_MEDIA_TYPE", (await answer.JsonAsync(415)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_request_over_the_limit_is_refused_whole()
    {
        await using var host = await IntakeHost.StartAsync("--Ems:Ingestion:BatchSize=2", "--Ems:Ingestion:MaxBatchBytes=1024");
        static string Batch(int count) => "[" + string.Join(',', Enumerable.Range(0, count).Select(
            i => $$"""{"equipment_id":"a","timestamp":"2025-06-11T05:0{{i}}Z","voltage":230}""")) + "]";

        await Accept(host, Batch(2), 2);
        var tooMany = await host.PostAsync(Route, Batch(3), 413);
        var tooLong = await host.PostAsync(Route, Batch(1).PadRight(1025), 413);

        Assert.Equal("BATCH_TOO_LARGE", tooMany.GetProperty("code").GetString());
        Assert.Equal("BATCH_TOO_LARGE", tooLong.GetProperty("code").GetString());
        Assert.All([tooMany, tooLong], problem => Assert.Single(problem.GetProperty("errors").EnumerateArray()));
        Assert.Equal(2, (await host.ValuesAsync()).Count);
    }

    [Fact]
    public async Task A_local_time_is_read_in_the_zone_of_the_site_and_refused_where_it_is_not_one_instant()
    {
        await using var host = await IntakeHost.StartAsync("--Ems:TimeZone=America/Chicago");
        await host.PutAsync("/sites/berlin", new { time_zone = "Europe/Berlin" }, 201);
        await host.PutAsync("/equipment/b", new { site = "berlin" }, 201);

        var receipt = await host.PostAsync(Route, """
            [{"equipment_id":"b","timestamp":"2025-06-11T12:00","voltage":230},
             {"equipment_id":"elsewhere","timestamp":"2025-06-11T12:00","voltage":230},
             {"equipment_id":"b","timestamp":"2025-10-26T02:30","voltage":230},
             {"equipment_id":"b","timestamp":"2025-03-30T02:30","voltage":230},
             {"equipment_id":"b","timestamp":"2025-10-26T02:30+01:00","voltage":230}]
            """);

        Assert.Equal([(2, "AMBIGUOUS_LOCAL_TIME"), (3, "NONEXISTENT_LOCAL_TIME")], Rejected(receipt));
        Assert.Equal(
            [Instant.FromUtc(2025, 6, 11, 10, 0), Instant.FromUtc(2025, 6, 11, 17, 0), Instant.FromUtc(2025, 10, 26, 1, 30)],
            (await host.ValuesAsync()).Select(value => value.Sample.Start).Order());
    }

    [Fact]
    public async Task Validation_says_the_same_and_stores_nothing()
    {
        await using var host = await IntakeHost.StartAsync();

        var receipt = await host.PostAsync("/validate", """
            [{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","active_power":11,"apparent_power":10},
             {"equipment_id":"a","timestamp":"2025-06-11T05:47Z","voltage":-1}]
            """);

        Assert.Equal(1, receipt.GetProperty("accepted").GetInt32());
        Assert.Equal([(1, "VALUE_OUT_OF_RANGE")], Rejected(receipt));
        var reading = Assert.Single(receipt.GetProperty("readings").EnumerateArray());
        Assert.Equal(0.8, reading.GetProperty("score").GetDouble());
        Assert.Equal("power_exceeds_apparent", Assert.Single(reading.GetProperty("flags").EnumerateArray()).GetString());
        Assert.Empty(await host.ValuesAsync());
    }

    [Fact]
    public async Task Validation_tells_new_readings_from_known_and_changed_ones()
    {
        await using var host = await IntakeHost.StartAsync();
        await Accept(host, """{"equipment_id":"a","timestamp":"2025-06-11T05:46:00Z","voltage":230}""", 1);

        var receipt = await host.PostAsync("/validate", """
            [{"equipment_id":"a","timestamp":"2025-06-11T05:46:00Z","voltage":230},
             {"equipment_id":"a","timestamp":"2025-06-11T05:46:00Z","duration_seconds":60,"voltage":231},
             {"equipment_id":"b","timestamp":"2025-06-11T05:46:00Z","voltage":230}]
            """);
        var changed = await host.PostAsync("/validate", """{"equipment_id":"a","timestamp":"2025-06-11T05:46:00Z","voltage":231}""");

        Assert.Equal((2, 1, 0), Counts(receipt));
        Assert.Equal((0, 0, 1), Counts(changed));
        Assert.Single(await host.ValuesAsync());
    }

    [Fact]
    public async Task The_statistics_count_readings_values_flags_and_rates()
    {
        await using var host = await IntakeHost.StartAsync();
        await host.PostAsync(Route, """
            [{"equipment_id":"a","timestamp":"2025-06-11T05:46Z","voltage":230,"current":0},
             {"equipment_id":"a","timestamp":"2025-06-11T05:47Z","voltage":230,"current":1},
             {"equipment_id":"b","timestamp":"2025-06-11T05:48Z","voltage":230}]
            """);
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        var stats = await host.GetAsync("/stats");

        Assert.Equal(3, stats.GetProperty("total_readings").GetInt64());
        Assert.Equal(5, stats.GetProperty("total_values").GetInt64());
        Assert.Equal(DateTimeOffset.Parse("2025-06-11T05:46Z"), stats.GetProperty("first_at").GetDateTimeOffset());
        Assert.Equal(DateTimeOffset.Parse("2025-06-11T05:48Z"), stats.GetProperty("last_at").GetDateTimeOffset());
        Assert.Equal(0.9, stats.GetProperty("quality").GetProperty("mean_score").GetDouble(), 9);
        Assert.Equal(1, stats.GetProperty("quality").GetProperty("flags").GetProperty("current_zero_with_voltage").GetInt32());
        Assert.Equal([2, 1], stats.GetProperty("equipment").EnumerateArray().Select(one => one.GetProperty("readings").GetInt32()));
        Assert.Equal(3, stats.GetProperty("rates").GetProperty("readings_last_minute").GetInt32());
    }

    private static async Task Accept(IntakeHost host, string body, int accepted) =>
        Assert.Equal((accepted, 0, 0), Counts(await host.PostAsync(Route, body)));

    private static (int Accepted, int Duplicate, int Changed) Counts(JsonElement receipt) => (
        receipt.GetProperty("accepted").GetInt32(), receipt.GetProperty("duplicate").GetInt32(),
        receipt.GetProperty("changed").GetInt32());

    private static IEnumerable<(int Index, string? Code)> Rejected(JsonElement receipt) =>
        receipt.GetProperty("rejected").EnumerateArray()
            .Select(one => (one.GetProperty("index").GetInt32(), one.GetProperty("code").GetString()));

    private static string Name((SeriesInfo Series, Sample Sample) value) =>
        $"{value.Series.Key.EquipmentId}/{value.Series.Key.Metric}";
}
