using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace Ems.Core.Storage;

/// <summary>A value from an instant on.</summary>
public readonly record struct Change<T>(Instant From, T Value);

/// <summary>A value that is another one from known instants on, such as the ratio of a transformer that was replaced.</summary>
/// <param name="first">Holds from the beginning to the first change.</param>
/// <param name="changes">In order of time.</param>
[JsonConverter(typeof(TimelineConverter))]
public sealed class Timeline<T>(T first, IReadOnlyList<Change<T>>? changes = null)
{
    public T First { get; } = first;

    public IReadOnlyList<Change<T>> Changes { get; } = changes ?? [];

    /// <summary>The value that holds at an instant.</summary>
    public T At(Instant instant)
    {
        var value = First;
        foreach (var change in Changes.TakeWhile(change => change.From <= instant))
        {
            value = change.Value;
        }

        return value;
    }

    /// <summary>Whether the value holds at some time at least.</summary>
    public bool IsEver(T value) => Equals(First, value) || Changes.Any(change => Equals(change.Value, value));

    /// <summary>The pieces of [from, to) within which the value stays the same, in order.</summary>
    public IEnumerable<(Instant From, Instant To, T Value)> Pieces(Instant from, Instant to)
    {
        var (start, value) = (from, At(from));
        foreach (var change in Changes.Where(change => change.From > from && change.From < to))
        {
            yield return (start, change.From, value);
            (start, value) = (change.From, change.Value);
        }

        yield return (start, to, value);
    }
}

/// <summary>
/// Writes a value that never changes as itself, and else a list such as <c>[{"value":1},{"from":"2024-05-01T00:00:00Z","value":40}]</c>.
/// </summary>
internal sealed class TimelineConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Timeline<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed record Entry<T>([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Instant? From, T Value);

    private sealed class Converter<T> : JsonConverter<Timeline<T>>
    {
        public override Timeline<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return new Timeline<T>(JsonSerializer.Deserialize<T>(ref reader, options)!);
            }

            var entries = JsonSerializer.Deserialize<List<Entry<T>>>(ref reader, options)!;
            return new Timeline<T>(entries[0].Value, [.. entries.Skip(1).Select(entry => new Change<T>(entry.From!.Value, entry.Value))]);
        }

        public override void Write(Utf8JsonWriter writer, Timeline<T> value, JsonSerializerOptions options)
        {
            if (value.Changes.Count == 0)
            {
                JsonSerializer.Serialize(writer, value.First, options);
                return;
            }

            List<Entry<T>> entries = [new(null, value.First), .. value.Changes.Select(change => new Entry<T>(change.From, change.Value))];
            JsonSerializer.Serialize(writer, entries, options);
        }
    }
}
