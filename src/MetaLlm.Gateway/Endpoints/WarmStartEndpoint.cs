using System.ComponentModel;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Onboarding;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/tenants/{tenant}/warm-start</c>: queries with every model's outcome, for the policy to start from.</summary>
internal sealed class WarmStartEndpoint(WarmStartService service, SettingsStore settings, TenantSetups setups, BodyMemory memory)
{
    /// <summary>What the lines may be declared as.</summary>
    public static readonly string[] MediaTypes = ["application/x-ndjson", "application/jsonl"];

    public async Task<ApiResult<WarmStartBody>> HandleAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var limits = settings.Current.Limits;
        var taught = await setups.NamedAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        var body = await RequestBodyReader.ReadAsync(context, limits.WarmStartBytes, memory, MediaTypes).ConfigureAwait(false);
        var arms = taught.Configuration.Arms;
        var examples = WarmStartReader.Read(body, arms, limits.WarmStartRows);
        var receipt = await RefusingAsync(() => service.TeachAsync(taught.Id, [.. arms.Select(a => a.Id)], examples, context.RequestAborted)).ConfigureAwait(false);
        return new ApiResult<WarmStartBody>(new WarmStartBody
        {
            Tenant = taught.Id,
            Status = StatusOf(receipt),
            Rows = receipt.Rows,
            Sequence = receipt.Sequence,
        });
    }

    public static OnboardingStatus StatusOf(WarmStartReceipt receipt) => receipt.Duplicate ? OnboardingStatus.Duplicate : OnboardingStatus.Accepted;

    /// <summary>Tells the client what only the tenant's owner can tell, such as an arm that it has and this configuration has not.</summary>
    public static async Task<WarmStartReceipt> RefusingAsync(Func<Task<WarmStartReceipt>> teach)
    {
        try
        {
            return await teach().ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw ApiException.BadField("body", $"was refused. {e.Message}");
        }
    }
}
