namespace MetaLlm.Gateway.Http;

/// <summary>Closed until the tenants are set up: a web server may listen before that, since nothing depends on the order in which services are started.</summary>
internal sealed class StartGate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether requests pass.</summary>
    public bool IsOpen => _opened.Task.IsCompletedSuccessfully;

    /// <summary>Lets requests pass, those that wait among them.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Waits until requests pass.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);
}
