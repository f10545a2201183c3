using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Imputation;

/// <summary>
/// Learns from the rewards that came what those might have been that did not, and checks itself: a fixed share of the rewards that came in time, and every one that came after
/// the feedback window, is predicted before it is learned from. While either mean error is no chance, nothing is imputed.
/// </summary>
internal sealed class RewardImputation
{
    /// <summary>Held-out rewards before anything is imputed.</summary>
    public const int FewestHeldOut = 50;

    /// <summary>Share of the rewards in time that the model is checked with.</summary>
    public const double HeldOutShare = 0.1;

    private const int FewestLate = 20;

    // Of a model that knows less, errors would tell of its ignorance, and of nothing that matters by now.
    private const double LeastWeight = 50;

    private const double LargestBias = 0.05;
    private const double StandardErrors = 2;

    // Decisions are held for two windows: feedback that comes after the first one is what shows whether the silent ones are like the others.
    private const int WindowsHeld = 2;

    // Keeps these draws apart from those that choose arms.
    private const ulong Stream = 0x1A7B_07ED_5EED_0007;

    private readonly AwaitedRewards _awaited = new();
    private readonly RewardModel _model = new();
    private readonly RecentErrors _heldOut = new();
    private readonly RecentErrors _late = new();
    private readonly SortedDictionary<string, CallScales> _scales = new(StringComparer.Ordinal);
    private long _window;
    private ulong _seed;

    /// <summary>Whether predictions may stand in for rewards.</summary>
    public ImputationStatus Status { get; private set; } = ImputationStatus.Learning;

    /// <summary>What is known of the predictions' errors.</summary>
    public ImputationReport Report => new(Status, _heldOut.Mean, _heldOut.Count, _late.Mean, _late.Count);

    /// <summary>A copy of the model that others may use at any time.</summary>
    public RewardPredictor Predictor => new([.. _model.Coefficients], _scales.ToDictionary(StringComparer.Ordinal));

    /// <summary>Sets what comes from the configuration; what was learned of arms that stay is kept.</summary>
    public void Set(TenantConfiguration configuration)
    {
        _window = configuration.MissingReward!.After.Ticks;
        _seed = configuration.Seed;
        foreach (var gone in _scales.Keys.Except(configuration.Arms.Select(a => a.Id), StringComparer.Ordinal).ToList())
        {
            _scales.Remove(gone);
        }

        foreach (var arm in configuration.Arms)
        {
            _scales.TryAdd(arm.Id, default);
        }
    }

    /// <summary>An arm has another id from now on.</summary>
    public void Rename(string from, string to)
    {
        if (_scales.Remove(from, out var scales))
        {
            _scales[to] = scales;
        }
    }

    /// <summary>Takes in a decision.</summary>
    public void Decided(DecisionRecord decision)
    {
        var quality = double.NaN;
        for (var a = 0; a < decision.Arms.Count; a++)
        {
            quality = decision.Arms[a].ArmId == decision.ChosenArm ? decision.Arms[a].Quality : quality;
        }

        _awaited.Add(
            new AwaitedReward { Ordinal = decision.Ordinal, At = decision.At.UtcTicks, Quality = quality, Reward = double.NaN, Epoch = -1 },
            WindowsHeld * _window);
    }

    /// <summary>Takes in that another arm serves a decision, of which no prediction is held: nothing is learned from it.</summary>
    public void Rerouted(long ordinal)
    {
        if (_awaited.Find(ordinal) is >= 0 and var at)
        {
            _awaited.At(at).Quality = double.NaN;
        }
    }

    /// <summary>Takes in how a completed call ended. A reward that came before is learned now.</summary>
    /// <returns>Whether imputation is on from now on; false when it was on before.</returns>
    public bool Completed(SettledEvent settled)
    {
        var known = _scales.TryGetValue(settled.Decision.ServedArm, out var scales);
        var started = false;
        if (known && _awaited.Find(settled.Decision.Ordinal) is >= 0 and var at)
        {
            ref var decision = ref _awaited.At(at);
            (decision.Tokens, decision.Latency) = scales.Score(settled.Usage.Output, settled.LatencySeconds);
            decision.Completed = true;
            started = !double.IsNaN(decision.Reward) && Learn(ref decision, settled.At);
        }

        if (known)
        {
            scales.Observe(settled.Usage.Output, settled.LatencySeconds);
            _scales[settled.Decision.ServedArm] = scales;
        }

        return started;
    }

