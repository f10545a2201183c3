using MetaLlm.Core.Arms;

namespace MetaLlm.Core.Bandits;

/// <summary>
/// What a <see cref="TokenModel"/> knows of one arm's prompts: how many tokens the provider counts for each that was estimated, a mean with ten calls of ratio 1 as prior,
/// and which part comes out of a cache.
/// </summary>
internal sealed class InputStatistics
{
    private const double PriorCalls = 10;
    private const double Memory = 1000;

    // One report moves the mean as one that is off by a factor of ten would. Where three in a row are further off, on the same side, hardly more than they count.
    private const double Far = 10;
    private const double CallsKept = 2;
    private const double Most = 1e7;

    // A cache that is said to be there is believed in as after three calls that it served whole.
    private const double PriorHits = 3;
    private const double HitMemory = 100;

    private int _run;

    /// <summary>Ratios beyond the prior: their number, below 0 where even the prior has been forgotten.</summary>
    public double Calls { get; private set; }

    /// <summary>Ratios beyond the prior: their sum.</summary>
    public double RatioSum { get; private set; }

    public double InputSum { get; private set; }

    public double CachedSum { get; private set; }

    /// <summary>Calls that were expected to find something in the cache, the later ones counting more.</summary>
    public double Expectations { get; private set; }

    /// <summary>Which part of what was expected they found there, summed.</summary>
    public double HitSum { get; private set; }

    /// <summary>Which part of the tokens that a cache should hold does come out of it, 0 to 1.</summary>
    public double CacheHits => (HitSum + PriorHits) / (Expectations + PriorHits);

    public double Run => _run;

    /// <summary>Tokens counted for each that was estimated.</summary>
    public double Ratio => (RatioSum + PriorCalls) / (Calls + PriorCalls);

    /// <summary>What the provider is expected to count.</summary>
    /// <param name="inputTokens">Tokens estimated.</param>
    /// <param name="cached">How many of them come out of a cache.</param>
    public double Predict(double inputTokens, out double cached)
    {
        var input = inputTokens * (RatioSum + PriorCalls) / (Calls + PriorCalls);
        cached = InputSum > 0 ? input * CachedSum / (InputSum + (PriorCalls * inputTokens)) : 0;
        return input;
    }

    /// <summary>A ratio that is known beforehand, as if it had been counted so often.</summary>
    public void Set(double ratio, double calls)
    {
        Calls = calls;
        RatioSum = ratio > 0 ? ((calls + PriorCalls) * ratio) - PriorCalls : calls;
    }

    /// <summary>A ratio that somebody vouches for.</summary>
    public void Add(double ratio)
    {
        Calls++;
        RatioSum += ratio;
    }

    /// <summary>Learns from what a provider counted.</summary>
    /// <param name="usage">The count.</param>
    /// <param name="inputTokens">What had been estimated; 0 when unknown. A count that equals it is no count but the estimate itself, and teaches no ratio.</param>
    /// <param name="expectedCached">Tokens that had been expected out of the cache, as estimated; NaN where nothing was. Then the call says whether the cache holds what it should, and nothing of the usual share.</param>
    public void Observe(in TokenUsage usage, double inputTokens, double expectedCached = double.NaN)
    {
        if (!(usage.Input > 0))
        {
            return;
        }

        var input = Math.Min(usage.Input, Most);
        if (inputTokens > 0 && usage.Input != inputTokens)
        {
            var ratio = Ratio;
            input = Math.Min(input, Far * ratio * inputTokens);
            Learn(usage.Input / inputTokens, ratio);
        }

        if (expectedCached > 0 && inputTokens > 0)
        {
            var scaled = expectedCached * usage.Input / inputTokens;
            Expectations = Math.Min(Expectations, HitMemory - 1) + 1;
            HitSum += Math.Clamp(usage.CachedInput / scaled, 0, 1) - (Expectations == HitMemory ? HitSum / HitMemory : 0);
            return;
        }

        InputSum += input;
        CachedSum += input == usage.Input ? usage.CachedInput : input * Math.Min(1, usage.CachedInput / usage.Input);
    }

    public double[] State() => [Calls, RatioSum, InputSum, CachedSum];

    public void Read(double calls, double ratioSum, double inputSum, double cachedSum, double run) =>
        (Calls, RatioSum, InputSum, CachedSum, _run) = (calls, ratioSum, inputSum, cachedSum, (int)run);

    public void ReadHits(double expectations, double hitSum) => (Expectations, HitSum) = (expectations, hitSum);

    private void Learn(double seen, double ratio)
    {
        _run = OneSidedRun.Next(_run, seen > Far * ratio, seen < ratio / Far);
        var weight = Calls + PriorCalls;
        weight = Math.Abs(_run) >= OneSidedRun.Convincing ? Math.Min(weight, CallsKept) : Math.Min(weight, Memory);
        Calls = weight + 1 - PriorCalls;
        RatioSum = (weight * ratio) + Math.Clamp(seen, ratio / Far, Far * ratio) - PriorCalls;
    }
}
