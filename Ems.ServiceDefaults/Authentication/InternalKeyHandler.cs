using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.ServiceDefaults.Authentication;

/// <summary>Lets in callers that carry the internal key, under the name of the caller they speak for.</summary>
internal sealed class InternalKeyHandler(
    InternalKey key, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Features.Get<InProcessCaller>() is { } caller)
        {
            return Task.FromResult(Accept(caller.Name));
        }

        if (Request.Headers[InternalHeaders.Key].ToString() is not { Length: > 0 } candidate)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (!key.Matches(candidate))
        {
            return Task.FromResult(AuthenticateResult.Fail("The internal key is wrong."));
        }

        var name = Request.Headers[InternalHeaders.Caller].ToString();
        return Task.FromResult(Accept(name.Length > 0 ? name : "internal"));
    }

    private AuthenticateResult Accept(string name)
    {
        ClaimsIdentity identity = new([new Claim(ClaimTypes.Name, name)], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }
}

/// <summary>
/// Set on a request (<c>HttpContext.Features</c>) that the gateway of this same process has let in: it needs no key.
/// </summary>
public sealed record InProcessCaller(string Name);

/// <summary>Headers between services. The gateway removes them from what comes from outside.</summary>
public static class InternalHeaders
{
    public const string Prefix = "X-Ems-";
    public const string Key = "X-Ems-Internal-Key";

    /// <summary>Name of the caller on whose behalf a service is asked.</summary>
    public const string Caller = "X-Ems-Caller";
}
