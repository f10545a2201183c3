using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>
/// Predicts what a call will cost: ln(output tokens) is linear in x, a smearing factor undoes the bias of the exponential (Duan
/// 1983), and a ratio per arm of what was observed to what was predicted, with a prior of thirty calls, follows the traffic. Prices
/// come in last, so repricing needs no relearning. Without a warm start the slopes are learned online and shared by all arms, and
/// every arm has its own level. A report out of all proportion counts as the largest that is usual, and moves no other arm where no model could have written so much.
/// </summary>
internal sealed partial class TokenModel
{
    private const double PooledRidge = 10;

    // Weak, so that the first calls correct a scale that the configuration got wrong for every arm at once.
    private const double LevelRidge = 1e-3;
    private const double PriorCalls = 30;
    private const double LevelPriorCalls = 0.2;
    private const double SmearPriorCalls = 10;
    private const double WiderRange = 4;
    private const int CallsBeforeRatio = 10;
    private const int CallsBeforeVariance = 3;
    private const double VarianceMemory = 1000;
    private const int CallsBeforeQuantile = 100;
    private const double Quantile99 = 2.3263478740408408;
    private const double LargestOptimism = 3;
    private const double LargestLog = 40;

    // More than any model writes in one call.
    private const double LargestOutput = 1e6;

    // Tried on the rows of a warm start, the most distrustful first. What output hardly follows from is to move it hardly: with noise in place of
    // slopes, arms look cheap that are not, and are chosen for it.
    private static readonly double[] _penalties = [10_000, 1000, 300, 100, 30, 10, 3, 1];

    private readonly int _dimension;
    private readonly double[] _pooled;
    private readonly double[] _pooledSum;
    private readonly double[] _pooledInverse;
    private readonly double[] _scratch;
    private Arm[] _arms = [];
    private TokenStatistics[] _statistics = [];
    private double _variance;
    private double _varianceCount;
    private double _pooledCalls;

    public TokenModel(int dimension)
    {
        _dimension = dimension;
        _pooled = new double[dimension];
        _pooledSum = new double[dimension];
        _scratch = new double[dimension];
        var precision = new double[dimension];
        Array.Fill(precision, 1 / PooledRidge);
        precision[0] = 1 / LevelRidge;
        _pooledInverse = PackedMatrix.Diagonal(precision);
    }

    /// <summary>
    /// How many times as many output tokens as predicted 99 of 100 calls stay below: the predicted mean of a log-normal is exp(variance / 2) of its median,
    /// the quantile exp(2.33 * deviation). Infinite until enough calls have shown the spread.
    /// </summary>
    public double QuantileFactor => _varianceCount < CallsBeforeQuantile
        ? double.PositiveInfinity
        : Math.Max(1, Math.Exp((Quantile99 * Math.Sqrt(_variance)) - (Math.Min(_variance, 2) / 2)));

    public void SetArms(Arm[] arms, ReadOnlySpan<int> previous)
    {
        var statistics = new TokenStatistics[arms.Length];
        for (var a = 0; a < arms.Length; a++)
        {
            statistics[a] = previous[a] >= 0 ? _statistics[previous[a]] : new TokenStatistics(Math.Log(arms[a].PriorOutputTokens));
        }

        _arms = arms;
        _statistics = statistics;
        _untold = Untold(arms);
        ExpectUntold();
    }

    /// <summary>Predicted cost, USD.</summary>
    public double Predict(int arm, ReadOnlySpan<double> x, double inputTokens, out double outputTokens) =>
        Predict(arm, x, SharedFactor(x), inputTokens, default, out outputTokens);

    /// <summary>What a query does to the output of every arm that has no slopes of its own; the same for all, so computed once.</summary>
    public double SharedFactor(ReadOnlySpan<double> x) =>
        Math.Exp(Math.Clamp(Kernels.Dot(_pooled, x), -LargestLog, LargestLog) + (Math.Min(_variance, 2) / 2));

