using System.Globalization;
using MetaLlm.Gateway.Authentication;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Playground;

/// <summary>Takes a vote on an answer. Voting twice corrects the first vote.</summary>
[ConsoleRoute("playground/vote", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class VoteHandler(PlaygroundService playground, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var (ask, answer, decision) = (PlaygroundAsk.Read(form), form["answer"].ToString(), form["decision"].ToString());
        var text = form["reward"].ToString() is { Length: > 0 } vote ? vote : form["score"].ToString();
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var reward) || reward is not (>= 0 and <= 1))
        {
            return PlaygroundPage.Of(new PlaygroundOutcome { Ask = ask, Problems = [$"'reward' is '{text}'; it must be a number from 0 to 1."] });
        }

        return PlaygroundPage.Of(await playground.VoteAsync(view.Tenant, ask, decision, answer, reward, context.RequestAborted).ConfigureAwait(false));
    }
}
