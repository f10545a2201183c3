using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Calls models for callers in the same process. Calls wait for upstreams most of the time, so each worker serves many at once.</summary>
/// <remarks>A call lasts as long as an upstream takes, which its own time limits bound; the messaging layer's must not cut it short.</remarks>
[Alias("metallm.2.provider-call-worker")]
internal interface IProviderCallWorkerGrain : IGrainWithIntegerKey
{
    /// <summary>Begins the call behind a ticket and puts the live answer into it.</summary>
    /// <param name="ticket">Number of a ticket in the process's hand-off table.</param>
    /// <returns>False when this process has no such ticket: the caller is elsewhere.</returns>
    /// <exception cref="ChatProviderException">The arm failed before the answer began.</exception>
    [Alias("hand-over"), ResponseTimeout("1.00:00:00")]
    ValueTask<bool> HandOverAsync(long ticket);
}
