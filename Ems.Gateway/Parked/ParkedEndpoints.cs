using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ems.Core.Json;
using Ems.Core.Messaging;
using Ems.Core.Tables;
using Ems.Gateway.Calls;
using Ems.Gateway.Keys;
using Ems.Gateway.Routes;
using Ems.ServiceDefaults.Lists;
using Ems.ServiceDefaults.OpenApi;
using Ems.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Gateway.Parked;

/// <summary>Messages that could not be handled, of all services.</summary>
internal static partial class ParkedEndpoints
{
    public static void MapParkedMessages(this IEndpointRouteBuilder routes)
    {
        var parked = routes.MapGroup($"{PublicRoutes.Prefix}/parked").RequireAuthorization(ApiKey.Policy).WithTags("Parked");
        parked.MapGet("", ListParked)
            .WithName(nameof(ListParked))
            .WithSummary("Messages that could not be handled")
            .WithDescription("A service that does not answer is named in degraded: what is parked there is not shown.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        parked.MapPost("/{id}/retry", RetryParked)
            .WithName(nameof(RetryParked))
            .WithExample("id", "analytics.detect:0198c5a4e0017a4e9f3b5d1c2a7e6f80")
            .WithSummary("Has a message handled again")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    internal static async Task<Results<Ok<ParkedList>, FileContentHttpResult, ProblemHttpResult>> ListParked(
        [AsParameters] ListQuery query, ClaimsPrincipal user, IServiceCalls calls, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var after = query.After is { } id ? $"&after={Uri.EscapeDataString(id)}" : "";
        var path = string.Create(CultureInfo.InvariantCulture, $"/parked?limit={query.Size + 1}{after}");
        var answers = await Task.WhenAll(PublicRoutes.Services.Select(service =>
            AskAsync(service, HttpMethod.Get, path, user, calls, loggers, cancellationToken)));

        // Services of one process tell of the same messages.
        var found = answers.SelectMany(answer => answer.Messages).DistinctBy(message => message.Id);
        var (items, next) = query.PageById(found, message => message.Id);
        return query.IsFile
            ? TableAnswer.Of(query.Format, ToTable(items))
            : TypedResults.Ok(new ParkedList(items, next, [.. answers.Where(answer => answer.IsDown).Select(answer => answer.Service)]));
    }

    internal static async Task<Results<Accepted, ProblemHttpResult>> RetryParked(
        string id, ClaimsPrincipal user, IServiceCalls calls, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // What is in front of the first dot is the module that could not handle it.
        var likely = id.Split('.')[0];
        List<string> down = [];
        foreach (var service in PublicRoutes.Services.OrderByDescending(service => service == likely))
        {
            var answer = await AskAsync(service, HttpMethod.Post, $"/parked/{Uri.EscapeDataString(id)}/retry", user, calls, loggers, cancellationToken);
            if (answer.Status is >= 200 and < 300)
            {
                return TypedResults.Accepted((string?)null);
            }

            down.AddRange(answer.IsDown ? [service] : []);
        }

        return down.Count == 0
            ? EmsProblem.Of(StatusCodes.Status404NotFound, ProblemCodes.NotFound, $"No message '{id}' is parked: it may have been handled by now.")
            : EmsProblem.Of(
                StatusCodes.Status503ServiceUnavailable, ProblemCodes.ServiceUnavailable,
                $"The message '{id}' was not found, and {string.Join(", ", down)} did not answer: try again later.");
    }

    private static async Task<Answer> AskAsync(
        string service, HttpMethod method, string path, ClaimsPrincipal user, IServiceCalls calls, ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        try
        {
            var answer = await calls.SendAsync(service, method, path, user.Identity?.Name ?? "unknown", null, cancellationToken);
            // A service that consumes nothing has no such route.
            return answer.IsSuccess || answer.Status == StatusCodes.Status404NotFound
                ? new Answer(service, answer.Status, MessagesOf(answer.Body), IsDown: false)
                : new Answer(service, answer.Status, [], IsDown: true);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever failed, what is parked elsewhere is still worth showing.
            LogDown(loggers.CreateLogger("Ems.Gateway.Parked"), fault, service);
            return new Answer(service, StatusCodes.Status503ServiceUnavailable, [], IsDown: true);
        }
    }

    private static List<ParkedMessage> MessagesOf(JsonNode? body) =>
        body is JsonObject && body["parked"] is JsonArray list ? list.Deserialize<List<ParkedMessage>>(EmsJson.Options) ?? [] : [];

    private static Table ToTable(IReadOnlyList<ParkedMessage> messages) => new(
        "parked",
        ["id", "subscription", "event_name", "event_id", "occurred_at_utc", "parked_at_utc", "attempts", "error", "body"],
        messages.Select(IReadOnlyList<object?> (one) =>
        [
            one.Id, one.Subscription, one.EventName, one.EventId, one.OccurredAt.ToDateTimeUtc(), one.ParkedAt.ToDateTimeUtc(), one.Attempts,
            one.Error, one.Body,
        ]));

    private sealed record Answer(string Service, int Status, IReadOnlyList<ParkedMessage> Messages, bool IsDown);

    [LoggerMessage(LogLevel.Warning, "What is parked in {Service} is not known")]
    private static partial void LogDown(ILogger logger, Exception fault, string service);
}

/// <summary>Messages that could not be handled, by id.</summary>
/// <param name="Degraded">Services that do not answer, whose messages are not shown.</param>
internal sealed record ParkedList(IReadOnlyList<ParkedMessage> Parked, string? NextCursor, IReadOnlyList<string> Degraded);
