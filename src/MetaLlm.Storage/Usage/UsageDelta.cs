namespace MetaLlm.Storage.Usage;

/// <summary>What is to be added to a sum, or what a sum holds.</summary>
internal sealed class UsageDelta
{
    public long Key { get; set; }

    public string Tenant { get; set; } = "";

    public short Dimension { get; set; }

    public long Hour { get; set; }

    public string Name { get; set; } = "";

    public long Requests { get; set; }

    public long Settled { get; set; }

    public long FailedAttempts { get; set; }

    public double InputTokens { get; set; }

    public double CachedTokens { get; set; }

    public double OutputTokens { get; set; }

    public double SpentUsd { get; set; }

    public double WastedUsd { get; set; }

    public long Rewards { get; set; }

    public double RewardSum { get; set; }

    public double RewardSquares { get; set; }

    public double ExplorationUsd { get; set; }

    public long Latencies { get; set; }

    public double LatencySeconds { get; set; }

    public long FirstOrdinal { get; set; } = long.MaxValue;

    public long LastOrdinal { get; set; }

    /// <summary>Takes a reward in, or out.</summary>
    public void Reward(double reward, int times)
    {
        Rewards += times;
        RewardSum += times * reward;
        RewardSquares += times * reward * reward;
    }
}
