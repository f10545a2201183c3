using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.WebConsole.Routing;

/// <summary>Runs a page or a handler behind the gate.</summary>
internal sealed class RouteRunner(ConsoleGate gate, ConsoleRoute route)
{
    private readonly ObjectFactory? _create = route.IsPage ? null : ActivatorUtilities.CreateFactory(route.Type, []);

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    public Task RunAsync(HttpContext context) => gate.RunAsync(context, route, AnswerAsync);

    private Task<IResult> AnswerAsync(HttpContext context) =>
        _create is null ? Task.FromResult(ConsoleAnswers.Page(route.Type)) : ((IConsoleHandler)_create(context.RequestServices, [])).HandleAsync(context);
}
