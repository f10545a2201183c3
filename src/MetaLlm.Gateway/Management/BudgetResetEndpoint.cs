using System.ComponentModel;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>POST /admin/v1/tenants/{tenant}/budget/reset</c>: begins a tenant's budgets anew.</summary>
internal sealed class BudgetResetEndpoint(BudgetResets resets)
{
    public async Task<ApiResult<BudgetResetBody>> HandleAsync(HttpContext context, [Description("The tenant.")] string tenant) =>
        new(await resets.ResetAsync(context.Admin(), tenant, context.RequestAborted).ConfigureAwait(false));
}
