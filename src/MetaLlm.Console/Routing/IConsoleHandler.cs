using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Routing;

/// <summary>Answers what is no page: a form that was sent, a file, a part of a page. Has a <see cref="ConsoleRouteAttribute"/>. Its constructor takes services.</summary>
internal interface IConsoleHandler
{
    /// <summary>Answers a request whose session, role, tenant and antiforgery token have been checked.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The answer; after a change one that redirects.</returns>
    Task<IResult> HandleAsync(HttpContext context);
}
