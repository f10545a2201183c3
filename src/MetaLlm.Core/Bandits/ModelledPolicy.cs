using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>
/// The part that policies share: arms by index, counters, and models of cost and latency. A policy adds its model of quality and its rule.
/// </summary>
internal abstract class ModelledPolicy : IBanditPolicy
{
    // Left out of states without failures.
    private const string FailuresSection = "failures";

    private readonly double[] _context;
    private readonly TokenModel _tokens;
    private double[] _predicted = [];

    protected ModelledPolicy(PolicySetup setup)
    {
        Setup = setup;
        _context = new double[setup.Dimension];
        _tokens = new TokenModel(setup.Dimension);
    }

    protected PolicySetup Setup { get; }

    protected Arm[] Arms { get; private set; } = [];

    protected ArmCounters[] Counters { get; private set; } = [];

    private LatencyModel[] Latency { get; set; } = [];

    private Reliability[] Failures { get; set; } = [];

    private bool HaveFailed => Array.Exists(Failures, one => !one.IsEmpty);

    protected double Option(string name) => Setup.Options[name];

    public void SetArms(IReadOnlyList<Arm> arms)
    {
        var previous = new int[arms.Count];
        for (var a = 0; a < arms.Count; a++)
        {
            var before = ArmRenames.IdBefore(Arms, arms[a], arms);
            previous[a] = Array.FindIndex(Arms, old => old.Id == before);
        }

        var counters = new ArmCounters[arms.Count];
        var latency = new LatencyModel[arms.Count];
        for (var a = 0; a < arms.Count; a++)
        {
            counters[a] = previous[a] >= 0 ? Counters[previous[a]] : new ArmCounters();
            latency[a] = previous[a] >= 0 ? Latency[previous[a]] : new LatencyModel(arms[a].PriorLatencySeconds, arms[a].PriorOutputTokens);
        }

        Failures = Array.ConvertAll(previous, before => before >= 0 ? Failures[before] : new Reliability());
        _predicted = new double[2 * arms.Count];
        Arms = [.. arms];
        Counters = counters;
        Latency = latency;
        _tokens.SetArms(Arms, previous);
        OnArms(previous);
    }

    public virtual void SetCards(IReadOnlyList<CardPrior?> cards)
    {
    }

    public void WarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        _tokens.WarmStart(rows);
        foreach (var row in rows)
        {
            for (var a = 0; a < Arms.Length; a++)
            {
                if (double.IsFinite(row.LatencySeconds[a]))
                {
                    Latency[a].Observe(row.Usage[a].Output, row.LatencySeconds[a]);
                }
            }
        }