    /// <summary>Takes in a reward that a client posted.</summary>
    /// <returns>Whether imputation is on from now on; false when it was on before.</returns>
    public bool Rewarded(RewardedEvent rewarded)
    {
        if (_awaited.Find(rewarded.Decision.Ordinal) is not (>= 0 and var at))
        {
            return false;
        }

        ref var decision = ref _awaited.At(at);
        if (decision.Epoch >= 0)
        {
            _heldOut.Correct(decision.Ordinal, decision.Reward - rewarded.Reward);
            _late.Correct(decision.Ordinal, decision.Reward - rewarded.Reward);
            _model.Correct(ref decision, rewarded.Reward, rewarded.Weight);
            return Check();
        }

        (decision.Reward, decision.Weight) = (rewarded.Reward, rewarded.Weight);
        return decision.Completed && Learn(ref decision, rewarded.At);
    }

    /// <summary>Takes in that a client has taken a reward back.</summary>
    /// <returns>Whether imputation is on from now on; false when it was on before.</returns>
    public bool Withdrawn(long ordinal)
    {
        if (_awaited.Find(ordinal) is not (>= 0 and var at))
        {
            return false;
        }

        ref var decision = ref _awaited.At(at);
        if (decision.Epoch >= 0)
        {
            _model.Correct(ref decision, decision.Reward, 0);
            return Check();
        }

        decision.Reward = double.NaN;
        return false;
    }

    /// <summary>Ordinal of the last decision held whose window was over at a time; 0 for none.</summary>
    public long OverBy(DateTimeOffset at) => _awaited.LastUntil(at.UtcTicks - _window);

    public void Write(StateWriter writer)
    {
        writer.Section("imputation");
        writer.Int((int)Status);
        _awaited.Write(writer);
        _model.Write(writer);
        _heldOut.Write(writer);
        _late.Write(writer);
        foreach (var scales in _scales.Values)
        {
            scales.Write(writer);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote, after <see cref="Set"/>.</summary>
    public void Read(ref StateReader reader)
    {
        reader.Expect("imputation");
        Status = (ImputationStatus)reader.Int();
        _awaited.Read(ref reader);
        _model.Read(ref reader);
        _heldOut.Read(ref reader);
        _late.Read(ref reader);
        foreach (var arm in _scales.Keys.ToList())
        {
            _scales[arm] = CallScales.Read(ref reader);
        }
    }

    private static bool IsBiased(RecentErrors errors) =>
        Math.Abs(errors.Mean) > LargestBias && Math.Abs(errors.Mean) > StandardErrors * errors.StandardError;

    private bool Learn(ref AwaitedReward decision, DateTimeOffset at)
    {
        if (double.IsNaN(decision.Quality))
        {
            return false;
        }

        if (_model.Weight < LeastWeight)
        {
            _model.Learn(ref decision);
            return Check();
        }

        if (at.UtcTicks - decision.At > _window)
        {
            _late.Add(decision.Ordinal, _model.Predict(decision) - decision.Reward);
        }
        else if (CounterRandom.Uniform(_seed ^ Stream, (ulong)decision.Ordinal) < HeldOutShare)
        {
            _heldOut.Add(decision.Ordinal, _model.Predict(decision) - decision.Reward);
        }

        _model.Learn(ref decision);
        return Check();
    }

    private bool Check()
    {
        var before = Status;
        Status = _heldOut.Count < FewestHeldOut ? ImputationStatus.Learning
            : IsBiased(_heldOut) || (_late.Count >= FewestLate && IsBiased(_late)) ? ImputationStatus.OffBiased
            : ImputationStatus.On;
        return Status == ImputationStatus.On && before != ImputationStatus.On;
    }
}
