using System.Text;
using System.Text.Json;

namespace Ems.Tests.Functional;

public sealed class GatewayDocumentTests
{
    // They need a file or the id of a job: tested with imports.
    private static readonly string[] WithoutExample = ["SubmitFile", "GetJob", "CancelJob"];
    private static readonly string[] Order = ["put", "post", "get", "delete"];

    [Fact]
    public async Task Every_operation_succeeds_with_its_example()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClientWithKey();
        var paths = (await client.JsonAsync("/openapi/v1.json")).GetProperty("paths");
        var operations = paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(one => (Path: path.Name, Method: one.Name, Operation: one.Value)))
            .Where(one => !WithoutExample.Contains(one.Operation.Text("operationId")))
            .OrderBy(one => Array.IndexOf(Order, one.Method)).ThenByDescending(one => one.Path.Contains("/sites", StringComparison.Ordinal))
            .ToList();

        Assert.True(operations.Count >= 12, $"{operations.Count} operations");
        foreach (var (path, method, operation) in operations)
        {
            using var request = Example(path, method, operation);
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{method} {request.RequestUri}: {(int)response.StatusCode} {text}");
            Assert.DoesNotContain("\"code\"", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_public_document_has_public_paths_only_and_names_the_key()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClient();

        var document = await client.JsonAsync("/openapi/v1.json");

        Assert.All(document.GetProperty("paths").EnumerateObject(), path => Assert.StartsWith("/api/v1/", path.Name, StringComparison.Ordinal));
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/v1/data/ingest/realtime", out _));
        Assert.Equal("X-Api-Key", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("ApiKey").Text("name"));
    }

    private static HttpRequestMessage Example(string path, string method, JsonElement operation)
    {
        var query = new List<string>();
        if (operation.TryGetProperty("parameters", out var parameters))
        {
            foreach (var parameter in parameters.EnumerateArray().Where(one => one.TryGetProperty("example", out _)))
            {
                var example = parameter.GetProperty("example");
                var value = Uri.EscapeDataString((example.ValueKind == JsonValueKind.Array ? example[0] : example).ToString());
                if (parameter.Text("in") == "path")
                {
                    path = path.Replace($"{{{parameter.Text("name")}}}", value, StringComparison.Ordinal);
                }
                else
                {
                    query.Add($"{parameter.Text("name")}={value}");
                }
            }
        }

        Assert.False(path.Contains('{', StringComparison.Ordinal), $"{method} {path} has no example for its parameter.");
        HttpRequestMessage request = new(new HttpMethod(method), query.Count == 0 ? path : $"{path}?{string.Join('&', query)}");
        if (operation.TryGetProperty("requestBody", out var body))
        {
            Assert.True(body.GetProperty("content").EnumerateObject().First().Value.TryGetProperty("example", out var example), $"{method} {path} has no example body.");
            request.Content = new StringContent(example.GetRawText(), Encoding.UTF8, "application/json");
        }

        return request;
    }
}
