using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Screening;
using MetaLlm.Gateway.Surfaces;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Chat;

/// <summary>Chat completions for callers in this process: the way of <c>POST /v1/chat/completions</c> without HTTP, with the tenant's limits, guardrails, money and conversations.</summary>
/// <remarks>Safe for concurrent use. Idempotency keys and kept answers belong to HTTP.</remarks>
internal sealed class LocalChat(
    RoutingService routing,
    LocalTenants tenants,
    SettingsStore settings,
    FairConcurrencyLimiter queue,
    AdmissionControl admission,
    AdmissionMetrics metrics,
    CallDrain drain,
    CallScreens screens,
    ShadowCalls shadows)
{
    private static readonly ChatSurface Surface = new();

    /// <summary>Begins a call.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="body">A chat completion request, UTF-8 JSON.</param>
    /// <param name="cancellationToken">The caller's patience, until the end of the answer.</param>
    /// <returns>An answer that has begun; dispose it.</returns>
    /// <exception cref="ApiException">The request is illegal, a limit has no room for it, or the tenant cannot be served.</exception>
    /// <remarks>All else that <see cref="RoutingService.ChatAsync(string, string, Core.Tenancy.DecisionRequest, ChatPayload, Action{Core.Tenancy.DecisionRecord}?, CancellationToken)"/> throws comes as it is.</remarks>
    public Task<LocalCall> StartAsync(string tenant, byte[] body, CancellationToken cancellationToken) =>
        tenants.RunAsync(tenant, served => StartAsync(served, body, cancellationToken), cancellationToken);

    /// <summary>Says what the tenant's policy would decide now. Nothing is decided, counted or sent, and no guardrail is asked.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="body">A chat completion request, UTF-8 JSON.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A decision whose id is no decision's.</returns>
    /// <exception cref="ApiException">The request is illegal, or the tenant cannot be served.</exception>
    public Task<DecisionRecord> PreviewAsync(string tenant, byte[] body, CancellationToken cancellationToken) => tenants.RunAsync(
        tenant,
        async served =>
        {
            var (request, _, _) = await ReadAsync(Request(served, cancellationToken), body, screen: null).ConfigureAwait(false);
            return await routing.PreviewAsync(served.Id, request.Query, request.Route, cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    private async Task<LocalCall> StartAsync(TenantSettings tenant, byte[] body, CancellationToken cancellationToken)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Over);
        AdmittedCall? admitted = null;
        CallScreen? screen = null;
        try
        {
            admitted = await AdmitAsync(tenant, end.Token).ConfigureAwait(false);
            var context = Request(tenant, end.Token);
            screen = screens.Open(context);
            var (request, payload, _) = await ReadAsync(context, body, screen).ConfigureAwait(false);
            if (admitted is not null)
            {
                await admitted.RequireTokensAsync(request.Route, end.Token).ConfigureAwait(false);
            }

            payload = payload with { Affinity = request.Affinity };
            void Decided(DecisionRecord decision)
            {
                screen?.Decided(decision);
                shadows.Start(tenant, request, payload, decision);
            }

            var call = await routing.ChatAsync(tenant.Id, request.Query, request.Route, payload, Decided, admitted, end.Token).ConfigureAwait(false);
            return new LocalCall(call, payload, screen, admitted, end, drain.Over);
        }
        catch (Exception e)
        {
            var isOver = LocalCall.IsOver(e, drain.Over, cancellationToken);
            screen?.End(e);
            admitted?.Dispose();
            end.Dispose();
            if (isOver)
            {
                throw LocalCall.Stopping();
            }

            throw;
        }
    }

    private async ValueTask<AdmittedCall?> AdmitAsync(TenantSettings tenant, CancellationToken cancellationToken)
    {
        if (queue.IsOverloaded(tenant.Id, out var retryAfter))
        {
            metrics.Shed(ShedReason.Queue);
            throw new ApiException(AdmissionErrors.Overloaded(retryAfter));
        }

        if (tenant.Limits.IsUnlimited)
        {
            return null;
        }

        var call = admission.Open(tenant.Id, tenant.Limits, key: null, AdmissionLimits.None);
        if (await call.EnterAsync(cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            call.Dispose();
            throw new ApiException(AdmissionErrors.Refused(refusal));
        }

        return call;
    }

    /// <summary>The request as it stands before whoever looks at requests: with a tenant, and without a server, a key or a header.</summary>
    private static DefaultHttpContext Request(TenantSettings tenant, CancellationToken patience)
    {
        var context = new DefaultHttpContext { RequestAborted = patience, Request = { Method = HttpMethods.Post, Path = "/v1/chat/completions" } };
        context.Features.Set(tenant);
        context.Features.Set(CallerKey.Anonymous);
        return context;
    }

    private async ValueTask<SurfaceRequest> ReadAsync(HttpContext context, byte[] body, CallScreen? screen)
    {
        if (body.Length > settings.Current.Limits.BodyBytes)
        {
            throw new ApiException(ErrorCode.RequestTooLarge, $"The request has {body.Length} bytes; at most {settings.Current.Limits.BodyBytes} are legal.");
        }

        var asked = await Surface.ReadAsync(context, body).ConfigureAwait(false);
        return screen is null ? asked : await screen.AdmitAsync(Surface, asked).ConfigureAwait(false);
    }
}
