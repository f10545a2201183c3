using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole;

/// <summary>What a browser remembers for whoever looks: language, light or dark, the tenant that was looked at last. None of it is secret.</summary>
internal static class Preferences
{
    public const string TenantCookie = "metallm-console-tenant";
    public const string LanguageCookie = "metallm-console-language";
    public const string ThemeCookie = "metallm-console-theme";

    /// <summary>Languages that the console speaks; the first where none is asked for.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "de"];

    /// <summary>Themes beside the browser's own choice.</summary>
    public static IReadOnlyList<string> Themes { get; } = ["light", "dark"];

    /// <summary>The language of a request: the one that was picked, else the first known one of those that the browser asks for.</summary>
    public static CultureInfo LanguageOf(HttpContext context)
    {
        if (context.Request.Cookies[LanguageCookie] is { } picked && Languages.Contains(picked))
        {
            return CultureInfo.GetCultureInfo(picked);
        }

        var asked = context.Request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value?.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(Languages.Contains);
        return CultureInfo.GetCultureInfo(asked ?? Languages[0]);
    }

    /// <summary>The theme that was picked; null to go by the browser.</summary>
    public static string? ThemeOf(HttpContext context) => context.Request.Cookies[ThemeCookie] is { } theme && Themes.Contains(theme) ? theme : null;

    /// <summary>Whether the browser came over TLS, which ends in front of most gateways. Who claims it without cause gets a cookie that is sent back less readily.</summary>
    public static bool IsHttps(HttpContext context) => context.Request.IsHttps || context.Request.Headers["X-Forwarded-Proto"] == "https";

    /// <summary>Remembers a preference for a year, or forgets it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">Where the console stands.</param>
    /// <param name="cookie">Which.</param>
    /// <param name="value">The value; null to forget it.</param>
    public static void Remember(HttpContext context, string path, string cookie, string? value)
    {
        var options = new CookieOptions { HttpOnly = true, SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict, Secure = IsHttps(context), Path = path, MaxAge = TimeSpan.FromDays(365), IsEssential = true };
        if (value is null)
        {
            context.Response.Cookies.Delete(cookie, options);
        }
        else
        {
            context.Response.Cookies.Append(cookie, value, options);
        }
    }
}
