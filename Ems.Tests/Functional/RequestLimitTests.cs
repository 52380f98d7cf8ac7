namespace Ems.Tests.Functional;

public sealed class RequestLimitTests
{
    [Fact]
    public async Task One_request_too_many_is_told_when_to_go_on_and_health_stays_open()
    {
        await using var host = new MonolithHost("Development", ("Ems:Gateway:RequestsPerMinute", "2"));
        using var client = host.CreateClientWithKey();
        await client.JsonAsync("/api/v1/data/sites");
        await client.JsonAsync("/api/v1/data/sites");

        using var refused = await client.GetAsync(new Uri("/api/v1/dashboard", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("RATE_LIMIT_EXCEEDED", (await refused.JsonAsync(429)).Text("code"));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(health.IsSuccessStatusCode);
        using var other = host.CreateClient();
        await other.JsonAsync("/api/v1/data/sites", 401);
    }
}
