using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MetaLlm.Gateway.Authentication;

/// <summary>
/// Leaves the application its default scheme. ASP.NET takes the only scheme that there is for the default; with ours beside it the
/// application's would no longer be the only one, and its endpoints would have none.
/// </summary>
internal sealed class KeepApplicationDefault : IPostConfigureOptions<AuthenticationOptions>
{
    private const string NoAutomaticDefault = "Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme";

    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        var others = options.Schemes.Where(scheme => scheme.Name is not (TenantKeyHandler.Scheme or AdminKeyHandler.Scheme)).ToList();
        if (options.DefaultScheme is null && others is [{ } only] && !(AppContext.TryGetSwitch(NoAutomaticDefault, out var off) && off))
        {
            options.DefaultScheme = only.Name;
        }
    }
}
