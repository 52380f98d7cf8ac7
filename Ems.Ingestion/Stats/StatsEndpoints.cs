using System.Text.Json.Serialization;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Tables;
using Ems.Ingestion.Readings;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.Lists;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Ems.Ingestion.Stats;

internal static class StatsEndpoints
{
    public static void MapStats(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/stats", GetStats)
            .RequireAuthorization()
            .WithTags("Stats")
            .WithName(nameof(GetStats))
            .WithSummary("What is stored, how good it is, and how fast it comes in; as a file, of each equipment")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<Results<Ok<IntakeStats>, FileContentHttpResult, ProblemHttpResult>> GetStats(
        string? format, bool? equipment, IReadingStore store, ICatalogue catalogue, IntakeMeter meter, SiteZones zones, CancellationToken cancellationToken)
    {
        if (TableAnswer.FaultOf(format) is { } fault)
        {
            return EmsProblem.Of(StatusCodes.Status400BadRequest, IntakeCodes.DataValidationFailed, fault, [new FieldFault("format", "must be json, csv or xlsx.")]);
        }

        var known = await catalogue.ListEquipmentAsync(cancellationToken);
        if (TableAnswer.IsFile(format))
        {
            var sites = known.ToDictionary(one => one.Id, one => one.Site);
            var zoneOf = await zones.OfSitesAsync(cancellationToken);
            return TableAnswer.Of(format, ToTable(await ListAsync(known, store, cancellationToken), id => zoneOf(sites[id])));
        }

        var amounts = await store.SumUpAsync(cancellationToken);
        return TypedResults.Ok(new IntakeStats(
            amounts.Readings.Values.Sum(), amounts.Values, known.Count, amounts.FirstAt?.ToDateTimeOffset(), amounts.LastAt?.ToDateTimeOffset(),
            QualityStats.Of(amounts.Readings), new RateStats(meter.CountOfLast(1), meter.CountOfLast(60)),
            equipment == false ? null : await ListAsync(known, store, cancellationToken)));
    }

    private static async Task<List<EquipmentStats>> ListAsync(IReadOnlyList<Equipment> known, IReadingStore store, CancellationToken cancellationToken)
    {
        var seriesOf = (await store.ListSeriesAsync(null, null, cancellationToken)).ToLookup(one => one.Key.EquipmentId);
        var flags = await store.CountFlagsAsync(cancellationToken);
        return
        [
            .. known.Select(one => EquipmentStats.Of(one, [.. seriesOf[one.Id]], flags.GetValueOrDefault(one.Id) ?? NoFlags))
                .OrderBy(one => one.EquipmentId, StringComparer.Ordinal),
        ];
    }

    private static Table ToTable(List<EquipmentStats> stats, Func<string, DateTimeZone> zoneOf) => new(
        "stats",
        ["equipment_id", "name", "readings", "values", "first_local", "first_utc", "last_local", "last_utc", "mean_score", "flags"],
        stats.Select(IReadOnlyList<object?> (one) =>
        [
            one.EquipmentId, one.Name, one.Readings, one.Values, Local(one.FirstAt, zoneOf(one.EquipmentId)), one.FirstAt?.UtcDateTime,
            Local(one.LastAt, zoneOf(one.EquipmentId)), one.LastAt?.UtcDateTime, one.Quality.MeanScore,
            string.Join(", ", one.Quality.Flags.Select(flag => $"{flag.Key} {flag.Value}")),
        ]));

    private static DateTime? Local(DateTimeOffset? at, DateTimeZone zone) =>
        at is { } instant ? Instant.FromDateTimeOffset(instant).InZone(zone).ToDateTimeUnspecified() : null;

    private static readonly Dictionary<ReadingFlags, long> NoFlags = [];
}

/// <summary>What is stored, how good it is, and how fast it comes in.</summary>
/// <param name="TotalReadings">Equipment and time, whatever the number of metrics.</param>
/// <param name="TotalValues">Single metrics of readings.</param>
/// <param name="Equipment">Left out with <c>equipment=false</c>.</param>
internal sealed record IntakeStats(
    long TotalReadings, long TotalValues, int EquipmentCount, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, QualityStats Quality,
    RateStats Rates, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<EquipmentStats>? Equipment);

/// <summary>What one equipment has delivered.</summary>
internal sealed record EquipmentStats(
    string EquipmentId, string Name, long Readings, long Values, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, QualityStats Quality)
{
    public static EquipmentStats Of(
        Equipment equipment, IReadOnlyList<SeriesInfo> series, IReadOnlyDictionary<ReadingFlags, long> flags) => new(
        equipment.Id, equipment.Name, flags.Values.Sum(), series.Sum(one => one.Count),
        series.Count == 0 ? null : series.Min(one => one.FirstAt).ToDateTimeOffset(),
        series.Count == 0 ? null : series.Max(one => one.LastAt).ToDateTimeOffset(), QualityStats.Of(flags));
}

/// <summary>How far readings can be trusted.</summary>
/// <param name="MeanScore">From 1 down to 0; null without readings.</param>
/// <param name="Flags">Readings by flag; a reading with several counts for each.</param>
internal sealed record QualityStats(double? MeanScore, IReadOnlyDictionary<string, long> Flags)
{
    public static QualityStats Of(IEnumerable<KeyValuePair<ReadingFlags, long>> counts)
    {
        var total = 0L;
        var scores = 0.0;
        SortedDictionary<string, long> flags = new(StringComparer.Ordinal);
        foreach (var (combination, count) in counts)
        {
            total += count;
            scores += count * QualityScore.Of(combination);
            foreach (var name in FlagNames.Of(combination))
            {
                flags[name] = flags.GetValueOrDefault(name) + count;
            }
        }

        return new QualityStats(total == 0 ? null : scores / total, flags);
    }
}

/// <summary>Live readings that this process stored or changed.</summary>
/// <param name="ReadingsLastMinute">In the last whole minute.</param>
/// <param name="ReadingsLastHour">In the last 60 whole minutes.</param>
internal sealed record RateStats(long ReadingsLastMinute, long ReadingsLastHour);
