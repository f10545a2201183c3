using System.Diagnostics;
using MetaLlm.Lab.Replay.Cards;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Replay.Playing;

/// <summary>
/// Plays streams to the product itself: a tenant's state that decides, settles the recorded cost and learns from the reward
/// of the chosen arm alone. Arms, prices and health change by the events and inputs of production. Safe for concurrent use:
/// every run has a state of its own.
/// </summary>
/// <param name="world">The recorded outcomes and how they change.</param>
/// <param name="features">What is known of the queries.</param>
/// <param name="options">Seeds, context parts and what happens to feedback.</param>
/// <param name="cards">What is expected of the arms; null for nothing.</param>
internal sealed class PolicyPlayer(ReplayWorld world, FeatureTable features, ReplayOptions options, PlayedCards? cards = null)
{
    // Requests come one a second, so that windows of time mean something and runs do not depend on the clock.
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly Dictionary<string, int> _armIndex =
        world.Arms.Select((arm, i) => (arm.Id, i)).ToDictionary(a => a.Id, a => a.i, StringComparer.Ordinal);

    /// <summary>Plays one seed.</summary>
    /// <param name="policy">Name of a registered policy.</param>
    /// <param name="tradeOff">Its trade-off.</param>
    /// <param name="stream">The rows.</param>
    /// <param name="seed">Seed of the tenant and of what happens to feedback.</param>
    /// <param name="cancellationToken">Cancels between requests.</param>
    public SeedOutcome Play(string policy, TradeOff tradeOff, ReplayStream stream, int seed, CancellationToken cancellationToken)
    {
        var starts = world.Starts(stream);
        var phaseIndex = 0;
        var phase = world.Phases[0];
        var tenant = new PlayedOwners(features, options.Shards);
        IReadOnlyList<Arm> Dress(WorldPhase now) => cards?.Dress(now.Arms, world, stream, world.Phases[0], seed) ?? now.Arms;
        tenant.Configure(Configure(Dress(phase), options, policy, tradeOff, seed), Start);
        if (stream.Train.Length > 0 && cards is null)
        {
            tenant.WarmStart([.. stream.Train.Select(row => WarmStartQuery(row, phase))]);
        }

        var purse = options.ShadowUsd > 0 ? new ShadowPurse(options, features.ModelId, stream.Requests.Length, world.Arms.Count, seed) : null;
        purse?.SetArms(world, phase);
        var channel = new FeedbackChannel(options, seed);
        var requests = stream.Requests;
        var choices = new int[requests.Length];
        var quality = new double[requests.Length];
        var cost = new double[requests.Length];
        var decideMicros = new double[requests.Length];
        var updateMicros = new List<double>(requests.Length);
        for (var t = 0; t < requests.Length; t++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var at = Start.AddSeconds(t);
            while (phaseIndex + 1 < starts.Length && t - stream.BurnIn >= starts[phaseIndex + 1])
            {
                var next = world.Phases[++phaseIndex];
                if (!next.Arms.SequenceEqual(phase.Arms))
                {
                    tenant.Configure(Configure(Dress(next), options, policy, tradeOff, seed), at);
                }

                if (phaseIndex == 1 && stream.Quiz.Length > 0)
                {
                    tenant.Quiz(Quiz(stream, next), at);
                }

                phase = next;
                purse?.SetArms(world, phase);
            }

            tenant.Exchange(at);
            var request = new DecisionRequest { Features = features.Queries[requests[t]], UnhealthyArms = phase.Unhealthy };
            var begin = Stopwatch.GetTimestamp();
            var decision = tenant.Decide(request, at);
            decideMicros[t] = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
            tenant.Apply(decision);

            var arm = choices[t] = _armIndex[decision.ChosenArm];
            var assessment = decision.Arms.First(a => a.ArmId == decision.ChosenArm);
            (quality[t], cost[t]) = (assessment.Quality, assessment.CostUsd);
            var row = phase.Rows[requests[t]];
            var facts = DecisionFacts.Of(decision);
            tenant.Settle(facts, row.Usage[arm], row.CostUsd[arm], row.LatencySeconds[arm], at);
            purse?.Decided(t, decision, features.Queries[requests[t]], row);
            channel.Send(t, facts with { SettledUsd = row.CostUsd[arm] }, row.Score[arm]);
            foreach (var feedback in channel.Receive(t))
            {
                begin = Stopwatch.GetTimestamp();
                tenant.Reward(feedback, at);
                updateMicros.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
                purse?.Rewarded(feedback, phase.Rows[requests[feedback.Decision.Ordinal - 1]], _armIndex[feedback.Decision.ServedArm]);
            }

            if (purse?.Receive(t) is { } evidence)
            {
                tenant.Evidence(evidence, at);
            }
        }

        return Scored(stream, choices[stream.BurnIn..]) with
        {
            PredictedQuality = quality[stream.BurnIn..],
            PredictedCostUsd = cost[stream.BurnIn..],
            DecideMicros = decideMicros,
            UpdateMicros = [.. updateMicros],
            ShadowUsd = purse?.SpentUsd ?? 0,
            ShadowAnswers = purse?.Answers ?? [],
            ShadowRows = purse?.Rows ?? 0,
            StateHash = tenant.StateHash,
        };
    }

