namespace MetaLlm.Engine.Ports;

/// <summary>A snapshot as it was found.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="ETag">Its version, for the next save.</param>
public sealed record StoredSnapshot(Snapshot Snapshot, string ETag);
