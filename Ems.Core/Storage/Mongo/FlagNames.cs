using System.Collections.Concurrent;
using System.Text.Json;
using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;

namespace Ems.Core.Storage.Mongo;

/// <summary>Flags as the names the API shows, such as <c>["missing_temperature", "late"]</c>.</summary>
internal static class FlagNames
{
    private static readonly (ReadingFlags Flag, BsonString Name)[] Names =
    [
        .. Enum.GetValues<ReadingFlags>().Where(flag => flag != ReadingFlags.None)
            .Select(flag => (flag, new BsonString(JsonNamingPolicy.SnakeCaseLower.ConvertName(flag.ToString())))),
    ];

    private static readonly Dictionary<string, ReadingFlags> Flags = Names.ToDictionary(one => one.Name.Value, one => one.Flag, StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<ReadingFlags, BsonArray> Arrays = [];

    /// <summary>The array is shared: never change it.</summary>
    public static BsonArray ToBson(ReadingFlags flags) =>
        Arrays.GetOrAdd(flags, all => [.. Names.Where(one => all.HasFlag(one.Flag)).Select(one => one.Name)]);

    public static void Write(IBsonWriter writer, ReadingFlags flags) =>
        BsonArraySerializer.Instance.Serialize(BsonSerializationContext.CreateRoot(writer), ToBson(flags));

    public static ReadingFlags FromBson(BsonValue names) =>
        names.AsBsonArray.Aggregate(ReadingFlags.None, (flags, name) => flags | Flags[name.AsString]);

    /// <summary>Of the array that the reader stands at.</summary>
    public static ReadingFlags Read(IBsonReader reader)
    {
        var flags = ReadingFlags.None;
        reader.ReadStartArray();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            flags |= Flags[reader.ReadString()];
        }

        reader.ReadEndArray();
        return flags;
    }

    /// <summary>Of a field that may be missing.</summary>
    public static ReadingFlags FromBson(BsonDocument document, string field) =>
        document.TryGetValue(field, out var names) ? FromBson(names) : ReadingFlags.None;
}