    /// <summary>Plays one seed as one who knows every outcome.</summary>
    public SeedOutcome PlayOracle(TradeOff tradeOff, ReplayStream stream)
    {
        var starts = world.Starts(stream);
        var rows = stream.Scored.ToArray();
        var choices = new List<int>(rows.Length);
        for (var p = 0; p < starts.Length; p++)
        {
            var phase = world.Phases[p];
            var end = p + 1 < starts.Length ? starts[p + 1] : rows.Length;
            choices.AddRange(OracleChooser.Choose([.. rows[starts[p]..end].Select(r => phase.Rows[r])], phase.Available, tradeOff));
        }

        return Scored(stream, [.. choices]);
    }

    private SeedOutcome Scored(ReplayStream stream, int[] choices)
    {
        var rows = stream.Scored.ToArray();
        var starts = world.Starts(stream);
        var outcomes = new ReplayRow[rows.Length];
        var best = new double[rows.Length];
        for (var p = 0; p < starts.Length; p++)
        {
            var available = world.Phases[p].Available;
            var end = p + 1 < starts.Length ? starts[p + 1] : rows.Length;
            for (var i = starts[p]; i < end; i++)
            {
                var row = outcomes[i] = world.Phases[p].Rows[rows[i]];
                best[i] = available.Max(a => row.Score[a]);
            }
        }

        return new SeedOutcome
        {
            Rows = rows,
            PhaseStarts = starts,
            Choices = choices,
            Rewards = [.. outcomes.Zip(choices, (row, arm) => row.Score[arm])],
            BestRewards = best,
            CostUsd = [.. outcomes.Zip(choices, (row, arm) => row.CostUsd[arm])],
        };
    }

    /// <summary>The tenant's configuration for one run.</summary>
    /// <param name="arms">The arms with the prices in force.</param>
    /// <param name="options">Give the parts of the context.</param>
    /// <param name="policy">Name of the policy.</param>
    /// <param name="tradeOff">Its trade-off.</param>
    /// <param name="seed">The seed.</param>
    public static TenantConfiguration Configure(
        IReadOnlyList<Arm> arms, ReplayOptions options, string policy, TradeOff tradeOff, int seed) => new()
    {
        Arms = arms,
        Policy = policy,
        Seed = (ulong)seed,
        PriceWeight = tradeOff.PriceWeight,
        UsdPerRequest = tradeOff.Budget,
        Parts = options.Features,
    };

    // Of rows of the warm start every arm's outcome is known; of burnt-in ones the newcomer's alone.
    private QuizSet Quiz(ReplayStream stream, WorldPhase phase)
    {
        var subject = world.Subject!.Value;
        var known = stream.Train.Length > 0;
        return new QuizSet
        {
            ArmId = world.Arms[subject].Id,
            Outcomes = new WarmStartSet
            {
                EmbeddingModelId = features.ModelId,
                ArmIds = [.. phase.Indices.Where(a => known || a == subject).Select(a => world.Arms[a].Id)],
                Rows = [.. stream.Quiz.Select(row => WarmStartQuery(row, phase, [.. phase.Indices.Where(a => known || a == subject)]))],
            },
        };
    }

    private WarmStartQuery WarmStartQuery(int index, WorldPhase phase) => WarmStartQuery(index, phase, phase.Indices);

    private WarmStartQuery WarmStartQuery(int index, WorldPhase phase, IReadOnlyList<int> arms)
    {
        var row = phase.Rows[index];
        T[] Pick<T>(T[] values) => [.. arms.Select(a => values[a])];
        return new WarmStartQuery(features.Queries[index], Pick(row.Score), Pick(row.Usage), Pick(row.CostUsd), Pick(row.LatencySeconds));
    }
}
