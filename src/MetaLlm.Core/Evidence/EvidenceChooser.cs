using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Evidence;

/// <summary>
/// Decides, within a purse, which other models are asked a query that one has served. docs/math/evidence.md states the rule. Not safe for concurrent use.
/// </summary>
/// <remarks>It learns nothing from rewards itself: that shows in the predictions that it is given.</remarks>
public sealed class EvidenceChooser
{
    // What is not known of an arm before any answer, as the standard deviation of its quality at a query; and after how many answers half of that variance is gone.
    private const double FirstDeviation = 0.12;
    private const double HalvingAnswers = 10;

    // How fast contention follows the latest queries.
    private const double Memory = 50;

    // What is known early serves longest: a purse is not spread over more than this share of the requests.
    private const double EarlyShare = 0.25;
    private const double FewestRows = 30;
    private const double LeastContention = 1e-3;
    private const int Halvings = 40;
    private const double LeastScale = 1e-12;
    private const double LargestScale = 1e12;

    private EvidenceSettings _settings;
    private double[] _answers = [];
    private double[] _told = [];
    private double[] _contention = [];
    private double[] _cost = [];
    private double[] _paid = [];
    private double[] _expected = [];
    private double[] _overlap = [];
    private double[] _target = [];
    private long _seen;

    /// <summary>Opens a purse.</summary>
    /// <param name="settings">What it holds and is for.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public EvidenceChooser(EvidenceSettings settings)
    {
        _settings = Checked(settings);
    }

    /// <summary>What was spent, USD; never above the purse.</summary>
    public double SpentUsd { get; private set; }

    /// <summary>What is left, USD.</summary>
    public double LeftUsd => Math.Max(0, _settings.PurseUsd - SpentUsd);

    /// <summary>Answers of an arm that are known or have been asked for.</summary>
    public double Answers(int arm) => _answers[arm];

    /// <summary>Sets or replaces the arms.</summary>
    /// <param name="previous">Per arm, the index that it had before, or -1.</param>
    public void SetArms(ReadOnlySpan<int> previous)
    {
        _answers = Moved(_answers, previous);
        _told = Moved(_told, previous);
        _contention = Moved(_contention, previous);
        _cost = Moved(_cost, previous);
        _paid = Moved(_paid, previous);
        _expected = Moved(_expected, previous);
        _overlap = new double[previous.Length];
        _target = new double[previous.Length];
    }

    /// <summary>Says what is in the purse now: somebody else keeps it, and it may have been filled again.</summary>
    /// <param name="purseUsd">What it holds in all, USD, at least 0.</param>
    /// <param name="leftUsd">What of it is left, USD, 0 to <paramref name="purseUsd"/>.</param>
    /// <param name="expectedRequests">Requests that it is for, at least 1.</param>
    /// <exception cref="ArgumentException">A number is out of range; the message names it.</exception>
    public void Fund(double purseUsd, double leftUsd, double expectedRequests)
    {
        if (!(leftUsd >= 0 && leftUsd <= purseUsd))
        {
            throw new ArgumentException($"leftUsd is {leftUsd}; it must be 0 to {purseUsd}, what the purse holds.", nameof(leftUsd));
        }

        _settings = Checked(_settings with { PurseUsd = purseUsd, ExpectedRequests = expectedRequests });
        SpentUsd = purseUsd - leftUsd;
    }

    /// <summary>Says that answers of an arm are known which were not asked for here.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="answers">How many, at least 0.</param>
    public void Knows(int arm, int answers)
    {
        _answers[arm] += answers;
        _told[arm] += answers;
    }

    /// <summary>The verdict on an answer that was asked for has come. Until then it counts as bought, and what it will say as unknown.</summary>
    /// <param name="arm">The arm.</param>
    public void Told(int arm) => _told[arm]++;

    /// <summary>An answer that was asked for has cost this. Who asks sees to it that it cannot cost more than <see cref="LeftUsd"/>.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="usd">USD, at least 0.</param>
    /// <param name="predictedUsd">What had been predicted, USD.</param>
    public void Paid(int arm, double usd, double predictedUsd)
    {
        SpentUsd = Math.Min(_settings.PurseUsd, SpentUsd + usd);
        _paid[arm] += usd;
        _expected[arm] += predictedUsd;
    }

