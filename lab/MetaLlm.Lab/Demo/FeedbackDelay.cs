using MetaLlm.Core.Numerics;

namespace MetaLlm.Lab.Demo;

/// <summary>
/// Holds feedback back for a while, loses some and posts some twice, as applications do. What happens to an answer depends on the
/// seed and its number alone.
/// </summary>
internal sealed class FeedbackDelay(ulong seed)
{
    /// <summary>Share of answers that nobody rates.</summary>
    public const double MissingShare = 0.10;

    /// <summary>Share of ratings that are posted twice.</summary>
    public const double DuplicateShare = 0.05;

    private const int LongestDelay = 60;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<DemoAnswer, int> _waiting = new();

    /// <summary>Takes an answer in; returns what is due by now.</summary>
    public IReadOnlyList<DemoAnswer> Exchange(DemoAnswer answer)
    {
        lock (_gate)
        {
            var number = (ulong)answer.Number;
            if (CounterRandom.Uniform(seed, 4 * number) >= MissingShare)
            {
                var due = answer.Number + 1 + (int)(CounterRandom.Uniform(seed, (4 * number) + 1) * LongestDelay);
                _waiting.Enqueue(answer, due);
                if (CounterRandom.Uniform(seed, (4 * number) + 2) < DuplicateShare)
                {
                    var again = due + (int)(CounterRandom.Uniform(seed, (4 * number) + 3) * LongestDelay);
                    _waiting.Enqueue(answer, again);
                }
            }

            return TakeDue(answer.Number);
        }
    }

    /// <summary>Everything that is still held back.</summary>
    public IReadOnlyList<DemoAnswer> Drain()
    {
        lock (_gate)
        {
            return TakeDue(int.MaxValue);
        }
    }

    private List<DemoAnswer> TakeDue(int now)
    {
        var due = new List<DemoAnswer>();
        while (_waiting.TryPeek(out _, out var when) && when <= now)
        {
            due.Add(_waiting.Dequeue());
        }

        return due;
    }
}
