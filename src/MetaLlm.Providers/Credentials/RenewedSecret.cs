using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Providers.Credentials;

/// <summary>
/// A secret that is fetched, kept, and renewed beside the calls that use it. Only a call that finds none waits, and with it all that come meanwhile: one fetch serves
/// them. A fetch that has failed is not repeated for a while, so that calls fail at once instead of one after another.
/// </summary>
/// <param name="name">What is fetched, for messages.</param>
/// <param name="fetch">Fetches it.</param>
/// <param name="log">Is told of fetches that failed: while the old secret serves, nobody else learns of them.</param>
/// <param name="time">The clock.</param>
internal sealed class RenewedSecret<T>(string name, Func<CancellationToken, Task<Lease<T>>> fetch, ILogger log, TimeProvider time)
{
    /// <summary>Longest fetch.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Time from a failed fetch to the next, and between renewals of secrets that are short-lived.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Lease<T>? _lease;
    private Task<Lease<T>>? _fetching;
    private Exception? _failure;
    private DateTimeOffset _nextFetch;

    /// <summary>The secret.</summary>
    /// <param name="cancellationToken">Ends the wait of this caller, not the fetch.</param>
    /// <exception cref="ChatProviderException">It could not be fetched: <see cref="ChatFailure.Refused"/>, as for a key that the upstream does not take.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken)
    {
        Task<Lease<T>> fetching;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var lease = _lease is { } held && held.ExpiresAt > now ? held : null;
            if (lease is not null && lease.RenewAt > now)
            {
                return ValueTask.FromResult(lease.Value);
            }

            if (_fetching is null && (now >= _nextFetch || (lease is null && _failure is null)))
            {
                // It runs beside the callers from its first step on: what it does at once is done by no call.
                _fetching = Task.Run(FetchAsync, CancellationToken.None);
                _ = _fetching.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }

            if (lease is not null)
            {
                return ValueTask.FromResult(lease.Value);
            }

            fetching = _fetching ?? throw Refused(_failure);
        }

        return WaitAsync(fetching, cancellationToken);
    }

    private async ValueTask<T> WaitAsync(Task<Lease<T>> fetching, CancellationToken cancellationToken)
    {
        try
        {
            return (await fetching.WaitAsync(cancellationToken).ConfigureAwait(false)).Value;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refused(e);
        }
    }

    private async Task<Lease<T>> FetchAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            var lease = await fetch(limit.Token).ConfigureAwait(false);
            lock (_gate)
            {
                (_lease, _fetching, _failure, _nextFetch) = (lease, null, null, time.GetUtcNow() + Pause);
            }

            return lease;
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                (_fetching, _failure, _nextFetch) = (null, e, time.GetUtcNow() + Pause);
            }

            CredentialLog.FetchFailed(log, name, e.GetType().Name);
            throw;
        }
    }

    private ChatProviderException Refused(Exception? inner) =>
        new(ChatFailure.Refused, $"{name} could not be fetched ({inner?.GetType().Name}).", inner) { UpstreamStatus = 401, NeverSent = true };
}
