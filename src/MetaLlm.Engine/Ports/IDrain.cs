namespace MetaLlm.Engine.Ports;

/// <summary>Work that a process does for others, and lets end before it stops.</summary>
internal interface IDrain
{
    /// <summary>Takes no new work from now on, and waits until none is running.</summary>
    /// <param name="cancellationToken">Ends the wait; what is running then is broken off when the process stops.</param>
    Task DrainAsync(CancellationToken cancellationToken);
}
