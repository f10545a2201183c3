namespace MetaLlm.Engine.Ports;

/// <summary>A grain's state as it is stored.</summary>
/// <param name="Payload">Its bytes; null once it was cleared.</param>
/// <param name="Version">Counts its replacements, from 1.</param>
public sealed record StoredGrainState(byte[]? Payload, int Version);
