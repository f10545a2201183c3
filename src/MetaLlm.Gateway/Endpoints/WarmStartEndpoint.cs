using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Onboarding;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/tenants/{tenant}/warm-start</c>: queries with every model's outcome, for the policy to start from.</summary>
internal sealed class WarmStartEndpoint(WarmStartService service, SettingsStore settings)
{
    /// <summary>What the lines may be declared as.</summary>
    public static readonly string[] MediaTypes = ["application/x-ndjson", "application/jsonl"];

    public async Task HandleAsync(HttpContext context, TenantSettings tenant)
    {
        var limits = settings.Current.Limits;
        var body = await RequestBodyReader.ReadAsync(context, limits.WarmStartBytes, MediaTypes).ConfigureAwait(false);
        var arms = tenant.Configuration.Arms;
        var examples = WarmStartReader.Read(body, arms, limits.WarmStartRows);
        var receipt = await RefusingAsync(() => service.TeachAsync(tenant.Id, [.. arms.Select(a => a.Id)], examples, context.RequestAborted)).ConfigureAwait(false);
        await ApiJson.WriteAsync(context, new
        {
            Object = "metallm.warm_start",
            Tenant = tenant.Id,
            Status = receipt.Duplicate ? "duplicate" : "accepted",
            receipt.Rows,
            receipt.Sequence,
        }).ConfigureAwait(false);
    }

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
