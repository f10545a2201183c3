using MetaLlm.Engine.Onboarding;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/tenants/{tenant}/arms/{arm}/quiz</c>: what one model answered to some queries, so that the policy need not find out.</summary>
internal sealed class QuizEndpoint(WarmStartService service, SettingsStore settings)
{
    public async Task HandleAsync(HttpContext context, TenantSettings tenant)
    {
        // A server leaves an encoded slash as it is, since it would end the segment.
        var id = (context.GetRouteValue("arm") as string ?? string.Empty).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var arms = tenant.Configuration.Arms;
        if (arms.All(a => a.Id != id))
        {
            throw ApiException.NotFound("model_not_found", $"Tenant '{tenant.Id}' has no model '{id}'; it has {string.Join(", ", arms.Select(a => a.Id))}.", "arm");
        }

        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.WarmStartBytes, WarmStartEndpoint.MediaTypes).ConfigureAwait(false);
        var examples = WarmStartReader.ReadQuiz(body, arms, id);
        var receipt = await WarmStartEndpoint.RefusingAsync(
            () => service.QuizAsync(tenant.Id, id, [.. arms.Select(a => a.Id)], examples, context.RequestAborted)).ConfigureAwait(false);
        await ApiJson.WriteAsync(context, new
        {
            Object = "metallm.quiz",
            Tenant = tenant.Id,
            Arm = id,
            Status = receipt.Duplicate ? "duplicate" : "accepted",
            QuizRows = receipt.Rows,
            receipt.Sequence,
        }).ConfigureAwait(false);
    }
}
