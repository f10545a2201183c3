using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Cascades;

/// <summary>Mean of what answers of a group show.</summary>
internal sealed class UsualSignals
{
    private readonly double[] _mean = new double[AnswerSignals.Count];
    private long _count;

    public ReadOnlySpan<double> Mean => _mean;

    public void Observe(ReadOnlySpan<double> signals, int memory)
    {
        var step = 1.0 / Math.Min(++_count, memory);
        for (var i = 0; i < _mean.Length; i++)
        {
            _mean[i] += step * (signals[i] - _mean[i]);
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Long(_count);
        writer.Doubles(_mean);
    }

    public static UsualSignals Read(ref StateReader reader)
    {
        var usual = new UsualSignals { _count = reader.Long() };
        reader.Doubles(usual._mean);
        return usual;
    }
}
