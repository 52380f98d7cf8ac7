using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace Ems.Core.Storage.Mongo;

/// <summary>What a reading is found by.</summary>
/// <param name="Start">Unix milliseconds.</param>
/// <param name="Length">Milliseconds.</param>
internal readonly record struct ReadingId(string EquipmentId, long Start, long Length)
{
    public static ReadingId Of(Reading reading) =>
        new(reading.EquipmentId, reading.Start.ToUnixTimeMilliseconds(), reading.Length.Milliseconds());

    public static ReadingId Read(BsonValue id) =>
        new(id["equipment"].AsString, id["start"].AsBsonDateTime.MillisecondsSinceEpoch, id["duration_ms"].ToInt64());

    public void WriteTo(IBsonWriter writer)
    {
        writer.WriteStartDocument();
        writer.WriteString("equipment", EquipmentId);
        writer.WriteDateTime("start", Start);
        writer.WriteInt64("duration_ms", Length);
        writer.WriteEndDocument();
    }

    public BsonDocument ToBson() => new() { ["equipment"] = EquipmentId, ["start"] = new BsonDateTime(Start), ["duration_ms"] = Length };
}
