using MetaLlm.Core.Bandits.Linear;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.MixLlm;

/// <summary>
/// MixLLM (arXiv 2502.18482): tag-enhanced queries, one quality and one length predictor an arm, and a meta decision maker that weighs quality against
/// cost by willingness to pay, adds uncertainty and subtracts a penalty for waiting. Refined feedback (a number) refits the predictors; binary
/// feedback leaves them as they are and trains a feedback network that is trusted the more, the more often an arm was judged.
/// </summary>
internal sealed class MixLlmPolicy : PricedPolicy
{
    private const double PriorQuality = 0.5;
    private const double LargestPenaltyExponent = 10;

    private readonly double _uncertainty;
    private readonly double _penalty;
    private readonly double _limit;
    private readonly double _ridge;
    private readonly bool _binary;
    private readonly double _satisfied;
    private readonly double _rate;
    private readonly DomainTags _tags;
    private readonly FeedbackNetwork _feedback;
    private readonly double[] _scratch;
    private RidgeArm[] _arms = [];
    private double[] _judged = [];

    private MixLlmPolicy(PolicySetup setup)
        : base(setup)
    {
        _uncertainty = Option("uncertainty");
        _penalty = Option("penalty");
        _limit = Option("waitingLimit");
        _ridge = Option("ridge");
        _binary = Option("binary") >= 0.5;
        _satisfied = Option("satisfied");
        _rate = Option("feedbackRate");
        _tags = new DomainTags(setup, (int)Option("domains"), Option("tagPull"));
        _feedback = new FeedbackNetwork(setup.Dimension);
        _scratch = new double[setup.Dimension];
    }

    public static PolicyDescriptor Descriptor { get; } = new(
        "mixllm",
        1,
        "MixLLM: tag-enhanced queries, quality and length predictors, meta decision maker, refined or binary feedback (arXiv 2502.18482).",
        [
            new("uncertainty", 0.01, 0, 100, "alpha: weight of e' A^-1 e in the meta decision."),
            new("penalty", 0.1, 0, 100, "beta: weight of exp(seconds - waitingLimit)."),
            new("waitingLimit", 30, 0, 86400, "tau: seconds of waiting beyond which an answer is worth little."),
            new("ridge", 10, 1e-6, 1e6, "Ridge of the quality predictors."),
            new("domains", 20, 1, 64, "Domains that untagged traffic is clustered into; whole."),
            new("tagPull", 0.3, 0, 1, "Share of the way that a query's vector is pulled to its domain's centroid."),
            new("binary", 0, 0, 1, "0: refined feedback refits the predictors; 1: binary feedback trains the feedback network."),
            new("satisfied", 0.7, 0, 1, "Reward above which binary feedback counts as satisfied."),
            new("feedbackRate", 0.01, 0, 1, "eta_3: step of the policy gradient."),
        ],
        setup => new MixLlmPolicy(setup));

    protected override void Predict(ReadOnlySpan<double> x, Span<double> quality, Span<double> deviation)
    {
        var e = _tags.Enhance(x);
        if (_binary)
        {
            _feedback.Forward(e);
        }

        for (var a = 0; a < _arms.Length; a++)
        {
            var variance = _arms[a].Variance(e);
            quality[a] = _arms[a].Reward(e);
            deviation[a] = Math.Sqrt(variance);
            if (_binary)
            {
                // kappa weighs by inverse variance: 1 / (1 + n) for n judgements, e' A^-1 e for the predictor.
                var trust = variance * (1 + _judged[a]) / (1 + (variance * (1 + _judged[a])));
                quality[a] += trust * _feedback.Score(a);
            }
        }
    }

