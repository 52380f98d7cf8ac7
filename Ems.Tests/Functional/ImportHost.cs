using System.Text.Json;
using Ems.Core.Json;
using Ems.Core.Storage;
using Ems.Ingestion;
using Ems.Ingestion.Imports;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ems.Tests.Functional;

/// <summary>The ingestion module alone over HTTP, open to every caller, on the embedded store in a folder of the test.</summary>
internal sealed class ImportHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ImportHost(WebApplication app, HttpClient client) => (_app, Client) = (app, client);

    public HttpClient Client { get; }

    public IReadingStore Store => _app.Services.GetRequiredService<IReadingStore>();

    public IJobStore Jobs => _app.Services.GetRequiredService<IJobStore>();

    public ImportRunner Runner => _app.Services.GetRequiredService<ImportRunner>();

    public ICatalogue Catalogue => _app.Services.GetRequiredService<ICatalogue>();

    /// <param name="settings">With <c>--urls</c> among them it listens; else it is called in memory.</param>
    public static async Task<ImportHost> StartAsync(string folder, params string[] settings)
    {
        var listens = settings.Any(setting => setting.StartsWith("--urls=", StringComparison.Ordinal));
        var builder = WebApplication.CreateSlimBuilder([.. settings, $"--Ems:DataDirectory={folder}"]);
        builder.Logging.ClearProviders();
        if (!listens)
        {
            builder.WebHost.UseTestServer();
        }

        builder.Services.ConfigureHttpJsonOptions(options => EmsJson.Configure(options.SerializerOptions));
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorization(options =>
            options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build());
        builder.AddEmsStorage();
        builder.AddIngestion();
        var app = builder.Build();
        app.MapIngestion();
        await app.StartAsync();
        return new ImportHost(app, listens ? new HttpClient { BaseAddress = new Uri(app.Urls.Single()) } : app.GetTestClient());
    }

    public Task<(int Status, JsonElement Body)> ImportAsync(
        string fileName, byte[] content, bool wait, params (string Name, string Value)[] fields) =>
        SendAsync(wait ? "/ingest/excel?wait=true" : "/ingest/excel", fileName, content, fields);

    public Task<(int Status, JsonElement Body)> PreviewAsync(string fileName, byte[] content, params (string Name, string Value)[] fields) =>
        SendAsync("/preview", fileName, content, fields);

    private async Task<(int Status, JsonElement Body)> SendAsync(
        string route, string fileName, byte[] content, (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(content), "file", fileName);
        using var response = await Client.PostAsync(route, form);
        return ((int)response.StatusCode, await ReadAsync(response));
    }

    public async Task<JsonElement> GetAsync(string route) => await ReadAsync(await Client.GetAsync(route));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
}
