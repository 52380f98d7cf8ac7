using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using NodaTime;

namespace Ems.Core.Storage.Mongo;

/// <summary>
/// Takes the values of some metrics out of a reading: an array in their order, null where it has none. Makes no document of the rest,
/// which costs several times as much as the values.
/// </summary>
internal sealed class SampleRowSerializer : SerializerBase<Sample?[]>
{
    private readonly IReadOnlyList<string> _metrics;
    private readonly BsonTrie<int> _names = new();

    public SampleRowSerializer(IReadOnlyList<string> metrics)
    {
        _metrics = metrics;
        for (var i = 0; i < metrics.Count; i++)
        {
            _names.Add(ReadingFields.NameOf(metrics[i]), i);
        }
    }

    public override Sample?[] Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args)
    {
        var reader = context.Reader;
        var (start, length) = (default(Instant), default(Duration));
        var flags = ReadingFlags.None;
        var values = new double?[_metrics.Count];
        var found = new ReadingFlags[_metrics.Count];
        BsonArray? versions = null;
        reader.ReadStartDocument();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            switch (reader.ReadName())
            {
                case "_id":
                    (start, length) = ReadPlace(context);
                    break;
                case ReadingFields.Values:
                    ReadEach(reader, i => values[i] = reader.ReadDouble());
                    break;
                case ReadingFields.Flags:
                    flags = FlagNames.Read(reader);
                    break;
                case ReadingFields.Found:
                    ReadEach(reader, i => found[i] = FlagNames.Read(reader));
                    break;
                case ReadingFields.Versions:
                    versions = BsonArraySerializer.Instance.Deserialize(context);
                    break;
                default:
                    reader.SkipValue();
                    break;
            }
        }

        reader.ReadEndDocument();

        // Versions hold the flags of values that were written more than once.
        var versioned = versions is null ? null : StoredReading.OfVersions(versions);
        var row = new Sample?[values.Length];
        for (var i = 0; i < row.Length; i++)
        {
            if (values[i] is { } value)
            {
                row[i] = new Sample(start, length, value, versioned?.Find(_metrics[i])!.Value.Flags ?? ((flags & ~ReadingFlagSets.Found) | found[i]));
            }
        }

        return row;
    }

    private static (Instant Start, Duration Length) ReadPlace(BsonDeserializationContext context)
    {
        var reader = context.Reader;
        var (start, length) = (default(Instant), default(Duration));
        reader.ReadStartDocument();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            switch (reader.ReadName())
            {
                case "start":
                    start = Instant.FromUnixTimeMilliseconds(reader.ReadDateTime());
                    break;
                case "duration_ms":
                    length = Duration.FromMilliseconds(Int64Serializer.Instance.Deserialize(context));
                    break;
                default:
                    reader.SkipValue();
                    break;
            }
        }

        reader.ReadEndDocument();
        return (start, length);
    }

    /// <summary>Reads the fields of a document that are named like one of the metrics.</summary>
    private void ReadEach(IBsonReader reader, Action<int> read)
    {
        var names = new TrieNameDecoder<int>(_names);
        reader.ReadStartDocument();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            reader.ReadName(names);
            if (names.Found)
            {
                read(names.Value);
            }
            else
            {
                reader.SkipValue();
            }
        }

        reader.ReadEndDocument();
    }
}
