namespace MetaLlm.Engine.Batches;

/// <summary>How much a tenant's files take.</summary>
/// <param name="Files">How many there are, those that are still coming included.</param>
/// <param name="Bytes">Bytes of those that have come.</param>
[GenerateSerializer, Immutable, Alias("metallm.file-use")]
public sealed record FileUse([property: Id(0)] long Files, [property: Id(1)] long Bytes);
