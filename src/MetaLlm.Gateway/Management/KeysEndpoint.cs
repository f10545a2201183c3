using System.ComponentModel;
using System.Text.Json;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary>Keys of tenants at <c>/admin/v1/tenants/{tenant}/keys</c>, and those that manage at <c>/admin/v1/keys</c>.</summary>
internal sealed class KeysEndpoint(TenantAdministration administration, TimeProvider time)
{
    private const int MostBytes = 16 * 1024;
    private const int LongestName = 128;
    private const double LongestLife = 10.0 * 365 * 24 * 3600;

    public async Task<ApiResult<ListBody<KeyBody>>> ListAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        return await ListOfAsync(context, tenant).ConfigureAwait(false);
    }

    public Task<ApiResult<ListBody<KeyBody>>> ListManagingAsync(HttpContext context) => ListOfAsync(context, null);

    public async Task<ApiResult<KeyBody>> CreateAsync(HttpContext context, [Description("The tenant.")] string tenant)
    {
        var found = await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        return await CreateOfAsync(context, tenant, needsTenant: found.Row is not null).ConfigureAwait(false);
    }

    public Task<ApiResult<KeyBody>> CreateManagingAsync(HttpContext context) => CreateOfAsync(context, null, needsTenant: false);

    public async Task<ApiResult<DeletedBody>> DeleteAsync(
        HttpContext context, [Description("The tenant.")] string tenant, [Description("Id of the key.")] string id)
    {
        await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        return await DeleteOfAsync(context, tenant, id).ConfigureAwait(false);
    }

    public Task<ApiResult<DeletedBody>> DeleteManagingAsync(HttpContext context, [Description("Id of the key.")] string id) => DeleteOfAsync(context, null, id);

    private async Task<ApiResult<ListBody<KeyBody>>> ListOfAsync(HttpContext context, string? tenant)
    {
        var keys = await administration.Directory.ListKeysAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<ListBody<KeyBody>>(new ListBody<KeyBody> { Data = [.. keys.Select(key => AdminViews.Of(key))] });
    }

    private async Task<ApiResult<KeyBody>> CreateOfAsync(HttpContext context, string? tenant, bool needsTenant)
    {
        var (name, rights, expires, limits) = await ReadAsync(context, tenant is not null).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var (text, key) = DirectoryKeyText.Create((id, salt, hash) => new DirectoryKey
        {
            Id = id,
            Tenant = tenant,
            Name = name,
            Rights = rights,
            Salt = salt,
            Hash = hash,
            CreatedAt = now,
            ExpiresAt = expires,
            Limits = limits,
        });
        await administration.SendAsync(
            new DirectoryWrite { Action = DirectoryAction.CreateKey, Actor = context.Admin().Actor, At = now, Tenant = tenant, Key = key, NeedsTenant = needsTenant },
            context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "no-store";
        return new ApiResult<KeyBody>(AdminViews.Of(key, text));
    }

    private async Task<ApiResult<DeletedBody>> DeleteOfAsync(HttpContext context, string? tenant, string id)
    {
        await administration.SendAsync(
            new DirectoryWrite { Action = DirectoryAction.RevokeKey, Actor = context.Admin().Actor, At = time.GetUtcNow(), Tenant = tenant, KeyId = id },
            context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<DeletedBody>(new DeletedBody { Id = id });
    }

    /// <summary>Reads what is wanted of a key; nothing need be said.</summary>
    private async Task<(string? Name, IReadOnlyList<string> Rights, DateTimeOffset? Expires, AdmissionLimits? Limits)> ReadAsync(HttpContext context, bool ofTenant)
    {
        // Not every client sends a length of 0 for nothing, or a type with it.
        var isEmpty = context.Request.ContentLength is 0 || (context.Request.ContentLength is null && context.Request.ContentType is null);
        using var document = isEmpty
            ? JsonDocument.Parse("{}")
            : RequestBodyReader.Parse(await RequestBodyReader.ReadAsync(context, MostBytes, null, "application/json").ConfigureAwait(false));
        var body = new JsonObjectReader(document.RootElement, "");
        body.RefuseUnknown("name", "scopes", "role", "limits", "expires_at", "expires_in_seconds");
        if (body.Find(ofTenant ? "role" : "scopes") is not null)
        {
            throw ofTenant
                ? ApiException.BadField("role", "is for keys that manage; a tenant's key takes 'scopes'.")
                : ApiException.BadField("scopes", "is for keys of tenants; one that manages takes 'role'.");
        }

        if (!ofTenant && body.Find("limits") is not null)
        {
            throw ApiException.BadField("limits", "is for keys of tenants; one that manages has none.");
        }

        return (body.StoredText("name", LongestName), ofTenant ? Scopes(body) : [Role(body)], Expiry(body), Limits(body));
    }

    private static AdmissionLimits? Limits(JsonObjectReader body)
    {
        if (body.Object("limits") is not { } limits)
        {
            return null;
        }

        limits.RefuseUnknown("requestsPerMinute", "tokensPerMinute", "parallelCalls");
        var read = new AdmissionLimits
        {
            RequestsPerMinute = (int?)limits.Whole("requestsPerMinute", 1, AdmissionLimits.MostRequestsPerMinute),
            TokensPerMinute = (long?)limits.Whole("tokensPerMinute", 1, AdmissionLimits.MostTokensPerMinute),
            ParallelCalls = (int?)limits.Whole("parallelCalls", 1, AdmissionLimits.MostParallelCalls),
        };
        return read.IsUnlimited ? null : read;
    }

    private static string[] Scopes(JsonObjectReader body)
    {
        var words = KeyRights.ScopeWords.Keys;
        if (body.Find("scopes") is not { } scopes)
        {
            return [.. words];
        }

        string[] chosen = scopes.ValueKind == JsonValueKind.Array
            ? [.. scopes.EnumerateArray().Select(scope => scope.ValueKind == JsonValueKind.String ? JsonObjectReader.String(scope, "scopes") : "")]
            : [];
        return chosen.Length > 0 && chosen.All(words.Contains)
            ? [.. chosen.Distinct()]
            : throw ApiException.BadField("scopes", $"must be a list of at least one of {string.Join(", ", words)}.");
    }

    private static string Role(JsonObjectReader body)
    {
        var role = body.RequiredText("role", LongestName);
        return KeyRights.Role(role) is not null ? role : throw ApiException.BadField("role", $"is '{role}'; it must be one of {string.Join(", ", KeyRights.RoleWords.Keys)}.");
    }

    private DateTimeOffset? Expiry(JsonObjectReader body)
    {
        var seconds = body.Number("expires_in_seconds", 1, LongestLife);
        if (body.Text("expires_at", LongestName) is not { } text)
        {
            return seconds is { } life ? time.GetUtcNow().AddSeconds(life) : null;
        }

        if (seconds is not null)
        {
            throw ApiException.BadField("expires_at", "is given beside 'expires_in_seconds'; only one of them may be.");
        }

        var at = IsoTime.Parse(text) ?? throw ApiException.BadField("expires_at", $"is '{text}'; it must be a time in ISO 8601, such as 2027-01-31T12:00:00Z.");
        return at > time.GetUtcNow() ? at : throw ApiException.BadField("expires_at", $"is '{text}'; it must be in the future.");
    }
}
