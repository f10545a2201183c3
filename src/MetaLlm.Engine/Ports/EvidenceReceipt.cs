namespace MetaLlm.Engine.Ports;

/// <summary>What a tenant's owner knows of the latest queries, and whether it has just learned from that.</summary>
/// <param name="Queries">Queries of which the answer of at least one model is known.</param>
/// <param name="Learned">Queries that the policy has just learned from; 0 where nothing was due.</param>
/// <param name="Quizzed">The models that were just handed a quiz.</param>
[GenerateSerializer, Immutable, Alias("metallm.evidence-receipt")]
public sealed record EvidenceReceipt(
    [property: Id(0)] int Queries,
    [property: Id(1)] int Learned,
    [property: Id(2)] IReadOnlyList<string> Quizzed);
