using MetaLlm.Engine.Usage;

namespace MetaLlm.Engine.Ports;

/// <summary>
/// Sums per hour of what the journal says of decisions. They are kept beside it and brought up to date by whoever asks: a decision counts for the hour in which it was made, however late
/// its settlement and its feedback come. What retention drops from the journal stays in them.
/// </summary>
/// <remarks>A write of the journal never waits for them. Several processes may ask at once: each part of the journal is counted once.</remarks>
public interface IUsageSums
{
    /// <summary>Brings the sums up to date, then reads them.</summary>
    /// <param name="query">Which sums, and how long to wait for them.</param>
    /// <param name="cancellationToken">Cancels between slices of the journal; what was counted by then stays counted.</param>
    /// <returns>The sums, by tenant, time and group, compared by their bytes.</returns>
    /// <exception cref="EngineUnavailableException">The store cannot be used at the moment.</exception>
    ValueTask<UsageSums> ReadSumsAsync(UsageSumQuery query, CancellationToken cancellationToken);
}
