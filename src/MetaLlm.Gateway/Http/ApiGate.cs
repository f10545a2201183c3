using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Http;

/// <summary>What every tenant endpoint goes through: who is it, and errors in the client's language.</summary>
internal sealed partial class ApiGate(TenantAuthenticator authenticator, AdminAuthenticator administrators, ILogger<ApiGate> logger)
{
    /// <summary>Runs a handler for the tenant behind the request's key.</summary>
    public RequestDelegate Protect(Func<HttpContext, TenantSettings, Task> handler) => context =>
        RunAsync(context, () => handler(context, authenticator.Authenticate(context.Request)));

    /// <summary>Runs a handler that manages the tenant which the path names.</summary>
    public RequestDelegate Manage(Func<HttpContext, TenantSettings, Task> handler) => context =>
        RunAsync(context, () => handler(context, administrators.Authenticate(context.Request)));

    private async Task RunAsync(HttpContext context, Func<Task> handler)
    {
        try
        {
            await handler().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to tell. What it owed has been settled where the call was made.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var error = ErrorMapping.From(e);
            if (error is null)
            {
                LogFailed(logger, e, context.Request.Method, context.Request.Path.Value ?? "/");
                error = new ApiError(StatusCodes.Status500InternalServerError, "server_error", "internal_error", "The gateway failed; its log says more.");
            }

            if (e is EngineUnavailableException or FencedException)
            {
                LogUnavailable(logger, context.Request.Method, context.Request.Path.Value ?? "/", e.Message);
            }

            context.Response.Clear();
            await error.WriteAsync(context).ConfigureAwait(false);
        }
    }
}
