using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Ems.Core.Json;
using Microsoft.Extensions.Caching.Hybrid;

namespace Ems.Core.Caching;

/// <summary>Writes what is kept as JSON of our own habits.</summary>
internal sealed class KeptJson : IHybridCacheSerializerFactory
{
    public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
    {
        serializer = new Serializer<T>();
        return true;
    }

    private sealed class Serializer<T> : IHybridCacheSerializer<T>
    {
        public T Deserialize(ReadOnlySequence<byte> source)
        {
            var reader = new Utf8JsonReader(source);
            return JsonSerializer.Deserialize<T>(ref reader, EmsJson.Options)!;
        }

        public void Serialize(T value, IBufferWriter<byte> target)
        {
            using var writer = new Utf8JsonWriter(target);
            JsonSerializer.Serialize(writer, value, EmsJson.Options);
        }
    }
}
