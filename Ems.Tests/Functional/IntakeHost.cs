using System.Net.Http.Json;
using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion;
using Ems.Tests.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>The ingestion module alone over HTTP, open to every caller, with a store of its own.</summary>
internal sealed class IntakeHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private IntakeHost(WebApplication app, TemporaryFolder folder) => (_app, _folder, Client) = (app, folder, app.GetTestClient());

    public HttpClient Client { get; }

    public FakeTimeProvider Clock => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    public static async Task<IntakeHost> StartAsync(params string[] settings)
    {
        var folder = new TemporaryFolder();
        var builder = WebApplication.CreateSlimBuilder([.. settings, $"--Ems:DataDirectory={folder.Path}"]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.ConfigureHttpJsonOptions(options => EmsJson.Configure(options.SerializerOptions));
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2025, 6, 11, 12, 0, 0, TimeSpan.Zero)));
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorization(options =>
            options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build());
        builder.AddIngestion();
        var app = builder.Build();
        app.MapIngestion();
        await app.StartAsync();
        return new IntakeHost(app, folder);
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

    /// <summary>Everything stored, by equipment, metric, length and start.</summary>
    public async Task<List<(SeriesInfo Series, Sample Sample)>> ValuesAsync()
    {
        var store = _app.Services.GetRequiredService<IReadingStore>();
        List<(SeriesInfo, Sample)> values = [];
        foreach (var series in await store.ListSeriesAsync(null, null, default))
        {
            var samples = await store.ReadAsync(series.Key, series.FirstAt, series.LastAt + Duration.FromMilliseconds(1), 0, default);
            values.AddRange(samples.Select(sample => (series, sample)));
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, int expectedStatus)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == expectedStatus, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
