namespace MetaLlm.Core.Judging;

/// <summary>What was measured of one version of a judge.</summary>
[GenerateSerializer, Immutable, Alias("metallm.judge-report")]
public sealed record JudgeReport
{
    /// <summary>The judge.</summary>
    [Id(0)]
    public required string Judge { get; init; }

    /// <summary>Its version.</summary>
    [Id(1)]
    public required int Version { get; init; }

    /// <summary>By model, in the order of their ids.</summary>
    [Id(2)]
    public required IReadOnlyList<JudgeArmReport> Arms { get; init; }

    /// <summary>Mean of |verdict - reward| where people have spoken; NaN before.</summary>
    [Id(3)]
    public double Error { get; init; } = double.NaN;

    /// <summary>The least that the mean error is, at every time at once, with probability 0.95.</summary>
    [Id(4)]
    public double ErrorLow { get; init; }

    /// <summary>The most that it is.</summary>
    [Id(5)]
    public double ErrorHigh { get; init; } = 1;

    /// <summary>Comparisons in both orders.</summary>
    [Id(6)]
    public long Compared { get; init; }

    /// <summary>Those in which the answer in the first place won both times.</summary>
    [Id(7)]
    public long FirstWon { get; init; }

    /// <summary>Those in which the answer in the second place did.</summary>
    [Id(8)]
    public long SecondWon { get; init; }

    /// <summary>All verdicts.</summary>
    public VerdictMoments All => Arms.Aggregate(VerdictMoments.None, (sum, arm) => sum.Plus(arm.All));

    /// <summary>Those with a person's reward.</summary>
    public VerdictMoments Pairs => Arms.Aggregate(VerdictMoments.None, (sum, arm) => sum.Plus(arm.Pairs));

    /// <summary>How much more often the first place wins against the verdict of the other order than the second, -1 to 1; NaN without comparisons.</summary>
    public double PositionBias => Compared == 0 ? double.NaN : (FirstWon - SecondWon) / (double)Compared;

    /// <summary>How much better the judge thinks of its own family than people do, beyond what it does of others: the difference of the two means of verdict - reward.</summary>
    /// <param name="family">Models of its own family.</param>
    /// <param name="confidence">Of the interval.</param>
    /// <returns>NaN within (-1, 1) where either side has fewer than two answers that people have rated.</returns>
    public PoweredEstimate SelfPreference(IReadOnlyCollection<string> family, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(family);
        var (own, others) = (VerdictMoments.None, VerdictMoments.None);
        foreach (var arm in Arms)
        {
            (own, others) = family.Contains(arm.ArmId) ? (own.Plus(arm.Pairs), others) : (own, others.Plus(arm.Pairs));
        }

        if (own.Count < 2 || others.Count < 2)
        {
            return new PoweredEstimate(double.NaN, -1, 1, 0);
        }

        var (a, b) = (PredictionPowered.Bias(own), PredictionPowered.Bias(others));
        var half = PredictionPowered.Quantile(confidence, Math.Min(own.EffectiveCount, others.EffectiveCount) - 1) * Math.Sqrt(a.Variance + b.Variance);
        var difference = a.Mean - b.Mean;
        return new PoweredEstimate(difference, Math.Max(-1, difference - half), Math.Min(1, difference + half), 0);
    }
}
