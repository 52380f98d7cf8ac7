using System.Collections.Concurrent;
using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Ingestion.Readings;

/// <summary>One number of a reading, under the name it will be stored.</summary>
internal readonly record struct ParsedValue(string Metric, double Value)
{
    private static readonly ConcurrentDictionary<(string Metric, QuantityKind Kind), ValueMeaning> Known = [];

    /// <summary>
    /// The value over a length, zero for an instant, in the metric's canonical unit. What may be either is the state of a counter
    /// at an instant and a quantity over an interval; what is not known is a level without a unit.
    /// </summary>
    public MetricValue Over(Duration length)
    {
        var known = MetricCatalogue.Find(Metric);
        var kind = known switch
        {
            { OtherKind: not null } => length == Duration.Zero ? QuantityKind.Register : QuantityKind.Interval,
            _ => known?.Kind ?? QuantityKind.Level,
        };
        var meaning = known is null
            ? new ValueMeaning(Metric, kind, "", "")
            : Known.GetOrAdd((Metric, kind), static (key, unit) => new ValueMeaning(key.Metric, key.Kind, unit, unit), known.Unit);
        return new MetricValue(meaning, Value, Value);
    }
}

/// <summary>A reading as it was sent; its local time is not yet an instant.</summary>
/// <param name="Index">Place in the request, from 0.</param>
internal sealed record ParsedReading(
    int Index, string EquipmentId, IsoTimestamp Timestamp, Duration Length, IReadOnlyList<ParsedValue> Values);

/// <summary>A reading that was not taken, or one value of it.</summary>
/// <param name="Index">Place in the request, from 0.</param>
internal sealed record Rejection(int Index, string Code, string Message);

/// <summary>What a request held.</summary>
/// <param name="TooMany">The request holds more readings than allowed; the rest was not looked at.</param>
internal sealed record ParsedBatch(IReadOnlyList<ParsedReading> Readings, IReadOnlyList<Rejection> Rejected, bool TooMany);
