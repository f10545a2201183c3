using System.Diagnostics;
using System.Runtime.CompilerServices;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing.Circuits;

namespace MetaLlm.Engine.Routing;

/// <summary>A call whose answer has begun. Whoever holds it reads it once and disposes it; the decision is settled on every way out.</summary>
public sealed class RoutedCall : IAsyncDisposable
{
    /// <summary>How long the upstream is listened to for its count once the client has gone.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>Share of an answer's time, and time, that its reader may take without being noticed in the latency.</summary>
    private const double UnnoticedShare = 0.1;
    private static readonly TimeSpan Unnoticed = TimeSpan.FromMilliseconds(100);

    private readonly CallSettler _settler;
    private readonly ChatResponse _response;
    private readonly IAsyncEnumerator<ChatPart> _parts;
    private readonly ArmCall _circuit;
    private readonly CancellationTokenSource _upstream;
    private readonly TimeProvider _time;
    private Activity? _activity;
    private Task<bool>? _pending;
    private TokenUsage? _usage;
    private double? _invoiceUsd;
    private readonly AnswerTrace? _trace;
    private long _outputCharacters;
    private long _outputBytes;
    private TimeSpan _reading;
    private bool _whole;
    private int _disposed;

    internal RoutedCall(DecisionRecord decision, string servedArm, int attempts, Attempt attempt, CallSettler settler, TimeProvider time)
    {
        Decision = decision;
        ServedArm = servedArm;
        Attempts = attempts;
        _response = attempt.Response;
        _parts = _response.Parts.GetAsyncEnumerator(CancellationToken.None);
        _circuit = attempt.Circuit;
        _activity = attempt.Activity;
        _trace = _activity is { IsAllDataRequested: true } ? new AnswerTrace() : null;
        _upstream = attempt.Upstream;
        _settler = settler;
        _time = time;
    }

    /// <summary>The decision.</summary>
    public DecisionRecord Decision { get; }

    /// <summary>The arm that answers.</summary>
    public string ServedArm { get; }

    /// <summary>Arms that were tried, this one included.</summary>
    public int Attempts { get; }

    /// <summary>The arm whose answer was held back for this one's; null where none was.</summary>
    public string? EscalatedFrom { get; internal set; }

    /// <summary>What that answer cost, USD, at the prices that this process knows.</summary>
    public double EscalatedUsd { get; internal set; }

    /// <summary>HTTP status of the answer.</summary>
    public int Status => _response.Status;

    /// <summary>Media type of the answer.</summary>
    public string ContentType => _response.ContentType;

    /// <summary>Whether the answer is in the format of <see cref="ChatPayload.Native"/>, under the client's id and model name, rather than a chat completion.</summary>
    public bool IsNative => _response.IsNative;

    /// <summary>Headers to hand on to the client.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _response.Headers;

    /// <summary>
    /// Reads the answer piece by piece as it arrives. The settlement is on its way before the last piece is handed out, so that a client
    /// which has seen the end of an answer finds its cost: see <see cref="PendingSettlements"/>.
    /// </summary>
    /// <param name="cancellationToken">The client's patience; dispose the call when it ends.</param>
    /// <returns>Pieces to write and flush at once; each is valid until the next is asked for.</returns>
    /// <exception cref="ChatProviderException">The upstream broke off; the decision is settled as cut.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            Take(_parts.Current);
            if (_whole)
            {
                _circuit.Succeeded();
                Settle(_response.Status < 400 ? CallOutcome.Completed : CallOutcome.Failed);
            }

            if (!_parts.Current.Bytes.IsEmpty)
            {
                var handed = _time.GetTimestamp();
                yield return _parts.Current.Bytes;
                _reading += _time.GetElapsedTime(handed);
            }
        }
    }

    /// <summary>
    /// Releases the connection. An answer that was not read to its end is settled as aborted: with the usage that the upstream counts, for which it is
    /// listened to for a moment, else with what came or what was predicted, whichever is more. Nobody waits for that.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _circuit.Aborted();
        if (!_settler.IsSettled && _usage is null && _settler.Announce() is { } announced)
        {
            _ = ListenAsync(announced);
            return;
        }

        SettleAborted();
        await ReleaseAsync().ConfigureAwait(false);
    }

    private async Task ListenAsync(IDisposable announced)
    {
        using (announced)
        {
            using var limit = new CancellationTokenSource(LastWords, _time);
            while (!_whole && _usage is null)
            {
                var next = _pending ?? _parts.MoveNextAsync().AsTask();
                _pending = next;

                // Whatever breaks it off: what was seen so far is what is known.
                await ((Task)next.WaitAsync(limit.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (next is not { IsCompletedSuccessfully: true, Result: true })
                {
                    break;
                }

                _pending = null;
                Take(_parts.Current);
            }

            SettleAborted();
        }

        await ReleaseAsync().ConfigureAwait(false);
    }

    private async ValueTask ReleaseAsync()
    {
        await _upstream.CancelAsync().ConfigureAwait(false);
        if (_pending is { } pending)
        {
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _parts.DisposeAsync().ConfigureAwait(false);
        await _response.DisposeAsync().ConfigureAwait(false);
        _upstream.Dispose();
    }

    private async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            var next = _parts.MoveNextAsync();
            if (next.IsCompleted)
            {
                return await next.ConfigureAwait(false);
            }

            _pending = next.AsTask();
            var more = await _pending.WaitAsync(cancellationToken).ConfigureAwait(false);
            _pending = null;
            return more;
        }
        catch (ChatProviderException e)
        {
            _pending = null;
            _usage = e.Usage ?? _usage;
            _circuit.Failed(e);
            _activity.Failed(e.Failure);
            Settle(CallOutcome.Cut);
            throw;
        }
    }

    private void Take(in ChatPart part)
    {
        _usage = part.Usage ?? _usage;
        _invoiceUsd = part.InvoiceUsd ?? _invoiceUsd;
        _outputCharacters += part.OutputCharacters;
        _outputBytes += part.OutputBytes;
        _whole |= part.IsLast;
        _circuit.Answering();
        _trace?.Saw(part);
    }

    private void SettleAborted()
    {
        if (_usage is null && !_whole && _response.Status < 400)
        {
            var presumed = _settler.Presumed;
            _usage = presumed with { Output = Math.Max(presumed.Output, _settler.EstimateOutput(_outputCharacters, _outputBytes)) };
        }

        Settle(CallOutcome.Aborted);
    }

    private void Settle(CallOutcome outcome)
    {
        var refused = _response.Status >= 400;
        var usage = _usage ?? (refused
            ? default
            : new TokenUsage(_settler.InputTokens, 0, _settler.EstimateOutput(_outputCharacters, _outputBytes)));
        var settled = refused ? CallOutcome.Failed : outcome;
        Interlocked.Exchange(ref _activity, null).Ended(settled, usage, _response.Status, _trace);
        _settler.Settle(settled, usage, _invoiceUsd, IsHeldUpByReader);
    }

    // A client that reads slowly holds the upstream back, which says nothing of the upstream.
    private bool IsHeldUpByReader => !_settler.IsHeld && _reading > Unnoticed && _reading > UnnoticedShare * _settler.SinceAttempt;
}
