using System.ComponentModel;
using System.Text.Json;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>POST /admin/v1/tenants/{tenant}/budget/reset</c>: begins a tenant's budgets anew.</summary>
internal sealed class BudgetResetEndpoint(TenantAdministration administration, ITenantEngine engine, PendingSettlements settlements, TenantSetups setups, TimeProvider time)
{
    public async Task<ApiResult<BudgetResetBody>> HandleAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        // Without an audit nothing is reset.
        _ = administration.Directory;
        var id = (await setups.NamedAsync(tenant, context.RequestAborted).ConfigureAwait(false)).Id;
        await settlements.WaitAsync(id, context.RequestAborted).ConfigureAwait(false);
        var receipt = await engine.ResetBudgetAsync(id, context.RequestAborted).ConfigureAwait(false);
        var (before, after) = (View(receipt.Before), View(receipt.After));

        // What happened is recorded whether or not the client waits.
        await administration.SendAsync(
            new DirectoryWrite
            {
                Action = DirectoryAction.ResetBudget,
                Actor = context.Admin().Actor,
                At = time.GetUtcNow(),
                Tenant = id,
                Before = JsonSerializer.Serialize(before, ApiJsonContext.Default.BudgetStateBody),
                Document = JsonSerializer.Serialize(after, ApiJsonContext.Default.BudgetStateBody),
            },
            CancellationToken.None).ConfigureAwait(false);
        return new ApiResult<BudgetResetBody>(new BudgetResetBody { Tenant = id, Sequence = receipt.Sequence, Before = before, After = after });
    }

    private static BudgetStateBody View(TenantReport report) => new()
    {
        SpendUsd = report.SpendUsd,
        BoundUsd = report.BoundUsd,
        Lambda = report.Lambda,
        Windows = [.. report.Windows.Select(PolicyEndpoint.View)],
    };
}
