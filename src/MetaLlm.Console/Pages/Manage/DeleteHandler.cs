using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Deletes a tenant whose name was typed.</summary>
[ConsoleRoute("manage/delete", AdminRole.Own, Method = "POST", Tenant = true)]
internal sealed class DeleteHandler(TenantAdministration administration, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var (id, name) = (view.Tenant, form["name"].ToString().Trim());
        try
        {
            if (name != id)
            {
                throw ApiException.BadField("name", $"is '{name}'; it must be '{id}' to delete that tenant.");
            }

            await administration.DeleteAsync(context.Admin(), id, SaveHandler.Revision(form), context.RequestAborted).ConfigureAwait(false);
        }
        catch (ApiException e)
        {
            return ConsoleAnswers.Page<TenantPage>(e.Error.Status, (nameof(TenantPage.State), new FormState("delete", new Dictionary<string, string>(), e.Error)));
        }

        view.TenantOrNull = null;
        return Results.LocalRedirect(view.Url("manage", ("find", id)));
    }
}
