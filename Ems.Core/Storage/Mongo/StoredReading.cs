using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace Ems.Core.Storage.Mongo;

/// <summary>A value of a reading that holds now.</summary>
/// <param name="Flags">Those of the reading and those found about the value.</param>
/// <param name="Write">The write that it comes from.</param>
internal readonly record struct StoredValue(double Value, ReadingFlags Flags, string? Job, ObjectId Write);

/// <summary>
/// A reading with its versions. A value is that of the newest version with its metric whose job was not undone later; a document
/// without versions has but one.
/// </summary>
internal sealed class StoredReading
{
    private const int UsualSize = 512;
    private readonly List<ReadingVersion> _versions;
    private readonly Dictionary<string, ReadingVersion> _current = new(StringComparer.Ordinal);
    private ReadingVersion? _newest;
    private string? _given;

    public StoredReading(ReadingId id, long nominalMs)
        : this(id, nominalMs, [], given: null)
    {
    }

    private StoredReading(ReadingId id, long nominalMs, List<ReadingVersion> versions, string? given)
    {
        (Id, NominalMs, _versions, _given) = (id, nominalMs, versions, given);
        Settle();
    }

    public ReadingId Id { get; }

    public long NominalMs { get; }

    public string EquipmentId => Id.EquipmentId;

    public long Start => Id.Start;

    public long Length => Id.Length;

    public IReadOnlyList<ReadingVersion> Versions => _versions;

    /// <summary>Those of its newest value, and those found about any; null when no value is left.</summary>
    public ReadingFlags? Flags => _newest is null
        ? null
        : _current.Aggregate(_newest.Flags, (flags, one) => flags | one.Value.Values[one.Key].Found);

    public IEnumerable<string> Metrics => _current.Keys;

    /// <summary>The merge that gave all that counts to other equipment.</summary>
    public string? Given
    {
        get => _given;
        set
        {
            _given = value;
            Settle();
        }
    }

    public static StoredReading Read(BsonDocument document) => new(
        ReadingId.Read(document["_id"]),
        document[ReadingFields.Nominal].ToInt64(),
        document.TryGetValue(ReadingFields.Versions, out var versions) ? Read(versions.AsBsonArray) : [ReadingVersion.Read(document)],
        document.TryGetValue(ReadingFields.Given, out var given) ? given.AsString : null);

    /// <summary>Of a reading of which nothing else is known.</summary>
    public static StoredReading OfVersions(BsonArray versions) => new(default, 0, Read(versions), given: null);

    public StoredValue? Find(string metric) => _current.TryGetValue(metric, out var version)
        ? new StoredValue(version.Values[metric].Value, version.Flags | version.Values[metric].Found, version.Job, version.Write)
        : null;

    public void Add(ReadingVersion version)
    {
        _versions.Add(version);
        Settle();
    }

    /// <summary>Adds versions where they belong in time; those that are there stay in their order.</summary>
    public void AddAll(IReadOnlyList<ReadingVersion> versions)
    {
        var at = 0;
        foreach (var version in versions)
        {
            while (at < _versions.Count && _versions[at].CompareTo(version) <= 0)
            {
                at++;
            }

            _versions.Insert(at++, version);
        }

        Settle();
    }

    /// <summary>Takes the versions out.</summary>
    public IReadOnlyList<ReadingVersion> RemoveAll(Predicate<ReadingVersion> isWanted)
    {
        var removed = _versions.FindAll(isWanted);
        _versions.RemoveAll(isWanted);
        Settle();
        return removed;
    }

    public void SetFound(string metric, ReadingFlags found)
    {
        var values = _current[metric].Values;
        values[metric] = values[metric] with { Found = found };
    }

    /// <summary>Its document as the server gets it: it holds a dozen values and more, and objects for each of them would cost several times as much.</summary>
    public RawBsonDocument ToBson()
    {
        using var bytes = new MemoryStream(UsualSize);
        using var writer = new BsonBinaryWriter(bytes);
        writer.WriteStartDocument();
        writer.WriteName("_id");
        Id.WriteTo(writer);
        writer.WriteInt64(ReadingFields.Nominal, NominalMs);
        ReadingVersion.WriteValues(writer, _current.Select(one => KeyValuePair.Create(one.Key, one.Value.Values[one.Key])));
        if (Flags is { } flags)
        {
            ReadingVersion.WriteFlags(writer, flags);
            writer.WriteDouble(ReadingFields.Quality, QualityScore.Of(flags));
            _newest!.WriteOrigin(writer);
        }

        if (_versions.Count > 1 || _newest is null)
        {
            writer.WriteStartArray(ReadingFields.Versions);
            _versions.ForEach(version => version.WriteTo(writer));
            writer.WriteEndArray();
        }

        ReadingVersion.WriteMerged(writer, [.. _versions.SelectMany(version => version.Merged).Distinct()]);
        if (_given is not null)
        {
            writer.WriteString(ReadingFields.Given, _given);
        }

        writer.WriteEndDocument();
        return new RawBsonDocument(bytes.ToArray());
    }

    private static List<ReadingVersion> Read(BsonArray versions) => [.. versions.Select(version => ReadingVersion.Read(version.AsBsonDocument))];

    private void Settle()
    {
        _current.Clear();
        _newest = null;
        HashSet<string>? undone = null;
        for (var i = _given is null ? _versions.Count - 1 : -1; i >= 0; i--)
        {
            var version = _versions[i];
            if (version.IsUndo)
            {
                (undone ??= []).Add(version.Job!);
            }
            else if (version.Job is null || undone?.Contains(version.Job) != true)
            {
                var before = _current.Count;
                _current.EnsureCapacity(version.Values.Count);
                foreach (var metric in version.Values.Keys)
                {
                    _current.TryAdd(metric, version);
                }

                _newest ??= _current.Count > before ? version : null;
            }
        }
    }
}
