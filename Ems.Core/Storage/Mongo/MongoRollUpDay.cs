using Ems.Core.Metering;
using MongoDB.Bson;
using NodaTime;

namespace Ems.Core.Storage.Mongo;

/// <summary>A day's roll-up as a document: its total, and its buckets where they were asked for.</summary>
internal sealed class MongoRollUpDay(BsonDocument document) : IRollUpDay
{
    public const string BucketMinutes = "bucket_minutes";
    public const string DayTotal = "total";
    public const string DayBuckets = "buckets";

    public BsonDocument Id => document["_id"].AsBsonDocument;

    public Instant Start => document["_id"]["day"].ToInstant();

    public Duration Bucket => Duration.FromMinutes(document[BucketMinutes].ToInt32());

    public BucketTotal Total() => Read(document[DayTotal].AsBsonDocument);

    public IEnumerable<(Instant Start, BucketTotal Total)> Buckets() =>
        document[DayBuckets].AsBsonArray.Select((bucket, i) => (Start + (Bucket * i), Read(bucket.AsBsonDocument)));

    public static BsonDocument Write(BucketTotal total)
    {
        var fields = new BsonDocument();
        if (total == BucketTotal.Empty)
        {
            return fields;
        }

        fields["quantity"] = total.Quantity;
        fields["estimated"] = total.EstimatedQuantity;
        fields["absolute"] = total.AbsoluteQuantity;
        fields["covered_ms"] = total.Covered.ToInt64Nanoseconds() / 1e6;
        fields["resets"] = total.Resets;
        if (total.Count > 0)
        {
            fields["count"] = total.Count;
            fields["sum"] = total.Sum;
            WriteAt(fields, "min", total.Min, total.MinAt);
            WriteAt(fields, "max", total.Max, total.MaxAt);
            WriteAt(fields, "first", total.First, total.FirstAt);
            WriteAt(fields, "last", total.Last, total.LastAt);
        }

        return fields;
    }

    private static BucketTotal Read(BsonDocument fields)
    {
        if (fields.ElementCount == 0)
        {
            return BucketTotal.Empty;
        }

        var total = new BucketTotal
        {
            Quantity = fields["quantity"].AsDouble,
            EstimatedQuantity = fields["estimated"].AsDouble,
            AbsoluteQuantity = fields["absolute"].AsDouble,
            Covered = Duration.FromNanoseconds((long)Math.Round(fields["covered_ms"].AsDouble * 1e6)),
            Resets = fields["resets"].ToInt32(),
        };
        return !fields.TryGetValue("count", out var count) ? total : total with
        {
            Count = count.ToInt64(),
            Sum = fields["sum"].AsDouble,
            Min = fields["min"].AsDouble,
            MinAt = fields["min_at"].ToInstant(),
            Max = fields["max"].AsDouble,
            MaxAt = fields["max_at"].ToInstant(),
            First = fields["first"].AsDouble,
            FirstAt = fields["first_at"].ToInstant(),
            Last = fields["last"].AsDouble,
            LastAt = fields["last_at"].ToInstant(),
        };
    }

    private static void WriteAt(BsonDocument fields, string name, double? value, Instant at)
    {
        fields[name] = value!.Value;
        fields[name + "_at"] = at.ToBson();
    }
}
