using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Lets those in who hold the admin key. A tenant's own key manages nothing.</summary>
internal sealed class AdminKeyHandler(SettingsStore settings) : ApiKeyHandler
{
    public const string Scheme = "MetaLlm.Admin";

    private static readonly ApiError Disabled = new(ErrorCode.ManagementDisabled, "Management is switched off; 'admin.keyEnvironment' or 'admin.keyFile' of the configuration switches it on.");
    private static readonly ApiError Missing = new(ErrorCode.MissingApiKey, "No admin key was sent; send it as 'Authorization: Bearer <key>'.");
    private static readonly ApiError Other = new(ErrorCode.InvalidApiKey, "The key is not the admin key.");

    protected override ApiError? Check(HttpContext context)
    {
        if (settings.Current.AdminKeyHash is not { } hash)
        {
            return Disabled;
        }

        if (!BearerKey.IsSent(context.Request))
        {
            return Missing;
        }

        return BearerKey.TryRead(context.Request, out var key) && TenantKey.Matches(key, hash) ? null : Other;
    }
}
