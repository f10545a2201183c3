using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <content>Arms whose rewards cease to agree with predictions.</content>
internal sealed partial class QualityModel
{
    /// <summary>Alarms of drift and returns of earlier hypotheses, since the object was made.</summary>
    public int ChangePoints { get; private set; }

    /// <summary>Whether an arm is not trusted again since its last alarm of drift.</summary>
    public bool Drifts(int arm) => _arms[arm].SinceAlarm >= 0;

    // A reward of weight v varies like a mean of v rewards.
    private void Watch(int arm, ReadOnlySpan<double> x, double reward, double predicted, double quadratic, double weight, bool explored)
    {
        var prior = _arms[arm];
        var error = reward - predicted;
        var spread = (1 / weight) + Math.Max(0, quadratic);
        _residualSquares += error * error / spread;
        _residualCount++;
        if (prior.Former is { } former)
        {
            former.Judge(reward - former.Predict(x), error, 1 / weight, spread, _ordinal);
            if (former.Certain)
            {
                Return(arm, former);
                return;
            }
        }

        if (prior.Drift.Observe(error / (Deviation(prior) * Math.Sqrt(spread))))
        {
            ChangePoints++;
            Distrust(arm);
            prior.SinceAlarm = 0;
            return;
        }

        if (prior.SinceAlarm >= 0 && ++prior.SinceAlarm > RewardsToTrust && !explored)
        {
            Settle(prior);
        }
        else if (prior.Former is null)
        {
            prior.Squares += error * error / spread;
            prior.Count++;
        }
    }

    // How an arm's own rewards scatter: arms differ, and a shift that is large for one is noise for another. Without a warm start it begins as that of all arms.
    private double Deviation(ArmPrior arm)
    {
        var borrowed = arm.Informed || arm.QuizRows > 0 ? 0 : ResidualPriorCount;
        return arm.Former?.DeviationNow
            ?? Math.Sqrt((arm.Squares + (borrowed * _residualSquares / _residualCount)) / (arm.Count + borrowed));
    }

    // Everything that was known of the arm holds again.
    private void Return(int arm, ChangePointHypothesis former)
    {
        ChangePoints++;
        var prior = _arms[arm];
        former.Mean.CopyTo(prior.Mean, 0);
        _matrices.Set(arm, former.Inverse, former.Sum);
        _matrices.Refresh(arm, _scratch);
        prior.Former = null;
        prior.SinceAlarm = -1;
        prior.Drift.Restart();
    }

    // The change has lasted: the arm is what it is now.
    private static void Settle(ArmPrior prior)
    {
        if (prior.Former is { } former)
        {
            prior.Squares = former.DeviationNow * former.DeviationNow * prior.Count;
        }

        prior.SinceAlarm = -1;
        prior.Former = null;
    }

    // What was learned stays as the prior's mean, moved by what the arm has missed it by of late. It counts no more than a new arm's and
    // those rewards: the next ones decide. What the arm was before its first alarm is kept.
    private void Distrust(int arm)
    {
        var prior = _arms[arm];
        var detector = prior.Drift;
        var deviation = Deviation(prior);
        var theta = (double[])prior.Mean.Clone();
        AddTheta(arm, 1, theta);
        if (prior.Former is null)
        {
            var inverse = new double[PackedMatrix.Length(_n)];
            var sum = new double[_n];
            _matrices.Get(arm, inverse, sum);
            prior.Former = new ChangePointHypothesis((double[])prior.Mean.Clone(), (double[])theta.Clone(), inverse, sum, deviation, _ordinal);
        }

        theta.CopyTo(prior.Mean, 0);
        prior.Mean[0] += detector.Shift * deviation;
        _coldPrecision.CopyTo(_scratch, 0);
        _scratch[0] += detector.Run;
        for (var i = 0; i < _n && !Warm; i++)
        {
            // What the pooled estimate will add again.
            prior.Mean[i] -= _coldPrecision[i] / _scratch[i] * _pooled[i];
        }

        _matrices.SetDiagonal(arm, _scratch);
    }
}
