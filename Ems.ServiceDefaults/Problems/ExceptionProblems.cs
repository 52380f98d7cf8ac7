using System.Text.Json;
using System.Text.RegularExpressions;
using Ems.Core.Messaging;
using Ems.Core.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Ems.ServiceDefaults.Problems;

/// <summary>Turns what was thrown into a problem, without the exception's text outside Development.</summary>
internal sealed partial class ExceptionProblems(
    IProblemDetailsService problems, IHostEnvironment environment, ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var status = StatusOf(exception);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            LogFailed(exception, httpContext.Request.Method, status);
        }

        var fault = FaultOf(exception);
        httpContext.Response.StatusCode = status;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = new ProblemDetails { Status = status, Detail = DetailOf(exception, status) ?? (fault is null ? null : $"{fault.Field} {fault.Message}"), Extensions = fault is null ? new Dictionary<string, object?>() : new() { ["errors"] = new[] { fault } } },
        });
    }

    private static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException fault => fault.StatusCode,
        BrokenCircuitException or TimeoutRejectedException or HttpRequestException => StatusCodes.Status503ServiceUnavailable,
        _ when StorageFull.Is(exception) || StoreAway.Is(exception) || BrokerAway.Is(exception) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>The parameter or the field of the body that could not be read.</summary>
    private static FieldError? FaultOf(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException fault } => new FieldError(
            (fault.Path ?? "$").Replace("$.", "", StringComparison.Ordinal),
            $"is not what this route takes there (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1})."),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } fault when Unbound().Match(fault.Message) is { Success: true } unbound => new FieldError(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(unbound.Groups["name"].Value),
            unbound.Groups["value"] is { Success: true, Value: var value } ? $"cannot be '{value}'." : "is missing."),
        _ => null,
    };

    /// <summary>What the framework says of a parameter that it could not read; the text is the only thing that names it.</summary>
    [GeneratedRegex("""parameter "\S+ (?<name>\w+)"(?: from "(?<value>.*)")?""", RegexOptions.ExplicitCapture)]
    private static partial Regex Unbound();

    private string? DetailOf(Exception exception, int status) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException fault } =>
            $"The body is not the JSON that this route takes (at {fault.Path ?? "$"}, line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}).",
        _ when StorageFull.Is(exception) => "There is no room left where Ems keeps its data. Nothing was taken in: try again when some was made.",
        _ when BrokerAway.Is(exception) => "RabbitMQ cannot be reached now: try again after the seconds in Retry-After.",
        _ when StoreAway.Is(exception) => "The store cannot be reached now: try again after the seconds in Retry-After. What it has already is not counted twice.",
        _ when environment.IsDevelopment() => status < 500 ? exception.Message : exception.ToString(),
        _ => null,
    };

    [LoggerMessage(LogLevel.Error, "{Method} failed with {Status}")]
    private partial void LogFailed(Exception exception, string method, int status);
}
