using System.Net.Http.Json;
using System.Text.Json;
using Ems.Gateway.Calls;
using Ems.Monolith.Legacy;
using Ems.Notifications.Alerts;
using Ems.Tests.Contracts;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace Ems.Tests.Functional;

/// <summary>One whole host with a key that the test knows and a folder that goes with it.</summary>
internal abstract class EmsHost<TEntryPoint>(string environment, params (string Name, string Value)[] settings)
    : WebApplicationFactory<TEntryPoint>
    where TEntryPoint : class
{
    public const string Key = "a key of the test";
    public const string InternalKey = "an internal key of the test";
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public HttpClient CreateClientWithKey()
    {
        var client = CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(environment);
        builder.UseSetting("Ems:DataDirectory", Folder);
        builder.UseSetting("Ems:AdminKey", Key);
        builder.UseSetting("Ems:InternalKey", InternalKey);
        foreach (var (name, value) in settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}

internal sealed class MonolithHost(string environment = "Development", params (string Name, string Value)[] settings)
    : EmsHost<LegacyQuestion>(environment, settings);

internal sealed class GatewayProcess(params (string Name, string Value)[] settings) : EmsHost<ServiceAnswer>("Production", settings);

internal sealed class NotificationsHost() : EmsHost<AlertList>("Production");

internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpClient client, string route, int expectedStatus = 200)
    {
        using var response = await client.GetAsync(new Uri(route, UriKind.Relative), TestContext.Current.CancellationToken);
        return await response.JsonAsync(expectedStatus);
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, int expectedStatus = 200)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == expectedStatus, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string route, object body) =>
        client.PostAsJsonAsync(route, body, TestContext.Current.CancellationToken);

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