    /// <summary>Chooses whom to ask the query that an arm has served.</summary>
    /// <param name="query">The query.</param>
    /// <param name="ask">Receives which arms to ask.</param>
    /// <returns>How many.</returns>
    public int Choose(in EvidenceQuery query, Span<bool> ask)
    {
        ask.Clear();
        _seen++;
        Contend(query);
        var count = 0;
        _answers[query.Served]++;
        _told[query.Served]++;
        if (LeftUsd <= 0)
        {
            return 0;
        }

        Aim();
        for (var a = 0; a < _answers.Length; a++)
        {
            if (a != query.Served && query.Feasible[a] && Wants(query, a))
            {
                ask[a] = true;
                _answers[a]++;
                count++;
            }
        }

        return count;
    }

    private static EvidenceSettings Checked(EvidenceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!(settings.PurseUsd >= 0) || !double.IsFinite(settings.PurseUsd))
        {
            throw new ArgumentException($"PurseUsd is {settings.PurseUsd}; it must be finite and at least 0.", nameof(settings));
        }

        if (!(settings.ExpectedRequests >= 1) || !double.IsFinite(settings.ExpectedRequests))
        {
            throw new ArgumentException($"ExpectedRequests is {settings.ExpectedRequests}; it must be finite and at least 1.", nameof(settings));
        }

        return settings;
    }

    private static double[] Moved(double[] values, ReadOnlySpan<int> previous)
    {
        var moved = new double[previous.Length];
        for (var a = 0; a < moved.Length; a++)
        {
            moved[a] = previous[a] >= 0 ? values[previous[a]] : 0;
        }

        return moved;
    }

    private bool Wants(in EvidenceQuery query, int arm) => _settings.Rule switch
    {
        EvidenceRule.FullRows => true,
        EvidenceRule.RandomAnswers => CounterRandom.Uniform(_settings.Seed + (ulong)arm, (ulong)query.Ordinal) < 0.5,
        EvidenceRule.Contended => _answers[arm] < _target[arm] && _overlap[arm] >= 0.5 * _contention[arm],
        _ => _answers[arm] < _target[arm],
    };

    // How likely each arm is, for all that is known, to be the best choice here; and on average of late.
    private void Contend(in EvidenceQuery query)
    {
        var leader = query.Served;
        for (var a = 0; a < _answers.Length; a++)
        {
            if (query.Feasible[a] && Score(query, a) > Score(query, leader))
            {
                leader = a;
            }
        }

        var share = 1 / Math.Min(Memory, _seen);
        for (var a = 0; a < _answers.Length; a++)
        {
            var gap = Score(query, leader) - Score(query, a);
            var variance = Variance(a) + Variance(leader);
            _overlap[a] = _settings.Rule == EvidenceRule.Uncertainty ? 1 : Math.Exp(-gap * gap / (2 * variance));
            _contention[a] += share * (_overlap[a] - _contention[a]);
            _cost[a] += share * (Cost(query, a) - _cost[a]);
        }
    }

    private double Score(in EvidenceQuery query, int arm) => query.Quality[arm] - (query.Lambda * Cost(query, arm));

    // Predictions learn what answers cost with the next rows; the purse must not wait for that.
    private double Cost(in EvidenceQuery query, int arm)
    {
        var predicted = Math.Max(1e-12, query.CostUsd[arm]);
        return predicted * (_paid[arm] + predicted) / (_expected[arm] + predicted);
    }

    private double Variance(int arm) => FirstDeviation * FirstDeviation * HalvingAnswers / (_told[arm] + HalvingAnswers);

    // What is lost by not knowing an arm goes with the square of the error, w / n: answers of each arm at which the next one of every arm would lower that by the same amount per dollar, and all
    // together cost the purse.
    private void Aim()
    {
        var most = Math.Max(FewestRows, EarlyShare * _settings.ExpectedRequests);
        var (low, high) = (0.0, LargestScale);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = Math.Sqrt(Math.Max(LeastScale, low) * high);
            if (CostOf(middle, most) > LeftUsd)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        for (var a = 0; a < _target.Length; a++)
        {
            _target[a] = Target(a, low, most);
        }
    }

    private double Target(int arm, double scale, double most) => _contention[arm] < LeastContention
        ? 0
        : Math.Min(most, scale * Math.Sqrt(_contention[arm] / _cost[arm]));

    private double CostOf(double scale, double most)
    {
        var sum = 0.0;
        for (var a = 0; a < _target.Length; a++)
        {
            sum += _cost[a] * Math.Max(0, Target(a, scale, most) - _answers[a]);
        }

        return sum;
    }
}
