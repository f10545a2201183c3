using System.Text;
using MetaLlm.Gateway.Authentication;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Money;

/// <summary>A table of the money page as CSV.</summary>
[ConsoleRoute("money/csv", AdminRole.Read, Tenant = true)]
internal sealed class MoneyCsvHandler(ConsoleView view, MoneyReader reader) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var table = context.Request.Query["table"].ToString();
        if (!MoneyTables.Names.Contains(table))
        {
            return ConsoleAnswers.Problem(StatusCodes.Status400BadRequest, $"table is '{table}'; it must be one of {string.Join(", ", MoneyTables.Names)}.");
        }

        var csv = await reader.ReadCsvAsync(view.Tenant, table, SpanOfDays.Of(context), context.RequestAborted).ConfigureAwait(false);
        return Results.File(Encoding.UTF8.GetBytes(csv), "text/csv; charset=utf-8", $"{view.Tenant}-{table}.csv");
    }
}
