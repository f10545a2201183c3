using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/route</c>: a chat request is decided and not sent; the caller makes the call and reports its outcome as feedback.</summary>
internal sealed class RouteDecisionEndpoint(RoutingService routing, SettingsStore settings, BodyMemory memory)
{
    public async Task<ApiResult<DecisionBody>> HandleAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.BodyBytes, memory).ConfigureAwait(false);
        ChatRequest request;
        using (var document = RequestBodyReader.Parse(body))
        {
            request = ChatRequestReader.Read(document.RootElement, context.Request.Headers, tenant, context.CallerKey().OfDirectory);
        }

        var decision = await routing.RouteAsync(tenant.Id, request.Query, request.Route, context.RequestAborted).ConfigureAwait(false);
        DecisionHeaders.Write(context.Response, decision, decision.ChosenArm, attempts: 0);
        return new ApiResult<DecisionBody>(DecisionView.Of(decision));
    }
}
