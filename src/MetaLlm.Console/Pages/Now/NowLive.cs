using MetaLlm.Gateway.Authentication;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Now;

/// <summary>The part of the page that renews itself.</summary>
[ConsoleRoute("now/live", AdminRole.Read, Tenant = true)]
internal sealed class NowLive : IConsoleHandler
{
    /// <inheritdoc/>
    public Task<IResult> HandleAsync(HttpContext context) => Task.FromResult(ConsoleAnswers.Part<NowBoard>());
}
