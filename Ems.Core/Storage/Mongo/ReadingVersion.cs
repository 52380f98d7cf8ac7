using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace Ems.Core.Storage.Mongo;

/// <summary>A value as one write delivered it.</summary>
/// <param name="Source">As delivered, where that is something else; with its unit.</param>
/// <param name="Found">What was found about it while it was current.</param>
internal readonly record struct VersionValue(double Value, (double Value, string Unit)? Source, ReadingFlags Found);

/// <summary>What one write said of a reading; or, without values, that what a job had written was undone.</summary>
/// <param name="Write">Of the write that it belongs to.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Flags">Of the reading as it was delivered.</param>
internal sealed record ReadingVersion(
    ObjectId Write, string Actor, long At, string? Job, ReadingFlags Flags = ReadingFlags.None, bool IsUndo = false) : IComparable<ReadingVersion>
{
    private const string Value = "value";
    private const string Unit = "unit";

    public Dictionary<string, VersionValue> Values { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>The merges by which it came from other equipment, the last one last.</summary>
    public IReadOnlyList<string> Merged { get; init; } = [];

    /// <summary>Earlier or later.</summary>
    public int CompareTo(ReadingVersion? other) => (At, Write).CompareTo((other!.At, other.Write));

    /// <param name="fields">A reading, or one of its versions.</param>
    public static ReadingVersion Read(BsonDocument fields)
    {
        var isUndo = fields.TryGetValue(ReadingFields.Undone, out var undone);
        return new ReadingVersion(
            fields[ReadingFields.Write].AsObjectId,
            fields[ReadingFields.Actor].AsString,
            fields[ReadingFields.At].AsBsonDateTime.MillisecondsSinceEpoch,
            isUndo ? undone.AsString : fields.TryGetValue(ReadingFields.Job, out var job) ? job.AsString : null,
            FlagNames.FromBson(fields, ReadingFields.Flags) & ~ReadingFlagSets.Found,
            isUndo)
        {
            Values = isUndo ? [] : ReadValues(fields),
            Merged = fields.TryGetValue(ReadingFields.Merged, out var merged) ? [.. merged.AsBsonArray.Select(one => one.AsString)] : [],
        };
    }

    public static void WriteValues(IBsonWriter writer, IEnumerable<KeyValuePair<string, VersionValue>> values)
    {
        List<(string Name, VersionValue Value)> all = [.. values.Select(one => (ReadingFields.NameOf(one.Key), one.Value))];
        writer.WriteStartDocument(ReadingFields.Values);
        all.ForEach(one => writer.WriteDouble(one.Name, one.Value.Value));
        writer.WriteEndDocument();
        WritePart(writer, ReadingFields.Source, all.FindAll(one => one.Value.Source is not null), one =>
        {
            writer.WriteStartDocument();
            writer.WriteDouble(Value, one.Source!.Value.Value);
            writer.WriteString(Unit, one.Source.Value.Unit);
            writer.WriteEndDocument();
        });
        WritePart(writer, ReadingFields.Found, all.FindAll(one => one.Value.Found != ReadingFlags.None), one => FlagNames.Write(writer, one.Found));
    }

    /// <summary>Writes the document of a version.</summary>
    public void WriteTo(IBsonWriter writer)
    {
        writer.WriteStartDocument();
        if (IsUndo)
        {
            writer.WriteString(ReadingFields.Undone, Job);
        }
        else
        {
            WriteValues(writer, Values);
            WriteFlags(writer, Flags);
        }

        WriteOrigin(writer);
        WriteMerged(writer, Merged);
        writer.WriteEndDocument();
    }

    public void WriteOrigin(IBsonWriter writer)
    {
        if (Job is not null && !IsUndo)
        {
            writer.WriteString(ReadingFields.Job, Job);
        }

        writer.WriteString(ReadingFields.Actor, Actor);
        writer.WriteDateTime(ReadingFields.At, At);
        writer.WriteObjectId(ReadingFields.Write, Write);
    }

    public static void WriteFlags(IBsonWriter writer, ReadingFlags flags)
    {
        if (flags != ReadingFlags.None)
        {
            writer.WriteName(ReadingFields.Flags);
            FlagNames.Write(writer, flags);
        }
    }

    public static void WriteMerged(IBsonWriter writer, IReadOnlyList<string> merges)
    {
        if (merges.Count > 0)
        {
            writer.WriteStartArray(ReadingFields.Merged);
            foreach (var merge in merges)
            {
                writer.WriteString(merge);
            }

            writer.WriteEndArray();
        }
    }

    private static Dictionary<string, VersionValue> ReadValues(BsonDocument fields)
    {
        var values = new Dictionary<string, VersionValue>(StringComparer.Ordinal);
        var sources = Part(fields, ReadingFields.Source);
        var found = Part(fields, ReadingFields.Found);
        foreach (var value in fields[ReadingFields.Values].AsBsonDocument)
        {
            (double, string)? source = sources is not null && sources.TryGetValue(value.Name, out var delivered)
                ? (delivered[Value].AsDouble, delivered[Unit].AsString)
                : null;
            values.Add(
                ReadingFields.MetricOf(value.Name),
                new VersionValue(value.Value.AsDouble, source, found is null ? ReadingFlags.None : FlagNames.FromBson(found, value.Name)));
        }

        return values;
    }

    private static BsonDocument? Part(BsonDocument fields, string name) => fields.TryGetValue(name, out var part) ? part.AsBsonDocument : null;

    private static void WritePart(IBsonWriter writer, string field, List<(string Name, VersionValue Value)> values, Action<VersionValue> write)
    {
        if (values.Count == 0)
        {
            return;
        }

        writer.WriteStartDocument(field);
        foreach (var (name, value) in values)
        {
            writer.WriteName(name);
            write(value);
        }

        writer.WriteEndDocument();
    }
}
