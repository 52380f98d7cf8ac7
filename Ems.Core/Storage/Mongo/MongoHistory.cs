using System.Globalization;
using Ems.Core.Metering;
using MongoDB.Bson;
using MongoDB.Driver;
using NodaTime;
using static Ems.Core.Storage.Mongo.MongoCommands;

namespace Ems.Core.Storage.Mongo;

/// <summary>Tells how values changed, by going through the versions of their readings in order.</summary>
internal static class MongoHistory
{
    /// <summary>The changes after a position, newest first.</summary>
    public static async Task<HistoryPage> ReadAsync(
        IMongoDatabase database, string equipmentId, string? metric, Instant from, Instant to, int limit, string? after, CancellationToken cancellationToken)
    {
        var earlier = after is null ? null : Position.Parse(after);
        var versioned = Where.Gte(ReadingFields.Start, from.ToBson()) & Where.Lt(ReadingFields.Start, to.ToBson())
            & Where.Eq(ReadingFields.Equipment, equipmentId) & Where.Exists(ReadingFields.Versions);
        using var cursor = await database.Of(CoreCollections.Readings).Find(versioned).ToCursorAsync(cancellationToken);

        // The one that would come last is given up first.
        var found = new PriorityQueue<ValueChange, Position>(Comparer<Position>.Create((a, b) => b.CompareTo(a)));
        while (await cursor.MoveNextAsync(cancellationToken))
        {
            foreach (var (change, position) in cursor.Current.SelectMany(document => Replay(StoredReading.Read(document))))
            {
                if ((metric is null || change.Series.Metric == metric) && (earlier is null || position.CompareTo(earlier) > 0))
                {
                    found.Enqueue(change, position);
                    if (found.Count > limit + 1)
                    {
                        found.Dequeue();
                    }
                }
            }
        }

        return Page(found, limit);
    }

    private static HistoryPage Page(PriorityQueue<ValueChange, Position> found, int limit)
    {
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

    private static IEnumerable<(ValueChange Change, Position Position)> Replay(StoredReading reading)
    {
        var replayed = new StoredReading(reading.Id, reading.NominalMs);
        HashSet<string> seen = [];
        foreach (var version in reading.Versions)
        {
            var before = seen.Order(StringComparer.Ordinal).Select(metric => (Metric: metric, Value: ShownOf(replayed, metric))).ToList();
            replayed.Add(version);
            foreach (var (metric, old) in before)
            {
                if (ShownOf(replayed, metric) is var now && !SameValue.Is(old, now))
                {
                    var series = new SeriesKey(reading.EquipmentId, metric, Duration.FromMilliseconds(reading.NominalMs));
                    yield return (
                        ValueChange.Of(
                            series, Instant.FromUnixTimeMilliseconds(reading.Start), old, now, Instant.FromUnixTimeMilliseconds(version.At), version.Actor, version.Job),
                        new Position(version.At, version.Write, metric, reading.Start, reading.Length));
                }
            }

            seen.UnionWith(version.Values.Keys);
        }
    }

    private static (double Value, ReadingFlags Flags)? ShownOf(StoredReading reading, string metric) =>
        reading.Find(metric) is { } value ? (value.Value, value.Flags) : null;

    /// <summary>Where a change stands in the order of changes: the newest first.</summary>
    private sealed record Position(long At, ObjectId Write, string Metric, long Start, long Length) : IComparable<Position>
    {
        public int CompareTo(Position? other)
        {
            var byTime = (other!.At, other.Write).CompareTo((At, Write));
            var byMetric = byTime != 0 ? byTime : string.CompareOrdinal(Metric, other.Metric);
            return byMetric != 0 ? byMetric : (Start, Length).CompareTo((other.Start, other.Length));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At} {Write} {Start} {Length} {Metric}");

        /// <exception cref="FormatException">The text is none of a position.</exception>
        public static Position Parse(string text) =>
            text.Split(' ', 5) is [var at, var write, var start, var length, var metric]
                ? new Position(Number(at), ObjectId.Parse(write), metric, Number(start), Number(length))
                : throw NoPosition();

        private static long Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw NoPosition();

        private static FormatException NoPosition() => new("This is no position in a history.");
    }
}
