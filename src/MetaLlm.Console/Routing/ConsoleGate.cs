using System.Globalization;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using MetaLlm.WebConsole.SignIn;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.WebConsole.Routing;

/// <summary>Stands before everything of the console: headers, language, session, role, antiforgery token, tenant, in this order. What fails becomes a page that says so.</summary>
internal sealed partial class ConsoleGate(
    ConsoleSettings settings, ConsoleSessions sessions, TenantScope tenants, IAntiforgery antiforgery, FormReader forms, StartGate start, ILogger<ConsoleGate> logger)
{
    /// <summary>Nothing is loaded from elsewhere, no script or style stands in a page, and nobody may frame one.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Runs what needs a session.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">The page or handler.</param>
    /// <param name="next">Answers.</param>
    public Task RunAsync(HttpContext context, ConsoleRoute route, Func<HttpContext, Task<IResult>> next) => GuardAsync(context, async view =>
    {
        view.Route = route;
        if (await sessions.FindAsync(context).ConfigureAwait(false) is not { } caller)
        {
            return SignedOut(context);
        }

        view.Caller = caller;
        context.Features.Set(caller);
        context.User = ConsoleUser.Of(caller);
        var found = await tenants.FindAsync(context, view, route.IsPage || route.Place.Method == HttpMethods.Post).ConfigureAwait(false);
        if (caller.Role < route.Role)
        {
            return ConsoleAnswers.Problem(StatusCodes.Status403Forbidden, ConsoleAnswers.TextsOf(context)["The key's role is '{0}'; this needs '{1}'.", KeyRights.Word(caller.Role), KeyRights.Word(route.Role)]);
        }

        if (route.Place.Method == HttpMethods.Post && !await HasTokenAsync(context, route).ConfigureAwait(false))
        {
            return ConsoleAnswers.Problem(StatusCodes.Status400BadRequest, ConsoleAnswers.OldForm);
        }

        if (route.Place.Tenant && !found)
        {
            return ConsoleAnswers.NoTenant(context);
        }

        if (view.TenantOrNull is { } tenant && context.Request.Query.ContainsKey(TenantScope.Parameter))
        {
            Preferences.Remember(context, view.Base, Preferences.TenantCookie, tenant);
        }

        return await next(context).ConfigureAwait(false);
    });

    /// <summary>Runs what needs no session: the sign-in, and addresses where nothing is.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">Answers.</param>
    public Task RunOpenAsync(HttpContext context, Func<HttpContext, Task<IResult>> next) => GuardAsync(context, async _ =>
        !HttpMethods.IsPost(context.Request.Method) || await HasTokenAsync(context, null).ConfigureAwait(false)
            ? await next(context).ConfigureAwait(false)
            : ConsoleAnswers.Problem(StatusCodes.Status400BadRequest, ConsoleAnswers.OldForm));

    private async Task GuardAsync(HttpContext context, Func<ConsoleView, Task<IResult>> answer)
    {
        var view = context.RequestServices.GetRequiredService<ConsoleView>();
        view.Base = context.Request.PathBase + settings.Path;
        view.Theme = Preferences.ThemeOf(context);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Preferences.LanguageOf(context);
        WriteHeaders(context.Response.Headers);
        try
        {
            await start.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            await (await answer(view).ConfigureAwait(false)).ExecuteAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The browser is gone; there is nobody to tell.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var error = ErrorMapping.From(e);
            if (error is null)
            {
                LogFailed(logger, e, context.Request.Method, context.Request.Path.Value ?? "/");
            }

            context.Response.Clear();
            WriteHeaders(context.Response.Headers);
            await ConsoleAnswers.Problem(error?.Status ?? StatusCodes.Status500InternalServerError, error?.Message ?? ConsoleAnswers.Failed).ExecuteAsync(context).ConfigureAwait(false);
        }
    }

    private static void WriteHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
    }

    private IResult SignedOut(HttpContext context)
    {
        var isFragment = context.Request.Headers.ContainsKey(ConsoleAnswers.FragmentHeader);
        if (isFragment || !HttpMethods.IsGet(context.Request.Method))
        {
            return isFragment
                ? Results.StatusCode(StatusCodes.Status401Unauthorized)
                : ConsoleAnswers.Problem(StatusCodes.Status401Unauthorized, ConsoleAnswers.SessionEnded);
        }

        var request = context.Request;
        var back = request.PathBase + request.Path + request.QueryString;
        var signIn = request.PathBase + settings.Path + "/sign-in";
        return Results.LocalRedirect(signIn + QueryString.Create("return", back));
    }

    private async Task<bool> HasTokenAsync(HttpContext context, ConsoleRoute? route)
    {
        await forms.ReadAsync(context, route).ConfigureAwait(false);
        try
        {
            await antiforgery.ValidateRequestAsync(context).ConfigureAwait(false);
            return true;
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }

    [LoggerMessage(5901, LogLevel.Error, "{Method} {Path} of the console failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, string path);
}
