using Microsoft.AspNetCore.Http;

namespace Ems.ServiceDefaults.Problems;

/// <summary>Codes of problems that any route may answer.</summary>
public static class ProblemCodes
{
    public const string DataValidationFailed = "DATA_VALIDATION_FAILED";
    public const string NotFound = "NOT_FOUND";
    public const string ServiceUnavailable = "SERVICE_UNAVAILABLE";
    public const string InternalError = "INTERNAL_ERROR";
    public const string RequestRefused = "REQUEST_REFUSED";
    public const string Unauthenticated = "UNAUTHENTICATED";
    public const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";

    internal static string Of(int status, bool isUpload) => status switch
    {
        StatusCodes.Status400BadRequest => DataValidationFailed,
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status403Forbidden => "FORBIDDEN",
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => "METHOD_NOT_ALLOWED",
        StatusCodes.Status408RequestTimeout => "REQUEST_TIMEOUT",
        StatusCodes.Status413PayloadTooLarge => isUpload ? "FILE_TOO_LARGE" : "BATCH_TOO_LARGE",
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        StatusCodes.Status429TooManyRequests => "RATE_LIMIT_EXCEEDED",
        StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout =>
            ServiceUnavailable,
        >= StatusCodes.Status500InternalServerError => InternalError,
        _ => RequestRefused,
    };

    internal static string? DetailOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request could not be read: check its parameters and its body against /openapi/v1.json.",
        StatusCodes.Status401Unauthorized => "Send a valid key as X-Api-Key or Authorization: Bearer, to the gateway: the services behind it answer only to it.",
        StatusCodes.Status403Forbidden => "This key may not do that.",
        StatusCodes.Status404NotFound => "There is no such route: /openapi/v1.json lists those that exist.",
        StatusCodes.Status405MethodNotAllowed => "This route exists, but not for this method: see the Allow header.",
        StatusCodes.Status413PayloadTooLarge => "The request is larger than this route takes: split it into several.",
        StatusCodes.Status415UnsupportedMediaType => "This route does not take this Content-Type.",
        StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout =>
            "The service that answers this is not available: try again after the seconds in Retry-After.",
        >= StatusCodes.Status500InternalServerError => "Something failed inside; the log has it under this trace_id.",
        _ => null,
    };
}
