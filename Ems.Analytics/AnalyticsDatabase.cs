using Ems.Core.Messaging.Sqlite;

namespace Ems.Analytics;

/// <summary>The module's file, <c>analytics.db</c>. Times in it are Unix milliseconds.</summary>
internal static class AnalyticsDatabase
{
    public const string Module = "analytics";

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
}
