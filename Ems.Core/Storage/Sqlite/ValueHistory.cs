using System.Globalization;
using Ems.Core.Metering;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>Tells how values changed, by going through their versions and the undone jobs in order.</summary>
internal static class ValueHistory
{
    private const string Versions = """
        SELECT v.start, v.length, v.version, v.value, v.flags, write.job, write.actor, write.at
        FROM value_version AS v JOIN write ON write.version = v.version
        WHERE v.series = $series AND v.start >= $from AND v.start < $to
        ORDER BY v.start, v.length, v.version
        """;

    /// <summary>The changes after a position, newest first.</summary>
    public static HistoryPage Read(
        SqliteConnection connection, string equipmentId, string? metric, Instant from, Instant to, int limit, string? after)
    {
        var start = after is null ? (Position?)null : Position.Parse(after);
        var undone = connection.ReadAll(
            row => (Job: row.GetString(0), Undo: new Step(row.GetInt64(1), null, row.GetString(0), row.GetString(2), row.GetInstant(3), IsUndo: true)),
            "SELECT undone.job, undone.version, write.actor, write.at FROM undone JOIN write USING (version)").ToDictionary(row => row.Job, row => row.Undo);

        // The one that would come last is given up first.
        var found = new PriorityQueue<ValueChange, Position>(Comparer<Position>.Create((a, b) => b.CompareTo(a)));
        foreach (var series in SeriesTable.ListAll(connection, equipmentId, metric))
        {
            foreach (var (cell, steps) in ReadSteps(connection, series.Id, from, to))
            {
                foreach (var (change, version) in Replay(series.Key, cell.Start, steps, undone))
                {
                    var position = new Position(version, series.Key.Metric, cell.Start, cell.Length);
                    if (start is not { } earlier || position.CompareTo(earlier) > 0)
                    {
                        found.Enqueue(change, position);
                        if (found.Count > limit + 1)
                        {
                            found.Dequeue();
                        }
                    }
                }
            }
        }

        var isLast = found.Count <= limit;
        if (!isLast)
        {
            found.Dequeue();
        }

        var next = isLast || !found.TryPeek(out _, out var last) ? null : last.ToString();
        var changes = new List<ValueChange>(found.Count);
        while (found.TryDequeue(out var change, out _))
        {
            changes.Add(change);
        }

        changes.Reverse();
        return new HistoryPage(changes, next);
    }

    /// <summary>The versions of each value that has more than one.</summary>
    private static IEnumerable<((long Start, long Length) Cell, List<Step> Steps)> ReadSteps(SqliteConnection connection, long series, Instant from, Instant to)
    {
        using var command = connection.Prepare(
            Versions, ("$series", series), ("$from", from.ToUnixTimeMilliseconds()), ("$to", to.ToUnixTimeMilliseconds()));
        using var reader = command.ExecuteReader();
        (long Start, long Length) key = default;
        var steps = new List<Step>();
        var current = new CurrentValues(connection, series);
        while (reader.Read())
        {
            var next = (reader.GetInt64(0), reader.GetInt64(1));
            if (steps.Count > 0 && next != key)
            {
                steps.AddRange(current.Find(key));
                yield return (key, steps);
                steps = [];
            }

            key = next;
            steps.Add(new Step(
                reader.GetInt64(2), (reader.GetDouble(3), (ReadingFlags)reader.GetInt32(4)), reader.FindText(5), reader.GetString(6),
                reader.GetInstant(7), IsUndo: false));
        }

        if (steps.Count > 0)
        {
            steps.AddRange(current.Find(key));
            yield return (key, steps);
        }
    }

    private static IEnumerable<(ValueChange Change, long Version)> Replay(
        SeriesKey series, long start, List<Step> versions, Dictionary<string, Step> undone)
    {
        var undos = versions.Select(version => version.Job).OfType<string>().Distinct().Where(undone.ContainsKey).Select(job => undone[job]);
        var valid = new List<Step>();
        (double Value, ReadingFlags Flags)? current = null;
        var first = true;
        foreach (var step in versions.Concat(undos).OrderBy(step => step.Version))
        {
            if (step.IsUndo)
            {
                valid.RemoveAll(version => version.Job == step.Job);
            }
            else
            {
                valid.Add(step);
            }

            var next = valid.Count == 0 ? null : valid[^1].Value;
            if (!first && !SameValue.Is(current, next))
            {
                yield return (ValueChange.Of(series, Instant.FromUnixTimeMilliseconds(start), current, next, step.At, step.Actor, step.Job), step.Version);
            }

            first = false;
            current = next;
        }
    }

    private sealed record Step(long Version, (double Value, ReadingFlags Flags)? Value, string? Job, string Actor, Instant At, bool IsUndo);

    /// <summary>Finds current values that are asked for in order of time, a block at a time.</summary>
    private sealed class CurrentValues(SqliteConnection connection, long series)
    {
        private readonly ValueBlocks _blocks = new(connection, series);
        private readonly Dictionary<long, (string? Job, string Actor, Instant At)> _writes = [];
        private List<StoredValue> _read = [];
        private long _until = long.MinValue;

        /// <summary>None when there is no current value.</summary>
        public IEnumerable<Step> Find((long Start, long Length) key)
        {
            if (key.Start > _until)
            {
                (_read, _until) = _blocks.ReadAt(key.Start);
            }

            var at = _read.FindIndex(value => value.Key == key);
            return at < 0 ? [] : [StepOf(_read[at])];
        }

        private Step StepOf(in StoredValue value)
        {
            if (!_writes.TryGetValue(value.Version, out var write))
            {
                write = connection.ReadAll(
                    row => (row.FindText(0), row.GetString(1), row.GetInstant(2)),
                    "SELECT job, actor, at FROM write WHERE version = $version", ("$version", value.Version)).Single();
                _writes.Add(value.Version, write);
            }

            return new Step(value.Version, (value.Value, value.Flags), write.Job, write.Actor, write.At, IsUndo: false);
        }
    }

    /// <summary>Where a change stands in the order of changes: the newest first.</summary>
    private readonly record struct Position(long Version, string Metric, long Start, long Length) : IComparable<Position>
    {
        public int CompareTo(Position other)
        {
            var byVersion = other.Version.CompareTo(Version);
            var byMetric = byVersion != 0 ? byVersion : string.CompareOrdinal(Metric, other.Metric);
            return byMetric != 0 ? byMetric : (Start, Length).CompareTo((other.Start, other.Length));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version} {Start} {Length} {Metric}");

        /// <exception cref="FormatException">The text is none of a position.</exception>
        public static Position Parse(string text) =>
            text.Split(' ', 4) is [var version, var start, var length, var metric]
                ? new Position(Number(version), metric, Number(start), Number(length))
                : throw NoPosition();

        private static long Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw NoPosition();

        private static FormatException NoPosition() => new("This is no position in a history.");
    }
}
