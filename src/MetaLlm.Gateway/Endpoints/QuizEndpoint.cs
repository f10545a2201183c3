using System.ComponentModel;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/tenants/{tenant}/arms/{arm}/quiz</c>: what one model answered to some queries, so that the policy need not find out.</summary>
internal sealed class QuizEndpoint(Teaching teaching, SettingsStore settings, BodyMemory memory)
{
    public async Task<ApiResult<QuizBody>> HandleAsync(
        HttpContext context,
        [Description("The tenant.")] string tenant,
        [Description("The model; a slash in its id is sent as `%2F`.")] string arm)
    {
        // A server leaves an encoded slash as it is, since it would end the segment.
        var id = arm.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var taught = await teaching.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        Teaching.Require(taught, id);
        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.WarmStartBytes, memory, WarmStartEndpoint.MediaTypes).ConfigureAwait(false);
        var receipt = await teaching.QuizAsync(taught, id, body, context.RequestAborted).ConfigureAwait(false);
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
