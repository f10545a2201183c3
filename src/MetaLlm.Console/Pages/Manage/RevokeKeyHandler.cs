using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Revokes a key of a tenant.</summary>
[ConsoleRoute("manage/keys/revoke", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class RevokeKeyHandler(KeyAdministration administration, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        await administration.RevokeAsync(context.Admin(), view.Tenant, form["id"].ToString(), context.RequestAborted).ConfigureAwait(false);
        return Results.LocalRedirect(view.Url("manage/keys", ("saved", "revoked")));
    }
}
