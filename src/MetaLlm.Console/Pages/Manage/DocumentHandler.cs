using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Takes a tenant's whole document.</summary>
[ConsoleRoute("manage/json", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class DocumentHandler(TenantAdministration administration, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var text = form["document"].ToString();
        try
        {
            await administration.PutAsync(context.Admin(), view.Tenant, Parse(text), SaveHandler.Revision(form), context.RequestAborted).ConfigureAwait(false);
        }
        catch (ApiException e)
        {
            var state = new FormState("json", new Dictionary<string, string> { ["document"] = text.ReplaceLineEndings("\n") }, e.Error);
            return ConsoleAnswers.Page<TenantPage>(e.Error.Status, (nameof(TenantPage.State), state));
        }

        return Results.LocalRedirect(view.Url("manage/tenant", ("saved", "json")));
    }

    /// <summary>Reads a document that was typed.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ApiException">It is no object in JSON.</exception>
    internal static JsonObject Parse(string text)
    {
        try
        {
            // A member that stands there twice is refused here, where JsonNode would tell of it when it is read.
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? JsonObject.Create(document.RootElement.Clone())!
                : throw ApiException.BadField("document", $"is {JsonObjectReader.Name(document.RootElement)}; it must be an object.");
        }
        catch (JsonException e)
        {
            throw ApiException.BadField("document", $"is no JSON: {e.Message}");
        }
    }
}
