using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ems.ServiceDefaults.Problems;

/// <summary>Problem details (RFC 9457) with the code that clients may rely on.</summary>
public static class EmsProblem
{
    /// <param name="code">UPPER_SNAKE.</param>
    /// <param name="detail">What was wrong, what the limit is, what to do.</param>
    /// <param name="errors">One entry for each fault.</param>
    public static ProblemHttpResult Of(int status, string code, string detail, IEnumerable<object>? errors = null)
    {
        Dictionary<string, object?> extensions = new() { ["code"] = code };
        if (errors is not null)
        {
            extensions["errors"] = errors;
        }

        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }
}
