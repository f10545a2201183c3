using MetaLlm.Engine.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Admission;

/// <summary>
/// Refuses calls before their body is read: those of a tenant that waits too long for the embedding model already, and those that a limit has no room for. A tenant without
/// limits passes without a lock and without an allocation.
/// </summary>
internal sealed class AdmissionFilter(FairConcurrencyLimiter queue, AdmissionControl admission, AdmissionMetrics metrics, RefusalPace pace, TimeProvider time) : IApiFilter
{
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var tenant = http.Tenant();
        if (queue.IsOverloaded(tenant.Id, out var retryAfter))
        {
            metrics.Shed(ShedReason.Queue);
            return ShedAsync(http, AdmissionErrors.Overloaded(retryAfter));
        }

        var key = http.CallerKey();
        return tenant.Limits.IsUnlimited && key.Limits.IsUnlimited
            ? next(http)
            : AdmitAsync(http, next, admission.Open(tenant.Id, tenant.Limits, key.Id, key.Limits));
    }

    private static async Task AdmitAsync(HttpContext http, RequestDelegate next, AdmittedCall call)
    {
        using (call)
        {
            http.Response.OnStarting(static state => RateLimitHeaders.WriteAsync(((HttpContext, AdmittedCall))state), (http, call));
            if (await call.EnterAsync(http.RequestAborted).ConfigureAwait(false) is { } refusal)
            {
                await AdmissionErrors.Refused(refusal).WriteAsync(http).ConfigureAwait(false);
                return;
            }

            http.Features.Set(call);

            // The answer is written before the call ends: a call that is still being answered is one of the parallel ones.
            await next(http).ConfigureAwait(false);
        }
    }

    private async Task ShedAsync(HttpContext http, ApiError error)
    {
        if (pace.Take() is { Ticks: > 0 } hold)
        {
            await Task.Delay(hold, time, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (http.RequestAborted.IsCancellationRequested)
            {
                return;
            }
        }

        await error.WriteAsync(http).ConfigureAwait(false);
    }
}
