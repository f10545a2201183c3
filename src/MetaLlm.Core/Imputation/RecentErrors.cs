using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Imputation;

/// <summary>The last few hundred errors of predictions whose rewards are known by now.</summary>
internal sealed class RecentErrors
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 256;

    private readonly long[] _ordinals = new long[Capacity];
    private readonly double[] _errors = new double[Capacity];
    private long _added;

    /// <summary>How many are known.</summary>
    public int Count => (int)Math.Min(_added, Capacity);

    /// <summary>Their mean; NaN without any.</summary>
    public double Mean
    {
        get
        {
            var sum = 0.0;
            foreach (var error in _errors.AsSpan(0, Count))
            {
                sum += error;
            }

            return sum / Count;
        }
    }

    /// <summary>Standard error of <see cref="Mean"/>; infinite below two errors.</summary>
    public double StandardError
    {
        get
        {
            if (Count < 2)
            {
                return double.PositiveInfinity;
            }

            var (mean, squares) = (Mean, 0.0);
            foreach (var error in _errors.AsSpan(0, Count))
            {
                squares += (error - mean) * (error - mean);
            }

            return Math.Sqrt(squares / (Count - 1) / Count);
        }
    }

    /// <summary>Adds prediction - reward.</summary>
    public void Add(long ordinal, double error)
    {
        var at = (int)(_added++ % Capacity);
        (_ordinals[at], _errors[at]) = (ordinal, error);
    }

    /// <summary>Corrects the error of a decision whose reward has changed, if it is among them.</summary>
    /// <param name="ordinal">The decision's ordinal.</param>
    /// <param name="change">Old reward - new reward.</param>
    public void Correct(long ordinal, double change)
    {
        var at = _ordinals.AsSpan(0, Count).IndexOf(ordinal);
        if (at >= 0)
        {
            _errors[at] += change;
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Section("recent errors");
        writer.Long(_added);
        for (var i = 0; i < Count; i++)
        {
            writer.Long(_ordinals[i]);
            writer.Double(_errors[i]);
        }
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("recent errors");
        _added = reader.Long();
        if (_added < 0)
        {
            throw new InvalidDataException($"Learned state is damaged: {_added} errors; at least 0 are legal.");
        }

        for (var i = 0; i < Count; i++)
        {
            _ordinals[i] = reader.Long();
            _errors[i] = reader.Double();
        }
    }
}
