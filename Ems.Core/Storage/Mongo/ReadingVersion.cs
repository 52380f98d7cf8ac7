using Ems.Core.Metering;
using MongoDB.Bson;

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

    public static void WriteValues(BsonDocument fields, IEnumerable<KeyValuePair<string, VersionValue>> values)
    {
        BsonDocument plain = [], sources = [], found = [];
        foreach (var (metric, value) in values)
        {
            var name = ReadingFields.NameOf(metric);
            plain[name] = value.Value;
            if (value.Source is { } source)
            {
                sources[name] = new BsonDocument { [Value] = source.Value, [Unit] = source.Unit };
            }

            if (value.Found != ReadingFlags.None)
            {
                found[name] = FlagNames.ToBson(value.Found);
            }
        }

        fields[ReadingFields.Values] = plain;
        AddPart(fields, ReadingFields.Source, sources);
        AddPart(fields, ReadingFields.Found, found);
    }

    /// <summary>The fields of a version.</summary>
    public BsonDocument ToBson()
    {
        var fields = new BsonDocument();
        if (IsUndo)
        {
            fields[ReadingFields.Undone] = Job!;
        }
        else
        {
            WriteValues(fields, Values);
            if (Flags != ReadingFlags.None)
            {
                fields[ReadingFields.Flags] = FlagNames.ToBson(Flags);
            }
        }

        WriteOrigin(fields);
        if (Merged.Count > 0)
        {
            fields[ReadingFields.Merged] = new BsonArray(Merged);
        }

        return fields;
    }

    public void WriteOrigin(BsonDocument fields)
    {
        if (Job is not null && !IsUndo)
        {
            fields[ReadingFields.Job] = Job;
        }

        fields[ReadingFields.Actor] = Actor;
        fields[ReadingFields.At] = new BsonDateTime(At);
        fields[ReadingFields.Write] = Write;
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

    private static void AddPart(BsonDocument fields, string name, BsonDocument part)
    {
        if (part.ElementCount > 0)
        {
            fields[name] = part;
        }
    }
}
