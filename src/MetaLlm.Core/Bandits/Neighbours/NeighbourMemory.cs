using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Neighbours;

/// <summary>
/// A bounded memory of queries as unit vectors with one known reward an arm (NaN where unknown). Warm-start rows fill at most half of it and
/// stay; what comes online goes round a ring in the rest, the oldest giving way. Storage grows by doubling until it is full.
/// </summary>
/// <param name="dimension">Length of a vector.</param>
/// <param name="capacity">Most queries that are kept, at least 2.</param>
internal sealed class NeighbourMemory(int dimension, int capacity)
{
    private float[] _vectors = [];
    private float[] _rewards = [];
    private int _arms;
    private int _kept;
    private int _next;

    /// <summary>Queries in memory.</summary>
    public int Count { get; private set; }

    /// <summary>Rounds a vector as the memory stores them, so that similarities and comparisons are of like with like.</summary>
    public void Round(ReadOnlySpan<double> vector, Span<float> rounded)
    {
        for (var j = 0; j < dimension; j++)
        {
            rounded[j] = (float)vector[j];
        }
    }

    /// <summary>Cosine of a rounded vector and an entry. The width is fixed, so that it is rounded alike on every processor.</summary>
    public float Similarity(int entry, ReadOnlySpan<float> vector)
    {
        ref var a = ref MemoryMarshal.GetReference(vector[..dimension]);
        ref var b = ref MemoryMarshal.GetReference(_vectors.AsSpan(entry * dimension, dimension));
        var (first, second) = (Vector256<float>.Zero, Vector256<float>.Zero);
        nuint i = 0;
        var n = (nuint)dimension;
        for (; i + 16 <= n; i += 16)
        {
            first += Vector256.LoadUnsafe(ref a, i) * Vector256.LoadUnsafe(ref b, i);
            second += Vector256.LoadUnsafe(ref a, i + 8) * Vector256.LoadUnsafe(ref b, i + 8);
        }

        var sum = Vector256.Sum(first + second);
        for (; i < n; i++)
        {
            sum += vector[(int)i] * _vectors[(entry * dimension) + (int)i];
        }

        return sum;
    }

    /// <summary>Known rewards of an entry, one an arm, NaN where unknown.</summary>
    public ReadOnlySpan<float> Rewards(int entry) => _rewards.AsSpan(entry * _arms, _arms);

    /// <summary>Keeps a query for good, as long as half of the memory is left to others.</summary>
    public bool TryKeep(ReadOnlySpan<float> vector, ReadOnlySpan<double> rewards)
    {
        if (Count >= capacity / 2)
        {
            return false;
        }

        var entry = Claim();
        _kept = _next = Count;
        vector.CopyTo(_vectors.AsSpan(entry * dimension));
        for (var a = 0; a < rewards.Length; a++)
        {
            _rewards[(entry * _arms) + a] = (float)rewards[a];
        }

        return true;
    }

    /// <summary>Remembers one reward.</summary>
    public void Add(ReadOnlySpan<float> vector, int arm, double reward)
    {
        var entry = Claim();
        vector.CopyTo(_vectors.AsSpan(entry * dimension));
        var rewards = _rewards.AsSpan(entry * _arms, _arms);
        rewards.Fill(float.NaN);
        rewards[arm] = (float)reward;
    }

    /// <summary>Replaces the reward of the query if it is still in memory.</summary>
    /// <returns>Whether it was.</returns>
    public bool Replace(ReadOnlySpan<float> vector, int arm, double previous, double reward)
    {
        for (var entry = _kept; entry < Count; entry++)
        {
            ref var known = ref _rewards[(entry * _arms) + arm];
            if (known == (float)previous && vector.SequenceEqual(_vectors.AsSpan(entry * dimension, dimension)))
            {
                known = (float)reward;
                return true;
            }
        }

        return false;
    }

    /// <summary>The arms were replaced: per new index, the index it had before, or -1.</summary>
    public void SetArms(ReadOnlySpan<int> previous)
    {
        var rewards = new float[dimension == 0 ? 0 : _vectors.Length / dimension * previous.Length];
        for (var entry = 0; entry < Count; entry++)
        {
            for (var a = 0; a < previous.Length; a++)
            {
                rewards[(entry * previous.Length) + a] = previous[a] >= 0 ? _rewards[(entry * _arms) + previous[a]] : float.NaN;
            }
        }

        _rewards = rewards;
        _arms = previous.Length;
    }

    public void Write(StateWriter writer)
    {
        writer.Int(_kept);
        writer.Int(_next);
        writer.Floats(_vectors.AsSpan(0, Count * dimension));
        writer.Floats(_rewards.AsSpan(0, Count * _arms));
    }

    public void Read(ref StateReader reader)
    {
        _kept = reader.Int();
        _next = reader.Int();
        var vectors = reader.Floats();
        var rewards = reader.Floats();
        Count = _arms == 0 ? 0 : rewards.Length / _arms;
        if (vectors.Length != Count * dimension || rewards.Length != Count * _arms || Count > capacity
            || _kept < 0 || _kept > Count || _next < _kept || _next > Count)
        {
            throw new InvalidDataException($"Learned state does not fit: at most {capacity} remembered queries of {dimension} + {_arms} numbers expected.");
        }

        (_vectors, _rewards) = (vectors, rewards);
    }

    private int Claim()
    {
        if (Count < capacity)
        {
            Grow();
            _next = Count + 1;
            return Count++;
        }

        var entry = _next >= capacity ? _kept : _next;
        _next = entry + 1;
        return entry;
    }

    private void Grow()
    {
        var room = _vectors.Length / dimension;
        if (Count < room)
        {
            return;
        }

        room = Math.Min(capacity, Math.Max(64, 2 * room));
        Array.Resize(ref _vectors, room * dimension);
        Array.Resize(ref _rewards, room * _arms);
    }
}
