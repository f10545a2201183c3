using MetaLlm.Engine.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Admission;

/// <summary>
/// Refuses calls before their body is read: those of a tenant that waits too long for the embedding model already, and those that a limit has no room for. A tenant without
/// limits passes without a lock and without an allocation.
/// </summary>
internal sealed class AdmissionFilter(FairConcurrencyLimiter queue, AdmissionControl admission, AdmissionMetrics metrics, RefusalPace pace, TimeProvider time) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var tenant = http.Tenant();
        if (queue.IsOverloaded(tenant.Id, out var retryAfter))
        {
            metrics.Shed(ShedReason.Queue);
            return ShedAsync(http, AdmissionErrors.Overloaded(retryAfter));
        }

        var key = http.CallerKey();
        return tenant.Limits.IsUnlimited && key.Limits.IsUnlimited
            ? next(context)
            : AdmitAsync(context, next, admission.Open(tenant.Id, tenant.Limits, key.Id, key.Limits));
    }

    private static async ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, AdmittedCall call)
    {
        using (call)
        {
            var http = context.HttpContext;
            http.Response.OnStarting(static state => RateLimitHeaders.WriteAsync(((HttpContext, AdmittedCall))state), (http, call));
            if (await call.EnterAsync(http.RequestAborted).ConfigureAwait(false) is { } refusal)
            {
                return await RefuseAsync(http, AdmissionErrors.Refused(refusal)).ConfigureAwait(false);
            }

            http.Features.Set(call);

            // The answer is written before the call ends: a call that is still being answered is one of the parallel ones.
            if (await next(context).ConfigureAwait(false) is IResult result)
            {
                await result.ExecuteAsync(http).ConfigureAwait(false);
            }

            return Results.Empty;
        }
    }

    private async ValueTask<object?> ShedAsync(HttpContext http, ApiError error)
    {
        if (pace.Take() is { Ticks: > 0 } hold)
        {
            await Task.Delay(hold, time, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (http.RequestAborted.IsCancellationRequested)
            {
                return Results.Empty;
            }
        }

        return await RefuseAsync(http, error).ConfigureAwait(false);
    }

    private static async ValueTask<object?> RefuseAsync(HttpContext http, ApiError error)
    {
        await error.WriteAsync(http).ConfigureAwait(false);
        return Results.Empty;
    }
}
