namespace MetaLlm.Engine.Ports;

/// <summary>The table of grain states in the journal's own file, for a silo whose database has one writer.</summary>
/// <remarks>The rows are those of Orleans' ADO.NET grain storage. Safe for concurrent use.</remarks>
public interface IGrainStateTable
{
    /// <summary>Reads a state.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="cancellationToken">Cancels before the read.</param>
    /// <returns>The state, or null when there never was one.</returns>
    ValueTask<StoredGrainState?> ReadAsync(GrainStateKey key, CancellationToken cancellationToken);

    /// <summary>Writes a state, or clears it, when it has the expected version. It may wait some milliseconds to share the commit of another write.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="payload">The bytes; null clears it.</param>
    /// <param name="expectedVersion">The version that is to be replaced; null when there is to be none.</param>
    /// <param name="cancellationToken">Cancels until the write starts.</param>
    /// <returns>The new version, or null when another version is there: nothing was written.</returns>
    ValueTask<int?> WriteAsync(GrainStateKey key, byte[]? payload, int? expectedVersion, CancellationToken cancellationToken);
}
