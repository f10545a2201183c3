using System.Text;
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
    /// <exception cref="ApiException">It is no object in JSON, or longer than a body of the API may be.</exception>
    internal static JsonObject Parse(string text)
    {
        const string Name = "'document'";
        var body = Encoding.UTF8.GetBytes(text);
        if (body.Length > AdminRequest.MostBytes)
        {
            throw new ApiException(ErrorCode.RequestTooLarge, $"{Name} has {body.Length} bytes; at most {AdminRequest.MostBytes} are legal.");
        }

        using var document = RequestBodyReader.Parse(body, Name);
        RequestBodyReader.RequireTexts(body, Name);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(document.RootElement.Clone())!
            : throw ApiException.BadField("document", $"is {JsonObjectReader.Name(document.RootElement)}; it must be an object.");
    }
}
