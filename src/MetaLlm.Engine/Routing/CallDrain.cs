namespace MetaLlm.Engine.Routing;

/// <summary>Tells running calls of clients that the process can wait for them no longer. Safe for concurrent use.</summary>
internal sealed class CallDrain : IDisposable
{
    private readonly CancellationTokenSource _over = new();

    /// <summary>Is cancelled when calls that are running are to end at once.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Ends them.</summary>
    public void End() => _over.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();
}
