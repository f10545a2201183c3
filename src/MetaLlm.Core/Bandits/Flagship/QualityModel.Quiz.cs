using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <content>Onboarding of an arm by a quiz: what a few dozen answers tell, given what is known of the other arms.</content>
internal sealed partial class QualityModel
{
    // Rows after which an arm needs no first pulls.
    private const double InformingRows = 20;

    // Standard deviations of the prior: an arm's level around the others' mean (at least), how much more or less than the others it depends on how
    // hard a query is, and the share of the other arms' luck with a query that it has too.
    private const double LeastLevelSpread = 0.25;
    private const double DifficultySpread = 0.5;
    private const double HelpSpread = 0.5;

    /// <summary>Share of a newcomer's first pulls that its quizzes leave to it: 1 without one, 0 from 20 rows on.</summary>
    public double Novelty(int arm) => Math.Max(0, 1 - (_arms[arm].QuizRows / InformingRows));

    /// <summary>
    /// Tells an arm's prior from answers to some queries. The arm's belief becomes the prior mean m_a with the precision that the rows add; a first quiz may
    /// move it along the directions in which the others differ, a later one counts as so many rewards. Other arms, and what all share, stay.
    /// </summary>
    /// <param name="arm">The arm that was asked.</param>
    /// <param name="contexts">The queries, at least one.</param>
    /// <param name="rewards">Per query, the reward of every arm; of others NaN where it is not known.</param>
    public void Quiz(int arm, double[][] contexts, double[][] rewards)
    {
        var prior = _arms[arm];
        var thetas = Enumerable.Range(0, _arms.Length).Select(Coefficients).ToArray();
        var inverse = new double[PackedMatrix.Length(_n)];
        _matrices.Get(arm, inverse, _scratch);
        var (directions, deviations) = prior.Informed || prior.QuizRows > 0 ? ([], []) : Directions(arm, thetas, contexts);
        var variance = _residualSquares / _residualCount;
        var identity = new ArmIdentity(
            directions, Array.ConvertAll(deviations, d => d * d / variance), HelpSpread * HelpSpread / variance, inverse, _n);
        for (var i = 0; i < contexts.Length; i++)
        {
            var x = contexts[i];
            identity.Observe(x, rewards[i][arm] - Kernels.Dot(thetas[arm], x), Help(arm, thetas, x, rewards[i]));
        }

        identity.AddTo(thetas[arm]);
        Rest(prior, arm, thetas[arm], identity.Inverse());
        if (!prior.Informed && prior.QuizRows == 0)
        {
            (prior.Squares, prior.Count) = (variance * ResidualPriorCount, ResidualPriorCount);
        }

        prior.Squares += identity.Squares;
        prior.Count += contexts.Length;
        prior.QuizRows += contexts.Length;

        // What the arm is now has been asked: there is no telling from before.
        prior.Former = null;
        prior.SinceAlarm = -1;
        prior.Drift.Restart();
        ChangePoints++;
    }

    // What was learned becomes the prior's mean. In a cold tenant P_a Lambda w is added to it again, and moves on with w.
    private void Rest(ArmPrior prior, int arm, double[] theta, double[] inverse)
    {
        theta.CopyTo(prior.Mean, 0);
        _matrices.Set(arm, inverse);
        if (!Warm)
        {
            PackedMatrix.Multiply(inverse, _shared, _scratch);
            Kernels.MultiplyAdd(_scratch, -1, prior.Mean.AsSpan(0, _n));
        }

        RefreshPooledArms();
    }

    private double[] Coefficients(int arm)
    {
        var theta = (double[])_arms[arm].Mean.Clone();
        AddTheta(arm, 1, theta);
        return theta;
    }

    // The population that the arm comes from: a level; how hard queries are, which is what the others have in common; and each one's own turn from that.
    // All but the level are 0 on the average query of the quiz, so that they tell slopes alone.
    private (double[][] Directions, double[] Deviations) Directions(int arm, double[][] thetas, double[][] contexts)
    {
        var others = thetas.Where((_, a) => a != arm).ToArray();
        var average = new double[_dimension];
        foreach (var x in contexts)
        {
            Kernels.MultiplyAdd(x, 1.0 / contexts.Length, average);
        }

        var common = new double[_dimension];
        foreach (var theta in others)
        {
            Kernels.MultiplyAdd(theta, 1.0 / others.Length, common);
        }

        var level = new double[_dimension];
        level[0] = 1;
        var directions = new List<double[]> { level };
        var mean = Kernels.Dot(common, average);
        var spread = others.Sum(theta => Math.Pow(Kernels.Dot(theta, average) - mean, 2)) / Math.Max(1, others.Length - 1);
        var deviations = new List<double> { Math.Sqrt(Math.Max(spread, LeastLevelSpread * LeastLevelSpread)) };
        if (others.Length > 0)
        {
            directions.Add(Centred(common, average));
            deviations.Add(DifficultySpread);
        }

        foreach (var theta in others.Length > 1 ? others : [])
        {
            var turn = (double[])theta.Clone();
            Kernels.MultiplyAdd(common, -1, turn);
            directions.Add(Centred(turn, average));
            deviations.Add(1 / Math.Sqrt(others.Length - 1));
        }

        return ([.. directions], [.. deviations]);
    }

    private static double[] Centred(double[] theta, double[] average)
    {
        var centred = (double[])theta.Clone();
        centred[0] -= Kernels.Dot(theta, average);
        return centred;
    }

    private static double Help(int arm, double[][] thetas, double[] x, double[] rewards)
    {
        var (sum, known) = (0.0, 0);
        for (var a = 0; a < rewards.Length; a++)
        {
            if (a != arm && double.IsFinite(rewards[a]))
            {
                sum += rewards[a] - Kernels.Dot(thetas[a], x);
                known++;
            }
        }

        return known == 0 ? 0 : sum / known;
    }
}
