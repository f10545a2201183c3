using System.Globalization;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Takes a form over a tenant's document. Fields that were not changed are left as they are.</summary>
[ConsoleRoute("manage/save", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class SaveHandler(TenantAdministration administration, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        if (FormSpec.All.FirstOrDefault(known => known.Name == context.Request.Query["form"].ToString()) is not { } spec)
        {
            return ConsoleAnswers.Problem(StatusCodes.Status404NotFound, ConsoleAnswers.NotFound);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var typed = spec.Fields.Where(field => form.ContainsKey(field.Path)).ToDictionary(field => field.Path, field => form[field.Path].ToString().ReplaceLineEndings("\n").Trim());
        try
        {
            await administration.EditAsync(
                context.Admin(),
                view.Tenant,
                Revision(form),
                document =>
                {
                    foreach (var field in spec.Fields.Where(field => typed.TryGetValue(field.Path, out var text) && text != DocumentFields.Read(document, field)))
                    {
                        DocumentFields.Write(document, field, typed[field.Path]);
                    }
                },
                context.RequestAborted).ConfigureAwait(false);
        }
        catch (ApiException e)
        {
            return ConsoleAnswers.Page(spec.Page, new Dictionary<string, object?> { ["State"] = new FormState(spec.Name, typed, e.Error) }, e.Error.Status);
        }

        return Results.LocalRedirect(view.Url(spec.Path, ("saved", spec.Name)));
    }

    /// <summary>The revision that a form was made from; null where it names none.</summary>
    internal static long? Revision(IFormCollection form) => long.TryParse(form["revision"], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}
