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
    private static readonly TimeSpan CutPatience = TimeSpan.FromSeconds(2);

    private readonly CallSettler _settler;
    private readonly ChatResponse _response;
    private readonly CircuitCall _circuit;
    private Activity? _activity;
    private TokenUsage? _usage;
    private long _outputCharacters;

    internal RoutedCall(DecisionRecord decision, string servedArm, int attempts, Attempt attempt, CallSettler settler)
    {
        Decision = decision;
        ServedArm = servedArm;
        Attempts = attempts;
        _response = attempt.Response;
        _circuit = attempt.Circuit;
        _activity = attempt.Activity;
        _settler = settler;
    }

    /// <summary>The decision.</summary>
    public DecisionRecord Decision { get; }

    /// <summary>The arm that answers.</summary>
    public string ServedArm { get; }

    /// <summary>Arms that were tried, this one included.</summary>
    public int Attempts { get; }

    /// <summary>HTTP status of the answer.</summary>
    public int Status => _response.Status;

    /// <summary>Media type of the answer.</summary>
    public string ContentType => _response.ContentType;

    /// <summary>Headers to hand on to the client.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _response.Headers;

    /// <summary>
    /// Reads the answer piece by piece as it arrives. The settlement is on its way before the last piece is handed out, so that a client
    /// which has seen the end of an answer finds its cost: see <see cref="PendingSettlements"/>.
    /// </summary>
    /// <param name="cancellationToken">The client's patience; when it ends the decision is settled with the usage so far.</param>
    /// <returns>Pieces to write and flush at once; each is valid until the next is asked for.</returns>
    /// <exception cref="ChatProviderException">The upstream broke off; the decision is settled as cut.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = _response.Parts.GetAsyncEnumerator(cancellationToken);
        await using var partsEnd = parts.ConfigureAwait(false);
        while (await MoveNextAsync(parts).ConfigureAwait(false))
        {
            var part = parts.Current;
            _usage = part.Usage ?? _usage;
            _outputCharacters += part.OutputCharacters;
            _circuit.Answering();
            if (part.IsLast)
            {
                _circuit.Succeeded();
                Settle(_response.Status < 400 ? CallOutcome.Completed : CallOutcome.Failed);
            }

            if (!part.Bytes.IsEmpty)
            {
                yield return part.Bytes;
            }
        }
    }

    /// <summary>Releases the connection; an answer that was not read to its end is settled as aborted, with the usage so far.</summary>
    public async ValueTask DisposeAsync()
    {
        _circuit.Aborted();
        await _response.DisposeAsync().ConfigureAwait(false);
        Settle(CallOutcome.Aborted);
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatPart> parts)
    {
        try
        {
            return await parts.MoveNextAsync().ConfigureAwait(false);
        }
        catch (ChatProviderException e)
        {
            _circuit.Failed(e.RetryAfter);
            _activity.Failed(e.Failure);
            Settle(CallOutcome.Cut);

            // What has been read goes out meanwhile; whoever holds the call closes the connection next. Trouble of the settlement does not keep it open.
            await _settler.WaitAsync(CutPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private void Settle(CallOutcome outcome)
    {
        var refused = _response.Status >= 400;
        var usage = _usage ?? (refused
            ? default
            : new TokenUsage(Decision.InputTokens, 0, TokenEstimate.FromCharacters(_outputCharacters)));
        var settled = refused ? CallOutcome.Failed : outcome;
        Interlocked.Exchange(ref _activity, null).Ended(settled, usage, _response.Status);
        _settler.Settle(settled, usage);
    }
}
