using System.Runtime.CompilerServices;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>An answer that is read to its end before anybody sees it. One that is too long to be held goes on as it comes.</summary>
internal sealed class HeldAnswer
{
    /// <summary>Most bytes that are held.</summary>
    private const int MostBytes = 8 * 1024 * 1024;

    private readonly Attempt _attempt;
    private readonly IAsyncEnumerator<ChatPart> _rest;
    private readonly List<ChatPart> _parts = [];
    private long _bytes;
    private long _characters;
    private long _textBytes;
    private Task<bool>? _pending;

    private HeldAnswer(Attempt attempt)
    {
        _attempt = attempt;
        _rest = attempt.Response.Parts.GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>Whether all of it is here; false for one that is too long.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>HTTP status.</summary>
    public int Status => _attempt.Response.Status;

    /// <summary>Tokens as the upstream counted them; null where it did not.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>What the upstream asks for, USD; null where prices say.</summary>
    public double? InvoiceUsd { get; private set; }

    /// <summary>What came, part by part.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Parts => [.. _parts.Select(part => part.Bytes)];

    /// <summary>Reads an answer that has begun.</summary>
    /// <param name="attempt">The answer; it is over where this throws.</param>
    /// <param name="settler">Estimates tokens that nobody has counted.</param>
    /// <param name="cancellationToken">The client's patience. Where it ends, so does the reading, and what came can be released as ever.</param>
    /// <exception cref="ChatProviderException">The upstream broke off; what came is what it is taken to charge for, where it does not say.</exception>
    public static async Task<HeldAnswer> ReadAsync(Attempt attempt, CallSettler settler, CancellationToken cancellationToken)
    {
        var held = new HeldAnswer(attempt);
        try
        {
            while (held._bytes <= MostBytes && await held.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                held.Take(held._rest.Current);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return held;
        }
        catch (ChatProviderException e)
        {
            attempt.Circuit.Failed(e);
            attempt.Activity.Failed(e.Failure);
            await held.EndAsync().ConfigureAwait(false);
            if (e.Usage is not null || held._characters == 0)
            {
                throw;
            }

            throw new ChatProviderException(e.Failure, e.Message, e) { UpstreamStatus = e.UpstreamStatus, RetryAfter = e.RetryAfter, Usage = held.UsageOr(settler) };
        }
        catch (Exception e)
        {
            attempt.Circuit.Aborted();
            attempt.Activity.Failed(e);
            await held.EndAsync().ConfigureAwait(false);
            throw;
        }

        if (held.IsWhole)
        {
            attempt.Circuit.Succeeded();
        }

        return held;
    }

    /// <summary>Tokens, estimated where nobody has counted them.</summary>
    public TokenUsage UsageOr(CallSettler settler) => Usage ?? new TokenUsage(settler.InputTokens, 0, settler.EstimateOutput(_characters, _textBytes));

    /// <summary>The answer, to be read once more, by a client.</summary>
    /// <param name="release">What becomes of each part.</param>
    public Attempt Release(Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> release)
    {
        var response = _attempt.Response;
        return _attempt with
        {
            Response = new ChatResponse(response.Status, response.ContentType, response.Headers, ReplayAsync(release), response) { IsNative = response.IsNative },
        };
    }

    /// <summary>Nobody gets it.</summary>
    public async ValueTask DropAsync(CallSettler settler)
    {
        _attempt.Activity.Ended(CallOutcome.Completed, UsageOr(settler), Status, null);
        await EndAsync().ConfigureAwait(false);
    }

    private async ValueTask EndAsync()
    {
        _attempt.Activity?.Dispose();
        await _attempt.Upstream.CancelAsync().ConfigureAwait(false);
        await _rest.DisposeAsync().ConfigureAwait(false);
        await _attempt.Response.DisposeAsync().ConfigureAwait(false);
        _attempt.Upstream.Dispose();
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        // A part that a client has not waited for is still on its way.
        _pending ??= _rest.MoveNextAsync().AsTask();
        var more = await _pending.WaitAsync(cancellationToken).ConfigureAwait(false);
        _pending = null;
        return more;
    }

    private void Take(in ChatPart part)
    {
        // A part is valid until the next is asked for.
        _parts.Add(part with { Bytes = part.Bytes.ToArray() });
        _bytes += part.Bytes.Length;
        Usage = part.Usage ?? Usage;
        InvoiceUsd = part.InvoiceUsd ?? InvoiceUsd;
        _characters += part.OutputCharacters;
        _textBytes += part.OutputBytes;
        IsWhole |= part.IsLast && _bytes <= MostBytes;
        _attempt.Circuit.Answering();
    }

    private async IAsyncEnumerable<ChatPart> ReplayAsync(Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> release, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var restEnd = _rest.ConfigureAwait(false);
        foreach (var part in _parts)
        {
            yield return part with { Bytes = release(part.Bytes) };
        }

        while (!IsWhole && await NextAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return _rest.Current with { Bytes = release(_rest.Current.Bytes) };
        }
    }
}
