using MetaLlm.Engine.Ports;
using Orleans.Runtime.Messaging;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>
/// Calls of grains whose callers would rather wait than fail. One that is lost with a silo is made again for as long as the cluster may need to
/// find out that the silo is gone.
/// </summary>
/// <remarks>
/// Only for calls that may be made twice. One that ran out of time is not repeated, since its caller has waited for long already.
/// Safe for concurrent use.
/// </remarks>
/// <param name="departures">Tells of silos that are gone.</param>
/// <param name="time">Measures patience and pauses.</param>
internal sealed class ClusterCalls(SiloDepartures departures, TimeProvider time)
{
    /// <summary>For how long a call is made again. A silo that is gone is known to be so in less.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Whether a call may be sent again though its receiver lives, so that the receiver must know it again. A silo is told by Orleans which of its calls were lost with another silo, and those
    /// were not received; a client only knows that some silo has left.
    /// </summary>
    public bool Repeats => departures.Next.CanBeCanceled;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>Makes a call.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="send">Sends it; several times where it gets lost.</param>
    /// <param name="cancellationToken">The caller's patience.</param>
    /// <exception cref="EngineUnavailableException">The cluster cannot serve the call.</exception>
    public async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> send, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var departure = departures.Next;
            try
            {
                var call = send();
                return departure.CanBeCanceled && !call.IsCompleted
                    ? await call.AsTask().WaitAsync(departure).ConfigureAwait(false)
                    : await call.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (departure.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // It may have been on its way to the silo that has left.
            }
            catch (Exception error) when (IsLost(error) && time.GetElapsedTime(started) < Patience)
            {
                // The cluster does not know yet that the silo is gone.
            }
            catch (Exception error) when (ClusterFailures.IsClusterFailure(error))
            {
                throw ClusterFailures.Unavailable(error);
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a call that gives nothing.</summary>
    /// <param name="send">Sends it; several times where it gets lost.</param>
    /// <param name="cancellationToken">The caller's patience.</param>
    /// <exception cref="EngineUnavailableException">The cluster cannot serve the call.</exception>
    public async ValueTask AskAsync(Func<ValueTask> send, CancellationToken cancellationToken)
    {
        await AskAsync<bool>(SendAsync, cancellationToken).ConfigureAwait(false);

        async ValueTask<bool> SendAsync()
        {
            await send().ConfigureAwait(false);
            return true;
        }
    }

    private static bool IsLost(Exception error) => error is OrleansMessageRejectionException or ConnectionFailedException;
}
