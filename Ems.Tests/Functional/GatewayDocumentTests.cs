using System.Text;
using System.Text.Json;

namespace Ems.Tests.Functional;

public sealed class GatewayDocumentTests
{
    private static readonly string[] Order = ["put", "post", "get", "delete"];

    private sealed record Operation(string Path, string Method, JsonElement Body)
    {
        public string Name => Body.Text("operationId");
    }

    [Fact]
    public async Task Every_operation_succeeds_with_its_example()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClientWithKey();
        await ParkedMessages.AddAsync(host, "0198c5a4e0017a4e9f3b5d1c2a7e6f80");
        var paths = (await client.JsonAsync("/openapi/v1.json")).GetProperty("paths");
        var waiting = paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(one => new Operation(path.Name, one.Name, one.Value)))
            .OrderBy(one => Array.IndexOf(Order, one.Method)).ThenByDescending(one => one.Path.Contains("/sites", StringComparison.Ordinal))
            .ThenByDescending(one => one.Path.Contains("/ingest", StringComparison.Ordinal))
            .ToList();
        var ids = new Dictionary<string, string>();

        Assert.True(waiting.Count >= 15, $"{waiting.Count} operations");
        while (waiting.Count > 0)
        {
            var next = waiting.FirstOrDefault(one => PathOf(one, ids) is not null);
            Assert.True(next is not null, $"Nothing tells the parameters of {string.Join(", ", waiting.Select(one => one.Name))}.");
            waiting.Remove(next);
            using var request = Example(next, ids);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            if (next.Path == "/api/v1/events")
            {
                // It has no end.
                using var stream = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
                Assert.Equal("event: alive", await stream.ReadLineAsync(TestContext.Current.CancellationToken));
                continue;
            }

            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{next.Method} {request.RequestUri}: {(int)response.StatusCode} {text}");
            Assert.DoesNotContain("\"code\"", text, StringComparison.Ordinal);
            Follow(next, (int)response.StatusCode, text, ids);
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

    [Fact]
    public async Task Every_list_says_between_what_its_limit_lies()
    {
        await using var host = new MonolithHost();
        using var client = host.CreateClient();

        var limits = (await client.JsonAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .SelectMany(operation => operation.Value.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [])
            .Where(parameter => parameter.Text("name") == "limit")
            .Select(parameter => parameter.GetProperty("schema"))
            .ToList();

        Assert.True(limits.Count >= 6, $"{limits.Count} lists");
        Assert.All(limits, limit => Assert.Equal(
            ("integer", 1, 1_000, 100),
            (limit.Text("type"), limit.GetProperty("minimum").GetInt32(), limit.GetProperty("maximum").GetInt32(), limit.GetProperty("default").GetInt32())));
    }

    /// <summary>Takes the ids that the answer has for other operations.</summary>
    private static void Follow(Operation operation, int status, string answer, Dictionary<string, string> ids)
    {
        var response = operation.Body.GetProperty("responses").GetProperty($"{status}");
        if (response.TryGetProperty("links", out var links))
        {
            foreach (var link in links.EnumerateObject())
            {
                Assert.Equal("$response.body#/id", link.Value.GetProperty("parameters").Text("id"));
                ids[link.Value.Text("operationId")] = JsonDocument.Parse(answer).RootElement.Text("id");
            }
        }
    }

    private static IEnumerable<(string Name, string In, string Value)> Parameters(Operation operation) =>
        (operation.Body.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default)
            .Where(one => one.TryGetProperty("example", out _))
            .Select(one => (one, example: one.GetProperty("example")))
            .Select(one => (one.one.Text("name"), one.one.Text("in"),
                Uri.EscapeDataString((one.example.ValueKind == JsonValueKind.Array ? one.example[0] : one.example).ToString())));

    /// <summary>The path with its parameters; null as long as nothing tells them.</summary>
    private static string? PathOf(Operation operation, Dictionary<string, string> ids)
    {
        var path = Parameters(operation).Where(one => one.In == "path")
            .Aggregate(operation.Path, (path, one) => path.Replace($"{{{one.Name}}}", one.Value, StringComparison.Ordinal));
        path = ids.TryGetValue(operation.Name, out var id) ? path.Replace("{id}", id, StringComparison.Ordinal) : path;
        return path.Contains('{', StringComparison.Ordinal) ? null : path;
    }

    private static HttpRequestMessage Example(Operation operation, Dictionary<string, string> ids)
    {
        var query = string.Join('&', Parameters(operation).Where(one => one.In == "query").Select(one => $"{one.Name}={one.Value}"));
        HttpRequestMessage request = new(new HttpMethod(operation.Method), $"{PathOf(operation, ids)}{(query.Length > 0 ? "?" : "")}{query}");
        if (operation.Body.TryGetProperty("requestBody", out var body))
        {
            var content = body.GetProperty("content").EnumerateObject().First();
            Assert.True(content.Value.TryGetProperty("example", out var example), $"{operation.Name} has no example body.");
            request.Content = content.Name == "multipart/form-data"
                ? FormOf(example)
                : new StringContent(example.GetRawText(), Encoding.UTF8, "application/json");
        }

        return request;
    }

    private static MultipartFormDataContent FormOf(JsonElement example)
    {
        var form = new MultipartFormDataContent();
        foreach (var field in example.EnumerateObject())
        {
            var content = new StringContent(field.Value.GetString()!);
            if (field.Name == "file")
            {
                form.Add(content, field.Name, "example.csv");
            }
            else
            {
                form.Add(content, field.Name);
            }
        }

        return form;
    }
}
