using Ems.Core.Caching;
using Ems.Core.Tables;
using Ems.Query.Requests;
using Ems.ServiceDefaults.Lists;
using Ems.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Ems.Query.Aggregates;

internal static class AggregateEndpoints
{
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    /// <summary>What an answer is kept as; it has faults where there is none.</summary>
    internal sealed record Answered(AggregateAnswer? Answer, IReadOnlyList<Fault> Faults);

    public static void MapAggregates(this IEndpointRouteBuilder routes)
    {
        var aggregates = routes.MapGroup("/aggregate").RequireAuthorization().WithTags("Series");

        aggregates.MapPost("", AskAggregate)
            .WithName(nameof(AskAggregate))
            .WithBodyExample(
                """
                {"metric": "active_power", "aggregate": "max", "equipment": "main-meter",
                 "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z", "group_by": "equipment"}
                """)
            .WithSummary("How much of what, where and when")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static async Task<Results<Ok<AggregateAnswer>, FileContentHttpResult, ProblemHttpResult>> AskAggregate(
        AggregateRequest request, string? format, MeterSelection selection, AggregateAnswers answers, CachedAnswers cache, CancellationToken cancellationToken)
    {
        request = request with { Format = request.Format ?? format };
        var (question, faults) = AggregateQuestion.Of(request);
        if (faults.Count > 0)
        {
            return Fault.Problem(faults);
        }

        var (meters, missing) = await selection.SelectAsync(question, cancellationToken);
        if (missing.Count > 0)
        {
            return Fault.Problem(missing);
        }

        if (TableAnswer.IsFile(request.Format))
        {
            var (numbers, fileFaults) = await answers.AnswerAsync(question, meters, cancellationToken);
            return numbers is null ? Fault.Problem(fileFaults) : TableAnswer.Of(request.Format, ToTable(ToWire(question, numbers), numbers));
        }

        var answered = await cache.GetAsync(
            "aggregate",
            StateOf(question, meters),
            Age,
            async token =>
            {
                var (numbers, answerFaults) = await answers.AnswerAsync(question, meters, token);
                return new Answered(numbers is null ? null : ToWire(question, numbers), answerFaults);
            },
            cancellationToken);
        return answered.Answer is { } answer ? TypedResults.Ok(answer) : Fault.Problem(answered.Faults);
    }

    /// <summary>All that the answer depends on; null where it is not known.</summary>
    private static List<object?>? StateOf(AggregateQuestion question, IReadOnlyList<Meter> meters)
    {
        var states = meters.Select(meter => meter.Series.State).ToList();
        return states.Contains(null)
            ? null
            : [question.Request, .. meters.Zip(states, object? (meter, state) => new object?[]
            {
                state, meter.Equipment, meter.Zone.Id, meter.Grid.Id, meter.Range.Start, meter.Range.End,
            })];
    }

    private static AggregateAnswer ToWire(AggregateQuestion question, AggregateNumbers numbers)
    {
        var first = numbers.Meters[0];
        var from = numbers.Meters.Min(m => m.Range.Start);
        var to = numbers.Meters.Max(m => m.Range.End);
        var zones = numbers.Meters.Select(m => m.Zone).Distinct().ToList();
        var unit = question.Aggregate switch
        {
            "count" => "count",
            "sum" => first.Series.TotalUnit ?? first.Series.Unit,
            _ => first.Series.Unit,
        };
        return new AggregateAnswer(
            question.Metric, question.Aggregate, unit, RequestTime.Text(from, first.Zone), RequestTime.Text(to, first.Zone),
            (numbers.Plan.Row ?? numbers.Plan.Combine)?.Name, string.Join(", ", zones.Select(z => z.Id)),
            string.Join(", ", numbers.Meters.Select(m => m.Series.DerivedFrom(m.Range.Start, m.Range.End)).Distinct()),
            [.. numbers.Rows.Select(r => ToWire(r, numbers.Plan))], numbers.Overall.Coverage, numbers.Overall.EstimatedFraction);
    }

    private static AggregateRow ToWire(RowNumbers row, AggregatePlan plan) => new(
        row.Key.Equipment, row.Key.Site, row.Key.Type, row.Key.Carrier, row.Key.Month, row.Key.Day,
        row.Key.Weekday is { } weekday ? ((IsoDayOfWeek)weekday).ToString().ToLowerInvariant() : null, row.Key.Hour,
        plan.Row is null ? null : RequestTime.Text(row.Start, row.Meter.Zone), row.Number.Value,
        row.Number.At is { } at ? RequestTime.Text(at, row.Meter.Zone) : null, row.Coverage, row.EstimatedFraction);

    private static Table ToTable(AggregateAnswer answer, AggregateNumbers numbers) => new(
        "aggregate",
        ["equipment", "site", "type", "carrier", "month", "day", "weekday", "hour_of_day", "start_local", "start_utc", "metric", "aggregate",
            "value", "unit", "at_local", "at_utc", "coverage", "estimated_fraction"],
        answer.Rows.Select(IReadOnlyList<object?> (row, i) =>
        {
            var (zone, start, at) = (numbers.Rows[i].Meter.Zone, numbers.Rows[i].Start, numbers.Rows[i].Number.At);
            var hasStart = row.Start is not null;
            return
            [
                row.Equipment, row.Site, row.Type, row.Carrier, row.Month, row.Day, row.Weekday, row.HourOfDay,
                hasStart ? start.InZone(zone).ToDateTimeUnspecified() : null, hasStart ? start.ToDateTimeUtc() : null,
                answer.Metric, answer.Aggregate, row.Value, answer.Unit,
                at?.InZone(zone).ToDateTimeUnspecified(), at?.ToDateTimeUtc(), row.Coverage, row.EstimatedFraction,
            ];
        }));
}
