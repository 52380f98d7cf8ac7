using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Sqlite;

namespace Ems.Analytics;

/// <summary>What the module keeps: its file, <c>analytics.db</c>, whose times are Unix milliseconds, or its collections.</summary>
internal static class AnalyticsDatabase
{
    public const string Module = "analytics";

    /// <summary>What arrived and waits for detection, by equipment.</summary>
    public const string Received = "analytics_received";

    /// <summary>A step of chance: what was put back to an older state and went on differently does not come by the same numbers.</summary>
    public static long RevisionStep() => Random.Shared.NextInt64(1, 1L << 32);

    private const string Detection = """
        CREATE TABLE received(
            equipment TEXT PRIMARY KEY,
            site TEXT,
            events INTEGER NOT NULL,
            readings INTEGER NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE detection_range(
            equipment TEXT NOT NULL,
            start INTEGER NOT NULL,
            stop INTEGER NOT NULL,
            PRIMARY KEY(equipment, start)) STRICT, WITHOUT ROWID;
        """;

    private const string Revisions = """
        ALTER TABLE received ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
        UPDATE received SET revision = random() & 4294967295;
        """;

    /// <summary>One per schema version; append only.</summary>
    public static readonly IReadOnlyList<SchemaStep> Migrations = [SqliteInbox.Schema + Detection, Revisions];

    public static readonly IReadOnlyList<MongoCollection> Collections = [new(Received)];
}
