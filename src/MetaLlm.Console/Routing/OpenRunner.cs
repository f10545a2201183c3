using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.WebConsole.Routing;

/// <summary>Runs what needs no session.</summary>
internal sealed class OpenRunner(ConsoleGate gate, Func<HttpContext, ConsoleView, Task<IResult>> answer)
{
    /// <summary>Says that nothing is at an address.</summary>
    public static Task<IResult> NotFoundAsync(HttpContext context, ConsoleView view) => Task.FromResult(ConsoleAnswers.Problem(StatusCodes.Status404NotFound, ConsoleAnswers.NotFound));

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    public Task RunAsync(HttpContext context) => gate.RunOpenAsync(context, AnswerAsync);

    private Task<IResult> AnswerAsync(HttpContext context) => answer(context, context.RequestServices.GetRequiredService<ConsoleView>());
}
