using MetaLlm.Core.Numerics;
using MetaLlm.Lab.Statistics;

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
/// <param name="SavedAtEqualSuccess">What it costs less than the best mix of per-call routing over all goals that answers as many questions well, as a share; null beyond what that reaches.</param>
/// <param name="SwitchesPerSession">Changes of the model in a session.</param>
/// <param name="UnsafeSwitches">Changes between a tool's call and its result, in all.</param>
/// <param name="CachedShare">Part of the prompts' tokens that came out of caches.</param>
/// <param name="Served">Share of the calls that each model served, in the order of the world's models.</param>
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
    double? SavedAtEqualSuccess,
    double SwitchesPerSession,
    int UnsafeSwitches,
    double CachedShare,
    double[] Served)
{
    /// <summary>Name of the strategy that decides each call for itself.</summary>
    public const string PerTurn = "per turn";

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
            outcomes[0].Strategy switch { SessionStrategy.PerTurn => PerTurn, SessionStrategy.FirstChoice => "first choice", _ => "cache-aware" },
            all.Usd / own.Length,
            Interval(usd),
            all.Success,
            Interval(success),
            1 - (all.Usd / base0.Usd),
            Interval(saved),
            all.Success - base0.Success,
            Interval(gained),
            null,
            outcomes.Sum(o => (double)o.Switches) / own.Length,
            outcomes.Sum(o => o.UnsafeSwitches),
            outcomes.Average(o => o.CachedShare),
            [.. outcomes[0].Served.Select((_, model) => outcomes.Sum(o => o.Served[model]) / outcomes.Sum(o => (double)o.Served.Sum()))]);
    }

    /// <summary>Compares with what per-call routing costs, over all goals, for as many questions answered well.</summary>
    /// <param name="perTurn">Figures of per-call routing in the same world, one for each goal.</param>
    public SessionFigures Against(IEnumerable<SessionFigures> perTurn)
    {
        var corners = new UpperConcaveHull(perTurn.Select(f => new CostRewardPoint(f.UsdPerSession, f.Success))).Vertices;
        for (var i = 0; i + 1 < corners.Count; i++)
        {
            var (low, high) = (corners[i], corners[i + 1]);
            if (Success >= low.Reward && Success <= high.Reward)
            {
                var usd = low.Cost + ((high.Cost - low.Cost) * (Success - low.Reward) / (high.Reward - low.Reward));
                return this with { SavedAtEqualSuccess = 1 - (UsdPerSession / usd) };
            }
        }

        return this;
    }

    private static Sums[] Joined(IReadOnlyList<SessionOutcome> outcomes) =>
        [.. outcomes.SelectMany(o => o.CostUsd.Select((usd, i) => new Sums(usd, o.Successes[i], o.Questions[i])))];

    private static double[] Interval(double[] values) => Percentile.Of(values, 0.025, 0.975);

    private readonly record struct Sums(double Usd, double Succeeded, double Questions)
    {
        public double Success => Succeeded / Questions;

        public static Sums operator +(Sums a, Sums b) => new(a.Usd + b.Usd, a.Succeeded + b.Succeeded, a.Questions + b.Questions);
    }
}
