using System.Net.Http.Json;
using System.Text;
using Ems.Tests.Contracts;

namespace Ems.Tests.Functional;

/// <summary>Validation of live readings says what storing them then does.</summary>
public sealed class ValidationTests : IDisposable
{
    private static readonly string[] Outcomes = ["accepted", "duplicate", "changed"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("start,kBtu\n2024-05-01 00:00,175697.3\n2024-05-01 01:00,1\n2024-05-01 02:00,2\n", 51491.795707111, "duplicate")]
    [InlineData("start,kWh\n2024-05-01 00:00,5\n2024-05-01 01:00,1\n2024-05-01 02:00,2\n", 5.001, "changed")]
    [InlineData("start,kWh,Status\n2024-05-01 00:00,5,E\n2024-05-01 01:00,1,A\n2024-05-01 02:00,2,A\n", 5, "changed")]
    public async Task A_value_is_known_or_another_one_before_as_after(string file, double energy, string outcome)
    {
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var (_, job) = await host.ImportAsync("m.csv", Encoding.UTF8.GetBytes(file), wait: true);
        Assert.Equal("completed", job.Text("state"));

        var said = await PostAsync("/validate");
        var done = await PostAsync("/ingest/realtime");

        Assert.Equal((outcome, outcome), (said, done));

        async Task<string> PostAsync(string route)
        {
            using var answer = await host.Client.PostAsJsonAsync(
                route, new { equipment_id = "m", timestamp = "2024-05-01T00:00:00Z", duration_seconds = 3600, energy }, TestContext.Current.CancellationToken);
            var receipt = await answer.JsonAsync();
            return Outcomes.Single(name => receipt.GetProperty(name).GetInt32() == 1);
        }
    }
}
