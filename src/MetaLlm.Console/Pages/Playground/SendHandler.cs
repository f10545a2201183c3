using MetaLlm.Gateway.Authentication;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Playground;

/// <summary>Sends a question as a call of the tenant, which pays for it. It does not redirect, since question and answer are kept nowhere.</summary>
[ConsoleRoute("playground/send", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class SendHandler(PlaygroundService playground, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        return PlaygroundPage.Of(await playground.SendAsync(view.Tenant, PlaygroundAsk.Read(form), context.RequestAborted).ConfigureAwait(false));
    }
}
