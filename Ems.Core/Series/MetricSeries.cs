using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Core.Series;

/// <summary>A stored series that speaks for a metric, less another one where export is counted apart.</summary>
/// <param name="IsExport">What it counts is negative consumption.</param>
/// <param name="Parts">
/// What it is worked out from instead of being stored: <paramref name="Main"/> then only says when and how.
/// </param>
public sealed record SeriesSource(
    SeriesInfo Main, SeriesInfo? Subtracted = null, bool IsExport = false, IReadOnlyList<SeriesPart>? Parts = null)
{
    internal static readonly Duration Shortest = Duration.FromMilliseconds(1);

    /// <summary>
    /// The times that its intervals fill, in order, where those of other lengths may stand between them (a bill of two months among monthly
    /// ones, sessions); null where it speaks from its first reading to its last.
    /// </summary>
    public IReadOnlyList<Interval>? Filled { get; init; }

    /// <summary>Start of the time the source speaks for.</summary>
    public Instant From => Main.FirstAt;

    /// <summary>End of the time the source speaks for, exclusive: a register with a single value speaks for none.</summary>
    public Instant To => Main.Kind == QuantityKind.Register ? Main.LastAt : End;

    /// <summary>Behind the last reading, exclusive.</summary>
    internal Instant End => Instant.Max(Main.EndAt, Main.LastAt + Shortest);

    internal Duration LongestInterval(Instant from, Instant to) => Parts is null
        ? Main.Key.Length
        : Parts.Select(part => part.Series.LongestInterval(from, to)).Append(Main.Key.Length).Max();

    /// <summary>As <see cref="MetricSeries.State"/>.</summary>
    internal object?[]? State
    {
        get
        {
            if (Parts is not null)
            {
                var parts = Parts.Select(part => part.Series.State).ToList();
                return parts.Contains(null) ? null : [.. Parts.Zip(parts, object? (part, state) => new object?[] { part.Sign, state })];
            }

            return Main.Revision is null || Subtracted is { Revision: null }
                ? null
                : [Main.Key.EquipmentId, Main.Key.Metric, Main.Key.Length.TotalMilliseconds, Main.Revision, Subtracted?.Revision, IsExport];
        }
    }

    internal IEnumerable<string> Origin(Instant from, Instant to) => Parts is null
        ? [Main.Key.Metric]
        : Parts.SelectMany(part => part.Series.Origins(from, to));
}

/// <summary>A meter that a virtual one is worked out from.</summary>
/// <param name="Sign">1 where it is added, -1 where it is subtracted.</param>
public sealed record SeriesPart(MetricSeries Series, int Sign);

/// <summary>A part of a range, the source that rules in it, and what its amounts and powers are multiplied by there.</summary>
public readonly record struct SourceSegment(SeriesSource Source, Instant From, Instant To, double Factor = 1);

/// <summary>One metric of one equipment, whatever stored series it is told by.</summary>
/// <param name="Sources">In order of preference; a source rules within its extent, the next one outside of it.</param>
public sealed record MetricSeries(string EquipmentId, string Metric, IReadOnlyList<SeriesSource> Sources)
{
    public const string Energy = "energy";

    /// <summary>The multiplier of the equipment; it holds for amounts and powers alone, not for a voltage.</summary>
    public Timeline<double> Multiplier { get; init; } = new(1);

    /// <summary>
    /// All that its numbers depend on, as values that JSON can tell apart: another one after every change. Null where the store cannot tell
    /// whether values have changed.
    /// </summary>
    public IReadOnlyList<object?>? State
    {
        get
        {
            var sources = Sources.Select(source => source.State).ToList();
            return sources.Contains(null) ? null : [EquipmentId, Metric, Multiplier, sources];
        }
    }

    /// <summary>Unit of the values.</summary>
    public string Unit => Metric == Energy ? "kWh" : Sources[0].Main.Unit;

    /// <summary>Unit of a total: kWh for kW; null where a total means nothing (voltage).</summary>
    public string? TotalUnit => IsQuantity ? Unit : Unit switch
    {
        "kW" => "kWh",
        "kvar" => "kvarh",
        "kVA" => "kVAh",
        _ => null,
    };

    /// <summary>Whether values are amounts (energy, volume) and not levels.</summary>
    public bool IsQuantity => Metric == Energy || Sources[0].Main.Kind != QuantityKind.Level;

    /// <summary>Whether the values of two meters at the same time can be added.</summary>
    public bool IsAdditive => TotalUnit is not null;

    /// <summary>Whether values are the readings of a counter, asked for by its own name.</summary>
    public bool IsCounter => Metric.EndsWith("_register", StringComparison.Ordinal);

    public Instant From => Sources.Min(s => s.From);

