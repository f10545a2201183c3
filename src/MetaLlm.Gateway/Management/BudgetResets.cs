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

namespace MetaLlm.Gateway.Management;

/// <summary>Begins a tenant's budgets anew, on record.</summary>
internal sealed class BudgetResets(TenantAdministration administration, ITenantEngine engine, PendingSettlements settlements, TenantSetups setups, TimeProvider time)
{
    /// <summary>Begins the budgets anew.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait, and nothing that has begun.</param>
    /// <exception cref="ApiException">There is no such tenant, or no audit.</exception>
    public async Task<BudgetResetBody> ResetAsync(AdminCaller caller, string tenant, CancellationToken cancellationToken)
    {
        // Without an audit nothing is reset.
        _ = administration.Directory;
        var id = (await setups.NamedAsync(tenant, cancellationToken).ConfigureAwait(false)).Id;
        await settlements.WaitAsync(id, cancellationToken).ConfigureAwait(false);
        var receipt = await engine.ResetBudgetAsync(id, cancellationToken).ConfigureAwait(false);
        var (before, after) = (View(receipt.Before), View(receipt.After));

        // What happened is recorded whether or not the client waits.
        await administration.SendAsync(
            new DirectoryWrite
            {
                Action = DirectoryAction.ResetBudget,
                Actor = caller.Actor,
                At = time.GetUtcNow(),
                Tenant = id,
                Before = JsonSerializer.Serialize(before, ApiJsonContext.Default.BudgetStateBody),
                Document = JsonSerializer.Serialize(after, ApiJsonContext.Default.BudgetStateBody),
            },
            CancellationToken.None).ConfigureAwait(false);
        return new BudgetResetBody { Tenant = id, Sequence = receipt.Sequence, Before = before, After = after };
    }

    private static BudgetStateBody View(TenantReport report) => new()
    {
        SpendUsd = report.SpendUsd,
        BoundUsd = report.BoundUsd,
        Lambda = report.Lambda,
        Windows = [.. report.Windows.Select(PolicyEndpoint.View)],
    };
}
