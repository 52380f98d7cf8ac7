using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Ems.Tests.EndToEnd;

namespace Ems.Tests.Functional;

/// <summary>What Prometheus reads. Meters are heard by name in the whole process, so that no other host may run beside this one.</summary>
[CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
[Collection(nameof(MetricsTests))]
public sealed partial class MetricsTests
{
    private const string Equipment = "Pump of Hall 7";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_sees_what_became_of_readings_and_where_events_wait()
    {
        await using var host = new MonolithHost("Production");
        using var client = host.CreateClientWithKey();
        await SendAsync(client, 12.5);
        await SendAsync(client, 12.5);
        await SendAsync(client, 13.5);

        var samples = await ScrapeAsync(client, samples => samples.Any(sample =>
            sample.Name == "ems_messaging_handled_total" && sample.Labels.Contains("outcome=\"handled\"", StringComparison.Ordinal)));

        Assert.Equal(
            [("accepted", 1), ("changed", 1), ("duplicate", 1), ("rejected", 3)],
            samples.Where(sample => sample.Name == "ems_ingestion_readings_total")
                .Select(sample => (OutcomePattern().Match(sample.Labels).Groups[1].Value, (int)sample.Value)).Order());
        Assert.Contains(samples, sample => sample.Name == "ems_messaging_handling_duration_milliseconds_count" && sample.Value >= 1);
        Assert.Contains(samples, sample => sample.Name == "ems_messaging_parked" && sample.Value == 0);
        Assert.Contains(samples, sample => sample.Name == "ems_messaging_queue_waiting");
        Assert.Contains(samples, sample => sample.Name == "ems_messaging_queue_age_seconds");
    }

    [Fact]
    public async Task Histograms_of_times_tell_milliseconds_apart()
    {
        await using var host = new MonolithHost("Production");
        using var client = host.CreateClientWithKey();
        await SendAsync(client, 12.5);

        var samples = await ScrapeAsync(client, samples => samples.Any(sample => sample.Name == "ems_messaging_handling_duration_milliseconds_bucket"));

        var families = samples.Where(sample => sample.Name.EndsWith("_milliseconds_bucket", StringComparison.Ordinal)
            || sample.Name.EndsWith("_seconds_bucket", StringComparison.Ordinal)).GroupBy(sample => sample.Name).ToList();
        Assert.Contains(families, family => family.Key == "http_server_request_duration_seconds_bucket");
        foreach (var family in families)
        {
            var milliseconds = family.Key.EndsWith("_milliseconds_bucket", StringComparison.Ordinal) ? 1 : 1000;
            var bounds = family.Select(sample => BoundPattern().Match(sample.Labels).Groups[1].Value).Where(bound => bound != "+Inf")
                .Select(bound => double.Parse(bound, CultureInfo.InvariantCulture) * milliseconds).Distinct().ToList();
            Assert.True(bounds.Min() <= 1 && bounds.Count(bound => bound <= 100) >= 6 && bounds.Max() >= 60_000, family.Key);
        }
    }

    [Fact]
    public async Task No_label_names_equipment()
    {
        await using var host = new MonolithHost("Production");
        using var client = host.CreateClientWithKey();
        await SendAsync(client, 12.5);
        var name = Uri.EscapeDataString(Equipment);
        foreach (var route in new[] { $"data/equipment/{name}", $"data/series?equipment_id={name}&metric=active_power", "data/stats", $"nowhere/{name}" })
        {
            using var answer = await client.GetAsync(new Uri($"/api/v1/{route}", UriKind.Relative), Cancellation);
        }

        var samples = await ScrapeAsync(client, samples => samples.Any(sample => sample.Labels.Contains("equipment/{id}", StringComparison.Ordinal)));

        Assert.DoesNotContain(samples, sample => NamePattern().IsMatch(sample.Labels));
    }

    private static async Task SendAsync(HttpClient client, double power)
    {
        object[] readings =
        [
            new { equipment_id = Equipment, timestamp = "2024-05-01T10:00:00Z", values = new { active_power = power } },
            new { equipment_id = Equipment, timestamp = "2024-05-01T10:15:00Z", values = new { voltage = -1 } },
        ];
        using var answer = await client.PostAsJsonAsync("/api/v1/data/ingest/realtime", readings, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<IReadOnlyList<Sample>> ScrapeAsync(HttpClient client, Func<IReadOnlyList<Sample>, bool> isComplete)
    {
        List<Sample> samples = [];
        var text = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
                samples = [.. SamplePattern().Matches(text).Select(match => new Sample(
                    match.Groups["name"].Value, match.Groups["labels"].Value,
                    double.Parse(match.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture)))];
                return isComplete(samples);
            },
            TimeSpan.FromSeconds(60),
            () => text);
        return samples;
    }

    private sealed record Sample(string Name, string Labels, double Value);

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>[^ \r\n]+)", RegexOptions.Multiline)]
    private static partial Regex SamplePattern();

    [GeneratedRegex("outcome=\"([^\"]*)\"")]
    private static partial Regex OutcomePattern();

    [GeneratedRegex("le=\"([^\"]*)\"")]
    private static partial Regex BoundPattern();

    [GeneratedRegex("Pump|Hall")]
    private static partial Regex NamePattern();
}