        OnWarmStart(rows);
    }

    public void Quiz(int arm, IReadOnlyList<WarmStartRow> rows)
    {
        OnQuiz(arm, rows);
        _tokens.Quiz(arm, rows);
        foreach (var row in rows)
        {
            if (double.IsFinite(row.LatencySeconds[arm]))
            {
                Latency[arm].Observe(row.Usage[arm].Output, row.LatencySeconds[arm]);
            }
        }
    }

    public virtual int ChangePoints => 0;

    public virtual bool Drifts(int arm) => false;

    public virtual double? SuggestLambda(double usdPerRequest) => null;

    public void Decide(in DecisionQuery query, DecisionScores scores)
    {
        var x = Context(query.Context);
        var shared = _tokens.SharedFactor(x);
        scores.OutputQuantileFactor = _tokens.QuantileFactor;
        for (var a = 0; a < Arms.Length; a++)
        {
            double output;
            if (query.Reuse.IsEmpty)
            {
                scores.CostUsd[a] = _tokens.Predict(a, x, shared, query.InputTokens, query.At, out output);
            }
            else
            {
                (scores.CostUsd[a], scores.WarmCostUsd[a]) = _tokens.Predict(a, x, shared, query, query.Reuse[a], out output);
            }

            scores.OutputTokens[a] = output;
            scores.LatencySeconds[a] = Latency[a].Predict(output);
        }

        Array.Clear(scores.FailureLoss);
        if (!HaveFailed)
        {
            Choose(query, x, scores);
            return;
        }

        // Failures are part of what an arm is worth, not of what a call of it costs: the rule sees both, the prediction stays.
        for (var a = 0; a < Arms.Length; a++)
        {
            var waste = Failures[a].At(query.Ordinal);
            (_predicted[a], _predicted[Arms.Length + a]) = (scores.CostUsd[a], scores.LatencySeconds[a]);
            scores.CostUsd[a] += waste.CostUsd;
            scores.LatencySeconds[a] += waste.Seconds;
            scores.FailureLoss[a] = waste.Quality;
        }

        Choose(query, x, scores);
        _predicted.AsSpan(0, Arms.Length).CopyTo(scores.CostUsd);
        _predicted.AsSpan(Arms.Length).CopyTo(scores.LatencySeconds);
    }

    public void OnChosen(in ChosenObservation observation)
    {
        Counters[observation.Arm].Chosen();
        OnPulled(observation);
    }

    public void OnSettled(in SettledObservation observation)
    {
        var x = Context(observation.Context);
        if (observation.Complete)
        {
            Failures[observation.Arm].Succeeded(observation.Ordinal);
        }

        Counters[observation.Arm].Settled(observation);
        OnCalled(observation, x);
        if (observation.Complete)
        {
            _tokens.Observe(observation.Arm, x, observation.Usage, observation.InputTokens, observation.At, observation.ExpectedCached);
            if (double.IsFinite(observation.LatencySeconds))
            {
                Latency[observation.Arm].Observe(observation.Usage.Output, observation.LatencySeconds);
            }
        }
    }

    public void OnFailed(in FailedObservation observation) => Failures[observation.Arm].Failed(observation, Counters[observation.Arm].Calls);

    public void OnRewarded(in RewardObservation observation)
    {
        if (!double.IsFinite(observation.Reward))
        {
            throw new ArgumentException($"Reward is {observation.Reward}; it must be finite.", nameof(observation));
        }

        var x = Context(observation.Context);
        Counters[observation.Arm].Rewarded(observation);
        Learn(observation, x);
    }

    /// <summary>What was counted of an arm.</summary>
    internal ArmCounters Counted(int arm) => Counters[arm];

    public ArmStatistics Describe(int arm) => Counters[arm].Describe();

    public ArmFailures DescribeFailures(int arm) => Failures[arm].Describe();

    public void Write(StateWriter writer)
    {
        writer.Section("arms");
        writer.Int(Arms.Length);
        for (var a = 0; a < Arms.Length; a++)
        {
            Counters[a].Write(writer);
            Latency[a].Write(writer);
        }

        _tokens.Write(writer);
        WriteModel(writer);
        if (HaveFailed)
        {
            writer.Section(FailuresSection);
            foreach (var arm in Failures)
            {
                arm.Write(writer);
            }
        }
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("arms");
        var arms = reader.Int();
        if (arms != Arms.Length)
        {
            throw new InvalidDataException($"Learned state does not fit: {Arms.Length} arms expected, {arms} found.");
        }

        for (var a = 0; a < arms; a++)
        {
            Counters[a] = ArmCounters.Read(ref reader);
            Latency[a].Read(ref reader);
        }

        _tokens.Read(ref reader);
        ReadModel(ref reader);
        Failures = Array.ConvertAll(Failures, _ => new Reliability());
        if (reader.TryExpect(FailuresSection))
        {
            foreach (var arm in Failures)
            {
                arm.Read(ref reader);
            }
        }
    }

    /// <summary>Predicted cost of an arm for a warm-start row, USD.</summary>
    protected double PredictCost(int arm, ReadOnlySpan<double> x, double inputTokens) => _tokens.Predict(arm, x, inputTokens, out _);

    /// <summary>Factor at most 1: how much cheaper than predicted an arm may well be that was never called.</summary>
    protected double CostOptimism(int arm) => _tokens.Optimism(arm);

    /// <summary>Fills quality, score, greedy arm and propensities; costs and latencies are there already.</summary>
    protected abstract void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores);

    /// <summary>Learns from a reward.</summary>
    protected abstract void Learn(in RewardObservation observation, ReadOnlySpan<double> x);

    /// <summary>An arm was chosen; the counters have it already.</summary>
    protected virtual void OnPulled(in ChosenObservation observation)
    {
    }

    /// <summary>A call has ended; the models of cost and latency learn from it next.</summary>
    protected virtual void OnCalled(in SettledObservation observation, ReadOnlySpan<double> x)
    {
    }

    /// <summary>The arms were replaced: per new index, the index it had before, or -1.</summary>
    protected abstract void OnArms(ReadOnlySpan<int> previous);

    protected abstract void OnWarmStart(IReadOnlyList<WarmStartRow> rows);

    /// <summary>Learns an arm's quality from a quiz; cost and latency are learned elsewhere. By default each row is a reward of a certain choice.</summary>
    protected virtual void OnQuiz(int arm, IReadOnlyList<WarmStartRow> rows)
    {
        foreach (var row in rows)
        {
            Learn(
                new RewardObservation
                {
                    Arm = arm,
                    Context = row.Context,
                    Reward = row.Rewards[arm],
                    PreviousReward = double.NaN,
                    CostUsd = row.CostUsd[arm],
                    Propensity = 1,
                },
                Context(row.Context));
        }
    }

    protected abstract void WriteModel(StateWriter writer);

    protected abstract void ReadModel(ref StateReader reader);

    private ReadOnlySpan<double> Context(ReadOnlySpan<float> context)
    {
        if (context.Length != _context.Length)
        {
            throw new ArgumentException($"The context has {context.Length} entries; the policy's dimension is {_context.Length}.", nameof(context));
        }

        for (var i = 0; i < _context.Length; i++)
        {
            _context[i] = context[i];
        }

        return _context;
    }
}
