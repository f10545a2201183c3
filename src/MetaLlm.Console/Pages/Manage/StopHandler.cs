using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Stops a tenant's shadow or its canary, or takes its challenger away.</summary>
[ConsoleRoute("manage/rollout/stop", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class StopHandler(TenantAdministration administration, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var part = context.Request.Query["part"].ToString();
        if (part is not ("shadow" or "canary" or "challenger"))
        {
            return ConsoleAnswers.Problem(StatusCodes.Status404NotFound, ConsoleAnswers.NotFound);
        }

        await administration.EditAsync(context.Admin(), view.Tenant, revision: null, document => document.Remove(part), context.RequestAborted).ConfigureAwait(false);
        return Results.LocalRedirect(view.Url("manage/rollout", ("saved", part)));
    }
}
