namespace MetaLlm.Engine.Cluster;

/// <summary>How many grains of a kind a node holds.</summary>
/// <param name="Kind">The kind, such as <c>metallm.tenant-policy</c>.</param>
/// <param name="Count">How many.</param>
public readonly record struct GrainCount(string Kind, long Count);
