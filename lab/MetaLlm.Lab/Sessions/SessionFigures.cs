using MetaLlm.Core.Numerics;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Sessions;

/// <summary>Figures of one strategy in one world for one goal, over all seeds; intervals are of 95 %, by resampling sessions.</summary>
/// <param name="World">The world.</param>
/// <param name="Goal">What was asked of routing.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="UsdPerSession">Mean cost of a session.</param>
/// <param name="UsdInterval">Its interval.</param>
/// <param name="Success">Share of questions that were answered well.</param>
/// <param name="SuccessInterval">Its interval.</param>
/// <param name="Saved">What it costs less than deciding each call, as a share.</param>
/// <param name="SavedInterval">Its interval.</param>
/// <param name="Gained">How much more often that is than when each call is decided.</param>
/// <param name="GainedInterval">Its interval.</param>
/// <param name="EqualSuccess">What it costs less at equal success than deciding each call by list prices; null beyond what that reaches.</param>
/// <param name="EqualSuccessBilled">What it costs less at equal success than deciding each call by what bills taught; null beyond what that reaches.</param>
/// <param name="SwitchesPerSession">Changes of the model in a session.</param>
/// <param name="UnsafeSwitches">Changes between a tool's call and its result, in all.</param>
/// <param name="CachedShare">Part of the prompts' tokens that came out of caches.</param>
/// <param name="Served">Share of the calls that each model served, in the order of the world's models.</param>
/// <param name="Seeds">Mean cost of a session and success, by seed.</param>
internal sealed record SessionFigures(
    string World,
    string Goal,
    string Strategy,
    double UsdPerSession,
    double[] UsdInterval,
    double Success,
    double[] SuccessInterval,
    double Saved,
    double[] SavedInterval,
    double Gained,
    double[] GainedInterval,
    SavedShare? EqualSuccess,
    SavedShare? EqualSuccessBilled,
    double SwitchesPerSession,
    int UnsafeSwitches,
    double CachedShare,
    double[] Served,
    CostRewardPoint[] Seeds)
{
    /// <summary>Name of the strategy that decides each call by list prices.</summary>
    public const string PerTurn = "per turn";

    /// <summary>Name of the strategy that decides each call by what bills taught.</summary>
    public const string PerTurnBilled = "per turn, billed";

    private const int Resamples = 1000;

    /// <summary>Computes them.</summary>
    /// <param name="world">The world.</param>
    /// <param name="goal">What was asked of routing.</param>
    /// <param name="outcomes">Outcomes of the strategy, a seed each.</param>
    /// <param name="perTurn">Outcomes of deciding each call, of the same seeds.</param>
    public static SessionFigures Of(string world, SessionGoal goal, IReadOnlyList<SessionOutcome> outcomes, IReadOnlyList<SessionOutcome> perTurn)
    {
        var own = Joined(outcomes);
        var other = Joined(perTurn);
        double[] usd = new double[Resamples], success = new double[Resamples], saved = new double[Resamples], gained = new double[Resamples];
        for (var r = 0; r < Resamples; r++)
        {
            var (mine, theirs) = (default(Sums), default(Sums));
            for (var i = 0; i < own.Length; i++)
            {
                var drawn = (int)(CounterRandom.Uniform((ulong)r + 1, (ulong)i) * own.Length);
                (mine, theirs) = (mine + own[drawn], theirs + other[drawn]);
            }

            (usd[r], success[r], saved[r], gained[r]) = (mine.Usd / own.Length, mine.Success, 1 - (mine.Usd / theirs.Usd), mine.Success - theirs.Success);
        }

        var (all, base0) = (own.Aggregate((a, b) => a + b), other.Aggregate((a, b) => a + b));
        return new SessionFigures(
            world,
            goal.Name,
            NameOf(outcomes[0].Strategy),
            all.Usd / own.Length,
            Interval(usd),
            all.Success,
            Interval(success),
            1 - (all.Usd / base0.Usd),
            Interval(saved),
            all.Success - base0.Success,
            Interval(gained),
            null,
            null,
            outcomes.Sum(o => (double)o.Switches) / own.Length,
            outcomes.Sum(o => o.UnsafeSwitches),
            outcomes.Average(o => o.CachedShare),
            [.. outcomes[0].Served.Select((_, model) => outcomes.Sum(o => o.Served[model]) / outcomes.Sum(o => (double)o.Served.Sum()))],
            [.. outcomes.Select(o => new CostRewardPoint(o.CostUsd.Average(), o.Successes.Sum() / o.Questions.Sum()))]);
    }

    /// <summary>Compares with what deciding each call costs, over all goals, for as many questions answered well.</summary>
    /// <param name="all">Figures of all strategies in the same world.</param>
    public SessionFigures Against(IEnumerable<SessionFigures> all)
    {
        var byStrategy = all.ToLookup(f => f.Strategy);
        return this with { EqualSuccess = Against([.. byStrategy[PerTurn]]), EqualSuccessBilled = Against([.. byStrategy[PerTurnBilled]]) };
    }

    private SavedShare? Against(SessionFigures[] reference)
    {
        if (SavedBeside(new CostRewardPoint(UsdPerSession, Success), reference.Select(f => new CostRewardPoint(f.UsdPerSession, f.Success))) is not { } saved)
        {
            return null;
        }

        double[] seeds = [.. Seeds.Select((point, seed) => SavedBeside(point, reference.Select(f => f.Seeds[seed]))).OfType<double>()];
        return new SavedShare(saved, seeds.Length > 0 ? seeds.Min() : double.NaN, seeds.Length > 0 ? seeds.Max() : double.NaN);
    }

    // Where even the cheapest mix answers more questions well, that is what they would cost: there is nothing cheaper to be had.
    private static double? SavedBeside(CostRewardPoint point, IEnumerable<CostRewardPoint> reference)
    {
        var corners = new UpperConcaveHull(reference).Vertices;
        if (point.Reward > corners[^1].Reward)
        {
            return null;
        }

        var above = 0;
        while (corners[above].Reward < point.Reward)
        {
            above++;
        }

        if (above == 0)
        {
            return 1 - (point.Cost / corners[0].Cost);
        }

        var (low, high) = (corners[above - 1], corners[above]);
        return 1 - (point.Cost / (low.Cost + ((high.Cost - low.Cost) * (point.Reward - low.Reward) / (high.Reward - low.Reward))));
    }

    private static string NameOf(SessionStrategy strategy) => strategy switch
    {
        SessionStrategy.PerTurn => PerTurn,
        SessionStrategy.PerTurnBilled => PerTurnBilled,
        SessionStrategy.FirstChoice => "first choice",
        SessionStrategy.CacheAware => "cache-aware",
        SessionStrategy.TopicsKnown => "topics known",
        _ => "outcomes known",
    };

    private static Sums[] Joined(IReadOnlyList<SessionOutcome> outcomes) =>
        [.. outcomes.SelectMany(o => o.CostUsd.Select((usd, i) => new Sums(usd, o.Successes[i], o.Questions[i])))];

    private static double[] Interval(double[] values) => Percentile.Of(values, 0.025, 0.975);

    private readonly record struct Sums(double Usd, double Succeeded, double Questions)
    {
        public double Success => Succeeded / Questions;

        public static Sums operator +(Sums a, Sums b) => new(a.Usd + b.Usd, a.Succeeded + b.Succeeded, a.Questions + b.Questions);
    }
}
