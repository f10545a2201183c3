using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Lets those in whose key manages.</summary>
internal sealed class AdminKeyHandler(AdminKeys keys, StartGate gate) : ApiKeyHandler
{
    public const string Scheme = "MetaLlm.Admin";

    private static readonly ApiError Disabled = new(ErrorCode.ManagementDisabled, "Management is switched off; 'admin.keyEnvironment' or 'admin.keyFile' of the configuration switches it on.");
    private static readonly ApiError Missing = new(ErrorCode.MissingApiKey, "No admin key was sent; send it as 'Authorization: Bearer <key>' or 'x-api-key: <key>'.");
    private static readonly ApiError Other = new(ErrorCode.InvalidApiKey, "The key is not the admin key.");

    protected override ValueTask<ApiError?> CheckAsync(HttpContext context)
    {
        if (keys.Configured is null)
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

        return keys.Find(key, out var id) is { } caller ? new(Admit(context, caller)) : id != 0 ? LookUpAsync(context, id, key.ToString()) : new(Other);
    }

    private static ApiError? Admit(HttpContext context, AdminCaller? caller)
    {
        context.Features.Set(caller);
        return caller is null ? Other : null;
    }

    private async ValueTask<ApiError?> LookUpAsync(HttpContext context, ulong id, string key)
    {
        await gate.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        return Admit(context, await keys.FindAsync(id, key, context.RequestAborted).ConfigureAwait(false));
    }
}
