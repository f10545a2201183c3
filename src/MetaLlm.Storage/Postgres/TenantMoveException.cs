namespace MetaLlm.Storage.Postgres;

/// <summary>A tenant cannot be moved; the message says why, and what to do. It is served from where it was.</summary>
/// <param name="message">The message.</param>
public sealed class TenantMoveException(string message) : Exception(message);
