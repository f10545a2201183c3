using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Revokes a key that manages.</summary>
[ConsoleRoute("manage/admin-keys/revoke", AdminRole.Own, Method = "POST")]
internal sealed class RevokeAdminKeyHandler(KeyAdministration administration, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        await administration.RevokeAsync(context.Admin(), null, form["id"].ToString(), context.RequestAborted).ConfigureAwait(false);
        return Results.LocalRedirect(view.Url("manage/admin-keys", ("saved", "revoked")));
    }
}
