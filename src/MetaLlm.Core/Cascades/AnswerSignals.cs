using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Cascades;

/// <summary>What an answer shows of itself before it leaves. What is not known is left out.</summary>
[GenerateSerializer, Immutable, Alias("metallm.answer-signals")]
public readonly record struct AnswerSignals
{
    /// <summary>Numbers that the signals become: a constant, and for each signal its value and whether it is there.</summary>
    internal const int Count = 9;

    private const double LeastLogProbability = -4;

    /// <summary>Mean of the tokens' natural log-probabilities, at most 0; null when the model gives none.</summary>
    [Id(0)]
    public double? MeanLogProbability { get; init; }

    /// <summary>Length of the answer in tokens, at least 0; null when it is not known.</summary>
    [Id(1)]
    public double? Tokens { get; init; }

    /// <summary>Whether the answer refuses.</summary>
    [Id(2)]
    public bool Refused { get; init; }

    /// <summary>Probability of being right that the model itself states, 0 to 1; null for none.</summary>
    [Id(3)]
    public double? SelfReport { get; init; }

    /// <summary>What a checker says, 0 (wrong) to 1 (right); null for none.</summary>
    [Id(4)]
    public double? Verdict { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A signal is outside its range.</exception>
    internal void Fill(Span<double> signals)
    {
        signals.Clear();
        signals[0] = 1;
        if (Checked(MeanLogProbability, double.NegativeInfinity, 0, nameof(MeanLogProbability)) is { } logarithm)
        {
            (signals[1], signals[2]) = (1, Math.Max(LeastLogProbability, logarithm) + 1);
        }

        if (Checked(Tokens, 0, double.MaxValue, nameof(Tokens)) is { } tokens)
        {
            signals[3] = (Math.Log(1 + tokens) - 5) / 2;
        }

        signals[4] = Refused ? 1 : 0;
        if (Checked(SelfReport, 0, 1, nameof(SelfReport)) is { } stated)
        {
            (signals[5], signals[6]) = (1, stated - 0.5);
        }

        if (Checked(Verdict, 0, 1, nameof(Verdict)) is { } verdict)
        {
            (signals[7], signals[8]) = (1, verdict - 0.5);
        }
    }

    /// <summary>What is wrong with a signal; null when nothing is.</summary>
    public string? Fault() =>
        FaultOf(MeanLogProbability, double.NegativeInfinity, 0, nameof(MeanLogProbability)) ?? FaultOf(Tokens, 0, double.MaxValue, nameof(Tokens))
        ?? FaultOf(SelfReport, 0, 1, nameof(SelfReport)) ?? FaultOf(Verdict, 0, 1, nameof(Verdict));

    /// <summary>Writes the signals, as states and journals keep them.</summary>
    /// <param name="writer">Takes them.</param>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Double(MeanLogProbability ?? double.NaN);
        writer.Double(Tokens ?? double.NaN);
        writer.Bool(Refused);
        writer.Double(SelfReport ?? double.NaN);
        writer.Double(Verdict ?? double.NaN);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">Stands before them.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static AnswerSignals Read(ref StateReader reader) => new()
    {
        MeanLogProbability = Known(reader.Double()),
        Tokens = Known(reader.Double()),
        Refused = reader.Bool(),
        SelfReport = Known(reader.Double()),
        Verdict = Known(reader.Double()),
    };

    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    private static string? FaultOf(double? value, double least, double most, string name) =>
        value is null || (value >= least && value <= most) ? null : FormattableString.Invariant($"{name} is {value}; it must be {least} to {most}.");

    private static double? Checked(double? value, double least, double most, string name) =>
        FaultOf(value, least, most, name) is { } fault ? throw new ArgumentOutOfRangeException(name, value, fault) : value;
}
