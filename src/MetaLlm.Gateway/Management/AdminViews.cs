using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;

namespace MetaLlm.Gateway.Management;

/// <summary>The directory as clients see it.</summary>
internal static class AdminViews
{
    public static TenantBody Of(ManagedTenant tenant) => new()
    {
        Id = tenant.Id,
        Source = tenant.Row is null ? "file" : "directory",
        Revision = tenant.Row?.Revision ?? 0,
        CreatedAt = tenant.Row?.CreatedAt,
        UpdatedAt = tenant.Row?.UpdatedAt,
        Document = Members(tenant.Document, "id"),
    };

    public static DocumentBody Of(JsonObject document) => new() { Members = Members(document) };

    public static KeyBody Of(DirectoryKey key, string? text = null) => new()
    {
        Id = key.Id,
        Key = text,
        Prefix = DirectoryKeyText.ShownOf(key.Id),
        Tenant = key.Tenant,
        Name = key.Name,
        Scopes = key.Tenant is null ? null : key.Rights,
        Role = key.Tenant is null ? key.Rights is [var role, ..] ? role : null : null,
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
        LastUsedAt = key.LastUsedAt,
        Limits = key.Limits is { } limits
            ? new KeyLimitsBody { RequestsPerMinute = limits.RequestsPerMinute, TokensPerMinute = limits.TokensPerMinute, ParallelCalls = limits.ParallelCalls }
            : null,
    };

    public static ChangeBody Of(DirectoryChange change) => new()
    {
        Revision = change.Revision,
        At = change.At,
        Actor = change.Actor,
        Action = JsonNamingPolicy.SnakeCaseLower.ConvertName(change.Action.ToString()),
        Tenant = change.Tenant,
        Key = change.KeyId,
        Before = Parsed(change.Before),
        After = Parsed(change.After),
    };

    private static Dictionary<string, JsonElement> Members(JsonObject document, string? but = null) =>
        document.Where(member => member.Key != but).ToDictionary(member => member.Key, member => JsonSerializer.SerializeToElement(member.Value));

    private static JsonElement Parsed(string? json)
    {
        using var document = JsonDocument.Parse(json ?? "null");
        return document.RootElement.Clone();
    }
}