    protected override void Choose(in DecisionQuery query, ReadOnlySpan<double> x, DecisionScores scores)
    {
        Predict(x, scores.Quality, scores.QualityDeviation);
        var mostExpensive = 0.0;
        for (var a = 0; a < _arms.Length; a++)
        {
            mostExpensive = query.Feasible[a] ? Math.Max(mostExpensive, scores.CostUsd[a]) : mostExpensive;
        }

        // With willingness to pay w = quality weight / (lambda * most expensive): w / (1 + w) q - 1 / (1 + w) c / most expensive.
        var unit = query.QualityWeight + (query.Lambda * mostExpensive);
        for (var a = 0; a < _arms.Length; a++)
        {
            var trade = (query.QualityWeight * scores.Quality[a]) - (query.Lambda * scores.CostUsd[a]) - (query.LatencyWeight * scores.LatencySeconds[a]);
            var waiting = Math.Exp(Math.Min(LargestPenaltyExponent, scores.LatencySeconds[a] - _limit));
            scores.Score[a] = query.Feasible[a]
                ? (trade / unit) + (_uncertainty * scores.QualityDeviation[a] * scores.QualityDeviation[a]) - (_penalty * waiting)
                : double.NegativeInfinity;
        }

        scores.Greedy = Choice.Best(query.Feasible, scores.Score, scores.CostUsd, _arms.Length);
        Choice.Certain(scores.Greedy, scores);
    }

    protected override void OnCalled(in SettledObservation observation, ReadOnlySpan<double> x) => _tags.Observe(x);

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        var e = _tags.Enhance(x);
        var arm = _arms[observation.Arm];
        var first = double.IsNaN(observation.PreviousReward);
        if (_binary)
        {
            LearnBinary(observation, e, first);
        }
        else if (first)
        {
            arm.Observe(e, observation.Reward, _scratch);
        }
        else
        {
            arm.Correct(e, observation.Reward - observation.PreviousReward);
        }
    }

    protected override void OnArms(ReadOnlySpan<int> previous)
    {
        var arms = new RidgeArm[previous.Length];
        var judged = new double[previous.Length];
        var prior = new double[Setup.Dimension];
        prior[0] = PriorQuality;
        for (var a = 0; a < arms.Length; a++)
        {
            arms[a] = previous[a] >= 0 ? _arms[previous[a]] : new RidgeArm(prior, _ridge);
            judged[a] = previous[a] >= 0 ? _judged[previous[a]] : 0;
        }

        (_arms, _judged) = (arms, judged);
        _feedback.SetArms(previous);
    }

    // Domains first: predictors are to be fitted to what queries will look like.
    protected override void Fit(IReadOnlyList<WarmStartRow> rows, double[][] contexts)
    {
        foreach (var x in contexts)
        {
            _tags.Observe(x);
        }

        for (var i = 0; i < rows.Count; i++)
        {
            var e = _tags.Enhance(contexts[i]);
            for (var a = 0; a < _arms.Length; a++)
            {
                _arms[a].Observe(e, rows[i].Rewards[a], _scratch);
            }
        }
    }

    protected override void WriteQuality(StateWriter writer)
    {
        _tags.Write(writer);
        _feedback.Write(writer);
        writer.Doubles(_judged);
        foreach (var arm in _arms)
        {
            arm.Write(writer);
        }
    }

    protected override void ReadQuality(ref StateReader reader)
    {
        _tags.Read(ref reader);
        _feedback.Read(ref reader);
        reader.Doubles(_judged.AsSpan());
        foreach (var arm in _arms)
        {
            arm.Read(ref reader);
        }
    }

    private void LearnBinary(in RewardObservation observation, ReadOnlySpan<double> e, bool first)
    {
        var verdict = observation.Reward > _satisfied ? 1 : 0;
        if (first)
        {
            // The context counts as seen; the prediction as its reward leaves the predictor where it is.
            var arm = _arms[observation.Arm];
            arm.Observe(e, arm.Reward(e), _scratch);
            _judged[observation.Arm]++;
            _feedback.Learn(e, observation.Arm, verdict, _rate);
        }
        else
        {
            _feedback.Correct(e, observation.Arm, verdict - (observation.PreviousReward > _satisfied ? 1 : 0), _rate);
        }
    }
}
