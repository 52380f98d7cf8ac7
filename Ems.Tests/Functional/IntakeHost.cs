using System.Net.Http.Json;
using System.Text.Json;
using Ems.Core.Storage;
using Ems.Ingestion;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Ems.Tests.Functional;

/// <summary>The ingestion module alone over HTTP, open to every caller, with a store in memory.</summary>
internal sealed class IntakeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private IntakeHost(WebApplication app) => (_app, Client) = (app, app.GetTestClient());

    public HttpClient Client { get; }

    public MemoryStore Store => (MemoryStore)_app.Services.GetRequiredService<IReadingStore>();

    public FakeTimeProvider Clock => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    public static async Task<IntakeHost> StartAsync(params string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(settings);
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2025, 6, 11, 12, 0, 0, TimeSpan.Zero)));
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorization(options =>
            options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build());
        builder.AddIngestion();
        var store = new MemoryStore();
        builder.Services.AddSingleton<IReadingStore>(store);
        builder.Services.AddSingleton<ICatalogue>(store);
        var app = builder.Build();
        app.MapIngestion();
        await app.StartAsync();
        return new IntakeHost(app);
    }

    public async Task<JsonElement> PostAsync(string route, string json, int expectedStatus = 200)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await ReadAsync(await Client.PostAsync(route, content), expectedStatus);
    }

    public async Task<JsonElement> PutAsync(string route, object body, int expectedStatus) =>
        await ReadAsync(await Client.PutAsJsonAsync(route, body), expectedStatus);

    public async Task<JsonElement> GetAsync(string route, int expectedStatus = 200) =>
        await ReadAsync(await Client.GetAsync(route), expectedStatus);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, int expectedStatus)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == expectedStatus, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