    /// <summary>Predicted cost, USD.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="x">The context.</param>
    /// <param name="sharedFactor"><see cref="SharedFactor"/> of the context.</param>
    /// <param name="inputTokens">Prompt tokens.</param>
    /// <param name="at">When; the default where time is to play no part.</param>
    /// <param name="outputTokens">Predicted output tokens.</param>
    public double Predict(int arm, ReadOnlySpan<double> x, double sharedFactor, double inputTokens, DateTimeOffset at, out double outputTokens)
    {
        var s = _statistics[arm];
        outputTokens = PredictOutput(s, x, sharedFactor, at);
        var asked = _arms[arm].InputOf(inputTokens);
        var input = s.Faded(s.Input.Predict(asked, out var cached), asked, at);
        return _arms[arm].Cost(new TokenUsage(input, Math.Min(cached, input), outputTokens));
    }

    /// <summary>Predicted cost where it is known what the arm's cache does for the prompt, USD; and what it would be had the arm served the turn before.</summary>
    public (double Usd, double WarmUsd) Predict(int arm, ReadOnlySpan<double> x, double sharedFactor, in DecisionQuery query, in PromptReuse reuse, out double outputTokens)
    {
        var s = _statistics[arm];
        outputTokens = PredictOutput(s, x, sharedFactor, query.At);
        var asked = _arms[arm].InputOf(query.InputTokens);
        var input = s.Faded(s.Input.Predict(asked, out var usual), asked, query.At);
        var scale = input / asked;
        return (Cost(arm, input, outputTokens, reuse.Read, reuse.Written, usual, scale), Cost(arm, input, outputTokens, reuse.WarmRead, reuse.WarmWritten, usual, scale));
    }

    private double Cost(int arm, double input, double output, double read, double written, double usual, double scale)
    {
        var cached = Math.Min(input, double.IsNaN(read) ? usual : read * scale * _statistics[arm].Input.CacheHits);
        var usd = _arms[arm].Cost(new TokenUsage(input, cached, output));
        return _arms[arm].PromptCache is { WritePrice: > 0 and var price } ? usd + (Math.Min(written * scale, input - cached) * (price - _arms[arm].Prices.Input)) : usd;
    }

    private static double PredictOutput(TokenStatistics s, ReadOnlySpan<double> x, double sharedFactor, DateTimeOffset at)
    {
        var output = Output(s, x, sharedFactor) * Ratio(s);
        return Math.Min(s.Faded(s.Slopes is not null ? Math.Clamp(output, s.Smallest, s.Largest) : output, s.Expected, at), LargestOutput);
    }

    /// <summary>
    /// How much cheaper than predicted an arm that was never called may well be: as far as the arms that were called differ from what the
    /// configuration expected of them. Where expectations hold this is near 1; where they are blind every arm is worth a first call.
    /// </summary>
    /// <returns>A factor for the predicted cost, above 0, at most 1.</returns>
    public double Optimism(int arm)
    {
        if (_statistics[arm].LevelCalls > 0 || _statistics[arm].Slopes is not null)
        {
            return 1;
        }

        if (_untold[arm])
        {
            return UntoldOptimism();
        }

        var (called, sum, squares) = (0, 0.0, 0.0);
        foreach (var s in _statistics)
        {
            if (s.LevelCalls > 0)
            {
                called++;
                sum += s.Surprise;
                squares += s.Surprise * s.Surprise;
            }
        }

        var variance = called < 2 ? 0 : (squares - (sum * sum / called)) / (called - 1);
        return Math.Exp(-Math.Min(LargestOptimism, Math.Sqrt(Math.Max(0, variance))));
    }

    /// <summary>Fits every arm's slopes to rows; an arm that never writes anything in them keeps what it has.</summary>
    public void WarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        int[] writing = [.. Enumerable.Range(0, _arms.Length).Where(a => rows.Any(r => r.Usage[a].Output > 0))];
        if (writing.Length == 0)
        {
            return;
        }

