using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A key to be made.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record KeyRequestBody
{
    [JsonPropertyName("name"), Description("What people call it, 1 to 128 characters.")]
    public string? Name { get; init; }

    [JsonPropertyName("scopes"), Description("Of a tenant's key, what it opens: `chat`, `feedback`, `read`. Without the list, all.")]
    public IReadOnlyList<string>? Scopes { get; init; }

    [JsonPropertyName("role"), Description("Of a key that manages, what it may do: `read`, `operate` or `own`.")]
    public string? Role { get; init; }

    [JsonPropertyName("limits"), Description("Of a tenant's key, how many calls it may make beside the tenant's own limits. Without the object, as many as the tenant.")]
    public KeyLimitsBody? Limits { get; init; }

    [JsonPropertyName("expires_at"), Description("From when on it opens nothing; without it, never.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [JsonPropertyName("expires_in_seconds"), Description("The same, from now on; 1 to 315360000.")]
    public double? ExpiresInSeconds { get; init; }
}
