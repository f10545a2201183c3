using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can decide, which includes reading and writing its store.</summary>
internal sealed class HealthEndpoints(ITenantEngine engine, IEmbedder embedder, SettingsStore settings)
{
    public static Task LiveAsync(HttpContext context) => ApiJson.WriteAsync(context, new { Status = "live" });

    public async Task ReadyAsync(HttpContext context)
    {
        try
        {
            foreach (var tenant in settings.Current.Tenants.Keys)
            {
                await ProbeAsync(tenant, context.RequestAborted).ConfigureAwait(false);
            }

            if (settings.Current.Tenants.Count == 0)
            {
                await ProbeStoreAsync(context.RequestAborted).ConfigureAwait(false);
            }

            await ApiJson.WriteAsync(context, new { Status = "ready", Embedder = embedder.Model.Id }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await ApiJson.WriteAsync(context, new { Status = "not_ready", Reason = e.GetType().Name }, StatusCodes.Status503ServiceUnavailable).ConfigureAwait(false);
        }
    }

    private async Task ProbeAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            await engine.FindDecisionAsync(tenant, "none", cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            // The store has answered. What it has of this tenant is damaged, which is no reason to take the others away too.
        }
    }

    /// <summary>A process without tenants of its own must reach its store too. No tenant is called a blank.</summary>
    private async Task ProbeStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.FindDecisionAsync(" ", "none", cancellationToken).ConfigureAwait(false);
        }
        catch (UnknownTenantException)
        {
            // The store has answered.
        }
    }
}
