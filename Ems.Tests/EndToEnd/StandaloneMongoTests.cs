using System.Net.Http.Json;
using Ems.Tests.Contracts;
using Ems.Tests.Functional;

namespace Ems.Tests.EndToEnd;

/// <summary>All in one process on a MongoDB that has no transactions.</summary>
[Collection("Processes and servers")]
public sealed class StandaloneMongoTests
{
    [Fact]
    public async Task The_start_says_once_that_there_are_no_transactions_and_readings_and_events_arrive()
    {
        await using var mongo = new TestMongo(TestMongo.StandaloneVariable);
        await using var system = new MonolithSystem(("ConnectionStrings__ems", mongo.ConnectionString));
        await system.StartAsync();

        using var answer = await system.Api.PostAsJsonAsync(
            new Uri("/api/v1/data/ingest/realtime", UriKind.Relative),
            new { equipment_id = "pump", timestamp = "2024-05-01T10:00:00Z", values = new { active_power = 12.5 } },
            TestContext.Current.CancellationToken);

        Assert.Equal(1, (await answer.JsonAsync()).Count("accepted"));
        await Eventually.HoldsAsync(
            async () => (await system.Api.JsonAsync("/api/v1/analytics/summary")).GetProperty("received").Count("readings") == 1,
            TimeSpan.FromMinutes(1), () => system.Output);
        Assert.Single(system.Output.Split('\n'), line => line.Contains("single server without transactions", StringComparison.Ordinal));
    }
}
