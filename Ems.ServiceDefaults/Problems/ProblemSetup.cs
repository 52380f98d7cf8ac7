using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ems.ServiceDefaults.Problems;

internal static class ProblemSetup
{
    public static void AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = Complete);

        // Behind the one that asks what the caller accepts.
        builder.Services.AddSingleton<IProblemDetailsWriter, UnaskedProblemWriter>();
        builder.Services.AddExceptionHandler<ExceptionProblems>();

        // Else what could not be bound is answered in Development alone with its reason.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    private static void Complete(ProblemDetailsContext context)
    {
        var status = context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode;
        if (context.ProblemDetails is HttpValidationProblemDetails validation)
        {
            context.ProblemDetails = new ProblemDetails
            {
                Status = status,
                Title = validation.Title,
                Detail = validation.Errors.SelectMany(entry => entry.Value).FirstOrDefault(),
                Extensions =
                {
                    ["errors"] = validation.Errors
                        .SelectMany(entry => entry.Value.Select(message => new FieldError(entry.Key, message))).ToList(),
                },
            };
        }

        var problem = context.ProblemDetails;
        problem.Status = status;
        problem.Title ??= ReasonPhrases.GetReasonPhrase(status);
        problem.Detail ??= ProblemCodes.DetailOf(status);
        problem.Extensions.TryAdd("code", ProblemCodes.Of(status, context.HttpContext.Request.HasFormContentType));
        problem.Extensions.Remove("traceId");
        problem.Extensions["trace_id"] = Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests && context.HttpContext.Response.Headers.RetryAfter.Count == 0)
        {
            context.HttpContext.Response.Headers.RetryAfter = "5";
        }
    }
}

/// <summary>What is wrong with one field of a request.</summary>
internal sealed record FieldError(string Field, string Message);
