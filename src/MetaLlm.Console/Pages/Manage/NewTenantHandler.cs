using System.Text.Json.Nodes;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Creates a tenant with its first model.</summary>
[ConsoleRoute("manage/create", AdminRole.Own, Method = "POST")]
internal sealed class NewTenantHandler(TenantAdministration administration, ConsoleView view) : IConsoleHandler
{
    /// <summary>Where fields of the form stand in the document.</summary>
    public static readonly IReadOnlyDictionary<string, string> Places = new Dictionary<string, string>
    {
        ["id"] = "id",
        ["upstream"] = "arms[0].upstream",
        ["model"] = "arms[0].id",
        ["name"] = "arms[0].model",
        ["input"] = "arms[0].inputUsdPerMillion",
        ["output"] = "arms[0].outputUsdPerMillion",
        ["day"] = "budget.usdPerDay",
    };

    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var typed = Places.Keys.ToDictionary(name => name, name => form[name].ToString().Trim());
        var arm = new JsonObject();
        var document = new JsonObject { ["id"] = typed["id"], ["arms"] = new JsonArray(arm) };
        foreach (var (name, member, kind) in new[] { ("model", "id", FieldKind.Text), ("upstream", "upstream", FieldKind.Text), ("name", "model", FieldKind.Text), ("input", "inputUsdPerMillion", FieldKind.Number), ("output", "outputUsdPerMillion", FieldKind.Number) })
        {
            DocumentFields.Write(arm, new FieldSpec(member, name, kind), typed[name]);
        }

        DocumentFields.Write(document, new FieldSpec(Places["day"], "day"), typed["day"]);
        try
        {
            var made = await administration.CreateAsync(context.Admin(), document, context.RequestAborted).ConfigureAwait(false);
            return Results.LocalRedirect(view.Url("manage/keys", ("tenant", made.Id), ("saved", "new")));
        }
        catch (ApiException e)
        {
            return ConsoleAnswers.Page<NewTenantPage>(e.Error.Status, (nameof(NewTenantPage.State), new FormState("new", typed, e.Error)));
        }
    }
}
