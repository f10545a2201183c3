using MetaLlm.Core.Arms;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Sessions;

/// <summary>Plays sessions, many at a time, to the product itself: a tenant's state that decides, settles and learns from how each question ends.</summary>
/// <param name="world">The world.</param>
/// <param name="goal">What is asked of routing.</param>
/// <param name="seed">Seed of the tenant.</param>
internal sealed class SessionPlayer(SessionWorld world, SessionGoal goal, int seed)
{
    private const string Tenant = "sessions";
    private const string Model = "simulated";

    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    /// <summary>Plays sessions.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="strategy">How models are chosen.</param>
    /// <param name="cancellationToken">Cancels between turns.</param>
    public SessionOutcome Play(IReadOnlyList<SessionScript> sessions, SessionStrategy strategy, CancellationToken cancellationToken)
    {
        var tenant = new TenantLog(TenantState.Create(Tenant, Model, Reduction()));
        tenant.Apply(sequence => new ConfiguredEvent { Sequence = sequence, At = Start, Configuration = Configure(strategy) });
        var (caches, models) = (new SessionCaches(world), world.Models.Select((model, i) => (model.Id, i)).ToDictionary(p => p.Id, p => p.i, StringComparer.Ordinal));
        var (cost, successes, last) = (new double[sessions.Count], new double[sessions.Count], new int[sessions.Count]);
        var open = sessions.Select(_ => new List<(DecisionFacts Facts, int Model)>()).ToArray();
        var (switches, unsafeSwitches, input, cached, served) = (0, 0, 0.0, 0.0, new int[world.Models.Count]);
        var due = new PriorityQueue<(SessionScript Session, int Turn), (double Seconds, int Session)>();
        foreach (var session in sessions)
        {
            due.Enqueue((session, 0), (session.StartSeconds, session.Index));
        }

        while (due.TryDequeue(out var next, out var when))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ((session, t), at) = (next, Start.AddSeconds(when.Seconds));
            var turn = session.Turns[t];
            var request = Request(session, t, strategy == SessionStrategy.CacheAware, strategy == SessionStrategy.FirstChoice && t > 0 ? world.Models[last[session.Index]].Id : null);
            var decision = tenant.State.Decide(request, at);
            tenant.State.Apply(decision);
            var model = models[decision.ChosenArm];
            var usage = caches.Serve(model, session, turn, when.Seconds);
            var usd = world.Models[model].Cost(usage);
            open[session.Index].Add((tenant.Settle(decision, usage, usd, at), model));
            if (turn.EndsQuestion)
            {
                var succeeded = turn.Luck < open[session.Index].Average(step => world.Models[step.Model].Success[(int)turn.Kind]);
                successes[session.Index] += succeeded ? 1 : 0;
                tenant.Reward([.. open[session.Index].Select(step => step.Facts)], succeeded ? 1 : 0, at);
                open[session.Index].Clear();
            }

            var switched = t > 0 && last[session.Index] != model;
            switches += switched ? 1 : 0;
            unsafeSwitches += switched && turn.IsToolResult ? 1 : 0;
            (input, cached) = (input + usage.Input, cached + usage.CachedInput);
            (cost[session.Index], last[session.Index]) = (cost[session.Index] + usd, model);
            served[model]++;
            if (t + 1 < session.Turns.Count)
            {
                due.Enqueue((session, t + 1), (when.Seconds + session.Turns[t + 1].GapSeconds, session.Index));
            }
        }

        return new SessionOutcome
        {
            Strategy = strategy,
            CostUsd = cost,
            Successes = successes,
            Questions = [.. sessions.Select(session => (double)session.Turns.Count(turn => turn.EndsQuestion))],
            Switches = switches,
            UnsafeSwitches = unsafeSwitches,
            CachedShare = cached / input,
            Served = served,
            StateHash = tenant.State.Report().StateHash,
        };
    }

    private TenantConfiguration Configure(SessionStrategy strategy) => goal.Of(new TenantConfiguration
    {
        Arms = [.. world.Models.Select(model => model.ToArm(world.AnswerTokens))],
        Seed = (ulong)seed,
        Parts = ContextParts.Embedding,
        Conversations = strategy == SessionStrategy.CacheAware ? new ConversationSettings() : null,
    });

    private static DecisionRequest Request(SessionScript session, int t, bool follows, string? pinned)
    {
        var turn = session.Turns[t];
        return new DecisionRequest
        {
            Features = new QueryFeatures(new float[StructuralFeatures.Count], follows ? turn.RecentFeatures : turn.Features, null, turn.PromptTokens),
            PinnedArm = pinned,
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

    private static LinearReduction Reduction()
    {
        const int Length = SessionScript.FeatureCount;
        var rows = new float[Length * Length];
        for (var i = 0; i < Length; i++)
        {
            rows[(i * Length) + i] = 1;
        }

        return new LinearReduction(Model, Length, rows, new float[Length], 1);
    }

    // The tenant as a host sees it: numbered events go in.
    private sealed class TenantLog(TenantState state)
    {
        public TenantState State { get; } = state;

        public void Apply(Func<long, TenantEvent> happened) => State.Apply(happened(State.AppliedSequence + 1));

        public DecisionFacts Settle(DecisionRecord decision, TokenUsage usage, double usd, DateTimeOffset at)
        {
            var facts = DecisionFacts.Of(decision);
            Apply(sequence => new SettledEvent
            {
                Sequence = sequence, At = at, Decision = facts, Outcome = CallOutcome.Completed, Usage = usage, CostUsd = usd, LatencySeconds = double.NaN,
            });
            return facts with { SettledUsd = usd };
        }

        // One outcome, however many calls it took: each has its share of it.
        public void Reward(IReadOnlyList<DecisionFacts> steps, double reward, DateTimeOffset at)
        {
            foreach (var step in steps)
            {
                Apply(sequence => new RewardedEvent
                {
                    Sequence = sequence, At = at, Decision = step, Reward = reward, PreviousReward = null, Weight = 1.0 / steps.Count,
                });
            }
        }
    }
}
