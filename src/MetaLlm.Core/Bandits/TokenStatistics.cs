using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>What a <see cref="TokenModel"/> knows of one arm.</summary>
/// <param name="level">ln of the expected output tokens at x = 0.</param>
internal sealed class TokenStatistics(double level)
{
    public double Level { get; set; } = level;

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
            Level, LevelCalls, Smear, Smallest, Largest, Mean, Calls, RatioCalls, Actual, Predicted, InputCalls, InputRatioSum, InputSum, CachedSum,
        ]);
        writer.Doubles(Slopes ?? []);
    }

    public static TokenStatistics Read(ref StateReader reader, int dimension)
    {
        var v = new double[14];
        reader.Doubles(v);
        var slopes = reader.Doubles();
        if (slopes.Length != 0 && slopes.Length != dimension)
        {
            throw new InvalidDataException($"Learned state does not fit: {dimension} slopes expected, {slopes.Length} found.");
        }

        return new TokenStatistics(v[0])
        {
            LevelCalls = v[1],
            Smear = v[2],
            Smallest = v[3],
            Largest = v[4],
            Mean = v[5],
            Calls = v[6],
            RatioCalls = v[7],
            Actual = v[8],
            Predicted = v[9],
            InputCalls = v[10],
            InputRatioSum = v[11],
            InputSum = v[12],
            CachedSum = v[13],
            Slopes = slopes.Length == 0 ? null : slopes,
        };
    }
}
