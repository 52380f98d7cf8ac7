using System.Buffers.Binary;
using Ems.Core.Metering;
using Ems.Core.Storage.Mongo;
using Ems.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using MongoDB.Bson;
using NodaTime;
using StoredValue = Ems.Core.Storage.Sqlite.StoredValue;

namespace Ems.Core.Storage.Moving;

/// <summary>Readings of the embedded store, which keeps values by series, put together with all their versions, and taken apart again.</summary>
internal sealed class SqliteReadings(SqliteDatabase database)
{
    private const int ValuesAtOnce = 4_000;
    private Dictionary<long, MovedWrite>? _writes;
    private Dictionary<string, MovedUndo>? _undos;
    private ILookup<string, MovedMerge>? _merges;
    private IReadOnlyDictionary<ObjectId, long>? _versions;

    private sealed record Row(SeriesRow Series, StoredValue Value);

    /// <summary>The write of a version; later ones are greater.</summary>
    public static ObjectId IdOf(long version, long at)
    {
        Span<byte> bytes = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)(at / 1_000));
        BinaryPrimitives.WriteInt64BigEndian(bytes[4..], version);
        return new ObjectId(bytes.ToArray());
    }

    /// <summary>Versions by their writes.</summary>
    public static IReadOnlyDictionary<ObjectId, long> VersionsOf(MovedState state) =>
        state.Writes.Select((write, i) => (write.Id, Version: i + 1L)).ToDictionary(one => one.Id, one => one.Version);

    public static Dictionary<SeriesKey, long> SeriesIds(SqliteConnection connection) => connection.ReadAll(
        row => (Key: new SeriesKey(row.GetString(1), row.GetString(2), row.GetLength(3)), Id: row.GetInt64(0)),
        "SELECT id, equipment, metric, length FROM series").ToDictionary(one => one.Key, one => one.Id);

    public Task<(IReadOnlyList<StoredReading> Readings, ReadingPlace? Next)> ReadAsync(ReadingPlace? after, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => Read(connection, after), cancellationToken);

    public Task WriteAsync(IReadOnlyList<StoredReading> readings, MovedState state, CancellationToken cancellationToken) => database.WriteAsync(
        connection =>
        {
            var merges = state.Merges.ToDictionary(merge => merge.Job);
            _versions ??= VersionsOf(state);
            foreach (var group in readings.GroupBy(reading => (reading.EquipmentId, reading.NominalMs)))
            {
                new GroupPut(connection, _versions, merges, group.Key.EquipmentId, Duration.FromMilliseconds(group.Key.NominalMs)).Put([.. group]);
            }

            return 0;
        },
        cancellationToken);

    private (IReadOnlyList<StoredReading> Readings, ReadingPlace? Next) Read(SqliteConnection connection, ReadingPlace? after)
    {
        var group = connection.ReadAll(
            row => (EquipmentId: row.GetString(0), Nominal: row.GetInt64(1)),
            """
            SELECT DISTINCT equipment, length FROM series
            WHERE $equipment IS NULL OR (equipment, length) >= ($equipment, $length) ORDER BY equipment, length LIMIT 2
            """,
            ("$equipment", after?.EquipmentId), ("$length", after?.NominalMs));
        if (group.Count == 0)
        {
            return ([], null);
        }

        var isSame = after is not null && group[0] == (after.EquipmentId, after.NominalMs);
        var start = isSame ? after!.Start : long.MinValue;
        var series = SeriesTable.ListGroup(connection, group[0].EquipmentId, Duration.FromMilliseconds(group[0].Nominal));
        var (rows, end) = ReadRows(connection, series, start);
        var isLast = end == long.MaxValue;
        var next = !isLast ? new ReadingPlace(group[0].EquipmentId, group[0].Nominal, end)
            : group.Count > 1 ? new ReadingPlace(group[1].EquipmentId, group[1].Nominal, long.MinValue)
            : null;
        return (PutTogether(connection, group[0].EquipmentId, group[0].Nominal, rows), next);
    }

    /// <summary>Some rows behind a start, and up to where they are all there.</summary>
    private static (List<Row> Rows, long End) ReadRows(SqliteConnection connection, IReadOnlyList<SeriesRow> series, long start)
    {
        List<Row> rows = [];
        var end = long.MaxValue;
        foreach (var one in series)
        {
            Add(one, new ValueBlocks(connection, one.Id).ReadFrom(start + 1, ValuesAtOnce));
            Add(one, connection.ReadAll(
                ValueVersions.Read,
                $"SELECT {ValueVersions.Columns} FROM value_version WHERE series = $series AND start > $start ORDER BY start LIMIT {ValuesAtOnce}",
                ("$series", one.Id), ("$start", start)));
        }

        var isCut = rows.RemoveAll(row => row.Value.Start > end) > 0;
        return isCut && rows.Count == 0 ? (ReadRowsAt(connection, series, end + 1), end + 1) : (rows, end);

        void Add(SeriesRow one, List<StoredValue> read)
        {
            end = read.Count == ValuesAtOnce ? Math.Min(end, read[^1].Start - 1) : end;
            rows.AddRange(read.Select(value => new Row(one, value)));
        }
    }

    private static List<Row> ReadRowsAt(SqliteConnection connection, IReadOnlyList<SeriesRow> series, long start) =>
    [
        .. series.SelectMany(one => new ValueBlocks(connection, one.Id).Read(start, start)
            .Concat(connection.ReadAll(
                ValueVersions.Read, $"SELECT {ValueVersions.Columns} FROM value_version WHERE series = $series AND start = $start",
                ("$series", one.Id), ("$start", start)))
            .Select(value => new Row(one, value))),
    ];

    private List<StoredReading> PutTogether(SqliteConnection connection, string equipmentId, long nominal, List<Row> rows)
    {
        _writes ??= connection.ReadAll(
            row => (Version: row.GetInt64(0), Write: new MovedWrite(IdOf(row.GetInt64(0), row.GetInt64(3)), row.FindText(1), row.GetString(2), row.GetInt64(3))),
            "SELECT version, job, actor, at FROM write").ToDictionary(one => one.Version, one => one.Write);
        _undos ??= connection.ReadAll(
            row => new MovedUndo(row.GetString(0), IdOf(row.GetInt64(1), row.GetInt64(3)), row.GetString(2), row.GetInt64(3), 0),
            "SELECT undone.job, undone.version, write.actor, write.at FROM undone JOIN write USING (version)").ToDictionary(one => one.Job);
        var givenBy = connection.ReadAll(row => row.GetString(0), "SELECT job FROM merge WHERE equipment = $equipment", ("$equipment", equipmentId)).SingleOrDefault();
        return [.. rows.GroupBy(row => row.Value.Key).OrderBy(cell => cell.Key).Select(cell =>
        {
            var reading = new StoredReading(new ReadingId(equipmentId, cell.Key.Start, cell.Key.Length), nominal);
            reading.AddAll([.. VersionsOf(connection, [.. cell])]);
            reading.Given = givenBy;
            return reading;
        })];
    }

    private IEnumerable<ReadingVersion> VersionsOf(SqliteConnection connection, List<Row> cell)
    {
        var versions = cell
            .GroupBy(row => (row.Value.Version, Merged: string.Join('\n', MergesOf(connection, row))))
            .Select(same =>
            {
                var write = _writes![same.Key.Version];
                var flags = same.Aggregate(ReadingFlags.None, (all, row) => all | row.Value.Flags) & ~ReadingFlagSets.Found;
                var version = new ReadingVersion(write.Id, write.Actor, write.At, write.Job, flags)
                {
                    Merged = same.Key.Merged.Length == 0 ? [] : same.Key.Merged.Split('\n'),
                };
                foreach (var (series, value) in same)
                {
                    (double, string)? source = value.SourceValue is null && value.SourceUnit is null
                        ? null
                        : (value.SourceValue ?? value.Value, value.SourceUnit ?? series.Unit);
                    version.Values[series.Key.Metric] = new VersionValue(value.Value, source, value.Flags & ReadingFlagSets.Found);
                }

                return (Order: same.Key.Version, Version: version);
            });
        var undone = cell.Select(row => _writes![row.Value.Version].Job).OfType<string>().Distinct().Where(_undos!.ContainsKey).Select(job => _undos[job])
            .Select(undo => (
                Order: BinaryPrimitives.ReadInt64BigEndian(undo.Write.ToByteArray().AsSpan(4)),
                Version: new ReadingVersion(undo.Write, undo.Actor, undo.At, undo.Job, IsUndo: true)));
        return versions.Concat(undone).OrderBy(one => one.Order).Select(one => one.Version);
    }

    /// <summary>The merges by which a version came to its series, the last one last.</summary>
    private List<string> MergesOf(SqliteConnection connection, Row row)
    {
        _merges ??= connection.ReadAll(SqliteMovable.Merge, SqliteMovable.Merges).ToLookup(one => one.Into);
        List<string> merges = [];
        var into = row.Series;
        while (FindGiver(connection, into, row) is var (merge, giver))
        {
            merges.Insert(0, merge.Job);
            into = giver;
        }

        return merges;
    }

    private (MovedMerge Merge, SeriesRow Giver)? FindGiver(SqliteConnection connection, SeriesRow into, Row row)
    {
        foreach (var merge in _merges![into.Key.EquipmentId])
        {
            var giver = SeriesTable.Find(connection, into.Key with { EquipmentId = merge.From });
            if (giver is not null && connection.FindLong(
                """
                SELECT 1 FROM merged_version
                WHERE job = $job AND series = $from AND into_series = $into AND start = $start AND length = $length AND version = $version
                """,
                ("$job", merge.Job), ("$from", giver.Id), ("$into", into.Id), ("$start", row.Value.Start), ("$length", row.Value.Length), ("$version", row.Value.Version)) is not null)
            {
                return (merge, giver);
            }
        }

        return null;
    }

    /// <summary>Puts readings of one equipment and length into the tables.</summary>
    private sealed class GroupPut(
        SqliteConnection connection, IReadOnlyDictionary<ObjectId, long> versions, IReadOnlyDictionary<string, MovedMerge> merges, string equipmentId, Duration length)
    {
        private readonly Dictionary<string, SeriesRow> _series = SeriesTable.ListGroup(connection, equipmentId, length).ToDictionary(row => row.Key.Metric);
        private readonly Dictionary<string, List<StoredValue>> _current = [];

        public void Put(IReadOnlyList<StoredReading> readings)
        {
            foreach (var reading in readings)
            {
                foreach (var version in reading.Versions.Where(version => !version.IsUndo))
                {
                    foreach (var (metric, value) in version.Values)
                    {
                        Put(reading, version, metric, value);
                    }
                }
            }

            foreach (var (metric, values) in _current)
            {
                values.Sort(StoredValue.ByKey);
                new ValueBlocks(connection, _series[metric].Id).Put(values);
                var touched = new TouchedRanges();
                values.ForEach(value => touched.Add(value.Start, value.Start + value.Length));
                RollUps.Invalidate(connection, _series[metric], touched);
            }
        }

        private void Put(StoredReading reading, ReadingVersion version, string metric, VersionValue value)
        {
            var series = _series[metric];
            var isCurrent = reading.Find(metric) is { } current && current.Write == version.Write && current.Job == version.Job;
            var (source, unit) = value.Source is { } delivered ? (delivered.Value, delivered.Unit) : (value.Value, series.Unit);
            var stored = new StoredValue(
                reading.Start, reading.Length, value.Value, versions[version.Write], version.Flags | value.Found,
                source == value.Value ? null : source, unit == series.Unit ? null : unit);
            if (!isCurrent)
            {
                ValueVersions.Keep(connection, series.Id, stored);
            }
            else if (!_current.TryAdd(metric, [stored]))
            {
                _current[metric].Add(stored);
            }

            NoteMerges(reading, version, metric);
        }

        private void NoteMerges(StoredReading reading, ReadingVersion version, string metric)
        {
            for (var i = 0; i < version.Merged.Count; i++)
            {
                var merge = merges[version.Merged[i]];
                connection.Execute(
                    """
                    INSERT OR REPLACE INTO merged_version(job, series, into_series, start, length, version)
                    VALUES ($job, $from, $into, $start, $length, $version)
                    """,
                    ("$job", merge.Job), ("$from", SeriesOf(merge.From)), ("$into", SeriesOf(merge.Into)),
                    ("$start", reading.Start), ("$length", reading.Length), ("$version", versions[version.Write]));
            }

            long SeriesOf(string id) => SeriesTable.Find(connection, new SeriesKey(id, metric, length))!.Id;
        }
    }
}
