using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>
/// Where callers and provider workers of one process meet: the caller leaves a call here, the worker finds it by its number and leaves
/// the live answer. Neither prompt nor answer goes through messages.
/// </summary>
internal sealed class CallHandOff
{
    private readonly ConcurrentDictionary<long, CallTicket> _tickets = new();
    private long _last = Random.Shared.NextInt64(long.MaxValue / 2);

    /// <summary>Tickets that are open.</summary>
    public int Count => _tickets.Count;

    /// <summary>Leaves a call. The caller closes the ticket with <see cref="Close"/>.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the call, also after the answer has begun.</param>
    public CallTicket Open(ChatCall call, CancellationToken cancellationToken)
    {
        // Numbers start anywhere, so that one of another process is not taken for one of this.
        var ticket = new CallTicket(Interlocked.Increment(ref _last), call, cancellationToken);
        _tickets[ticket.Number] = ticket;
        return ticket;
    }

    /// <summary>Finds a ticket.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="ticket">The ticket.</param>
    /// <returns>Whether this process has it.</returns>
    public bool TryFind(long number, [NotNullWhen(true)] out CallTicket? ticket) => _tickets.TryGetValue(number, out ticket);

    /// <summary>Ends a ticket; an answer that comes later is the worker's to dispose of.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <returns>The answer, if there is one; it is the caller's from now on.</returns>
    public ChatResponse? Close(CallTicket ticket)
    {
        _tickets.TryRemove(ticket.Number, out _);
        return ticket.Close();
    }
}
