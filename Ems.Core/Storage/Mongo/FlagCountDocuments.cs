using System.Runtime.InteropServices;
using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>How many readings each equipment has with each combination of flags.</summary>
internal static class FlagCountDocuments
{
    private const string Readings = "readings";

    public static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<ReadingFlags, long>>> ReadAsync(
        IMongoDatabase database, CancellationToken cancellationToken)
    {
        var found = await database.Of(CoreCollections.FlagCounts).Find(Where.Gt(Readings, 0)).ToListAsync(cancellationToken);
        return found.GroupBy(document => document["_id"]["equipment"].AsString).ToDictionary(
            documents => documents.Key,
            documents => (IReadOnlyDictionary<ReadingFlags, long>)documents.ToDictionary(
                document => FlagNames.FromBson(document["_id"]["flags"]), document => document[Readings].ToInt64()));
    }

    /// <summary>Those of all equipment together.</summary>
    public static async Task<IReadOnlyDictionary<ReadingFlags, long>> SumUpAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        var found = await database.Of(CoreCollections.FlagCounts).Aggregate().Match(Where.Gt(Readings, 0))
            .Group(new BsonDocument { ["_id"] = "$_id.flags", [Readings] = new BsonDocument("$sum", $"${Readings}") }).ToListAsync(cancellationToken);
        return found.ToDictionary(document => FlagNames.FromBson(document["_id"]), document => document[Readings].ToInt64());
    }

    /// <param name="readings">With their flags before; null when they had no values.</param>
    public static List<WriteModel<BsonDocument>> Growth(IEnumerable<(StoredReading Reading, ReadingFlags? Before)> readings)
    {
        var growth = new Dictionary<(string EquipmentId, ReadingFlags Flags), long>();
        foreach (var (reading, before) in readings)
        {
            Add(reading.EquipmentId, before, -1);
            Add(reading.EquipmentId, reading.Flags, 1);
        }

        return
        [
            .. growth.Where(one => one.Value != 0).Select(one => new UpdateOneModel<BsonDocument>(
                Where.Eq("_id", new BsonDocument { ["equipment"] = one.Key.EquipmentId, ["flags"] = FlagNames.ToBson(one.Key.Flags) }),
                Set.Inc(Readings, one.Value))
            {
                IsUpsert = true,
            }),
        ];

        void Add(string equipmentId, ReadingFlags? flags, int count)
        {
            if (flags is { } some)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(growth, (equipmentId, some), out _) += count;
            }
        }
    }
}
