using System.Security.Claims;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Authentication;

/// <summary>
/// A scheme whose credential is a key. It implements the interface rather than <c>AuthenticationHandler&lt;T&gt;</c>, whose options, clock and loggers it would make
/// for each request and never use.
/// </summary>
internal abstract class ApiKeyHandler : IAuthenticationHandler
{
    private HttpContext _context = null!;
    private string _scheme = string.Empty;
    private Task<AuthenticateResult>? _result;
    private ApiError? _error;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        (_scheme, _context) = (scheme.Name, context);

        // Whatever becomes of the request, its answer has passed here before.
        RequestIds.Honour(context);
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => _result ??= CheckedAsync();

    /// <summary>Tells what is wrong with the credential.</summary>
    public async Task ChallengeAsync(AuthenticationProperties? properties)
    {
        await AuthenticateAsync().ConfigureAwait(false);
        await (_error ?? new ApiError(ErrorCode.InvalidApiKey, "The key does not open this endpoint.")).WriteAsync(_context).ConfigureAwait(false);
    }

    /// <summary>Reached where the application asks for more than a key, such as a claim that keys do not have.</summary>
    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        _context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    /// <summary>Checks the credential, and leaves on the context what endpoints need to know.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    protected abstract ValueTask<ApiError?> CheckAsync(HttpContext context);

    private async Task<AuthenticateResult> CheckedAsync()
    {
        try
        {
            _error = await CheckAsync(_context).ConfigureAwait(false);
        }
        catch (Exception e) when (ErrorMapping.From(e) is not null)
        {
            // No endpoint is reached whose filter would tell the client.
            _error = ErrorMapping.From(e);
        }

        // The application may add claims to the principal, so that each request has its own.
        return _error is null
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(_scheme)), _scheme))
            : AuthenticateResult.Fail(_error.Message);
    }
}
