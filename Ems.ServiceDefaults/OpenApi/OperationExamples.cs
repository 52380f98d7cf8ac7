using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ems.ServiceDefaults.OpenApi;

/// <summary>Examples of an operation as the OpenAPI document shows them; tests send them.</summary>
public static class OperationExamples
{
    /// <param name="json">A body that the operation takes.</param>
    public static TBuilder WithBodyExample<TBuilder>(this TBuilder endpoint, string json)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadataOf(new BodyExample(json));

    /// <param name="parameter">Name of a parameter in the route or the query string.</param>
    /// <param name="value">A value it takes, as text.</param>
    public static TBuilder WithExample<TBuilder>(this TBuilder endpoint, string parameter, string value)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadataOf(new ParameterExample(parameter, value));

    /// <summary>Describes a multipart/form-data body with a file and fields of text beside it.</summary>
    /// <param name="fileName">Name of the file of the example.</param>
    /// <param name="content">Text of the file of the example.</param>
    public static TBuilder WithUpload<TBuilder>(
        this TBuilder endpoint, string fileName, string content, IReadOnlyList<FormField> fields)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadataOf(new Upload(fileName, content, fields));

    /// <summary>Says that the parameter <c>id</c> of other operations is the <c>id</c> that this one answers with.</summary>
    /// <param name="operations">Names of the operations that take the id.</param>
    public static TBuilder WithIdFor<TBuilder>(this TBuilder endpoint, params string[] operations)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadataOf(new IdLinks(operations));

    internal static Task Apply(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var example in metadata.OfType<ParameterExample>())
        {
            if (operation.Parameters?.OfType<OpenApiParameter>().FirstOrDefault(one => one.Name == example.Name) is { } parameter)
            {
                var value = JsonValue.Create(example.Value);
                parameter.Example = parameter.Schema?.Type?.HasFlag(JsonSchemaType.Array) == true ? new JsonArray(value) : value;
            }
        }

        if (metadata.OfType<BodyExample>().LastOrDefault() is { } body && operation.RequestBody?.Content is { } content)
        {
            foreach (var media in content.Values.OfType<OpenApiMediaType>())
            {
                media.Example = JsonNode.Parse(body.Json);
            }
        }

        if (metadata.OfType<Upload>().LastOrDefault() is { } upload)
        {
            operation.RequestBody = upload.ToBody();
        }

        if (metadata.OfType<IdLinks>().LastOrDefault() is { } links)
        {
            foreach (var response in operation.Responses?.Where(one => one.Key[0] == '2').Select(one => one.Value).OfType<OpenApiResponse>() ?? [])
            {
                response.Links = links.ToLinks();
            }
        }

        return Task.CompletedTask;
    }

    private static TBuilder WithMetadataOf<TBuilder>(this TBuilder endpoint, object metadata)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(metadata));
        return endpoint;
    }

    private sealed record BodyExample(string Json);

    private sealed record ParameterExample(string Name, string Value);

    private sealed record IdLinks(IReadOnlyList<string> Operations)
    {
        public Dictionary<string, IOpenApiLink> ToLinks() => Operations.ToDictionary(name => name, IOpenApiLink (name) => new OpenApiLink
        {
            OperationId = name,
            Parameters = new Dictionary<string, RuntimeExpressionAnyWrapper>
            {
                ["id"] = new() { Expression = RuntimeExpression.Build("$response.body#/id") },
            },
        });
    }

    private sealed record Upload(string FileName, string Content, IReadOnlyList<FormField> Fields)
    {
        private const string File = "file";

        public OpenApiRequestBody ToBody()
        {
            Dictionary<string, IOpenApiSchema> properties = new()
            {
                [File] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = $"The file, with its name, such as {FileName}." },
            };
            JsonObject example = new() { [File] = Content };
            foreach (var field in Fields)
            {
                // Else a page to try it out fills in a text of its own, which no field takes.
                properties[field.Name] = new OpenApiSchema { Type = JsonSchemaType.String, Description = field.Description, Default = "" };
                if (field.Example is not null)
                {
                    example[field.Name] = field.Example;
                }
            }

            return new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["multipart/form-data"] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = properties, Required = new HashSet<string> { File } },
                        Example = example,
                    },
                },
            };
        }
    }
}

/// <summary>A field of text in a multipart/form-data body.</summary>
/// <param name="Example">Left out of the example when null.</param>
public sealed record FormField(string Name, string Description, string? Example = null);
