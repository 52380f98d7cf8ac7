using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Core.Tables;
using Ems.Ingestion.Sites;
using Ems.ServiceDefaults.Lists;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ems.Ingestion.History;

/// <summary>What values were before they were corrected or undone.</summary>
internal static class HistoryEndpoints
{
    /// <summary>Beside the headers.</summary>
    private const int MostOfFile = XlsxWriter.MaxRows - 1;

    private static readonly Instant Earliest = Instant.FromUtc(1900, 1, 1, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(2200, 1, 1, 0, 0);

    private static readonly string[] Columns =
    [
        "equipment_id", "metric", "unit", "duration_seconds", "start_local", "start_utc", "old_value", "new_value", "changed_local",
        "changed_utc", "actor", "job_id", "old_estimated", "new_estimated",
    ];

    public static void MapHistory(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/history", ReadHistory)
            .RequireAuthorization()
            .WithTags("History")
            .WithName(nameof(ReadHistory))
            .WithExample("equipment_id", "main-meter")
            .WithExample("from", "2026-01-01")
            .WithSummary("Values that were changed, with the old and the new one, newest change first")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<ChangeList>, FileContentHttpResult, ProblemHttpResult>> ReadHistory(
        [AsParameters] HistoryRequest request, [AsParameters] ListQuery query, IReadingStore readings, ICatalogue catalogue, SiteZones zones,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.EquipmentId))
        {
            return Refused("equipment_id", "is missing.");
        }

        var zone = await zones.OfEquipmentAsync(request.EquipmentId, cancellationToken);
        var (from, fromFault) = request.From is null ? (Earliest, null) : LocalInstant.Parse(request.From, zone);
        var (to, toFault) = request.To is null ? (Latest, null) : LocalInstant.Parse(request.To, zone);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var fault = fromFault ?? toFault ?? (from >= to ? "is not after from." : null);
        if (fault is not null)
        {
            return Refused(fromFault is null ? "to" : "from", fault, "INVALID_TIME_RANGE");
        }

        try
        {
            var page = await ReadAsync(
                query, after => readings.ReadHistoryAsync(request.EquipmentId, request.Metric, from, to, query.Size, after, cancellationToken));
            if (page.Changes.Count == 0 && await catalogue.FindEquipmentAsync(request.EquipmentId, cancellationToken) is null)
            {
                return EmsProblem.Of(
                    StatusCodes.Status404NotFound, "EQUIPMENT_NOT_FOUND", $"There is no equipment '{request.EquipmentId}'.");
            }

            return query.IsFile && page.Changes.Count > MostOfFile
                ? Refused("format", $"is that of a file, which holds {MostOfFile} changes, and there are more: ask with from and to, or page by page with a limit.")
                : await AnswerAsync(page, query, zone, readings, cancellationToken);
        }
        catch (FormatException)
        {
            return ListQuery.UnknownCursor;
        }
    }

    /// <summary>A page; for a file without a limit all of them, or more than a sheet can hold.</summary>
    /// <param name="readAfter">Reads the page behind a position.</param>
    private static async Task<HistoryPage> ReadAsync(ListQuery query, Func<string?, Task<HistoryPage>> readAfter)
    {
        var page = await readAfter(query.After);
        if (query is not { IsFile: true, Limit: null })
        {
            return page;
        }

        var changes = page.Changes.ToList();
        while (page.Next is { } next && changes.Count <= MostOfFile)
        {
            page = await readAfter(next);
            changes.AddRange(page.Changes);
        }

        return new HistoryPage(changes, page.Next);
    }

    private static async Task<Results<Ok<ChangeList>, FileContentHttpResult, ProblemHttpResult>> AnswerAsync(
        HistoryPage page, ListQuery query, DateTimeZone zone, IReadingStore readings, CancellationToken cancellationToken)
    {
        var ids = page.Changes.Select(change => change.Series.EquipmentId).Distinct().ToList();
        var units = (await readings.ListSeriesAsync(ids, null, cancellationToken)).ToDictionary(series => series.Key, series => series.Unit);
        var changes = page.Changes.Select(change => ChangeView.Of(change, UnitOf(change.Series))).ToList();
        return query.IsFile
            ? TableAnswer.Of(query.Format, new Table("history", Columns, changes.Select(change => Row(change, zone))))
            : TypedResults.Ok(new ChangeList(changes, ListQuery.CursorOf(page.Next)));

        // A series whose values were all undone is not listed any more.
        string? UnitOf(SeriesKey key) => units.GetValueOrDefault(key) ?? MetricCatalogue.Find(key.Metric)?.Unit;
    }

    private static IReadOnlyList<object?> Row(ChangeView change, DateTimeZone zone) =>
    [
        change.EquipmentId, change.Metric, change.Unit, change.DurationSeconds, Local(change.Start, zone), change.Start.UtcDateTime,
        change.OldValue, change.NewValue, Local(change.ChangedAt, zone), change.ChangedAt.UtcDateTime, change.Actor, change.JobId,
        change.OldEstimated, change.NewEstimated,
    ];

    private static DateTime Local(DateTimeOffset at, DateTimeZone zone) => Instant.FromDateTimeOffset(at).InZone(zone).ToDateTimeUnspecified();

    private static ProblemHttpResult Refused(string field, string message, string code = ProblemCodes.DataValidationFailed) =>
        EmsProblem.Of(StatusCodes.Status400BadRequest, code, $"{field} {message}", [new FieldFault(field, message)]);
}

internal sealed record HistoryRequest
{
    [FromQuery(Name = "equipment_id")]
    public string? EquipmentId { get; init; }

    [FromQuery(Name = "metric")]
    public string? Metric { get; init; }

    /// <summary>Of the start of the readings; a date or a time, local to the site where it has no offset.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>Exclusive.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }
}

/// <param name="NextCursor">Ask with it for the next page; null on the last one.</param>
internal sealed record ChangeList(IReadOnlyList<ChangeView> Changes, string? NextCursor);

/// <summary>A value that another one took the place of. Values are as they are stored, before any multiplier.</summary>
/// <param name="DurationSeconds">Length of the reading's interval; 0 for instants.</param>
/// <param name="OldValue">Null where an undone job had been undone into nothing.</param>
/// <param name="NewValue">Null where undoing left nothing.</param>
/// <param name="Actor">The caller who changed it.</param>
/// <param name="JobId">The import that changed it, or that was undone; null for live readings.</param>
/// <param name="OldEstimated">Whether the old value was estimated: a change may be of this alone.</param>
/// <param name="NewEstimated">Whether the new value is estimated.</param>
internal sealed record ChangeView(
    string EquipmentId, string Metric, string? Unit, double DurationSeconds, DateTimeOffset Start, double? OldValue, double? NewValue,
    DateTimeOffset ChangedAt, string Actor, string? JobId, bool OldEstimated, bool NewEstimated)
{
    public static ChangeView Of(ValueChange change, string? unit) => new(
        change.Series.EquipmentId, change.Series.Metric, unit, change.Series.Length.TotalSeconds, change.Start.ToDateTimeOffset(),
        change.OldValue, change.NewValue, change.ChangedAt.ToDateTimeOffset(), change.Actor, change.JobId, change.OldIsEstimated, change.NewIsEstimated);
}
