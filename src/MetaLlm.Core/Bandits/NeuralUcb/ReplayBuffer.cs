using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.NeuralUcb;

/// <summary>The last rewards with their contexts, for repeated training.</summary>
/// <param name="dimension">Length of a context.</param>
/// <param name="capacity">Most rewards that are kept, at least 1.</param>
internal sealed class ReplayBuffer(int dimension, int capacity)
{
    private readonly float[] _contexts = new float[dimension * capacity];
    private readonly double[] _rewards = new double[capacity];
    private readonly int[] _arms = new int[capacity];
    private int _next;

    /// <summary>Rewards in the buffer.</summary>
    public int Count { get; private set; }

    /// <summary>Arm of an entry; -1 when the arm is gone.</summary>
    public int Arm(int entry) => _arms[entry];

    public double Reward(int entry) => _rewards[entry];

    public void Context(int entry, Span<double> x)
    {
        for (var j = 0; j < dimension; j++)
        {
            x[j] = _contexts[(entry * dimension) + j];
        }
    }

    public void Add(ReadOnlySpan<float> context, int arm, double reward)
    {
        context.CopyTo(_contexts.AsSpan(_next * dimension));
        (_arms[_next], _rewards[_next]) = (arm, reward);
        _next = (_next + 1) % capacity;
        Count = Math.Min(Count + 1, capacity);
    }

    /// <summary>Replaces the reward of a query that is still in the buffer.</summary>
    public void Replace(ReadOnlySpan<float> context, int arm, double previous, double reward)
    {
        for (var entry = 0; entry < Count; entry++)
        {
            if (_arms[entry] == arm && _rewards[entry] == previous && context.SequenceEqual(_contexts.AsSpan(entry * dimension, dimension)))
            {
                _rewards[entry] = reward;
                return;
            }
        }
    }

    /// <summary>The arms were replaced: per new index, the index it had before, or -1.</summary>
    public void SetArms(ReadOnlySpan<int> previous)
    {
        for (var entry = 0; entry < Count; entry++)
        {
            _arms[entry] = _arms[entry] < 0 ? -1 : previous.IndexOf(_arms[entry]);
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Int(Count);
        writer.Int(_next);
        writer.Floats(_contexts.AsSpan(0, Count * dimension));
        writer.Doubles(_rewards.AsSpan(0, Count));
        for (var entry = 0; entry < Count; entry++)
        {
            writer.Int(_arms[entry]);
        }
    }

    /// <param name="reader">Where the bytes come from.</param>
    /// <param name="arms">Number of arms; entries of others are damage.</param>
    public void Read(ref StateReader reader, int arms)
    {
        Count = reader.Int();
        _next = reader.Int();
        var contexts = reader.Floats();
        if (Count < 0 || Count > capacity || _next < 0 || _next >= capacity || contexts.Length != Count * dimension)
        {
            throw new InvalidDataException($"Learned state does not fit: at most {capacity} remembered rewards with contexts of {dimension} numbers expected.");
        }

        contexts.CopyTo(_contexts, 0);
        reader.Doubles(_rewards.AsSpan(0, Count));
        for (var entry = 0; entry < Count; entry++)
        {
            _arms[entry] = reader.Int();
            if (_arms[entry] < -1 || _arms[entry] >= arms)
            {
                throw new InvalidDataException($"Learned state is damaged: arm {_arms[entry]} of a remembered reward is none of {arms}.");
            }
        }
    }
}
