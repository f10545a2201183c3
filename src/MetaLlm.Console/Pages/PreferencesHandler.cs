using MetaLlm.Gateway.Authentication;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages;

/// <summary>Takes language and colours.</summary>
[ConsoleRoute("preferences", AdminRole.Read, Method = "POST")]
internal sealed class PreferencesHandler(ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        Preferences.Remember(context, view.Base, Preferences.LanguageCookie, form["language"].ToString() is { } language && Preferences.Languages.Contains(language) ? language : null);
        Preferences.Remember(context, view.Base, Preferences.ThemeCookie, form["theme"].ToString() is { } theme && Preferences.Themes.Contains(theme) ? theme : null);
        return ConsoleAnswers.Redirect(view, form["return"]);
    }
}
