namespace MetaLlm.Engine.Ports;

/// <summary>A call was refused that a tenant with several owners does not have, or that would change how many it has; nothing was changed.</summary>
/// <param name="message">What was asked, and why it is refused.</param>
[GenerateSerializer, Immutable, Alias("metallm.sharded-tenant")]
public sealed class ShardedTenantException(string message)
    : Exception(message);
