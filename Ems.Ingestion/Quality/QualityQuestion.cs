using Ems.Core.Metering;
using Ems.Core.Series;
using Ems.Ingestion.Readings;
using Ems.Ingestion.Sites;
using NodaTime;

namespace Ems.Ingestion.Quality;

/// <summary>A valid question for what was found.</summary>
/// <param name="From">As it was asked: where it has no offset it is another instant in each zone.</param>
internal sealed record QualityQuestion(
    IReadOnlyCollection<string>? EquipmentIds, ReadingFlags Kinds, string? From, string? To, CalendarBucket Period)
{
    private static readonly Dictionary<string, ReadingFlags> Names = Enum.GetValues<ReadingFlags>()
        .Where(flag => flag != ReadingFlags.None && ReadingFlagSets.Found.HasFlag(flag))
        .ToDictionary(flag => FlagNames.Of(flag)[0]);

    /// <summary>The kinds with their written names.</summary>
    public static IReadOnlyDictionary<string, ReadingFlags> AllKinds => Names;

    /// <param name="zones">Of the equipment that is asked for.</param>
    public static (QualityQuestion Question, List<FieldFault> Faults) Of(QualityRequest request, IEnumerable<DateTimeZone> zones)
    {
        List<FieldFault> faults = [];
        var kinds = request.Kind is { Length: > 0 } ? ReadingFlags.None : ReadingFlagSets.Found;
        foreach (var name in request.Kind ?? [])
        {
            faults.AddIf(Names.TryGetValue(name, out var kind) ? null : $"is '{name}'; it must be one of {string.Join(", ", Names.Keys)}.", "kind");
            kinds |= kind;
        }

        var period = CalendarBucket.Parse(request.Period ?? "month");
        faults.AddIf(period is { IsPartOfDay: false } ? null : $"is '{request.Period}'; it must be day, week or month.", "period");
        List<FieldFault> ends = [];
        foreach (var zone in zones.TakeWhile(_ => ends.Count == 0))
        {
            var from = Parse(request.From, "from", zone, ends);
            var to = Parse(request.To, "to", zone, ends);
            ends.AddIf(from >= to ? "is not after from." : null, "to");
        }

        faults.AddRange(ends);
        return (new QualityQuestion(request.EquipmentId is { Length: > 0 } ids ? ids : null, kinds, request.From, request.To, period ?? CalendarBucket.Month), faults);
    }

    /// <summary>Both ends for equipment of the zone.</summary>
    public (Instant? From, Instant? To) RangeIn(DateTimeZone zone) => (Parse(From, "from", zone, []), Parse(To, "to", zone, []));

    private static Instant? Parse(string? text, string field, DateTimeZone zone, List<FieldFault> faults)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var (at, fault) = LocalInstant.Parse(text, zone);
        faults.AddIf(fault, field);
        return fault is null ? at : null;
    }
}
