using System.Diagnostics;
using MetaLlm.Cli.Replay.Datasets;
using MetaLlm.Cli.Replay.Streams;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Cli.Replay.Playing;

/// <summary>
/// Plays streams to the product itself: a tenant's state that decides, settles the recorded cost and learns from the reward
/// of the chosen arm alone. Safe for concurrent use: every run has a state of its own.
/// </summary>
/// <param name="dataset">The recorded outcomes.</param>
/// <param name="features">What is known of the queries.</param>
/// <param name="options">Seeds, context parts and what happens to feedback.</param>
internal sealed class PolicyPlayer(ReplayDataset dataset, FeatureTable features, ReplayOptions options)
{
    private const string Tenant = "replay";

    // Requests come one a second, so that windows of time mean something and runs do not depend on the clock.
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    /// <summary>Plays one seed.</summary>
    /// <param name="policy">Name of a registered policy.</param>
    /// <param name="tradeOff">Its trade-off.</param>
    /// <param name="stream">The rows.</param>
    /// <param name="seed">Seed of the tenant and of what happens to feedback.</param>
    /// <param name="cancellationToken">Cancels between requests.</param>
    public SeedOutcome Play(string policy, TradeOff tradeOff, ReplayStream stream, int seed, CancellationToken cancellationToken)
    {
        var state = TenantState.Create(Tenant, features.ModelId, features.Reduction);
        long sequence = 0;
        state.Apply(new ConfiguredEvent { Sequence = ++sequence, At = Start, Configuration = Configure(dataset, options, policy, tradeOff, seed) });
        if (stream.Train.Length > 0)
        {
            state.WarmStart([.. stream.Train.Select(WarmStartQuery)]);
        }

        var armIndex = dataset.Arms.Select((arm, i) => (arm.Id, i)).ToDictionary(a => a.Id, a => a.i, StringComparer.Ordinal);
        var channel = new FeedbackChannel(options, seed);
        var requests = stream.Requests;
        var choices = new int[requests.Length];
        var decideMicros = new double[requests.Length];
        var updateMicros = new List<double>(requests.Length);
        for (var t = 0; t < requests.Length; t++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var at = Start.AddSeconds(t);
            var input = new DecideInput { Features = features.Queries[requests[t]], At = at };
            var begin = Stopwatch.GetTimestamp();
            var decision = state.Decide(input);
            decideMicros[t] = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
            state.Apply(decision);

            var arm = choices[t] = armIndex[decision.ChosenArm];
            var row = dataset.Rows[requests[t]];
            var facts = Facts(decision);
            state.Apply(new SettledEvent
            {
                Sequence = ++sequence,
                At = at,
                Decision = facts,
                Outcome = CallOutcome.Completed,
                Usage = row.Usage[arm],
                CostUsd = row.CostUsd[arm],
                LatencySeconds = row.LatencySeconds[arm],
            });
            channel.Send(t, facts with { SettledUsd = row.CostUsd[arm] }, row.Score[arm]);
            foreach (var feedback in channel.Receive(t))
            {
                var rewarded = new RewardedEvent
                {
                    Sequence = ++sequence,
                    At = at,
                    Decision = feedback.Decision,
                    Reward = feedback.Reward,
                    PreviousReward = null,
                };
                begin = Stopwatch.GetTimestamp();
                state.Apply(rewarded);
                updateMicros.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
            }
        }

        return Scored(stream, choices) with
        {
            DecideMicros = decideMicros,
            UpdateMicros = [.. updateMicros],
            StateHash = state.Report().StateHash,
        };
    }

    /// <summary>Plays one seed as one who knows every outcome.</summary>
    public SeedOutcome PlayOracle(TradeOff tradeOff, ReplayStream stream) =>
        Scored(stream, [.. new int[stream.BurnIn], .. OracleChooser.Choose(dataset, stream.Scored, tradeOff)]);

    private SeedOutcome Scored(ReplayStream stream, int[] choices)
    {
        var rows = stream.Scored.ToArray();
        var scored = choices[stream.BurnIn..];
        return new SeedOutcome
        {
            Rows = rows,
            Choices = scored,
            Rewards = [.. rows.Zip(scored, (row, arm) => dataset.Rows[row].Score[arm])],
            CostUsd = [.. rows.Zip(scored, (row, arm) => dataset.Rows[row].CostUsd[arm])],
        };
    }

    /// <summary>The tenant's configuration for one run.</summary>
    /// <param name="dataset">Gives the arms.</param>
    /// <param name="options">Give the parts of the context.</param>
    /// <param name="policy">Name of the policy.</param>
    /// <param name="tradeOff">Its trade-off.</param>
    /// <param name="seed">The seed.</param>
    public static TenantConfiguration Configure(
        ReplayDataset dataset, ReplayOptions options, string policy, TradeOff tradeOff, int seed) => new()
    {
        Arms = dataset.Arms,
        Policy = policy,
        Seed = (ulong)seed,
        PriceWeight = tradeOff.PriceWeight,
        UsdPerRequest = tradeOff.Budget,
        Parts = options.Features,
    };

    private WarmStartQuery WarmStartQuery(int index)
    {
        var row = dataset.Rows[index];
        return new WarmStartQuery(features.Queries[index], row.Score, row.Usage, row.CostUsd, row.LatencySeconds);
    }

    private static DecisionFacts Facts(DecisionRecord decision) => new()
    {
        DecisionId = decision.DecisionId,
        Ordinal = decision.Ordinal,
        ServedArm = decision.ChosenArm,
        FeatureSchema = decision.FeatureSchema,
        Context = decision.Context,
        Propensity = decision.Propensity,
        ReservedUsd = decision.ReservedUsd,
        Pinned = decision.Pinned,
        At = decision.At,
    };
}
