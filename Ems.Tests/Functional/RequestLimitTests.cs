using Ems.Gateway.Limits;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Ems.Tests.Functional;

public sealed class RequestLimitTests
{
    [Fact]
    public async Task One_request_too_many_is_told_when_to_go_on_and_health_stays_open()
    {
        var clock = new FakeTimeProvider();
        await using var host = new MonolithHost("Development", ("Ems:Gateway:RequestsPerMinute", "2"));
        await using var limited = host.WithWebHostBuilder(web => web.ConfigureTestServices(services => services.AddSingleton(new OwnBuckets(clock))));
        using var client = limited.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Add("X-Api-Key", MonolithHost.Key);
        await client.JsonAsync("/api/v1/data/sites");
        await client.JsonAsync("/api/status");

        foreach (var route in (string[])["/api/v1/dashboard", "/api/status", "/api/data_summary", "/API/query"])
        {
            using var refused = await client.GetAsync(new Uri(route, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal("RATE_LIMIT_EXCEEDED", (await refused.JsonAsync(429)).Text("code"));
            Assert.Equal(TimeSpan.FromSeconds(30), refused.Headers.RetryAfter!.Delta);
        }

        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(health.IsSuccessStatusCode);
        using var other = limited.CreateClient();
        await other.JsonAsync("/api/v1/data/sites", 401);
        clock.Advance(TimeSpan.FromSeconds(30));
        await client.JsonAsync("/api/v1/data/sites");
    }
}
