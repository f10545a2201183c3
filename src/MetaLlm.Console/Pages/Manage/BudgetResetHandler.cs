using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Begins a tenant's budgets anew.</summary>
[ConsoleRoute("manage/budget/reset", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class BudgetResetHandler(BudgetResets resets, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        await resets.ResetAsync(context.Admin(), view.Tenant, context.RequestAborted).ConfigureAwait(false);
        return Results.LocalRedirect(view.Url("manage/budget", ("saved", "reset")));
    }
}
