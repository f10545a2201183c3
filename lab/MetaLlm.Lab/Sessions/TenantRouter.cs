using MetaLlm.Core.Arms;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Sessions;

/// <summary>The product itself: a tenant's state that decides, settles and learns from how each question ends. Nothing reaches it but numbered events.</summary>
internal sealed class TenantRouter : ISessionRouter
{
    private const string Tenant = "sessions";

    private readonly SessionWorld _world;
    private readonly SessionStrategy _strategy;
    private readonly TenantState _state;
    private readonly Dictionary<string, int> _models;
    private readonly Dictionary<int, List<DecisionFacts>> _open = [];
    private readonly Dictionary<int, string> _first = [];
    private readonly Dictionary<int, DecisionRecord> _running = [];

    /// <summary>Sets the tenant up.</summary>
    /// <param name="world">The world.</param>
    /// <param name="strategy">How it chooses.</param>
    /// <param name="goal">What is asked of it.</param>
    /// <param name="seed">Its seed.</param>
    public TenantRouter(SessionWorld world, SessionStrategy strategy, SessionGoal goal, int seed)
    {
        (_world, _strategy) = (world, strategy);
        _models = world.Models.Select((model, i) => (model.Id, i)).ToDictionary(p => p.Id, p => p.i, StringComparer.Ordinal);
        _state = TenantState.Create(Tenant, world.Source.EmbeddingModel, world.Source.Reduction);
        var configuration = goal.Of(new TenantConfiguration
        {
            Arms = [.. world.Models.Select(model => model.ToArm(world.AnswerTokens, KnowsCaches))],
            Seed = (ulong)seed,
            Parts = world.Source.Parts,
            Conversations = strategy == SessionStrategy.CacheAware ? new ConversationSettings() : null,
        });
        Apply(sequence => new ConfiguredEvent { Sequence = sequence, At = DateTimeOffset.UnixEpoch, Configuration = configuration });
        if (world.Source.Training.Count > 0)
        {
            _state.WarmStart(world.Source.Training);
        }
    }

    /// <inheritdoc />
    public string StateHash => _state.Report().StateHash;

    private bool KnowsCaches => _strategy != SessionStrategy.PerTurn;

    /// <inheritdoc />
    public int Choose(SessionScript session, int turn, DateTimeOffset at)
    {
        var decision = _state.Decide(Request(session, turn), at);
        _state.Apply(decision);
        _running[session.Index] = decision;
        _first.TryAdd(session.Index, decision.ChosenArm);
        return _models[decision.ChosenArm];
    }

    /// <inheritdoc />
    public void Settle(SessionScript session, TokenUsage usage, DateTimeOffset at)
    {
        var decision = _running[session.Index];
        var (facts, model) = (DecisionFacts.Of(decision), _world.Models[_models[decision.ChosenArm]]);
        var (known, usd) = KnowsCaches ? (usage, model.Cost(usage)) : (usage with { CachedInput = 0 }, model.ListCost(usage));
        Apply(sequence => new SettledEvent
        {
            Sequence = sequence, At = at, Decision = facts, Outcome = CallOutcome.Completed, Usage = known, CostUsd = usd, LatencySeconds = double.NaN,
        });
        if (!_open.TryGetValue(session.Index, out var steps))
        {
            _open[session.Index] = steps = [];
        }

        steps.Add(facts with { SettledUsd = usd });
    }

    /// <summary>One outcome, however many calls it took: each has its share of it.</summary>
    public void Reward(SessionScript session, double reward, DateTimeOffset at)
    {
        _open.Remove(session.Index, out var steps);
        foreach (var step in steps!)
        {
            Apply(sequence => new RewardedEvent
            {
                Sequence = sequence, At = at, Decision = step, Reward = reward, PreviousReward = null, Weight = 1.0 / steps.Count,
            });
        }
    }

    private DecisionRequest Request(SessionScript session, int t)
    {
        var turn = session.Turns[t];
        var seen = _strategy == SessionStrategy.CacheAware ? turn.Question.RecentFeatures : turn.Question.Features;
        return new DecisionRequest
        {
            Features = seen with { InputTokens = turn.PromptTokens },
            PinnedArm = _strategy == SessionStrategy.FirstChoice ? _first.GetValueOrDefault(session.Index) : null,
            Conversation = new ConversationTurn
            {
                Prefix = t == 0 ? 0 : Handle(session, t - 1),
                Whole = Handle(session, t),
                PrefixTokens = turn.PrefixTokens,
                MarkedTokens = turn.PromptTokens,
                Hold = turn.IsToolResult ? ConversationHold.ToolResult : ConversationHold.None,
            },
        };
    }

    private static ulong Handle(SessionScript session, int turn) => CounterRandom.Bits((ulong)session.Index + 1, (ulong)turn) | 1;

    private void Apply(Func<long, TenantEvent> happened) => _state.Apply(happened(_state.AppliedSequence + 1));
}
