using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>What was observed of one arm, without any model.</summary>
internal sealed class ArmCounters
{
    public long Pulls { get; private set; }

    public long Rewards { get; private set; }

    public long Calls { get; private set; }

    public long TimedCalls { get; private set; }

    public double RewardSum { get; private set; }

    public double RewardWeight { get; private set; }

    public double CostSum { get; private set; }

    public double LatencySum { get; private set; }

    public double MeanReward => RewardWeight > 0 ? RewardSum / RewardWeight : double.NaN;

    public double MeanCost => Calls == 0 ? double.NaN : CostSum / Calls;

    public void Chosen() => Pulls++;

    public void Settled(in SettledObservation observation)
    {
        Calls++;
        CostSum += observation.CostUsd;
        if (observation.Complete && double.IsFinite(observation.LatencySeconds))
        {
            TimedCalls++;
            LatencySum += observation.LatencySeconds;
        }
    }

    public void Rewarded(in RewardObservation observation)
    {
        RewardSum += observation.Weight * observation.Reward;
        RewardWeight += observation.Weight;
        if (double.IsNaN(observation.PreviousReward))
        {
            Rewards++;
        }
        else
        {
            RewardSum -= observation.PreviousWeight * observation.PreviousReward;
            RewardWeight -= observation.PreviousWeight;
        }

        if (observation.Weight == 0)
        {
            Rewards--;
            (RewardSum, RewardWeight) = Rewards == 0 ? (0, 0) : (RewardSum, RewardWeight);
        }
    }

    public ArmStatistics Describe() => new(
        Pulls, Rewards, MeanReward, MeanCost, TimedCalls == 0 ? double.NaN : LatencySum / TimedCalls, CostSum);

    /// <summary>The sum of two.</summary>
    public static ArmCounters Sum(ArmCounters one, ArmCounters other) => new()
    {
        Pulls = one.Pulls + other.Pulls,
        Rewards = one.Rewards + other.Rewards,
        Calls = one.Calls + other.Calls,
        TimedCalls = one.TimedCalls + other.TimedCalls,
        RewardSum = one.RewardSum + other.RewardSum,
        RewardWeight = one.RewardWeight + other.RewardWeight,
        CostSum = one.CostSum + other.CostSum,
        LatencySum = one.LatencySum + other.LatencySum,
    };

    public void Write(StateWriter writer)
    {
        writer.Long(Pulls);
        writer.Long(Rewards);
        writer.Long(Calls);
        writer.Long(TimedCalls);
        writer.Double(RewardSum);
        writer.Double(RewardWeight);
        writer.Double(CostSum);
        writer.Double(LatencySum);
    }

    public static ArmCounters Read(ref StateReader reader) => new()
    {
        Pulls = reader.Long(),
        Rewards = reader.Long(),
        Calls = reader.Long(),
        TimedCalls = reader.Long(),
        RewardSum = reader.Double(),
        RewardWeight = reader.Double(),
        CostSum = reader.Double(),
        LatencySum = reader.Double(),
    };
}
