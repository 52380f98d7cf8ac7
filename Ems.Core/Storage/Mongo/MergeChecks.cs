using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>What stands in the way of a merge or of its undoing: then it throws an <see cref="InvalidOperationException"/> that says so.</summary>
internal static class MergeChecks
{
    /// <summary>What another merge still brings or takes back would be left behind by this one.</summary>
    public static async Task CheckOthersAsync(
        IMongoDatabase database, IClientSessionHandle session, string fromId, string intoId, CancellationToken cancellationToken)
    {
        var others = await database.Of(CoreCollections.Merges)
            .Find(session, Where.In("from", new[] { fromId, intoId }) | Where.Eq("into", fromId)).ToListAsync(cancellationToken);
        var undone = (await database.Of(CoreCollections.Undos)
            .Find(session, Where.In("_id", others.Select(other => other["_id"])) & Where.Eq("done", false)).ToListAsync(cancellationToken))
            .Select(undo => undo["_id"]).ToHashSet();
        if (others.Find(other => !other["done"].AsBoolean || undone.Contains(other["_id"])) is { } running)
        {
            throw new InvalidOperationException(
                $"{running["from"]} is just being merged into {running["into"]}, or that is being undone: try again when the job {running["_id"]} has ended.");
        }
    }

    /// <summary>A merge is there until its undoing has brought back everything.</summary>
    public static async Task CheckUndoAsync(
        IMongoDatabase database, IClientSessionHandle session, string intoId, CancellationToken cancellationToken)
    {
        if (await database.Of(CoreCollections.Merges).Find(session, Where.Eq("from", intoId)).FirstOrDefaultAsync(cancellationToken) is { } onward)
        {
            throw new InvalidOperationException($"{intoId} was merged into {onward["into"]} since: undo that first.");
        }
    }

    public static async Task CheckNaturesAsync(
        IMongoDatabase database, IClientSessionHandle session, string fromId, string intoId, CancellationToken cancellationToken)
    {
        // What was undone altogether fits anything.
        var series = (await SeriesDocuments.ListAsync(database, session, [fromId, intoId], null, cancellationToken)).Where(one => one.HasValues).ToList();
        var there = series.Where(one => one.Key.EquipmentId == intoId).ToDictionary(one => one.Key);
        foreach (var from in series.Where(one => one.Key.EquipmentId == fromId))
        {
            if (there.TryGetValue(from.Key with { EquipmentId = intoId }, out var into) && into.Nature != from.Nature)
            {
                throw new InvalidOperationException($"{from.Key.Metric} is a {from.Kind} in {from.Unit} here and a {into.Kind} in {into.Unit} there.");
            }
        }
    }
}