    /// <summary>Exclusive: a counter's last reading and the last momentary value end what is told by differences.</summary>
    public Instant To => Instant.Max(
        From + SeriesSource.Shortest,
        Sources.Max(s => IsDerivedAt(s) ? s.Main.LastAt : s.End));

    /// <summary>Behind the last reading, exclusive.</summary>
    public Instant End => Sources.Max(s => s.End);

    /// <summary>The parts of [from, to) in order of time, each with the source that rules there and one multiplier.</summary>
    public IReadOnlyList<SourceSegment> Segments(Instant from, Instant to)
    {
        var rulers = Rulers(from, to);
        return IsMultiplied
            ? [.. rulers.SelectMany(ruler => Multiplier.Pieces(ruler.From, ruler.To)
                .Select(piece => new SourceSegment(ruler.Source, piece.From, piece.To, piece.Value)))]
            : rulers;
    }

    private bool IsMultiplied => Units.TryParse(Sources[0].Main.Unit, out var unit) && unit.Dimension
        is Dimension.Energy or Dimension.ActivePower or Dimension.ReactivePower or Dimension.ApparentPower or Dimension.Volume;

    private IReadOnlyList<SourceSegment> Rulers(Instant from, Instant to)
    {
        if (Sources.Count == 1)
        {
            return [new SourceSegment(Sources[0], from, to)];
        }

        var segments = new List<SourceSegment>();
        List<(Instant From, Instant To)> free = [(from, to)];
        foreach (var source in Sources)
        {
            free = Rule(source, free, segments);
        }

        // One ruler alone: nothing lies outside of its extent, and whole buckets can be read from roll-ups.
        return segments.Select(s => s.Source).Distinct().Take(2).Count() == 1
            ? [new SourceSegment(segments[0].Source, from, to)]
            : [.. segments.OrderBy(s => s.From)];
    }

    /// <summary>Lets the source rule where it speaks; returns what is left of the parts, which are in order of time, as its times are.</summary>
    private static List<(Instant From, Instant To)> Rule(SeriesSource source, List<(Instant From, Instant To)> free, List<SourceSegment> segments)
    {
        var spoken = source.Filled ?? [new Interval(source.From, Instant.Max(source.From, source.To))];
        var left = new List<(Instant From, Instant To)>();
        var next = 0;
        foreach (var part in free)
        {
            var from = part.From;
            while (next < spoken.Count && spoken[next].End <= from)
            {
                next++;
            }

            for (var at = next; at < spoken.Count && spoken[at].Start < part.To; at++)
            {
                var (start, end) = (Instant.Max(from, spoken[at].Start), Instant.Min(part.To, spoken[at].End));
                if (start < end)
                {
                    segments.Add(new SourceSegment(source, start, end));
                    left.Add((from, start));
                    from = end;
                }
            }

            left.Add((from, part.To));
        }

        left.RemoveAll(part => part.From >= part.To);
        return left;
    }

    /// <summary>The metrics that the numbers within [from, to) come from, in order of time.</summary>
    public string DerivedFrom(Instant from, Instant to) =>
        string.Join(", ", Origins(from, to));

    /// <summary>The longest interval of the readings within [from, to): no bucket can be shorter.</summary>
    public Duration LongestInterval(Instant from, Instant to) => Segments(from, to).Select(s => s.Source).Distinct()
        .Where(s => s.From < to && s.End > from)
        .Select(s => s.LongestInterval(from, to)).DefaultIfEmpty(Duration.Zero).Max();

    /// <summary>Whether what is asked for is a difference of counter values or an integral of momentary ones.</summary>
    public bool IsDerivedAt(SeriesSource source) => source.Main.Kind switch
    {
        QuantityKind.Register => !IsCounter,
        QuantityKind.Level => Metric == Energy && source.Main.Key.Length == Duration.Zero,
        _ => false,
    };

    /// <summary>
    /// The shortest time that values within [from, to) can be compared over, as <see cref="SeriesReader.ReadObservationsAsync"/> gives them: no
    /// bucket of a minimum, a maximum, a mean or a last value can be shorter.
    /// </summary>
    public Duration LongestObservation(Instant from, Instant to)
    {
        var longest = LongestInterval(from, to);
        return Segments(from, to).Any(segment => IsDerivedAt(segment.Source)) ? Duration.Max(longest, CalendarBucket.Hour.Nominal) : longest;
    }

    internal IEnumerable<string> Origins(Instant from, Instant to) => Named(from, to).SelectMany(s => s.Origin(from, to)).Distinct();

    private IEnumerable<SeriesSource> Named(Instant from, Instant to)
    {
        var sources = Segments(from, to).Select(s => s.Source).Distinct().ToList();
        return sources.Count > 0 ? sources : Sources.Take(1);
    }
}
