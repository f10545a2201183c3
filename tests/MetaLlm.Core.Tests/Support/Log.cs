using System.Buffers;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Tests.Support;

/// <summary>A tenant with its journal: what a host does, without one.</summary>
internal sealed class Log
{
    public const string Model = "test-embedding-1";
    public const int EmbeddingLength = 8;

    private readonly List<object> _entries = [];

    public Log(TenantConfiguration configuration, string tenant = "acme")
    {
        State = TenantState.Create(tenant, Model, Reduction());
        Event(new ConfiguredEvent { Sequence = 1, At = Clock, Configuration = configuration });
    }

    public TenantState State { get; set; }

    public DateTimeOffset Clock { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<object> Entries => _entries;

    public static LinearReduction Reduction(string id = "identity")
    {
        var rows = new float[4 * EmbeddingLength];
        for (var i = 0; i < 4; i++)
        {
            rows[(i * EmbeddingLength) + i] = 1;
        }

        return new LinearReduction(id, EmbeddingLength, rows, new float[EmbeddingLength], 1);
    }

    public static Arm Arm(string id, double usdPerCall, double priorTokens = 100) => new()
    {
        Id = id,
        Prices = new TokenPrices(0, 0, usdPerCall / priorTokens),
        PriorOutputTokens = priorTokens,
    };

    /// <summary>A query whose features are a function of the key.</summary>
    public static QueryFeatures Query(ulong key, string? task = null)
    {
        var structural = new float[StructuralFeatures.Count];
        for (var j = 0; j < structural.Length; j++)
        {
            structural[j] = (float)(10 * CounterRandom.Uniform(key, (ulong)j));
        }

        var embedding = new float[EmbeddingLength];
        for (var j = 0; j < embedding.Length; j++)
        {
            embedding[j] = (float)((2 * CounterRandom.Uniform(key, (ulong)(100 + j))) - 1);
        }

        return new QueryFeatures(structural, embedding, task, 50);
    }

    public DecisionRecord Decide(QueryFeatures features, Func<DecisionRequest, DecisionRequest>? change = null)
    {
        var request = new DecisionRequest { Features = features };
        var decision = State.Decide(change?.Invoke(request) ?? request, Clock);
        State.Apply(decision);
        _entries.Add(decision);
        return decision;
    }

    public SettledEvent Settle(
        DecisionRecord decision,
        double costUsd,
        double outputTokens = 100,
        double latency = 1,
        CallOutcome outcome = CallOutcome.Completed,
        DecisionFacts? facts = null,
        params FailedAttempt[] attempts)
    {
        var settled = new SettledEvent
        {
            Sequence = State.AppliedSequence + 1,
            At = Clock,
            Decision = facts ?? DecisionFacts.Of(decision),
            Outcome = outcome,
            Usage = new TokenUsage(50, 0, outputTokens),
            CostUsd = costUsd,
            LatencySeconds = latency,
            FailedAttempts = attempts,
        };
        Event(settled);
        return settled;
    }

    /// <summary>Another arm takes over; what was set aside for the arm before stays.</summary>
    /// <returns>What is in force from now on.</returns>
    public DecisionFacts Reroute(DecisionFacts decision, ArmAssessment to)
    {
        var boundUsd = Math.Max(decision.ReservedUsd, decision.BoundUsd) + to.BoundUsd;
        Event(new ReroutedEvent
        {
            Sequence = State.AppliedSequence + 1,
            At = Clock,
            Decision = decision,
            ToArm = to.ArmId,
            ReservedUsd = to.CostUsd,
            BoundUsd = boundUsd,
            Reason = "Timeout",
        });
        return decision with { ServedArm = to.ArmId, ReservedUsd = to.CostUsd, BoundUsd = boundUsd };
    }

    public void Reward(DecisionRecord decision, double reward, double? previous = null) => Event(new RewardedEvent
    {
        Sequence = State.AppliedSequence + 1,
        At = Clock,
        Decision = DecisionFacts.Of(decision),
        Reward = reward,
        PreviousReward = previous,
    });

    public void Configure(TenantConfiguration configuration) => Event(new ConfiguredEvent
    {
        Sequence = State.AppliedSequence + 1,
        At = Clock,
        Configuration = configuration,
    });

    /// <summary>Puts a configuration in force with a policy that learns from all entries before.</summary>
    public void Relearn(TenantConfiguration configuration) => Event(new ConfiguredEvent
    {
        Sequence = State.AppliedSequence + 1,
        At = Clock,
        Configuration = configuration,
        Relearns = true,
    });

    public void Event(TenantEvent tenantEvent)
    {
        Apply(State, tenantEvent, _entries);
        _entries.Add(tenantEvent);
    }

    private static void Apply(TenantState state, TenantEvent tenantEvent, IEnumerable<object> before)
    {
        if (tenantEvent is not ConfiguredEvent { Relearns: true } relearns)
        {
            state.Apply(tenantEvent);
            return;
        }

        state.BeginRelearning(relearns);
        foreach (var entry in before)
        {
            if (entry is DecisionRecord decision)
            {
                state.Relearn(decision);
            }
            else
            {
                state.Relearn((TenantEvent)entry);
            }
        }

        state.EndRelearning(relearns);
    }

    public byte[] Save() => Save(State);

    public static byte[] Save(TenantState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        state.Save(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A fresh state to which everything recorded was applied once more.</summary>
    public TenantState Replay()
    {
        var replayed = TenantState.Create(State.Tenant, Model, Reduction());
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i] is DecisionRecord decision)
            {
                replayed.Apply(decision);
            }
            else
            {
                Apply(replayed, (TenantEvent)_entries[i], _entries[..i]);
            }
        }

        return replayed;
    }

    public TenantState Reload() => TenantState.Load(Save(), State.Tenant, Model, Reduction());
}
