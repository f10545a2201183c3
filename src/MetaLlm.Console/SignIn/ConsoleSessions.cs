using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MetaLlm.Gateway.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.SignIn;

/// <summary>Begins sessions, finds the one of a request, ends them. Each request asks anew whether the key still manages.</summary>
internal sealed class ConsoleSessions(ConsoleSettings settings, AdminKeys keys, SignInCode code, IDataProtectionProvider protection, TimeProvider time)
{
    public const string Cookie = "metallm-console";

    private readonly IDataProtector _protector = protection.CreateProtector("MetaLlm.Console.Session.v1");

    /// <summary>Begins a session for whoever has shown an admin key.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">The text that was sent as a key.</param>
    /// <returns>Whether it manages.</returns>
    public async Task<bool> BeginByKeyAsync(HttpContext context, string key)
    {
        if (keys.Find(key, out var id) is { } owner)
        {
            Begin(context, SessionKind.Configuration, owner.Actor, Fingerprint(), owner.Role);
            return true;
        }

        if (id == 0 || await keys.FindAsync(id, key, context.RequestAborted).ConfigureAwait(false) is not { } caller)
        {
            return false;
        }

        Begin(context, SessionKind.Key, caller.Actor, string.Empty, caller.Role);
        return true;
    }

    /// <summary>Begins a session for whoever has the code that this process has printed.</summary>
    /// <param name="context">The request.</param>
    /// <param name="text">The text that was sent as the code.</param>
    /// <returns>Whether it is the code; it opens nothing more after that.</returns>
    public bool BeginByCode(HttpContext context, string text)
    {
        if (!code.Use(text))
        {
            return false;
        }

        Begin(context, SessionKind.Code, SignInCode.Actor, code.Process, AdminRole.Own);
        return true;
    }

    /// <summary>Finds who a request's session belongs to.</summary>
    /// <param name="context">The request.</param>
    /// <returns>Who manages; null without a session that lasts.</returns>
    public async ValueTask<AdminCaller?> FindAsync(HttpContext context)
    {
        if (Read(context) is not { } session || session.EndsAt <= time.GetUtcNow())
        {
            return null;
        }

        return session.Kind switch
        {
            SessionKind.Configuration => session.Stamp == Fingerprint() ? new AdminCaller(session.Name, session.Role) : null,
            SessionKind.Key => ulong.TryParse(session.Name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
                ? await keys.StillAsync(id, context.RequestAborted).ConfigureAwait(false)
                : null,
            SessionKind.Code => session.Stamp == code.Process ? new AdminCaller(session.Name, session.Role) : null,
            _ => null,
        };
    }

    /// <summary>Ends the session in the browser.</summary>
    /// <param name="context">The request.</param>
    public void End(HttpContext context) => context.Response.Cookies.Delete(Cookie, Options(context, null));

    private void Begin(HttpContext context, SessionKind kind, string name, string stamp, AdminRole role)
    {
        var session = new ConsoleSession(kind, name, stamp, role, time.GetUtcNow() + settings.SessionLength);
        context.Response.Cookies.Append(Cookie, _protector.Protect(JsonSerializer.Serialize(session)), Options(context, session.EndsAt));
    }

    private ConsoleSession? Read(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ConsoleSession>(_protector.Unprotect(text));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            // A cookie of another installation, of keys that are no more, or an invented one: no session.
            return null;
        }
    }

    private CookieOptions Options(HttpContext context, DateTimeOffset? ends) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = Preferences.IsHttps(context),
        Path = context.Request.PathBase + settings.Path,
        Expires = ends,
        IsEssential = true,
    };

    private string Fingerprint() => keys.Configured is { } hash ? Convert.ToHexStringLower(SHA256.HashData(hash).AsSpan(0, 16)) : string.Empty;
}
