using MetaLlm.Core.Cascades;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Reporting;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Replay.Cascades;

/// <summary>
/// Plays streams to the product's policy with a cascade behind it: the answer of the chosen model is weighed, and another one may take over. Both costs count for the budget. Safe for concurrent use.
/// </summary>
internal sealed class CascadePlayer(ReplayWorld world, FeatureTable features, ReplayOptions options)
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly PolicyPlayer _single = new(world, features, options);
    private readonly SimulatedConfidence _confidence = new(options.Cascade!.Auc);
    private readonly WorldPhase _phase = world.Phases[0];
    private readonly Dictionary<string, int> _armIndex = world.Arms.Select((arm, i) => (arm.Id, i)).ToDictionary(a => a.Id, a => a.i, StringComparer.Ordinal);

    /// <summary>Plays one seed, and single calls at the same spend.</summary>
    public CascadeOutcome Play(string policy, TradeOff tradeOff, ReplayStream stream, int seed, CancellationToken cancellationToken)
    {
        var tenant = new PlayedTenant(features);
        tenant.Configure(PolicyPlayer.Configure(_phase.Arms, options, policy, tradeOff, seed), Start);
        if (stream.Train.Length > 0)
        {
            tenant.WarmStart([.. stream.Train.Select(WarmStartQuery)]);
        }

        var cascade = new Cascade();
        double reward = 0, cost = 0, escalated = 0, brier = 0;
        for (var t = 0; t < stream.Requests.Length; t++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var played = Step(tenant, cascade, stream.Requests[t], seed, Start.AddSeconds(t), (ulong)t);
            if (t >= stream.BurnIn)
            {
                reward += played.Reward;
                cost += played.CostUsd;
                escalated += played.Escalated ? 1 : 0;
                brier += played.SquaredError;
            }
        }

        double n = stream.Scored.Length;
        var single = _single.Play(policy, new TradeOff(cost / n, 0), stream, seed, cancellationToken);
        var references = new SeedReferences([.. stream.Scored.ToArray().Select(row => _phase.Rows[row])], _phase.Available);
        return new CascadeOutcome(
            reward / n, cost / n, escalated / n, single.Rewards.Average(), single.CostUsd.Average(), references.StaticMix.RewardAt(cost / n), brier / n);
    }

    private (double Reward, double CostUsd, bool Escalated, double SquaredError) Step(PlayedTenant tenant, Cascade cascade, int index, int seed, DateTimeOffset at, ulong ordinal)
    {
        var row = _phase.Rows[index];
        var decision = tenant.Decide(new DecisionRequest { Features = features.Queries[index] }, at);
        tenant.Apply(decision);
        var first = _armIndex[decision.ChosenArm];
        var firstQuality = decision.Arms.First(a => a.ArmId == decision.ChosenArm).Quality;
        ArmAssessment[] others = [.. decision.Arms.Where(a => a.ArmId != decision.ChosenArm && a.Exclusion is null)];
        SecondModel[] seconds = [.. others.Select(a => new SecondModel(Math.Clamp(a.Quality, 0, 1), a.CostUsd, 0))];
        var group = $"{decision.ChosenArm}/{features.Queries[index].Task}";
        var signals = _confidence.Of(seed, index, first, row.Score[first]);
        var choice = cascade.Consider(
            group, firstQuality, signals, seconds, new CascadePrices(1, decision.Lambda, 0), CounterRandom.Uniform(RandomStreams.Cascade(seed), ordinal));
        cascade.Considered(group, signals);

        var facts = DecisionFacts.Of(decision);
        var squaredError = Math.Pow(1 - choice.Doubt - row.Score[first], 2);
        var second = choice.Second == CascadeChoice.Keep ? first : _armIndex[others[choice.Second].ArmId];
        var costUsd = row.CostUsd[first] + (second == first ? 0 : row.CostUsd[second]);
        tenant.Settle(facts, row.Usage[first], costUsd, row.LatencySeconds[first], at);

        // Nobody has judged the first answer where another one left: what is thought of it stands for its reward, so that answers in doubt count too.
        var taught = second == first ? row.Score[first] : 1 - choice.Doubt;
        tenant.Reward(new Feedback(facts with { SettledUsd = costUsd }, "cascade", taught, null), at);
        if (second == first)
        {
            cascade.KeptRewarded(group, firstQuality, signals, row.Score[first]);
        }
        else
        {
            cascade.EscalatedRewarded(group, seconds[choice.Second].Quality, signals, row.Score[second]);
        }

        return (row.Score[second], costUsd, second != first, squaredError);
    }

    private WarmStartQuery WarmStartQuery(int index)
    {
        var row = _phase.Rows[index];
        return new WarmStartQuery(features.Queries[index], row.Score, row.Usage, row.CostUsd, row.LatencySeconds);
    }
}
