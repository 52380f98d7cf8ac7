using static Ems.Core.Storage.Mongo.MongoCollection;

namespace Ems.Core.Storage.Mongo;

/// <summary>The collections of sites, equipment, readings and jobs.</summary>
internal static class CoreCollections
{
    public const string Sites = "sites";
    public const string Equipment = "equipment";
    public const string Jobs = "jobs";
    public const string JobQueues = "job_queues";
    public const string Profiles = "profiles";

    public static readonly IReadOnlyList<MongoCollection> All =
    [
        new(Sites),
        new(Equipment),
        new(Profiles),
        new(JobQueues),
        new(Jobs, Index("{ created_at: 1, _id: 1 }"), Index("{ state: 1, created_at: 1, _id: 1 }")),
    ];
}
