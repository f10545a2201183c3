namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>
/// Tells a process without a silo that one has left the cluster. Orleans ends a silo's own calls to another silo that is gone, and leaves those of
/// clients waiting. Safe for concurrent use.
/// </summary>
internal sealed class SiloDepartures
{
    private CancellationTokenSource? _next;

    /// <summary>Is cancelled when the next silo leaves; never where nobody watches.</summary>
    public CancellationToken Next => Volatile.Read(ref _next)?.Token ?? CancellationToken.None;

    /// <summary>Begins to watch.</summary>
    public void Watch() => Interlocked.CompareExchange(ref _next, new CancellationTokenSource(), null);

    /// <summary>A silo has left.</summary>
    public Task TellAsync() => Interlocked.Exchange(ref _next, new CancellationTokenSource())?.CancelAsync() ?? Task.CompletedTask;
}
