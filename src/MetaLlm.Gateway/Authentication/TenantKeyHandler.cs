using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Finds the tenant behind a request. The key alone says who it is: no header, path or body can name a tenant.</summary>
internal sealed class TenantKeyHandler(KeyDirectory keys) : ApiKeyHandler
{
    public const string Scheme = "MetaLlm.Tenant";

    private static readonly ApiError Missing = new(ErrorCode.MissingApiKey, "No API key was sent; send one as 'Authorization: Bearer <key>'.");
    private static readonly ApiError OtherScheme = new(ErrorCode.InvalidApiKey, "The Authorization header has another scheme than Bearer.");
    private static readonly ApiError Unknown = new(ErrorCode.InvalidApiKey, "The API key is not known.");

    protected override ApiError? Check(HttpContext context)
    {
        var index = keys.Current;
        // A host may keep others out by where it listens; an application of its own may not, and a proxy on this machine does not.
        var tenant = index.Anonymous is { } anonymous && LocalCaller.Is(context) ? anonymous : null;
        if (BearerKey.IsSent(context.Request))
        {
            if (!BearerKey.TryRead(context.Request, out var key))
            {
                return OtherScheme;
            }

            if (tenant is null || !key.SequenceEqual(TenantKey.Anonymous))
            {
                tenant = index.Find(key);
                if (tenant is null)
                {
                    return Unknown;
                }
            }
        }

        context.Features.Set(tenant);
        return tenant is null ? Missing : null;
    }
}
