using System.Diagnostics.CodeAnalysis;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Lets one call at a time use a tenant's runtime, in the order of arrival.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to release.")]
internal sealed class AsyncLock
{
    // Asynchronous waiters are let in first come, first served, and a newcomer never overtakes them.
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    /// <summary>Waits for the turn; completes at once when nobody has it.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The turn; disposing of it, once, passes it on.</returns>
    public async ValueTask<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        return new Turn(_semaphore);
    }

    /// <summary>The right to use the runtime.</summary>
    public readonly struct Turn(SemaphoreSlim semaphore) : IDisposable
    {
        /// <summary>Passes the turn on.</summary>
        public void Dispose() => semaphore.Release();
    }
}
