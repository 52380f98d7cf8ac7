using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Query;
using Ems.Tests.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Ems.Tests.Functional;

/// <summary>The query module alone over HTTP, open to every caller, over a store of its own.</summary>
internal sealed class QueryHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder? _folder;

    private QueryHost(WebApplication app, TemporaryFolder? folder) => (_app, _folder, Client) = (app, folder, app.GetTestClient());

    public HttpClient Client { get; }

    public ICatalogue Catalogue => _app.Services.GetRequiredService<ICatalogue>();

    public IServiceProvider Services => _app.Services;

    public static Task<QueryHost> StartAsync(DateTimeOffset? now = null)
    {
        var folder = new TemporaryFolder();
        return StartAsync(folder, now, [$"--Ems:DataDirectory={folder.Path}"]);
    }

    /// <summary>A process of its own over a store that the settings name.</summary>
    public static Task<QueryHost> StartAsync(params string[] settings) => StartAsync(null, null, settings);

    private static async Task<QueryHost> StartAsync(TemporaryFolder? folder, DateTimeOffset? now, string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(settings);
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.ConfigureHttpJsonOptions(options => EmsJson.Configure(options.SerializerOptions));
        builder.Services.AddSingleton<TimeProvider>(
            new FakeTimeProvider(now ?? new DateTimeOffset(2025, 6, 11, 12, 0, 0, TimeSpan.Zero)));
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorization(options =>
            options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build());
        builder.AddQuery();
        var app = builder.Build();
        app.MapQuery();
        await app.StartAsync();
        return new QueryHost(app, folder);
    }

    public Task AddSiteAsync(string id, string zone, int demandMinutes = 15) => Catalogue.SaveSiteAsync(
        new Site { Id = id, Name = id, TimeZone = zone, DemandIntervalMinutes = demandMinutes }, CancellationToken.None);

    public Task AddEquipmentAsync(string id, string? site = null, string carrier = "electricity", string? parent = null, string? type = null) =>
        Catalogue.SaveEquipmentAsync(
            new Equipment { Id = id, Name = id, Site = site, Carrier = carrier, Parent = parent, Type = type }, CancellationToken.None);

    public async Task WriteAsync(
        string equipmentId, string metric, QuantityKind kind, string unit, Duration length, IEnumerable<(Instant Start, double Value)> values)
    {
        var store = _app.Services.GetRequiredService<IReadingStore>();
        foreach (var part in values.Chunk(5000))
        {
            var readings = part.Select(v => new Reading(
                equipmentId, v.Start, length, [new MetricValue(metric, kind, unit, v.Value, v.Value, unit)]));
            await store.WriteAsync(new ReadingBatch([.. readings], "test"), CancellationToken.None);
        }
    }

    /// <summary>Hourly energies from the start on.</summary>
    public Task WriteHoursAsync(string equipmentId, Instant start, params double[] values) => WriteAsync(
        equipmentId, "energy", QuantityKind.Interval, "kWh", Duration.FromHours(1),
        values.Select((v, i) => (start + Duration.FromHours(i), v)));

    public async Task<JsonElement> GetAsync(string route, int expectedStatus = 200) =>
        await ReadAsync(await Client.GetAsync(route), expectedStatus);

    public async Task<JsonElement> AskAsync(string json, int expectedStatus = 200)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await ReadAsync(await Client.PostAsync("/aggregate", content), expectedStatus);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder?.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, int expectedStatus)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == expectedStatus, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
