using Ems.Core.Messaging.Sqlite;
using Microsoft.Extensions.Options;

namespace Ems.Core.Storage.Sqlite;

/// <summary>The file of sites, equipment, readings and jobs. Instants and lengths in it are milliseconds.</summary>
internal sealed class IngestionDatabase(IOptions<StoreOptions> options) : IDisposable
{
    public const string Module = "ingestion";

    /// <summary>A step of chance: see <see cref="SeriesInfo"/>.</summary>
    public const string NextRevision = "revision + 1 + (random() & 4294967295)";

    private const string Catalogue = """
        CREATE TABLE site(id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE equipment(id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """;

    private const string Jobs = """
        CREATE TABLE job(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL,
            actor TEXT NOT NULL,
            body TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            lease_owner TEXT,
            lease_until INTEGER) STRICT;
        CREATE INDEX job_state ON job(state, seq);
        """;

    // A row in value is the current version; value_version holds all others, older or undone. Now in blocks: see ValueBlocks.
    private const string Readings = """
        CREATE TABLE series(
            id INTEGER PRIMARY KEY,
            equipment TEXT NOT NULL,
            metric TEXT NOT NULL,
            length INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            unit TEXT NOT NULL,
            count INTEGER NOT NULL DEFAULT 0,
            first_at INTEGER,
            last_at INTEGER,
            UNIQUE(equipment, metric, length)) STRICT;

        CREATE TABLE write(version INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT, actor TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
        CREATE INDEX write_job ON write(job) WHERE job IS NOT NULL;
        CREATE TABLE undone(job TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE job_range(
            job TEXT NOT NULL,
            series INTEGER NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            PRIMARY KEY(job, series)) STRICT, WITHOUT ROWID;

        CREATE TABLE value(
            series INTEGER NOT NULL,
            start INTEGER NOT NULL,
            length INTEGER NOT NULL,
            version INTEGER NOT NULL,
            value REAL NOT NULL,
            flags INTEGER NOT NULL,
            source_value REAL,
            source_unit TEXT,
            PRIMARY KEY(series, start, length)) STRICT, WITHOUT ROWID;

        CREATE TABLE value_version(
            series INTEGER NOT NULL,
            start INTEGER NOT NULL,
            length INTEGER NOT NULL,
            version INTEGER NOT NULL,
            value REAL NOT NULL,
            flags INTEGER NOT NULL,
            source_value REAL,
            source_unit TEXT,
            PRIMARY KEY(series, start, length, version)) STRICT, WITHOUT ROWID;
        """;

    // A row in rollup_day is valid by being there. Days are counted from 1970-01-01 (UTC).
    private const string RollUps = """
        CREATE TABLE rollup_day(
            series INTEGER NOT NULL,
            day INTEGER NOT NULL,
            minutes INTEGER NOT NULL, -- length of its buckets
            body BLOB NOT NULL,
            PRIMARY KEY(series, day)) STRICT, WITHOUT ROWID;
        CREATE TABLE rollup_missing(
            day INTEGER NOT NULL,
            series INTEGER NOT NULL,
            PRIMARY KEY(day, series)) STRICT, WITHOUT ROWID;
        """;

    // Readings by their flags are counted with every write. What is put back of an undo is taken off job_range.
    private const string Counters = """
        ALTER TABLE series ADD COLUMN end_at INTEGER;
        UPDATE series SET end_at = (SELECT max(start + value.length) FROM value WHERE value.series = series.id);
        ALTER TABLE undone ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
        DELETE FROM job_range WHERE job IN (SELECT job FROM undone);
        -- What the series held before the job.
        ALTER TABLE job_range ADD COLUMN known_from INTEGER;
        ALTER TABLE job_range ADD COLUMN known_until INTEGER;
        CREATE TABLE flag_count(
            equipment TEXT NOT NULL,
            flags INTEGER NOT NULL,
            readings INTEGER NOT NULL,
            PRIMARY KEY(equipment, flags)) STRICT, WITHOUT ROWID;
        INSERT INTO flag_count
            SELECT equipment, flags, count(*)
            FROM (
                SELECT equipment, flags, max(version)
                FROM value JOIN series ON series.id = value.series
                GROUP BY equipment, start, value.length)
            GROUP BY equipment, flags;
        """;

