namespace MetaLlm.Engine.TenantDirectory;

/// <summary>A key was used.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="At">When, UTC.</param>
[GenerateSerializer, Immutable, Alias("metallm.key-use")]
public readonly record struct KeyUse([property: Id(0)] string KeyId, [property: Id(1)] DateTimeOffset At);
