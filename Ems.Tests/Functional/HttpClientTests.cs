using System.Net;
using Ems.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace Ems.Tests.Functional;

/// <summary>What every HTTP client of a host does, whatever it is for.</summary>
public sealed class HttpClientTests : IAsyncLifetime
{
    private readonly List<WebApplication> _servers = [];
    private WebApplication? _host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Append(_host).OfType<WebApplication>())
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_services_name_leads_to_all_of_its_instances()
    {
        var (one, other) = (await ServeAsync(_ => 200), await ServeAsync(_ => 200));
        using var client = CreateClient(("services:meters:http:0", one.Address), ("services:meters:http:1", other.Address));

        for (var i = 0; i < 10; i++)
        {
            using var answer = await client.GetAsync(new Uri("http://meters/"), Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.True(one.Requests > 0 && other.Requests > 0);
        Assert.Equal(10, one.Requests + other.Requests);
    }

    [Fact]
    public async Task A_read_that_fails_is_tried_again()
    {
        var server = await ServeAsync(request => request < 3 ? 503 : 200);
        using var client = CreateClient(("services:meters:http:0", server.Address));

        using var answer = await client.GetAsync(new Uri("http://meters/"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(3, server.Requests);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_write_that_fails_is_not_repeated(string method)
    {
        var server = await ServeAsync(_ => 503);
        using var client = CreateClient(("services:meters:http:0", server.Address));

        using HttpRequestMessage request = new(new HttpMethod(method), "http://meters/");
        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task An_hour_that_the_service_asks_for_is_not_waited_for()
    {
        var server = await ServeAsync(_ => 503, ("Retry-After", "3600"));
        using var client = CreateClient(("services:meters:http:0", server.Address));

        using var answer = await client.GetAsync(new Uri("http://meters/"), Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(3, server.Requests);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task Refusals_never_open_the_circuit(int status)
    {
        var server = await ServeAsync(_ => status);
        using var client = CreateClient(("services:meters:http:0", server.Address));

        for (var i = 0; i < 30; i++)
        {
            using var answer = await client.PostAsync(new Uri("http://meters/"), null, Cancellation);
            Assert.Equal(status, (int)answer.StatusCode);
        }

        Assert.Equal(30, server.Requests);
    }

    [Fact]
    public async Task Failures_open_the_circuit_of_that_service_and_of_no_other()
    {
        var (broken, whole) = (await ServeAsync(_ => 500), await ServeAsync(_ => 200));
        using var client = CreateClient(("services:broken:http:0", broken.Address), ("services:whole:http:0", whole.Address));

        await Assert.ThrowsAsync<BrokenCircuitException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                using var failed = await client.PostAsync(new Uri("http://broken/"), null, Cancellation);
            }
        });

        Assert.InRange(broken.Requests, 1, 99);
        using var answer = await client.PostAsync(new Uri("http://whole/"), null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private HttpClient CreateClient(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        foreach (var (name, value) in settings)
        {
            builder.Configuration[name] = value;
        }

        builder.AddServiceDefaults("checks");
        builder.Logging.ClearProviders();
        _host = builder.Build();
        return _host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("any");
    }

    private async Task<Server> ServeAsync(Func<int, int> status, params (string Name, string Value)[] headers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new Server();
        app.Run(context =>
        {
            context.Response.StatusCode = status(server.Count());
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            return Task.CompletedTask;
        });
        await app.StartAsync(Cancellation);
        _servers.Add(app);
        server.Address = app.Urls.Single();
        return server;
    }

    private sealed class Server
    {
        private int _requests;

        public string Address { get; set; } = "";

        public int Requests => Volatile.Read(ref _requests);

        public int Count() => Interlocked.Increment(ref _requests);
    }
}
