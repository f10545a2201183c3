using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>What a <see cref="TokenModel"/> knows of one arm.</summary>
/// <param name="level">ln of the expected output tokens at x = 0.</param>
internal sealed class TokenStatistics(double level)
{
    private readonly double _priorLevel = level;

    public double Level
    {
        get;
        set
        {
            field = value;
            LevelFactor = Math.Exp(Math.Clamp(value, -40, 40));
        }
    } = level;

    /// <summary>exp(Level), kept so that a decision need not compute it.</summary>
    public double LevelFactor { get; private set; } = Math.Exp(Math.Clamp(level, -40, 40));

    /// <summary>How far observation has moved the level from what the configuration expected.</summary>
    public double Surprise => Level - _priorLevel;

    public double LevelCalls { get; set; }

    /// <summary>Own slopes from a warm start; null when the shared ones are used.</summary>
    public double[]? Slopes { get; set; }

    public double Smear { get; set; } = 1;

    public double Smallest { get; set; }

    public double Largest { get; set; }

    public double Mean { get; set; }

    public double Calls { get; set; }

    public double RatioCalls { get; set; }

    public double Actual { get; set; }

    public double Predicted { get; set; }

    public double InputCalls { get; set; }

    public double InputRatioSum { get; set; }

    public double InputSum { get; set; }

    public double CachedSum { get; set; }

    public void Write(StateWriter writer)
    {
        writer.Doubles(
        [
            _priorLevel, Level, LevelCalls, Smear, Smallest, Largest, Mean, Calls, RatioCalls, Actual, Predicted, InputCalls, InputRatioSum, InputSum, CachedSum,
        ]);
        writer.Doubles(Slopes ?? []);
    }

    public static TokenStatistics Read(ref StateReader reader, int dimension)
    {
        var v = new double[15];
        reader.Doubles(v);
        var slopes = reader.Doubles();
        if (slopes.Length != 0 && slopes.Length != dimension)
        {
            throw new InvalidDataException($"Learned state does not fit: {dimension} slopes expected, {slopes.Length} found.");
        }

        return new TokenStatistics(v[0])
        {
            Level = v[1],
            LevelCalls = v[2],
            Smear = v[3],
            Smallest = v[4],
            Largest = v[5],
            Mean = v[6],
            Calls = v[7],
            RatioCalls = v[8],
            Actual = v[9],
            Predicted = v[10],
            InputCalls = v[11],
            InputRatioSum = v[12],
            InputSum = v[13],
            CachedSum = v[14],
            Slopes = slopes.Length == 0 ? null : slopes,
        };
    }
}
