using System.Text.Json.Serialization;
using Ems.Query.Requests;
using Ems.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.Query.Questions;

internal static class QuestionEndpoints
{
    public static void MapQuestions(this IEndpointRouteBuilder routes)
    {
        var questions = routes.MapGroup("/query").RequireAuthorization().WithTags("Questions");

        questions.MapPost("", AskQuestion)
            .WithName(nameof(AskQuestion))
            .WithBodyExample("""{"query": "How much energy did we use yesterday?"}""")
            .WithSummary("A question in plain English; says openly that it does not understand them")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    internal static Results<Ok<QuestionAnswer>, ProblemHttpResult> AskQuestion(QuestionRequest request) =>
        string.IsNullOrWhiteSpace(request.Query)
            ? Fault.Problem([Fault.Of("query", "query is missing: the question as a text.")])
            : TypedResults.Ok(new QuestionAnswer(
                "Questions in plain English are not answered. Ask data/series or data/aggregate for the numbers.", request.Query));
}

internal sealed record QuestionRequest(string? Query, string? TimeZone);

/// <param name="Unanswered">The part of the question that was not answered.</param>
internal sealed record QuestionAnswer(string Answer, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Unanswered);
