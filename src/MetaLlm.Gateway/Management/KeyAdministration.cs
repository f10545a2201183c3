using System.Text.Json;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Management;

/// <summary>Makes, lists and revokes keys of tenants, and those that manage.</summary>
internal sealed class KeyAdministration(TenantAdministration administration, TimeProvider time)
{
    private const int LongestName = 128;
    private const double LongestLife = 10.0 * 365 * 24 * 3600;

    /// <summary>Lists keys, without their texts.</summary>
    /// <param name="tenant">The tenant; null for those that manage.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">There is no such tenant.</exception>
    public async Task<IReadOnlyList<DirectoryKey>> ListAsync(string? tenant, CancellationToken cancellationToken)
    {
        await FindAsync(tenant, cancellationToken).ConfigureAwait(false);
        return await administration.Directory.ListKeysAsync(tenant, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a key.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="tenant">Whose key it is; null for one that manages.</param>
    /// <param name="wanted">What is wanted of it: the body of the API; nothing need be said.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The key, and its text, which is kept nowhere.</returns>
    /// <exception cref="ApiException">There is no such tenant, or a member is illegal.</exception>
    public async Task<(DirectoryKey Key, string Text)> CreateAsync(AdminCaller caller, string? tenant, JsonElement wanted, CancellationToken cancellationToken)
    {
        var found = await FindAsync(tenant, cancellationToken).ConfigureAwait(false);
        var (name, rights, expires, limits) = Read(wanted, tenant is not null);
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
            new DirectoryWrite { Action = DirectoryAction.CreateKey, Actor = caller.Actor, At = now, Tenant = tenant, Key = key, NeedsTenant = found?.Row is not null },
            cancellationToken).ConfigureAwait(false);
        return (key, text);
    }

    /// <summary>Revokes a key.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="tenant">Whose key it is; null for one that manages.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">There is no such tenant or key.</exception>
    public async Task RevokeAsync(AdminCaller caller, string? tenant, string id, CancellationToken cancellationToken)
    {
        await FindAsync(tenant, cancellationToken).ConfigureAwait(false);
        await administration.SendAsync(
            new DirectoryWrite { Action = DirectoryAction.RevokeKey, Actor = caller.Actor, At = time.GetUtcNow(), Tenant = tenant, KeyId = id }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ManagedTenant?> FindAsync(string? tenant, CancellationToken cancellationToken) =>
        tenant is null ? null : await administration.FindAsync(tenant, cancellationToken).ConfigureAwait(false);

    private (string? Name, IReadOnlyList<string> Rights, DateTimeOffset? Expires, AdmissionLimits? Limits) Read(JsonElement wanted, bool ofTenant)
    {
        var body = new JsonObjectReader(wanted, "");
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
