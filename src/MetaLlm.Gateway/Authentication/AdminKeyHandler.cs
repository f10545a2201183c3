using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Lets those in who manage: with the key that the configuration names, or one of the directory's. A tenant's own key manages nothing.</summary>
internal sealed class AdminKeyHandler(SettingsStore settings, KeyCache cache, StartGate gate) : ApiKeyHandler
{
    public const string Scheme = "MetaLlm.Admin";

    private static readonly AdminCaller Owner = new(AdminCaller.Configuration, AdminRole.Own);
    private static readonly ApiError Disabled = new(ErrorCode.ManagementDisabled, "Management is switched off; 'admin.keyEnvironment' or 'admin.keyFile' of the configuration switches it on.");
    private static readonly ApiError Missing = new(ErrorCode.MissingApiKey, "No admin key was sent; send it as 'Authorization: Bearer <key>' or 'x-api-key: <key>'.");
    private static readonly ApiError Other = new(ErrorCode.InvalidApiKey, "The key is not the admin key.");

    protected override ValueTask<ApiError?> CheckAsync(HttpContext context)
    {
        if (settings.Current.AdminKeyHash is not { } hash)
        {
            return new(Disabled);
        }

        if (!SentKey.IsSent(context.Request))
        {
            return new(Missing);
        }

        if (!SentKey.TryRead(context.Request, out var key))
        {
            return new(Other);
        }

        if (TenantKey.Matches(key, hash))
        {
            return new(Admit(context, Owner));
        }

        return DirectoryKeyText.TryReadId(key, out var id) ? LookUpAsync(context, id, key.ToString()) : new(Other);
    }

    private static ApiError? Admit(HttpContext context, AdminCaller? caller)
    {
        context.Features.Set(caller);
        return caller is null ? Other : null;
    }

    private async ValueTask<ApiError?> LookUpAsync(HttpContext context, ulong id, string key)
    {
        await gate.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        return Admit(context, (await cache.FindAsync(id, key, context.RequestAborted).ConfigureAwait(false))?.Manager);
    }
}
