namespace MetaLlm.Gateway.Tenants;

/// <summary>Why a tenant is not served.</summary>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Attempts">How often it was tried, at least 1.</param>
/// <param name="RetryAt">When it is tried again.</param>
internal sealed record Quarantine(Exception Reason, int Attempts, DateTimeOffset RetryAt);
