using MetaLlm.Cli.Replay.Streams;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Cli.Replay.Playing;

/// <summary>
/// The way from a client's feedback to the policy: rewards come late, get lost, and come twice. What comes twice is dropped
/// by (decision, idempotency key), as the journal does.
/// </summary>
/// <param name="options">Delay, and shares of missing and duplicated rewards.</param>
/// <param name="seed">Seed of the draws.</param>
internal sealed class FeedbackChannel(ReplayOptions options, int seed)
{
    private const string Key = "reward";

    private readonly PriorityQueue<Feedback, (long Due, long Order)> _underway = new();
    private readonly HashSet<(string Decision, string Key)> _accepted = [];
    private readonly ulong _missing = RandomStreams.Missing(seed);
    private readonly ulong _duplicates = RandomStreams.Duplicates(seed);
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

        var feedback = new Feedback(decision, Key, reward);
        _underway.Enqueue(feedback, (request + options.Delay, _sent++));
        if (CounterRandom.Uniform(_duplicates, (ulong)request) < options.Duplicates)
        {
            // The repetition of an impatient client: it arrives when the first one has long been learned from.
            _underway.Enqueue(feedback, (request + options.Delay + 1, _sent++));
        }
    }

    /// <summary>Takes out what has arrived by the end of a request and was not there before, in order of arrival.</summary>
    /// <param name="request">Number of the request within the stream.</param>
    public IEnumerable<Feedback> Receive(long request)
    {
        while (_underway.TryPeek(out var feedback, out var place) && place.Due <= request)
        {
            _underway.Dequeue();
            if (_accepted.Add((feedback.Decision.DecisionId, feedback.Key)))
            {
                yield return feedback;
            }
        }
    }
}
