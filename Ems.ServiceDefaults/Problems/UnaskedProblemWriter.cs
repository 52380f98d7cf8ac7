using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Ems.ServiceDefaults.Problems;

/// <summary>
/// Writes problems as JSON whatever the caller accepts: who asked for CSV or for events had better be told what is wrong in another form than not
/// at all.
/// </summary>
internal sealed class UnaskedProblemWriter(IOptions<ProblemDetailsOptions> problems, IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        problems.Value.CustomizeProblemDetails?.Invoke(context);
        await context.HttpContext.Response.WriteAsJsonAsync(
            context.ProblemDetails, json.Value.SerializerOptions, MediaTypeNames.Application.ProblemJson, context.HttpContext.RequestAborted);
    }
}
