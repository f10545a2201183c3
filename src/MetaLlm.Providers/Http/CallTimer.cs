using System.Net.Sockets;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Http;

/// <summary>
/// Holds one call to its time limits and tells a limit from a client that went away. Steps follow one another; one at a time.
/// </summary>
internal sealed class CallTimer : IDisposable
{
    private readonly UpstreamTimeouts _timeouts;
    private readonly TimeProvider _time;
    private readonly CancellationToken _client;
    private readonly CancellationTokenRegistration _leaving;
    private readonly CancellationTokenSource _end;
    private readonly long _began;

    // Null while the total limit is the next to pass.
    private string? _step;
    private TimeSpan _stepLimit;

    public CallTimer(UpstreamTimeouts timeouts, TimeProvider time, CancellationToken client)
    {
        _timeouts = timeouts;
        _time = time;
        _client = client;
        _began = time.GetTimestamp();
        _end = new CancellationTokenSource(timeouts.Total, time);
        _leaving = client.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), _end);
    }

    /// <summary>Ends with the client, the step's limit or the total one.</summary>
    public CancellationToken Token => _end.Token;

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
            using var stop = reader.Register(static s => ((CancellationTokenSource)s!).Cancel(), _end);
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
        _leaving.Dispose();
        _end.Dispose();
    }

    private string LimitMessage() => _step is null
        ? $"The answer took longer than {_timeouts.Total.TotalSeconds:0.###} s (total limit)."
        : $"Nothing arrived within the {_step} limit of {_stepLimit.TotalSeconds:0.###} s.";

    /// <summary>One timer does for both limits: it is set to the one that passes first.</summary>
    private void Start(string step, TimeSpan limit)
    {
        var left = _timeouts.Total - _time.GetElapsedTime(_began);
        (_step, _stepLimit) = limit < left ? (step, limit) : (null, limit);
        _end.CancelAfter(limit < left ? limit : left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }
}
