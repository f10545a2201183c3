using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Finds the tenant behind a request. The key alone says who it is: no header, path or body can name a tenant.</summary>
internal sealed class TenantKeyHandler(KeyDirectory keys, KeyCache cache, TenantCatalog catalog, StartGate gate) : ApiKeyHandler
{
    public const string Scheme = "MetaLlm.Tenant";

    private static readonly ApiError Missing = new(ErrorCode.MissingApiKey, "No API key was sent; send one as 'Authorization: Bearer <key>' or 'x-api-key: <key>'.");
    private static readonly ApiError OtherScheme = new(ErrorCode.InvalidApiKey, "The Authorization header has another scheme than Bearer.");
    private static readonly ApiError Unknown = new(ErrorCode.InvalidApiKey, "The API key is not known.");

    protected override ValueTask<ApiError?> CheckAsync(HttpContext context)
    {
        var index = keys.Current;

        // A host may keep others out by where it listens; an application of its own may not, and a proxy on this machine does not.
        var anonymous = index.Settings.AnonymousTenant is { } tenant && LocalCaller.Is(context) ? tenant : null;
        if (!SentKey.IsSent(context.Request))
        {
            return anonymous is null ? new(Missing) : AdmitAsync(context, anonymous, CallerKey.Anonymous);
        }

        if (!SentKey.TryRead(context.Request, out var key))
        {
            return new(OtherScheme);
        }

        if (anonymous is not null && key.SequenceEqual(TenantKey.Anonymous))
        {
            return AdmitAsync(context, anonymous, CallerKey.Anonymous);
        }

        if (!DirectoryKeyText.TryReadId(key, out var id))
        {
            return index.Find(key) is { } own ? AdmitAsync(context, own.Tenant, own.Caller) : new(Unknown);
        }

        return cache.TryFind(id, key, out var known) ? AdmitAsync(context, known) : LookUpAsync(context, id, key.ToString());
    }

    private async ValueTask<ApiError?> LookUpAsync(HttpContext context, ulong id, string key)
    {
        await gate.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        return await AdmitAsync(context, await cache.FindAsync(id, key, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private ValueTask<ApiError?> AdmitAsync(HttpContext context, KnownKey? key) =>
        key is { Tenant: { } tenant, Caller: { } caller } ? AdmitAsync(context, tenant, caller) : new(Unknown);

    private ValueTask<ApiError?> AdmitAsync(HttpContext context, string tenant, CallerKey caller)
    {
        var found = catalog.FindAsync(tenant, context.RequestAborted);
        return found.IsCompletedSuccessfully ? new(Admit(context, found.Result, caller)) : AwaitAsync(found);

        async ValueTask<ApiError?> AwaitAsync(ValueTask<TenantSettings?> pending) => Admit(context, await pending.ConfigureAwait(false), caller);
    }

    private static ApiError? Admit(HttpContext context, TenantSettings? tenant, CallerKey caller)
    {
        if (tenant is null)
        {
            // Deleted, with keys that have not been.
            return Unknown;
        }

        context.Features.Set(tenant);
        context.Features.Set(caller);
        return null;
    }
}
