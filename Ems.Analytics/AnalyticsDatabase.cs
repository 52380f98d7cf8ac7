using Ems.Core.Messaging.Sqlite;
using Ems.Core.Storage.Mongo;

namespace Ems.Analytics;

/// <summary>What the module keeps: its file, <c>analytics.db</c>, whose times are Unix milliseconds, or its collections.</summary>
internal static class AnalyticsDatabase
{
    public const string Module = "analytics";

    /// <summary>What arrived and waits for detection, by equipment.</summary>
    public const string Received = "analytics_received";

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

    /// <summary>One per schema version; append only.</summary>
    public static readonly IReadOnlyList<string> Migrations = [SqliteInbox.Schema + Detection];

    public static readonly IReadOnlyList<MongoCollection> Collections = [new(Received)];
}
