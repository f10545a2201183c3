using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Http;

/// <summary>Tells clients of errors in their language: what an endpoint throws becomes an error as the clients of its surface know it.</summary>
internal sealed partial class ErrorFilter(StartGate gate, TenantSetups setups, TimeProvider time, ILogger<ErrorFilter> logger) : IApiFilter
{
    private readonly QuietLog _quiet = new(time);

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            if (!gate.IsOpen)
            {
                await gate.WaitAsync(http.RequestAborted).ConfigureAwait(false);
            }

            await next(http).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to tell. What it owed has been settled where the call was made.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await Map(http, e).WriteAsync(http).ConfigureAwait(false);
        }
        catch (Exception e) when (http.Features.Get<StreamResponse>() is { HasBegun: true })
        {
            // The end that follows is an orderly one: a reset would overtake the event, and what the client has not read yet.
            await http.Features.Get<StreamResponse>()!.WriteErrorAsync(Map(http, e)).ConfigureAwait(false);
        }
    }

    private ApiError Map(HttpContext http, Exception e)
    {
        var request = http.Request;
        if (e is InvalidDataException or EmbeddingModelMismatchException && http.Features.Get<TenantSettings>() is { } tenant)
        {
            setups.Damaged(tenant, e);
        }

        if (e is EngineUnavailableException or FencedException && _quiet.MaySay((e.GetType(), e.Message), out var unsaid))
        {
            LogUnavailable(logger, request.Method, request.Path.Value ?? "/", e.Message, unsaid);
        }

        if (ErrorMapping.From(e) is { } error)
        {
            return error;
        }

        LogFailed(logger, e, request.Method, request.Path.Value ?? "/");
        return new ApiError(ErrorCode.InternalError, "The gateway failed; its log says more.");
    }
}