    // Flags found by comparison are 64 and above.
    private const string Quality = """
        CREATE INDEX value_found ON value(series, start, length) WHERE flags >= 64;
        CREATE TABLE unchecked(
            series INTEGER NOT NULL,
            block INTEGER NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            mark INTEGER NOT NULL, -- at random, with every change
            PRIMARY KEY(series, block)) STRICT, WITHOUT ROWID;
        INSERT INTO unchecked SELECT id, 0, first_at, last_at, random() FROM series WHERE count > 0;
        """;

    private const string Merges = """
        CREATE TABLE merge(
            job TEXT PRIMARY KEY,
            equipment TEXT NOT NULL,
            into_equipment TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE merged_version(
            job TEXT NOT NULL,
            series INTEGER NOT NULL,
            into_series INTEGER NOT NULL,
            start INTEGER NOT NULL,
            length INTEGER NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY(job, series, into_series, start, length, version)) STRICT, WITHOUT ROWID;
        """;

    private const string Profiles = """
        CREATE TABLE profile(
            id TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            body TEXT NOT NULL,
            saved_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    private const string Revisions = "ALTER TABLE series ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;";

    private const string CatalogueRevision = $"""
        CREATE TABLE catalogue(id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
        INSERT INTO catalogue VALUES (1, random() & 4294967295);
        CREATE TRIGGER site_added AFTER INSERT ON site BEGIN UPDATE catalogue SET revision = {NextRevision}; END;
        CREATE TRIGGER site_changed AFTER UPDATE ON site BEGIN UPDATE catalogue SET revision = {NextRevision}; END;
        CREATE TRIGGER site_deleted AFTER DELETE ON site BEGIN UPDATE catalogue SET revision = {NextRevision}; END;
        CREATE TRIGGER equipment_added AFTER INSERT ON equipment BEGIN UPDATE catalogue SET revision = {NextRevision}; END;
        CREATE TRIGGER equipment_changed AFTER UPDATE ON equipment BEGIN UPDATE catalogue SET revision = {NextRevision}; END;
        CREATE TRIGGER equipment_deleted AFTER DELETE ON equipment BEGIN UPDATE catalogue SET revision = {NextRevision}; END;
        """;

    // Two stores must not share a number by being equally old.
    private const string RevisionsByChance = "UPDATE series SET revision = random() & 4294967295 WHERE revision = 0;";

    // At random, with every change of the day's values.
    private const string RollUpMarks = "ALTER TABLE rollup_missing ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;";

    // How many values a merge changed, for whoever finds it done.
    private const string MergeChanges = "ALTER TABLE merge ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;";

    private const string PackedValues = """
        CREATE TABLE value_block(
            series INTEGER NOT NULL,
            first_at INTEGER NOT NULL, -- start of its first value
            last_at INTEGER NOT NULL, -- start of its last value
            count INTEGER NOT NULL,
            found INTEGER NOT NULL, -- all flags of its values that were found by comparison
            body BLOB NOT NULL,
            PRIMARY KEY(series, first_at)) STRICT;
        CREATE INDEX value_block_found ON value_block(series, first_at, found) WHERE found <> 0;
        """;

    /// <summary>One step per schema version; append only.</summary>
    public static readonly IReadOnlyList<SchemaStep> Schema =
        [Catalogue + Jobs + Readings + RollUps + SqliteOutbox.Schema, SqliteOutbox.Leases, Counters + Quality, Merges + Profiles, Revisions, CatalogueRevision,
            RevisionsByChance, RollUpMarks, MergeChanges, new SchemaStep(PackedValues, ValuePacking.Run)];

    public SqliteDatabase File { get; } = new(options.Value.PathOf("ingestion.db"), Schema);

    public void Dispose() => File.Dispose();
}
