using System.Text.Json.Nodes;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Adds, changes and removes a model of a tenant.</summary>
[ConsoleRoute("manage/models/change", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class ModelHandler(TenantAdministration administration, ConsoleView view) : IConsoleHandler
{
    private static readonly (string Field, string Member, FieldKind Kind)[] Members =
    [
        ("id", "id", FieldKind.Text), ("upstream", "upstream", FieldKind.Text), ("model", "model", FieldKind.Text), ("from", "from", FieldKind.Text),
        ("input", "inputUsdPerMillion", FieldKind.Number), ("output", "outputUsdPerMillion", FieldKind.Number),
    ];

    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var typed = Members.ToDictionary(member => member.Field, member => form[member.Field].ToString().Trim());
        var work = form["do"].ToString();
        try
        {
            await administration.EditAsync(
                context.Admin(), view.Tenant, SaveHandler.Revision(form), document => Change(document, work, typed), context.RequestAborted).ConfigureAwait(false);
        }
        catch (ApiException e)
        {
            return ConsoleAnswers.Page<ModelsPage>(e.Error.Status, (nameof(ModelsPage.State), new FormState(work, typed, e.Error)));
        }

        return Results.LocalRedirect(view.Url("manage/models", ("saved", work)));
    }

    private void Change(JsonObject document, string work, Dictionary<string, string> typed)
    {
        if (document["arms"] is not JsonArray arms)
        {
            document["arms"] = arms = [];
        }

        var found = arms.FirstOrDefault(arm => arm?["id"]?.ToString() == typed["id"]) as JsonObject;
        if (work == "add")
        {
            arms.Add(found is null ? Made(typed, Members) : throw new ApiException(ErrorCode.ModelExists, $"Tenant '{view.Tenant}' has a model '{typed["id"]}' already.", "id"));
            return;
        }

        if (found is null)
        {
            throw new ApiException(ErrorCode.ModelNotFound, $"Tenant '{view.Tenant}' has no model '{typed["id"]}'.", "model");
        }

        switch (work)
        {
            case "remove":
                arms.Remove(found);
                break;
            case "enable":
                found.Remove("enabled");
                break;
            case "disable":
                found["enabled"] = false;
                break;
            default:
                Price(found, typed);
                break;
        }
    }

    /// <summary>Sets prices at once, or adds them to those that hold later, in the order of their dates.</summary>
    private static void Price(JsonObject arm, Dictionary<string, string> typed)
    {
        if (typed["from"].Length == 0)
        {
            foreach (var (field, member, kind) in Members[4..])
            {
                DocumentFields.Write(arm, new FieldSpec(member, member, kind), typed[field]);
            }

            return;
        }

        var dated = (arm["prices"] as JsonArray ?? []).OfType<JsonObject>().Where(price => price["from"]?.ToString() != typed["from"]).Select(price => (JsonObject)price.DeepClone());
        arm["prices"] = new JsonArray([.. dated.Append(Made(typed, Members.AsSpan(3..))).OrderBy(price => price["from"]?.ToString(), StringComparer.Ordinal)]);
    }

    private static JsonObject Made(Dictionary<string, string> typed, ReadOnlySpan<(string Field, string Member, FieldKind Kind)> members)
    {
        var made = new JsonObject();
        foreach (var (field, member, kind) in members)
        {
            DocumentFields.Write(made, new FieldSpec(member, member, kind), typed[field]);
        }

        return made;
    }
}
