using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Decisions;

/// <summary>Leads from the form that takes an id to the decision.</summary>
[ConsoleRoute("decisions/find", AdminRole.Read, Tenant = true)]
internal sealed class FindDecision(ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public Task<IResult> HandleAsync(HttpContext context)
    {
        var id = ChatIds.ToDecision(context.Request.Query["id"].ToString().Trim());
        return Task.FromResult(Results.LocalRedirect(view.Url(id.Length == 0 ? "decisions" : "decisions/" + Uri.EscapeDataString(id))));
    }
}
