using System.ComponentModel;
using MetaLlm.Engine.Journal;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/tenants/{tenant}/warm-start</c>: queries with every model's outcome, for the policy to start from.</summary>
internal sealed class WarmStartEndpoint(Teaching teaching, SettingsStore settings, BodyMemory memory)
{
    /// <summary>What the lines may be declared as.</summary>
    public static readonly string[] MediaTypes = ["application/x-ndjson", "application/jsonl"];

    public async Task<ApiResult<WarmStartBody>> HandleAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var taught = await teaching.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.WarmStartBytes, memory, MediaTypes).ConfigureAwait(false);
        var receipt = await teaching.WarmStartAsync(taught, body, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<WarmStartBody>(new WarmStartBody
        {
            Tenant = taught.Id,
            Status = StatusOf(receipt),
            Rows = receipt.Rows,
            Sequence = receipt.Sequence,
        });
    }

    public static OnboardingStatus StatusOf(WarmStartReceipt receipt) => receipt.Duplicate ? OnboardingStatus.Duplicate : OnboardingStatus.Accepted;
}