        var logs = Array.ConvertAll(writing, a => new CentredLogs(rows, a));
        var regression = RidgeRegression.Best(
            [.. rows.Select(r => r.WideContext())], Array.ConvertAll(logs, l => l.Values), _penalties);
        foreach (var (a, log) in writing.Zip(logs))
        {
            var s = _statistics[a];
            s.Level = log.Level;
            s.Slopes = regression.Fit(log.Values);
            s.Smear = 1;
            s.Smallest = log.Smallest;
            s.Largest = log.Largest;
            s.Mean = log.Mean;
            var predicted = 0.0;
            for (var i = 0; i < rows.Count; i++)
            {
                predicted += Output(s, regression.Row(i), 1) / rows.Count;
            }

            s.Smear = log.Mean / predicted;
            var inputRatio = rows.Average(r => r.Usage[a].Input / _arms[a].InputOf(r.InputTokens));
            s.Input.Set(inputRatio, PriorCalls);
        }
    }

    /// <summary>
    /// Learns one arm's output from answers to some queries. Where others have slopes from a warm start and the arm has none, it gets their mean, and its own level
    /// and smearing; where slopes are shared its level moves alone; what it has learned itself before is kept, and the rows count as calls.
    /// </summary>
    public void Quiz(int arm, IReadOnlyList<WarmStartRow> rows)
    {
        var s = _statistics[arm];
        foreach (var row in rows)
        {
            if (row.Usage[arm].Input > 0)
            {
                s.Input.Add(row.Usage[arm].Input / _arms[arm].InputOf(row.InputTokens));
            }
        }

        var answers = rows.Where(r => r.Usage[arm].Output > 0).Select(r => (X: r.WideContext(), r.Usage[arm].Output)).ToArray();
        if (answers.Length == 0)
        {
            return;
        }

        var like = _statistics.Where(o => o.Slopes is not null).ToArray();
        if (s.Slopes is not null)
        {
            foreach (var (x, output) in answers)
            {
                s.RatioCalls++;
                s.Actual += output;
                s.Predicted += Output(s, x, 1);
            }
        }
        else if (like.Length > 0)
        {
            TakeSlopes(s, like, answers);
        }
        else
        {
            foreach (var (x, output) in answers)
            {
                s.Calls++;
                s.LevelCalls++;
                s.Level += (Math.Log(output) - s.Level - Kernels.Dot(_pooled, x)) / (s.LevelCalls + LevelPriorCalls);
            }

            ExpectUntold();
        }
    }

    /// <summary>Learns from a call.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="x">The context.</param>
    /// <param name="usage">Tokens as counted.</param>
    /// <param name="inputTokens">Prompt tokens as they had been estimated; 0 when unknown.</param>
    /// <param name="at">When the call ended; the default where time is to play no part.</param>
    /// <param name="expectedCached">Prompt tokens that had been expected out of the cache, as estimated; NaN where nothing was.</param>
    public void Observe(int arm, ReadOnlySpan<double> x, in TokenUsage usage, double inputTokens, DateTimeOffset at, double expectedCached = double.NaN)
    {
        var s = _statistics[arm];
        s.Reported(at);
        s.Input.Observe(usage, inputTokens > 0 ? _arms[arm].InputOf(inputTokens) : 0, expectedCached);
        if (!(usage.Output > 0))
        {
            return;
        }

        var credible = usage.Output <= Largest(arm);
        var output = Math.Min(usage.Output, Largest(arm));
        var log = Math.Log(output);
        var far = s.Surprises.Far;
        var expected = s.Level + Kernels.Dot(s.Slopes ?? _pooled, x) + Math.Log(Ratio(s));
        var above = credible ? Math.Max(far, s.UnusualLog - expected) : far;
        if (s.Surprises.Observe(log - expected, above, expected > s.DoubtedLog ? far : double.PositiveInfinity))
        {
            s.Forget();
        }

        var predicted = Output(s, x, SharedFactor(x));
        if (s.Slopes is not null || s.Calls >= CallsBeforeRatio)
        {
            s.Actual += Math.Min(output, Math.Max(credible ? TokenStatistics.Unusual * s.Expected : 0, predicted * Ratio(s) * Math.Exp(far)));
            s.RatioCalls++;
            s.Predicted += predicted;
        }

        s.Calls++;
        if (s.Slopes is null)
        {
            LearnLog(s, x, log, far, credible, _pooledCalls > 0 || _untold[arm]);
            ExpectUntold();
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Section("tokens");
        writer.Doubles(_pooledSum);
        writer.Doubles(_pooledInverse);
        writer.Doubles(_pooled);
        writer.Double(_variance);
        writer.Double(_varianceCount);
        writer.Double(_pooledCalls);
        foreach (var s in _statistics)
        {
            s.Write(writer);
        }
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("tokens");
        reader.Doubles(_pooledSum);
        reader.Doubles(_pooledInverse);
        reader.Doubles(_pooled);
        _variance = reader.Double();
        _varianceCount = reader.Double();
        _pooledCalls = reader.Double();
        for (var a = 0; a < _statistics.Length; a++)
        {
            _statistics[a] = TokenStatistics.Read(ref reader, _dimension);
        }
    }

    // Arms differ by orders of magnitude in how much they write, queries by less: the level moves first, what all arms share is
    // fitted to the rest. Only the tenant's very first call says nothing about the arm, where the configuration knows by how much arms differ: there the shared part takes it all.
    private void LearnLog(TokenStatistics s, ReadOnlySpan<double> x, double log, double far, bool credible, bool moves)
    {
        // What is cut lies far from what was learned and far beyond what the configuration expects, or is more than any model writes: such reports shut an arm, and have to be
        // repeated to be believed. Where they were believed, the way back says nothing of other arms.
        var shared = Kernels.Dot(_pooled, x);
        var believed = s.Level + shared;
        var surprise = log - believed;
        var seen = Math.Min(surprise, credible ? Math.Max(far, s.UnusualLog - believed) : far);
        if (moves || !credible)
        {
            s.Level += seen / (s.LevelCalls + 1 + LevelPriorCalls);
        }

        s.LevelCalls += seen == surprise ? 1 : seen / surprise;
        if (!credible || (believed > s.DoubtedLog && surprise < -far))
        {
            return;
        }

        var rest = log - s.Level;
        var most = Math.Max(far, s.UnusualLog - s.Level - shared);
        if (rest - shared > most)
        {
            rest = shared + most;
        }

        _pooledCalls++;
        PackedMatrix.AddOuterToInverse(_pooledInverse, x, 1, _scratch);
        Kernels.MultiplyAdd(x, rest, _pooledSum);
        PackedMatrix.Multiply(_pooledInverse, _pooledSum, _pooled);
        if (s.LevelCalls > CallsBeforeVariance)
        {
            _varianceCount++;
            _variance += ((seen * seen) - _variance) / Math.Min(_varianceCount, VarianceMemory);
        }
    }

    private void TakeSlopes(TokenStatistics s, TokenStatistics[] like, (double[] X, double Output)[] answers)
    {
        var slopes = new double[_dimension];
        foreach (var other in like)
        {
            Kernels.MultiplyAdd(other.Slopes!, 1.0 / like.Length, slopes);
        }

        var level = (LevelPriorCalls + s.LevelCalls) * s.Level;
        foreach (var (x, output) in answers)
        {
            level += Math.Log(output) - Kernels.Dot(slopes, x);
        }

        s.LevelCalls += answers.Length;
        s.Level = level / (s.LevelCalls + LevelPriorCalls);
        s.Slopes = slopes;
        s.Smear = 1;
        var mean = answers.Average(a => a.Output);
        var predicted = answers.Average(a => Output(s, a.X, 1));
        s.Smear = ((answers.Length * mean) + (SmearPriorCalls * predicted * like.Average(o => o.Smear))) / ((answers.Length + SmearPriorCalls) * predicted);
        s.Mean = mean;

        // A few answers do not show how short or long others may be.
        s.Smallest = answers.Min(a => a.Output) / WiderRange;
        s.Largest = answers.Max(a => a.Output) * WiderRange;
    }

    private double Largest(int arm) => _arms[arm].MaxOutputTokens is > 0 and var most ? Math.Min(most, LargestOutput) : LargestOutput;

    private static double Output(TokenStatistics s, ReadOnlySpan<double> x, double sharedFactor) => s.Slopes is { } slopes
        ? Math.Exp(Math.Clamp(s.Level + Kernels.Dot(slopes, x), -LargestLog, LargestLog)) * s.Smear
        : s.LevelFactor * sharedFactor;

    private static double Ratio(TokenStatistics s)
    {
        if (s.RatioCalls == 0)
        {
            return 1;
        }

        var prior = PriorCalls * (s.Slopes is not null ? s.Mean : s.Actual / s.RatioCalls);
        return (prior + s.Actual) / (prior + s.Predicted);
    }
}
