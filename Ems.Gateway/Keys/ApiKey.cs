using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Ems.Gateway.Keys;

/// <summary>Names of the scheme by which callers from outside are known.</summary>
public static class ApiKey
{
    public const string Scheme = "ApiKey";

    /// <summary>Asks for a caller with a valid key.</summary>
    public const string Policy = "gateway";
    public const string Header = "X-Api-Key";
}

/// <summary>Lets in callers with a valid key as <c>X-Api-Key</c> or <c>Authorization: Bearer</c>.</summary>
internal sealed class ApiKeyHandler(
    AdminKey adminKey, SamplePlantKey samplePlantKey, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Candidate() is not { Length: > 0 } candidate)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var name = adminKey.Matches(candidate) ? "admin" : samplePlantKey.Matches(candidate) ? SamplePlantKey.Caller : null;
        if (name is null)
        {
            return Task.FromResult(AuthenticateResult.Fail("The key is not known."));
        }

        ClaimsIdentity identity = new([new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, "admin")], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }

    private string Candidate()
    {
        if (Request.Headers[ApiKey.Header].ToString() is { Length: > 0 } key)
        {
            return key;
        }

        var authorization = Request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : "";
    }
}
