using System.Net.Sockets;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Http;

/// <summary>
/// Holds one call to its time limits and tells a limit from a client that went away. Steps follow one another; one at a time.
/// </summary>
internal sealed class CallTimer : IDisposable
{
    private readonly UpstreamTimeouts _timeouts;
    private readonly CancellationToken _client;
    private readonly CancellationTokenSource _step;
    private readonly CancellationTokenSource _total;
    private readonly CancellationTokenSource _linked;
    private string _limit = "total";
    private TimeSpan _time;

    public CallTimer(UpstreamTimeouts timeouts, TimeProvider time, CancellationToken client)
    {
        _timeouts = timeouts;
        _client = client;
        _step = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _total = new CancellationTokenSource(timeouts.Total, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(client, _step.Token, _total.Token);
    }

    /// <summary>Ends with the client, the step's limit or the total one.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>From now on the first event must arrive in time.</summary>
    public void FirstByte() => Start("first byte", _timeouts.FirstByte);

    /// <summary>From now on the headers of a plain answer, or the next piece of its body, must arrive in time.</summary>
    public void Plain() => Start("plain answer", _timeouts.Plain);

    /// <summary>From now on the next read must end in time.</summary>
    public void Idle() => Start("idle", _timeouts.Idle);

    /// <summary>Runs a step and translates its failures.</summary>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    /// <exception cref="ChatProviderException">A limit passed, or the connection broke.</exception>
    public async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> step, CancellationToken reader = default)
    {
        try
        {
            using var stop = reader.Register(static s => ((CancellationTokenSource)s!).Cancel(), _step);
            return await step().ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!_client.IsCancellationRequested && !reader.IsCancellationRequested)
        {
            throw e.InnerException is TimeoutException
                ? new ChatProviderException(ChatFailure.Timeout, $"No connection within {_timeouts.Connect.TotalSeconds:0.###} s.", e) { NeverSent = true }
                : new ChatProviderException(ChatFailure.Timeout, LimitMessage(), e);
        }
        catch (HttpRequestException e)
        {
            throw new ChatProviderException(ChatFailure.Connection, $"The connection failed: {e.HttpRequestError}.", e) { NeverSent = IsNeverSent(e) };
        }
        catch (SocketException e)
        {
            // An upstream that resets a connection as soon as it has taken it: the client looks up the address of its other end, which is gone.
            throw new ChatProviderException(ChatFailure.Connection, $"The connection failed: {e.SocketErrorCode}.", e) { NeverSent = true };
        }
        catch (IOException e)
        {
            throw new ChatProviderException(ChatFailure.Cut, "The connection broke while the answer was read.", e);
        }
    }

    /// <summary>Whether a failed request never reached the upstream, so that it was neither answered nor charged.</summary>
    public static bool IsNeverSent(HttpRequestException error) =>
        error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;

    public void Dispose()
    {
        _linked.Dispose();
        _step.Dispose();
        _total.Dispose();
    }

    private string LimitMessage() => _total.IsCancellationRequested
        ? $"The answer took longer than {_timeouts.Total.TotalSeconds:0.###} s (total limit)."
        : $"Nothing arrived within the {_limit} limit of {_time.TotalSeconds:0.###} s.";

    private void Start(string name, TimeSpan limit)
    {
        _limit = name;
        _time = limit;
        _step.CancelAfter(limit);
    }
}
