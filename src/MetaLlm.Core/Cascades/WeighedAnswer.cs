namespace MetaLlm.Core.Cascades;

/// <summary>What was made of the first model's answer before it left. It goes with the call's settlement, so that all that is learned from it is in the journal.</summary>
[GenerateSerializer, Immutable, Alias("metallm.weighed-answer")]
public sealed record WeighedAnswer
{
    /// <summary>What the answer showed.</summary>
    [Id(0)]
    public required AnswerSignals Signals { get; init; }

    /// <summary>The caller's task tag; null for none.</summary>
    [Id(1)]
    public string? Topic { get; init; }

    /// <summary>Predicted cost of the first model's call, USD, at least 0.</summary>
    [Id(2)]
    public required double FirstUsd { get; init; }

    /// <summary>Predicted reward of the first model, 0 to 1, before it answered.</summary>
    [Id(3)]
    public required double FirstQuality { get; init; }

    /// <summary>Probability that the answer is wrong, 0 to 1.</summary>
    [Id(4)]
    public required double Doubt { get; init; }

    /// <summary>Reward that the best second model may add (<see cref="CascadeChoice.Gain"/>).</summary>
    [Id(5)]
    public required double Gain { get; init; }

    /// <summary>Probability of what was chosen, above 0 to 1.</summary>
    [Id(6)]
    public required double Propensity { get; init; }

    /// <summary>The arm that took over; null where the first answer left.</summary>
    [Id(7)]
    public string? Second { get; init; }

    /// <summary>Its predicted reward, 0 to 1, before any answer was seen; 0 without one.</summary>
    [Id(8)]
    public double SecondQuality { get; init; }

    /// <summary>What is wrong with the numbers; null when nothing is.</summary>
    public string? Fault() =>
        Signals.Fault() is { } signal ? signal
        : !(FirstUsd >= 0 && double.IsFinite(FirstUsd)) ? FormattableString.Invariant($"FirstUsd is {FirstUsd}; it must be finite and at least 0.")
        : !IsShare(FirstQuality) ? FormattableString.Invariant($"FirstQuality is {FirstQuality}; it must be 0 to 1.")
        : !IsShare(Doubt) ? FormattableString.Invariant($"Doubt is {Doubt}; it must be 0 to 1.")
        : !double.IsFinite(Gain) ? FormattableString.Invariant($"Gain is {Gain}; it must be finite.")
        : !(Propensity > 0 && Propensity <= 1) ? FormattableString.Invariant($"Propensity is {Propensity}; it must be above 0 and at most 1.")
        : !IsShare(SecondQuality) ? FormattableString.Invariant($"SecondQuality is {SecondQuality}; it must be 0 to 1.")
        : Second is { Length: 0 } ? "Second is empty; it must name an arm, or be left out."
        : null;

    private static bool IsShare(double value) => value is >= 0 and <= 1;
}
