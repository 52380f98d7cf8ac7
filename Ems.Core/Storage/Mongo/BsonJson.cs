using System.Text;
using System.Text.Json;
using Ems.Core.Json;
using MongoDB.Bson;

namespace Ems.Core.Storage.Mongo;

/// <summary>Keeps what the API shows as JSON in documents of the same fields.</summary>
internal static class BsonJson
{
    private const string Id = "_id";

    /// <summary>The fields of <paramref name="body"/>, its <c>id</c> as <c>_id</c>.</summary>
    public static BsonDocument ToDocument<T>(T body)
    {
        var document = ToBson(JsonSerializer.SerializeToElement(body, EmsJson.Options)).AsBsonDocument;
        var id = document["id"];
        document.Remove("id");
        document.InsertAt(0, new BsonElement(Id, id));
        return document;
    }

    public static T FromDocument<T>(BsonDocument document)
    {
        var body = new BsonDocument("id", document[Id]);
        body.AddRange(document.Elements.Where(element => element.Name != Id));
        return JsonSerializer.Deserialize<T>(ToJson(body), EmsJson.Options)!;
    }

    /// <summary>An object of JSON as a document that can be looked into; any other text as it is.</summary>
    public static BsonValue ToBson(string text)
    {
        if (!text.StartsWith('{'))
        {
            return text;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return ToBson(json.RootElement);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    public static string ToText(BsonValue value) => value.IsString ? value.AsString : Encoding.UTF8.GetString(ToJson(value));

    private static BsonValue ToBson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new BsonDocument(element.EnumerateObject().Select(one => new BsonElement(one.Name, ToBson(one.Value)))),
        JsonValueKind.Array => new BsonArray(element.EnumerateArray().Select(ToBson)),
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? whole : element.GetDouble(),
        JsonValueKind.True => BsonBoolean.True,
        JsonValueKind.False => BsonBoolean.False,
        _ => BsonNull.Value,
    };

    private static byte[] ToJson(BsonValue value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, value);
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, BsonValue value)
    {
        switch (value)
        {
            case BsonDocument document:
                writer.WriteStartObject();
                foreach (var element in document)
                {
                    writer.WritePropertyName(element.Name);
                    Write(writer, element.Value);
                }

                writer.WriteEndObject();
                break;
            case BsonArray array:
                writer.WriteStartArray();
                foreach (var element in array)
                {
                    Write(writer, element);
                }

                writer.WriteEndArray();
                break;
            case BsonString text: writer.WriteStringValue(text.Value); break;
            case BsonInt32 number: writer.WriteNumberValue(number.Value); break;
            case BsonInt64 number: writer.WriteNumberValue(number.Value); break;
            case BsonDouble number: writer.WriteNumberValue(number.Value); break;
            case BsonBoolean flag: writer.WriteBooleanValue(flag.Value); break;
            case BsonNull: writer.WriteNullValue(); break;
            default: throw new FormatException($"A field has the type {value.BsonType}, which Ems does not write.");
        }
    }
}
