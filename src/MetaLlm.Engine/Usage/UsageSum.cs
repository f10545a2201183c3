namespace MetaLlm.Engine.Usage;

/// <summary>What the decisions of a time had used and earned, as far as it is known now.</summary>
[GenerateSerializer, Immutable, Alias("metallm.usage-sum")]
public sealed record UsageSum
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>When the time begins, UTC; the begin of the span where the sum is over all of it.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The model, task or key.</summary>
    [Id(2)]
    public required string Group { get; init; }

    /// <summary>Decisions.</summary>
    [Id(3)]
    public long Requests { get; init; }

    /// <summary>Decisions whose call has ended.</summary>
    [Id(4)]
    public long Settled { get; init; }

    /// <summary>Attempts that gave no answer.</summary>
    [Id(5)]
    public long FailedAttempts { get; init; }

    /// <summary>Prompt tokens of calls that have ended, cached ones among them.</summary>
    [Id(6)]
    public double InputTokens { get; init; }

    /// <summary>Prompt tokens that upstreams had cached.</summary>
    [Id(7)]
    public double CachedInputTokens { get; init; }

    /// <summary>Completion tokens.</summary>
    [Id(8)]
    public double OutputTokens { get; init; }

    /// <summary>What calls cost, USD, those that gave no answer included.</summary>
    [Id(9)]
    public double SpentUsd { get; init; }

    /// <summary>What attempts cost that gave no answer, USD; a part of <see cref="SpentUsd"/>.</summary>
    [Id(10)]
    public double WastedUsd { get; init; }

    /// <summary>Decisions with feedback in force; defaults for feedback that never came do not count.</summary>
    [Id(11)]
    public long Rewards { get; init; }

    /// <summary>Sum of their rewards.</summary>
    [Id(12)]
    public double RewardSum { get; init; }

    /// <summary>Sum of the squares of their rewards.</summary>
    [Id(13)]
    public double RewardSquares { get; init; }

    /// <summary>What decisions were expected to cost beyond the models that looked best, USD, by their propensities: the price of exploration. It counts for the chosen model.</summary>
    [Id(14)]
    public double ExplorationUsd { get; init; }

    /// <summary>Calls whose duration was measured.</summary>
    [Id(15)]
    public long Latencies { get; init; }

    /// <summary>Sum of their durations, seconds.</summary>
    [Id(16)]
    public double LatencySeconds { get; init; }

    /// <summary>Mean reward; null without any.</summary>
    public double? MeanReward => Rewards > 0 ? RewardSum / Rewards : null;

    /// <summary>Sample variance of the rewards; null for fewer than two.</summary>
    public double? RewardVariance => Rewards > 1 ? Math.Max(0, RewardSquares - (RewardSum * RewardSum / Rewards)) / (Rewards - 1) : null;

    /// <summary>Mean duration of a call, seconds; null without any.</summary>
    public double? MeanLatencySeconds => Latencies > 0 ? LatencySeconds / Latencies : null;

    /// <summary>Adds another sum; tenant, time and group stay.</summary>
    /// <param name="other">The other one.</param>
    public UsageSum Plus(UsageSum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with
        {
            Requests = Requests + other.Requests,
            Settled = Settled + other.Settled,
            FailedAttempts = FailedAttempts + other.FailedAttempts,
            InputTokens = InputTokens + other.InputTokens,
            CachedInputTokens = CachedInputTokens + other.CachedInputTokens,
            OutputTokens = OutputTokens + other.OutputTokens,
            SpentUsd = SpentUsd + other.SpentUsd,
            WastedUsd = WastedUsd + other.WastedUsd,
            Rewards = Rewards + other.Rewards,
            RewardSum = RewardSum + other.RewardSum,
            RewardSquares = RewardSquares + other.RewardSquares,
            ExplorationUsd = ExplorationUsd + other.ExplorationUsd,
            Latencies = Latencies + other.Latencies,
            LatencySeconds = LatencySeconds + other.LatencySeconds,
        };
    }
}
