using Ems.Core.Metering;
using NodaTime;

namespace Ems.Core.Storage.Sqlite;

/// <summary>The roll-up of one series and UTC day.</summary>
/// <param name="Bucket">Length of each of its buckets.</param>
/// <param name="Body">The day's total, then those of its buckets.</param>
internal sealed record SqliteRollUpDay(Instant Start, Duration Bucket, byte[] Body) : IRollUpDay
{
    public Instant End => Start + Duration.FromDays(1);

    public static byte[] Encode(IReadOnlyList<BucketTotal> totals, Instant start, Duration bucket)
    {
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body))
        {
            Write(writer, totals.Aggregate((a, b) => a.Merge(b)), start);
            for (var i = 0; i < totals.Count; i++)
            {
                Write(writer, totals[i], start + (bucket * i));
            }
        }

        return body.ToArray();
    }

    /// <summary>The total of the whole day.</summary>
    public BucketTotal Total()
    {
        using var reader = new BinaryReader(new MemoryStream(Body));
        return Read(reader, Start);
    }

    public IEnumerable<(Instant Start, BucketTotal Total)> Buckets()
    {
        using var reader = new BinaryReader(new MemoryStream(Body));
        Read(reader, Start);
        for (var start = Start; start < End; start += Bucket)
        {
            yield return (start, Read(reader, start));
        }
    }

    private static void Write(BinaryWriter writer, BucketTotal total, Instant start)
    {
        if (total == BucketTotal.Empty)
        {
            writer.Write((byte)0);
            return;
        }

        writer.Write(total.Count == 0 ? (byte)1 : (byte)2);
        writer.Write(total.Quantity);
        writer.Write(total.EstimatedQuantity);
        writer.Write(total.AbsoluteQuantity);
        writer.Write7BitEncodedInt64(total.Covered.ToInt64Nanoseconds());
        writer.Write7BitEncodedInt(total.Resets);
        if (total.Count > 0)
        {
            writer.Write7BitEncodedInt64(total.Count);
            writer.Write(total.Sum);
            WriteAt(writer, total.Min, total.MinAt, start);
            WriteAt(writer, total.Max, total.MaxAt, start);
            WriteAt(writer, total.First, total.FirstAt, start);
            WriteAt(writer, total.Last, total.LastAt, start);
        }
    }

    private static BucketTotal Read(BinaryReader reader, Instant start)
    {
        var form = reader.ReadByte();
        if (form == 0)
        {
            return BucketTotal.Empty;
        }

        var total = new BucketTotal
        {
            Quantity = reader.ReadDouble(),
            EstimatedQuantity = reader.ReadDouble(),
            AbsoluteQuantity = reader.ReadDouble(),
            Covered = Duration.FromNanoseconds(reader.Read7BitEncodedInt64()),
            Resets = reader.Read7BitEncodedInt(),
        };
        if (form == 1)
        {
            return total;
        }

        var count = reader.Read7BitEncodedInt64();
        var sum = reader.ReadDouble();
        var (min, minAt) = ReadAt(reader, start);
        var (max, maxAt) = ReadAt(reader, start);
        var (first, firstAt) = ReadAt(reader, start);
        var (last, lastAt) = ReadAt(reader, start);
        return total with
        {
            Count = count,
            Sum = sum,
            Min = min,
            MinAt = minAt,
            Max = max,
            MaxAt = maxAt,
            First = first,
            FirstAt = firstAt,
            Last = last,
            LastAt = lastAt,
        };
    }

    private static void WriteAt(BinaryWriter writer, double? value, Instant at, Instant start)
    {
        writer.Write(value!.Value);
        writer.Write7BitEncodedInt64((at - start).Milliseconds());
    }

    private static (double Value, Instant At) ReadAt(BinaryReader reader, Instant start) =>
        (reader.ReadDouble(), start + Duration.FromMilliseconds(reader.Read7BitEncodedInt64()));
}
