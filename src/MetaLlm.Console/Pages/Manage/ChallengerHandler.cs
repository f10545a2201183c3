using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Rollout.Challengers;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Looks at a tenant's log for its challenger, promotes it where its gate is open, or puts back what it replaced.</summary>
[ConsoleRoute("manage/rollout/challenger", AdminRole.Operate, Method = "POST", Tenant = true)]
internal sealed class ChallengerHandler(ChallengerAdministration challengers, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        switch (context.Request.Query["act"].ToString())
        {
            case "look":
                await challengers.LookAsync(view.Tenant, context.RequestAborted).ConfigureAwait(false);
                return Results.LocalRedirect(view.Url("manage/rollout"));
            case "promote":
                await challengers.PromoteAsync(context.Admin(), view.Tenant, force: false, revision: null, context.RequestAborted).ConfigureAwait(false);
                break;
            case "rollback":
                await challengers.RollBackAsync(context.Admin(), view.Tenant, revision: null, context.RequestAborted).ConfigureAwait(false);
                break;
            default:
                return ConsoleAnswers.Problem(StatusCodes.Status404NotFound, ConsoleAnswers.NotFound);
        }

        return Results.LocalRedirect(view.Url("manage/rollout", ("saved", "challenger")));
    }
}
