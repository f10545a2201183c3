using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Makes a key of a tenant. Its text stands in the answer alone, so that it does not redirect.</summary>
[ConsoleRoute("manage/keys/create", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class CreateKeyHandler(KeyAdministration administration, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            var (_, text) = await administration.CreateAsync(context.Admin(), view.Tenant, KeyForm.Body(form, ofTenant: true), context.RequestAborted).ConfigureAwait(false);
            return ConsoleAnswers.Page<KeysPage>(StatusCodes.Status200OK, (nameof(KeysPage.Made), text));
        }
        catch (ApiException e)
        {
            return ConsoleAnswers.Page<KeysPage>(e.Error.Status, (nameof(KeysPage.State), new FormState("key", KeyForm.Typed(form), e.Error)));
        }
    }
}
