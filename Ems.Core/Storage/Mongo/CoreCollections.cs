using Ems.Core.Storage.Moving;
using MongoDB.Bson;
using MongoDB.Driver;
using static Ems.Core.Storage.Mongo.MongoCollection;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>The collections of sites, equipment, readings and jobs.</summary>
internal static class CoreCollections
{
    /// <summary>Whose outbox tells of changes in them.</summary>
    public const string Module = "ingestion";

    public const string Sites = "sites";
    public const string Equipment = "equipment";
    public const string Catalogue = "catalogue";
    public const string Jobs = "jobs";
    public const string JobQueues = "job_queues";
    public const string Profiles = "profiles";
    public const string Readings = "readings";
    public const string Series = "series";
    public const string RollUps = "rollups";
    public const string FlagCounts = "flag_counts";
    public const string Unchecked = "unchecked";
    public const string JobRanges = "job_ranges";
    public const string Undos = "undos";
    public const string Merges = "merges";
    public const string Claims = "claims";

    public static readonly IReadOnlyList<MongoCollection> All =
    [
        new(Sites),
        new(Equipment),
        new(Catalogue) { First = CatalogueRevision.First },
        new(Profiles),
        new(JobQueues),
        new(Jobs, Index("{ created_at: 1, _id: 1 }"), Index("{ state: 1, created_at: 1, _id: 1 }")),
        new(
            Readings,
            Index("{ '_id.equipment': 1, nominal_ms: 1, '_id.start': 1, '_id.duration_ms': 1 }"),
            Index("{ '_id.start': 1 }"),
            Index("{ '_id.equipment': 1, nominal_ms: 1, '_id.start': 1 }", Partial("found", ReadingFields.Found)),
            Index("{ '_id.equipment': 1, '_id.start': 1 }", Partial("versions", ReadingFields.Versions)),
            Index("{ merged: 1 }", Partial("merged", ReadingFields.Merged)),
            Index("{ given: 1 }", Partial("given", ReadingFields.Given))),
        new(Series, Index("{ '_id.equipment': 1, '_id.metric': 1, '_id.nominal_ms': 1 }")),
        new(
            RollUps,
            Index("{ '_id.equipment': 1, '_id.metric': 1, '_id.nominal_ms': 1, '_id.day': 1 }"),
            Index("{ stale: 1, '_id.day': 1 }")),
        new(FlagCounts),
        new(Unchecked, Index("{ '_id.equipment': 1, '_id.metric': 1, '_id.nominal_ms': 1, '_id.block': 1 }")),
        new(JobRanges, Index("{ '_id.job': 1, '_id.equipment': 1 }"), Index("{ '_id.equipment': 1 }")),
        new(Undos),
        new(Merges),
        new(Claims),
        new(MongoMovable.Marks),
        new(MongoProcess.Collection),
    ];

    private static CreateIndexOptions<BsonDocument> Partial(string name, string field) =>
        new() { Name = name, PartialFilterExpression = Where.Exists(field) };
}
