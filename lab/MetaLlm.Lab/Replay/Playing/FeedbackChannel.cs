using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Replay.Playing;

/// <summary>
/// The way from a client's feedback to the policy: rewards come late, get lost, come twice, are wrong, and are corrected. What comes
/// twice is dropped by (decision, idempotency key), and another key replaces what was said before, as the journal does.
/// </summary>
/// <param name="options">Delay, and shares of missing, duplicated, flipped and corrected rewards.</param>
/// <param name="seed">Seed of the draws.</param>
internal sealed class FeedbackChannel(ReplayOptions options, int seed)
{
    /// <summary>How many requests after a wrong reward its correction arrives.</summary>
    public const int CorrectionDelay = 50;

    private const string Key = "reward";
    private const string CorrectionKey = "correction";

    private readonly PriorityQueue<Feedback, (long Due, long Order)> _underway = new();
    private readonly HashSet<(string Decision, string Key)> _accepted = [];
    private readonly Dictionary<string, double> _inForce = new(StringComparer.Ordinal);
    private readonly ulong _missing = RandomStreams.Missing(seed);
    private readonly ulong _duplicates = RandomStreams.Duplicates(seed);
    private readonly ulong _flipped = RandomStreams.Flipped(seed);
    private readonly ulong _corrections = RandomStreams.Corrections(seed);
    private long _sent;

    /// <summary>The client of one request gives its reward.</summary>
    /// <param name="request">Number of the request within the stream.</param>
    /// <param name="decision">The decision that served it.</param>
    /// <param name="reward">The reward.</param>
    public void Send(long request, DecisionFacts decision, double reward)
    {
        if (CounterRandom.Uniform(_missing, (ulong)request) < options.Missing)
        {
            return;
        }

        var said = CounterRandom.Uniform(_flipped, (ulong)request) < options.Flipped ? 1 - reward : reward;
        var corrected = CounterRandom.Uniform(_corrections, (ulong)request) < options.Corrections;
        var first = new Feedback(decision, Key, corrected ? 1 - said : said, null);
        Enqueue(first, request + options.Delay);
        if (CounterRandom.Uniform(_duplicates, (ulong)request) < options.Duplicates)
        {
            // The repetition of an impatient client: it arrives when the first one has long been learned from.
            Enqueue(first, request + options.Delay + 1);
        }

        if (corrected)
        {
            Enqueue(new Feedback(decision, CorrectionKey, said, null), request + options.Delay + CorrectionDelay);
        }
    }

    /// <summary>Takes out what has arrived by the end of a request and was not there before, in order of arrival.</summary>
    /// <param name="request">Number of the request within the stream.</param>
    public IEnumerable<Feedback> Receive(long request)
    {
        while (_underway.TryPeek(out var feedback, out var place) && place.Due <= request)
        {
            _underway.Dequeue();
            var decision = feedback.Decision.DecisionId;
            if (_accepted.Add((decision, feedback.Key)))
            {
                double? previous = _inForce.TryGetValue(decision, out var inForce) ? inForce : null;
                _inForce[decision] = feedback.Reward;
                yield return feedback with { PreviousReward = previous };
            }
        }
    }

    private void Enqueue(Feedback feedback, long due) => _underway.Enqueue(feedback, (due, _sent++));
}
