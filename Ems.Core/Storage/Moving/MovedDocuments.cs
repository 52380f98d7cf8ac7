using System.Text.Json;
using Ems.Core.Messaging.Mongo;
using Ems.Core.Storage.Mongo;
using MongoDB.Bson;
using NodaTime;

namespace Ems.Core.Storage.Moving;

/// <summary>What is moved as documents of MongoDB.</summary>
internal static class MovedDocuments
{
    /// <summary>By collection; all but readings.</summary>
    public static IEnumerable<(string Collection, IEnumerable<BsonDocument> Documents)> Of(MovedState state) =>
    [
        (CoreCollections.Sites, state.Sites.Select(BsonJson.ToDocument)),
        (CoreCollections.Equipment, state.Equipment.Select(BsonJson.ToDocument)),
        (CoreCollections.Profiles, state.Profiles.Select(one => new BsonDocument
        {
            ["_id"] = one.Id, ["fingerprint"] = one.Fingerprint, ["body"] = one.Body, ["saved_at"] = one.SavedAt.ToBson(),
        })),
        (CoreCollections.Jobs, state.Jobs.Select(job => new BsonDocument
        {
            ["_id"] = job.Id, ["state"] = MongoJobStore.NameOf(job.State), ["actor"] = job.Actor, ["created_at"] = job.CreatedAt.ToBson(),
            ["body"] = BsonJson.ToBson(job.Body),
        })),
        (CoreCollections.Series, state.Series.Select(Series)),
        (CoreCollections.Undos, state.Undos.Select(undo => new BsonDocument
        {
            ["_id"] = undo.Job, ["actor"] = undo.Actor, ["at"] = new BsonDateTime(undo.At), ["changed"] = undo.Changed, ["done"] = true,
        })),
        (CoreCollections.Merges, state.Merges.Select(merge => new BsonDocument
        {
            ["_id"] = merge.Job, ["from"] = merge.From, ["into"] = merge.Into, ["changed"] = merge.Changed, ["done"] = true,
        })),
        (CoreCollections.JobRanges, state.Ranges.Select(range => Known(
            new BsonDocument
            {
                ["_id"] = new BsonDocument("job", range.Job).AddRange(SeriesDocuments.IdOf(range.Key)),
                ["first_at"] = new BsonDateTime(range.First), ["last_at"] = new BsonDateTime(range.Last),
            },
            range.Known))),
        (CoreCollections.Unchecked, state.Unchecked.Select(one => new BsonDocument
        {
            ["_id"] = new BsonDocument(SeriesDocuments.IdOf(one.Key)) { ["block"] = one.Block },
            ["first_at"] = new BsonDateTime(one.First), ["last_at"] = new BsonDateTime(one.Last), [UncheckedDocuments.Mark] = one.First,
        })),
        (CoreCollections.FlagCounts, state.FlagCounts.Select(count => new BsonDocument
        {
            ["_id"] = new BsonDocument { ["equipment"] = count.EquipmentId, ["flags"] = FlagNames.ToBson(count.Flags) }, ["readings"] = count.Readings,
        })),
        (MessageDocuments.Outbox, state.Outbox.Select(fact => MessageDocuments.ToOutbox(CoreCollections.Module, fact, MessageDocuments.Waiting))),
        (MessageDocuments.Inbox, state.Inbox.Select(Inbox)),
    ];

    public static IEnumerable<BsonDocument> Versions(BsonDocument reading) => reading.TryGetValue(ReadingFields.Versions, out var versions)
        ? versions.AsBsonArray.Select(version => version.AsBsonDocument)
        : [reading];

    public static StoredProfile Profile(BsonDocument found) =>
        new(found["_id"].AsString, found["fingerprint"].AsString, found["body"].AsString, found["saved_at"].ToInstant());

    public static StoredJob Job(BsonDocument job) => new(
        job["_id"].AsString, Enum.Parse<JobState>(job["state"].AsString, ignoreCase: true), job["actor"].AsString, BsonJson.ToText(job["body"]),
        job["created_at"].ToInstant());

    public static MovedUndo Undo(BsonDocument undo, Dictionary<string, ObjectId> undoings) => new(
        undo["_id"].AsString, undoings[undo["_id"].AsString], undo["actor"].AsString,
        undo["at"].AsBsonDateTime.MillisecondsSinceEpoch, undo["changed"].ToInt64());

    public static MovedMerge Merge(BsonDocument merge) =>
        new(merge["_id"].AsString, merge["from"].AsString, merge["into"].AsString, merge["changed"].ToInt64());

    public static MovedRange Range(BsonDocument range) => new(
        range["_id"]["job"].AsString, SeriesDocuments.KeyOf(range["_id"]), At(range, "first_at")!.Value, At(range, "last_at")!.Value,
        new KnownExtent(At(range, "known_from"), At(range, "known_until")));

    public static MovedUnchecked Unchecked(BsonDocument one) => new(
        SeriesDocuments.KeyOf(one["_id"]), one["_id"]["block"].ToInt64(), At(one, "first_at")!.Value, At(one, "last_at")!.Value);

    public static MovedFlagCount FlagCount(BsonDocument count) => new(
        count["_id"]["equipment"].AsString, FlagNames.FromBson(count["_id"]["flags"]), count["readings"].ToInt64());

    public static MovedMessage Message(BsonDocument message) => new(
        message["_id"]["subscription"].AsString, MessageDocuments.FromInbox(message), message["state"].AsString,
        message["state_at"].AsBsonDateTime.MillisecondsSinceEpoch, message["attempts"].ToInt32(),
        message.TryGetValue("error", out var error) ? error.AsString : null);

    /// <summary>Where readings hold values, by series.</summary>
    public static IReadOnlyDictionary<SeriesKey, TouchedRanges> Touched(IReadOnlyList<StoredReading> readings)
    {
        var all = new Dictionary<SeriesKey, TouchedRanges>();
        foreach (var reading in readings)
        {
            foreach (var metric in reading.Metrics)
            {
                var key = new SeriesKey(reading.EquipmentId, metric, Duration.FromMilliseconds(reading.NominalMs));
                if (!all.TryGetValue(key, out var touched))
                {
                    all.Add(key, touched = new TouchedRanges());
                }

                touched.Add(reading.Start, reading.Start + reading.Length);
            }
        }

        return all;
    }

    private static BsonDocument Series(SeriesDocument series)
    {
        var document = new BsonDocument
        {
            ["_id"] = SeriesDocuments.IdOf(series.Key),
            ["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(series.Kind.ToString()),
            ["unit"] = series.Unit,
            ["count"] = series.Count,
            ["revision"] = series.Revision,
        };
        Add(document, "first_at", series.FirstAt);
        Add(document, "last_at", series.LastAt);
        Add(document, "end_at", series.EndAt);
        return document;
    }

    private static BsonDocument Inbox(MovedMessage message)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(message.StateAt);
        var document = MessageDocuments.ToInbox(message.Subscription, message.Fact, at);
        document["state"] = message.State;
        document["attempts"] = message.Attempts;
        if (message.Error is not null)
        {
            document["error"] = message.Error;
        }

        return document;
    }

    private static BsonDocument Known(BsonDocument range, KnownExtent known)
    {
        Add(range, "known_from", known.From);
        Add(range, "known_until", known.Until);
        return range;
    }

    private static void Add(BsonDocument document, string field, long? at)
    {
        if (at is { } instant)
        {
            document[field] = new BsonDateTime(instant);
        }
    }

    private static long? At(BsonDocument document, string field) =>
        document.TryGetValue(field, out var at) ? at.AsBsonDateTime.MillisecondsSinceEpoch : null;
}
