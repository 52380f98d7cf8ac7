using System.Text.Json.Nodes;
using Ems.Gateway.Routes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ems.Gateway.Documents;

/// <summary>The OpenAPI document of the public routes, made of the services' own through the route table.</summary>
internal sealed class PublicDocument(
    IServiceProvider services, IServiceDocuments documents)
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    public async Task<JsonObject> BuildAsync(CancellationToken cancellationToken)
    {
        var own = services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1");
        var document = await own.GetOpenApiDocumentAsync(cancellationToken);
        var result = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken))!.AsObject();
        result["info"] = new JsonObject { ["title"] = "Ems", ["version"] = "v1" };
        var ownPaths = result["paths"]?.AsObject() ?? [];
        JsonObject paths = [];
        foreach (var (path, item) in ownPaths.Where(entry => IsPublic(entry.Key)).ToList())
        {
            paths[path] = item?.DeepClone();
        }

        List<string> missing = [];
        foreach (var service in PublicRoutes.Services)
        {
            if (await documents.ReadAsync(service, cancellationToken) is { } part)
            {
                Add(paths, Components(result), service, part);
            }
            else
            {
                missing.Add(service);
            }
        }

        AddInProcess(paths, ownPaths, documents.AreOwn);
        result["paths"] = paths;
        Secure(result);
        if (missing.Count > 0)
        {
            result["info"]!["description"] = $"Not shown, because they do not answer now: {string.Join(", ", missing)}.";
        }

        return result;
    }

    private static bool IsPublic(string path) => path.StartsWith("/api/", StringComparison.Ordinal);

    private static void AddInProcess(JsonObject paths, JsonObject ownPaths, bool areOwn)
    {
        foreach (var service in areOwn ? PublicRoutes.Services : [])
        {
            AddPaths(paths, service, ownPaths);
        }
    }

    private static void Add(JsonObject paths, JsonObject components, string service, JsonObject part)
    {
        // Names of schemas may mean different things in two services: each gets its service's name in front.
        var text = part.ToJsonString().Replace("#/components/schemas/", $"#/components/schemas/{service}.", StringComparison.Ordinal);
        var renamed = JsonNode.Parse(text)!.AsObject();
        if (components["schemas"] is not JsonObject schemas)
        {
            components["schemas"] = schemas = [];
        }

        foreach (var (name, schema) in renamed["components"]?["schemas"]?.AsObject().ToList() ?? [])
        {
            schemas[$"{service}.{name}"] = schema?.DeepClone();
        }

        AddPaths(paths, service, renamed["paths"]?.AsObject() ?? []);
    }

    private static void AddPaths(JsonObject paths, string service, JsonObject source)
    {
        foreach (var (path, item) in source)
        {
            foreach (var (method, operation) in item?.AsObject().ToList() ?? [])
            {
                var key = path.Length > 1 ? path.TrimEnd('/') : path;
                if (Methods.Contains(method) && PublicRoutes.PublicPathOf(service, key, method) is { } publicPath)
                {
                    if (paths[publicPath] is not JsonObject target)
                    {
                        paths[publicPath] = target = [];
                    }

                    target[method] = operation?.DeepClone();
                }
            }
        }
    }

    private static void Secure(JsonObject document)
    {
        Components(document)["securitySchemes"] = new JsonObject
        {
            ["ApiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = Keys.ApiKey.Header },
            ["Bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
        };
        document["security"] = new JsonArray(new JsonObject { ["ApiKey"] = new JsonArray() }, new JsonObject { ["Bearer"] = new JsonArray() });
    }

    private static JsonObject Components(JsonObject document)
    {
        if (document["components"] is not JsonObject components)
        {
            document["components"] = components = [];
        }

        return components;
    }
}
