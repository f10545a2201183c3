using MetaLlm.Gateway.Authentication;
using MetaLlm.WebConsole.Routing;
using MetaLlm.WebConsole.SignIn;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages;

/// <summary>Ends the session.</summary>
[ConsoleRoute("sign-out", AdminRole.Read, Method = "POST")]
internal sealed class SignOutHandler(ConsoleSessions sessions, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public Task<IResult> HandleAsync(HttpContext context)
    {
        sessions.End(context);
        return Task.FromResult(Results.LocalRedirect(view.Base + "/sign-in"));
    }
}
