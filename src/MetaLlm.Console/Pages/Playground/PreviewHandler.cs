using MetaLlm.Gateway.Authentication;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Playground;

/// <summary>Shows what would be chosen for a question.</summary>
[ConsoleRoute("playground/preview", AdminRole.Read, Method = "POST", Tenant = true)]
internal sealed class PreviewHandler(PlaygroundService playground, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        return PlaygroundPage.Of(await playground.PreviewAsync(view.Tenant, PlaygroundAsk.Read(form), context.RequestAborted).ConfigureAwait(false));
    }
}
