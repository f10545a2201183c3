using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Means;

/// <summary>Mean reward and cost of one arm.</summary>
internal sealed class ArmMeans
{
    private const double PriorReward = 0.5;

    private double _rewardSum;
    private double _costSum;

    public long Rewards { get; private set; }

    /// <summary>Mean reward; one half before the first.</summary>
    public double Reward => Rewards == 0 ? PriorReward : _rewardSum / Rewards;

    /// <summary>Mean cost of rewarded calls, USD; 0 before the first.</summary>
    public double Cost => Rewards == 0 ? 0 : _costSum / Rewards;

    public void Observe(double reward, double previous, double costUsd)
    {
        if (!double.IsNaN(previous))
        {
            _rewardSum += reward - previous;
            return;
        }

        Rewards++;
        _rewardSum += reward;
        _costSum += costUsd;
    }

    public void Write(StateWriter writer)
    {
        writer.Long(Rewards);
        writer.Double(_rewardSum);
        writer.Double(_costSum);
    }

    public static ArmMeans Read(ref StateReader reader) => new()
    {
        Rewards = reader.Long(),
        _rewardSum = reader.Double(),
        _costSum = reader.Double(),
    };
}
