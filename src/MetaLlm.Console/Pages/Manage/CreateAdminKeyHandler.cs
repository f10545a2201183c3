using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Makes a key that manages. Its text stands in the answer alone, so that it does not redirect.</summary>
[ConsoleRoute("manage/admin-keys/create", AdminRole.Own, Method = "POST")]
internal sealed class CreateAdminKeyHandler(KeyAdministration administration) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            var (_, text) = await administration.CreateAsync(context.Admin(), null, KeyForm.Body(form, ofTenant: false), context.RequestAborted).ConfigureAwait(false);
            return ConsoleAnswers.Page<AdminKeysPage>(StatusCodes.Status200OK, (nameof(AdminKeysPage.Made), text));
        }
        catch (ApiException e)
        {
            return ConsoleAnswers.Page<AdminKeysPage>(e.Error.Status, (nameof(AdminKeysPage.State), new FormState("key", KeyForm.Typed(form), e.Error)));
        }
    }
}
