namespace MetaLlm.Providers.Credentials;

/// <summary>A secret that is good for a time.</summary>
/// <param name="Value">The secret.</param>
/// <param name="RenewAt">When another is to be fetched, while this one still serves.</param>
/// <param name="ExpiresAt">When it serves no more.</param>
internal sealed record Lease<T>(T Value, DateTimeOffset RenewAt, DateTimeOffset ExpiresAt);
