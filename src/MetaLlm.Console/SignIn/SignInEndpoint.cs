using System.Globalization;
using MetaLlm.WebConsole.Pages;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.SignIn;

/// <summary>The page that takes an admin key, and what becomes of the key.</summary>
internal sealed class SignInEndpoint(ConsoleSessions sessions, SignInPace pace)
{
    private const string Return = "return";
    private const string WrongKey = "This key does not manage.";
    private const string WrongCode = "This code is not valid, or was used before.";
    private const string TooMany = "Too many sign-ins have failed. Try again in a moment.";

    /// <summary>Shows the form; with a code, signs in.</summary>
    public Task<IResult> ShowAsync(HttpContext context, ConsoleView view)
    {
        var back = context.Request.Query[Return].ToString();
        return context.Request.Query["code"].ToString() is { Length: > 0 } code && HttpMethods.IsGet(context.Request.Method)
            ? TryAsync(context, view, back, WrongCode, () => Task.FromResult(sessions.BeginByCode(context, code)))
            : Task.FromResult(Form(StatusCodes.Status200OK, null, back));
    }

    /// <summary>Takes a key.</summary>
    public async Task<IResult> TakeAsync(HttpContext context, ConsoleView view)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        return await TryAsync(context, view, form[Return].ToString(), WrongKey, () => sessions.BeginByKeyAsync(context, form["key"].ToString().Trim())).ConfigureAwait(false);
    }

    private static IResult Form(int status, string? problem, string back) =>
        ConsoleAnswers.Page<SignInPage>(status, (nameof(SignInPage.Problem), problem), (nameof(SignInPage.Return), back));

    private async Task<IResult> TryAsync(HttpContext context, ConsoleView view, string back, string problem, Func<Task<bool>> begin)
    {
        var address = context.Connection.RemoteIpAddress?.ToString() ?? string.Empty;
        var wait = pace.Wait(address);
        if (wait > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Form(StatusCodes.Status429TooManyRequests, TooMany, back);
        }

        if (await begin().ConfigureAwait(false))
        {
            return ConsoleAnswers.Redirect(view, back);
        }

        pace.Failed(address);
        return Form(StatusCodes.Status401Unauthorized, problem, back);
    }
}
