using Ems.Core.Metering;
using Ems.Core.Series;
using Ems.Ingestion.Readings;
using Ems.Ingestion.Sites;
using NodaTime;
using NodaTime.Text;

namespace Ems.Ingestion.Quality;

/// <summary>A valid question for what was found.</summary>
internal sealed record QualityQuestion(
    IReadOnlyCollection<string>? EquipmentIds, ReadingFlags Kinds, Instant? From, Instant? To, CalendarBucket Period)
{
    private static readonly Dictionary<string, ReadingFlags> Names = Enum.GetValues<ReadingFlags>()
        .Where(flag => flag != ReadingFlags.None && ReadingFlagSets.Found.HasFlag(flag))
        .ToDictionary(flag => FlagNames.Of(flag)[0]);

    /// <summary>The kinds with their written names.</summary>
    public static IReadOnlyDictionary<string, ReadingFlags> AllKinds => Names;

    public static (QualityQuestion Question, List<FieldFault> Faults) Of(QualityRequest request, DateTimeZone zone)
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
        var from = Parse(request.From, "from", zone, faults);
        var to = Parse(request.To, "to", zone, faults);
        faults.AddIf(from >= to ? "is not after from." : null, "to");
        return (new QualityQuestion(request.EquipmentId is { Length: > 0 } ids ? ids : null, kinds, from, to, period ?? CalendarBucket.Month), faults);
    }

    private static Instant? Parse(string? text, string field, DateTimeZone zone, List<FieldFault> faults)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } exact)
        {
            return exact.Value.ToInstant();
        }

        if (LocalDatePattern.Iso.Parse(text) is { Success: true } date)
        {
            return zone.AtStartOfDay(date.Value).ToInstant();
        }

        if (LocalDateTimePattern.ExtendedIso.Parse(text) is { Success: true } local)
        {
            return zone.AtLeniently(local.Value).ToInstant();
        }

        faults.AddIf($"is '{text}'; write 2018-03-01, 2018-03-01T14:00:00 or 2018-03-01T14:00:00Z.", field);
        return null;
    }
}
