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
}
