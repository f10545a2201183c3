using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Decisions of the last seconds by the calls that asked for them, so that a call which is sent twice gets one decision.</summary>
/// <param name="time">Measures their age.</param>
internal sealed class RecentDecisions(TimeProvider time)
{
    /// <summary>How long a decision is remembered; a call is sent again within less.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many are remembered at most: some megabytes. A call whose decision was forgotten gets another one, and the first expires.
    /// </summary>
    public const int Most = 2048;

    private readonly Dictionary<Guid, Task<DecisionRecord>> _byCall = [];
    private readonly Queue<(Guid Call, long At)> _order = new();

    /// <summary>The decision that a call asked for before; null when it did not.</summary>
    public Task<DecisionRecord>? Find(Guid call) => _byCall.GetValueOrDefault(call) is { IsFaulted: false, IsCanceled: false } known ? known : null;

    /// <summary>Remembers a decision.</summary>
    public void Add(Guid call, Task<DecisionRecord> decision)
    {
        ForgetOld();
        _byCall[call] = decision;
        _order.Enqueue((call, time.GetTimestamp()));
    }

    /// <summary>Lets go of those that nobody asks for any more.</summary>
    public void ForgetOld()
    {
        while (_order.TryPeek(out var oldest) && (_order.Count >= Most || time.GetElapsedTime(oldest.At) > Age))
        {
            _order.Dequeue();
            _byCall.Remove(oldest.Call);
        }
    }
}
