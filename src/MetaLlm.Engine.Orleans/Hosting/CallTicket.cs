using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>A call on its way to a worker of the same process, and its answer on the way back. Safe for concurrent use.</summary>
/// <param name="number">Number in the table.</param>
/// <param name="call">The call.</param>
/// <param name="cancellationToken">Ends the call, also after the answer has begun.</param>
internal sealed class CallTicket(long number, ChatCall call, CancellationToken cancellationToken)
{
    private readonly Lock _gate = new();
    private ChatResponse? _answer;
    private bool _closed;

    /// <summary>Number in the table.</summary>
    public long Number { get; } = number;

    /// <summary>The call.</summary>
    public ChatCall Call { get; } = call;

    /// <summary>Ends the call.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Gives the answer to the caller.</summary>
    /// <returns>False when the caller has gone, or has an answer: this one stays the worker's.</returns>
    public bool TryGive(ChatResponse answer)
    {
        lock (_gate)
        {
            if (_closed || _answer is not null)
            {
                return false;
            }

            _answer = answer;
            return true;
        }
    }

    /// <summary>Takes no answer any more.</summary>
    /// <returns>The answer, if there is one.</returns>
    public ChatResponse? Close()
    {
        lock (_gate)
        {
            _closed = true;
            var answer = _answer;
            _answer = null;
            return answer;
        }
    }
}
