using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A key.")]
internal sealed record KeyBody
{
    [JsonPropertyName("object"), Description("Always `metallm.key`."), Required]
    public string Object { get; init; } = "metallm.key";

    [JsonPropertyName("id"), Description("Its id, which is no secret.")]
    public required string Id { get; init; }

    [JsonPropertyName("key"), Description("The key itself. It is shown in the answer that made it, and never again."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    [JsonPropertyName("prefix"), Description("How it begins.")]
    public required string Prefix { get; init; }

    [JsonPropertyName("tenant"), Description("The tenant that it belongs to; null for one that manages.")]
    public required string? Tenant { get; init; }

    [JsonPropertyName("name"), Description("What people call it; null for nothing.")]
    public required string? Name { get; init; }

    [JsonPropertyName("scopes"), Description("Of a tenant's key, what it opens."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Scopes { get; init; }

    [JsonPropertyName("role"), Description("Of a key that manages, what it may do."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonPropertyName("limits"), Description("Of a tenant's key, how many calls it may make beside the tenant's own limits."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KeyLimitsBody? Limits { get; init; }

    [JsonPropertyName("created_at"), Description("When it was made.")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("expires_at"), Description("From when on it opens nothing; null for never.")]
    public required DateTimeOffset? ExpiresAt { get; init; }

    [JsonPropertyName("last_used_at"), Description("When it was used last, to about a minute; null for never.")]
    public required DateTimeOffset? LastUsedAt { get; init; }
}
