using System.ComponentModel;
using MetaLlm.Engine.Onboarding;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/tenants/{tenant}/arms/{arm}/quiz</c>: what one model answered to some queries, so that the policy need not find out.</summary>
internal sealed class QuizEndpoint(WarmStartService service, SettingsStore settings, TenantSetups setups, BodyMemory memory)
{
    public async Task<ApiResult<QuizBody>> HandleAsync(
        HttpContext context,
        [Description("The tenant.")] string tenant,
        [Description("The model; a slash in its id is sent as `%2F`.")] string arm)
    {
        // A server leaves an encoded slash as it is, since it would end the segment.
        var id = arm.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var taught = await setups.NamedAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        var arms = taught.Configuration.Arms;
        if (arms.All(a => a.Id != id))
        {
            throw new ApiException(
                ErrorCode.ModelNotFound, $"Tenant '{taught.Id}' has no model '{id}'; it has {string.Join(", ", arms.Select(a => a.Id))}.", "arm");
        }

        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.WarmStartBytes, memory, WarmStartEndpoint.MediaTypes).ConfigureAwait(false);
        var examples = WarmStartReader.ReadQuiz(body, arms, id);
        var receipt = await WarmStartEndpoint.RefusingAsync(
            () => service.QuizAsync(taught.Id, id, [.. arms.Select(a => a.Id)], examples, context.RequestAborted)).ConfigureAwait(false);
        return new ApiResult<QuizBody>(new QuizBody
        {
            Tenant = taught.Id,
            Arm = id,
            Status = WarmStartEndpoint.StatusOf(receipt),
            QuizRows = receipt.Rows,
            Sequence = receipt.Sequence,
        });
    }
}
