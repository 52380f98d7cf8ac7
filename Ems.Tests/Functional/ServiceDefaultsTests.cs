using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Ems.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ems.Tests.Functional;

/// <summary>What every host has in common, seen over HTTP.</summary>
public sealed partial class ServiceDefaultsTests
{
    private const string Secret = "the password of the database is 1234";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Outside_Development_no_error_carries_the_text_of_an_exception(string environment)
    {
        await using var app = await StartAsync(environment);
        using var client = app.GetTestClient();

        foreach (var route in new[] { "/fails", "/is-away", "/fails?format=%00", "/number?of=many" })
        {
            using var answer = await client.GetAsync(new Uri(route, UriKind.Relative), Cancellation);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);

            Assert.True((int)answer.StatusCode >= 400, text);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            Assert.Matches("\"trace_id\":\"[0-9a-f]{32}\"", text);
        }
    }

    [Fact]
    public async Task In_Development_an_error_says_what_was_thrown()
    {
        await using var app = await StartAsync("Development");
        using var client = app.GetTestClient();

        using var answer = await client.GetAsync(new Uri("/fails", UriKind.Relative), Cancellation);

        Assert.Contains(Secret, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_away_is_answered_with_503_and_when_to_come_back()
    {
        await using var app = await StartAsync("Production");
        using var client = app.GetTestClient();

        using var answer = await client.GetAsync(new Uri("/is-away", UriKind.Relative), Cancellation);

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task The_documentation_pages_need_nothing_from_outside()
    {
        await using var app = await StartAsync("Production");
        using var client = app.GetTestClient();

        var page = await client.GetStringAsync(new Uri("/docs/index.html", UriKind.Relative), Cancellation);
        var parts = References().Matches(page).Select(match => match.Groups["address"].Value).ToList();

        Assert.NotEmpty(parts);
        foreach (var part in parts)
        {
            Assert.DoesNotContain("//", part, StringComparison.Ordinal);
            using var answer = await client.GetAsync(new Uri(new Uri("http://localhost/docs/"), part), Cancellation);
            Assert.True(answer.IsSuccessStatusCode, $"{part}: {answer.StatusCode}");
            if (part.EndsWith(".css", StringComparison.Ordinal))
            {
                Assert.DoesNotMatch(@"url\(['""]?(https?:)?//", await answer.Content.ReadAsStringAsync(Cancellation));
            }
        }

        var document = await client.GetFromJsonAsync<System.Text.Json.JsonElement>("/openapi/v1.json", Cancellation);
        Assert.True(document.GetProperty("paths").TryGetProperty("/number", out _));
    }

    [Fact]
    public async Task A_host_that_is_told_nothing_listens_on_loopback_alone()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults("checks", port);
        builder.Logging.ClearProviders();
        await using var app = builder.Build();

        await app.StartAsync(Cancellation);

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Assert.All(addresses, address => Assert.True(new Uri(address).IsLoopback, address));
        Assert.NotEmpty(addresses);
    }

    private static async Task<WebApplication> StartAsync(string environment)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.AddServiceDefaults("checks");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapGet("/fails", IResult () => throw new InvalidOperationException(Secret));
        app.MapGet("/is-away", IResult () => throw new HttpRequestException(Secret));
        app.MapGet("/number", (int of) => of);
        await app.StartAsync(Cancellation);
        return app;
    }

    [GeneratedRegex("""(?:src|href)="(?<address>[^"#]+)""")]
    private static partial Regex References();
}
