using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Lab.Replay.Playing;

/// <summary>A tenant as a host sees it: numbered events go in, decisions come out. Nothing reaches the policy by another way.</summary>
/// <param name="features">Gives the embedding model.</param>
/// <param name="journal">Receives every event; null keeps none.</param>
/// <param name="name">The tenant, or one of its owners.</param>
internal sealed class PlayedTenant(FeatureTable features, ICollection<TenantEvent>? journal = null, string name = "replay")
{
    private readonly List<object> _log = [];
    private readonly Dictionary<int, int> _read = [];
    private readonly TenantState _state = TenantState.Create(name, features.ModelId, features.Reduction);
    private long _sequence;

    /// <summary>Hash of the state.</summary>
    public string StateHash => _state.Report().StateHash;

    /// <summary>Whether decisions and events are kept for other owners.</summary>
    public bool KeepsLog { get; init; }

    /// <summary>What was decided and happened, in order.</summary>
    public IReadOnlyList<object> Log => _log;

    /// <summary>Takes in what the other owners of the tenant have seen since the last time.</summary>
    /// <param name="owners">All owners.</param>
    /// <param name="ends">How far their logs are to be read.</param>
    /// <param name="at">When.</param>
    public void TakeIn(IReadOnlyList<PlayedTenant> owners, IReadOnlyList<int> ends, DateTimeOffset at)
    {
        for (var i = 0; i < owners.Count; i++)
        {
            for (var next = _read.GetValueOrDefault(i); owners[i] != this && next < ends[i]; next++)
            {
                if (owners[i].Log[next] is DecisionRecord decision)
                {
                    _state.TakeIn(i + 1, decision);
                }
                else
                {
                    _state.TakeIn(i + 1, (TenantEvent)owners[i].Log[next]);
                }
            }

            _read[i] = ends[i];
        }

        Apply(new TookInEvent { Sequence = ++_sequence, At = at, Positions = _state.Taken });
    }

    /// <summary>Sets or replaces the configuration.</summary>
    public void Configure(TenantConfiguration configuration, DateTimeOffset at) =>
        Apply(new ConfiguredEvent { Sequence = ++_sequence, At = at, Configuration = configuration });

    /// <summary>Learns from full-information rows.</summary>
    public void WarmStart(IReadOnlyList<WarmStartQuery> rows) => _state.WarmStart(rows);

    /// <summary>Hands over what an arm answered.</summary>
    public void Quiz(QuizSet quiz, DateTimeOffset at) =>
        Apply(new QuizzedEvent { Sequence = ++_sequence, At = at, Quiz = quiz, Digest = QuizCodec.Digest(QuizCodec.Encode(quiz)) });

    /// <summary>Hands over what is known of more than what served.</summary>
    public void Evidence(WarmStartSet set, DateTimeOffset at) =>
        Apply(new EvidencedEvent { Sequence = ++_sequence, At = at, Set = set, Digest = $"{_sequence}" });

    /// <summary>Decides; the decision takes effect with <see cref="Apply(DecisionRecord)"/>.</summary>
    public DecisionRecord Decide(DecisionRequest request, DateTimeOffset at) => _state.Decide(request, at);

    /// <summary>Takes in a decision.</summary>
    public void Apply(DecisionRecord decision)
    {
        _state.Apply(decision);
        Keep(decision);
    }

    /// <summary>Settles a completed call.</summary>
    public void Settle(DecisionFacts decision, TokenUsage usage, double costUsd, double latencySeconds, DateTimeOffset at) =>
        Apply(new SettledEvent
        {
            Sequence = ++_sequence,
            At = at,
            Decision = decision,
            Outcome = CallOutcome.Completed,
            Usage = usage,
            CostUsd = costUsd,
            LatencySeconds = latencySeconds,
        });

    /// <summary>Applies feedback.</summary>
    public void Reward(Feedback feedback, DateTimeOffset at) =>
        Apply(new RewardedEvent
        {
            Sequence = ++_sequence,
            At = at,
            Decision = feedback.Decision,
            Reward = feedback.Reward,
            PreviousReward = feedback.PreviousReward,
        });

    private void Apply(TenantEvent happened)
    {
        _state.Apply(happened);
        journal?.Add(happened);
        Keep(happened);
    }

    private void Keep(object entry)
    {
        if (KeepsLog)
        {
            _log.Add(entry);
        }
    }
}
