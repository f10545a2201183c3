namespace MetaLlm.Core.Bandits.Neighbours;

/// <summary>The k most similar values offered: a binary heap whose root is the least similar. Of equals the earlier one stays.</summary>
/// <param name="k">Most values that are kept, at least 1.</param>
internal sealed class NearestSet(int k)
{
    private readonly float[] _similarity = new float[k];
    private readonly float[] _value = new float[k];

    public int Count { get; private set; }

    /// <summary>Sum of the values kept, in heap order.</summary>
    public double Sum
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < Count; i++)
            {
                sum += _value[i];
            }

            return sum;
        }
    }

    public void Clear() => Count = 0;

    public void Offer(float similarity, float value)
    {
        if (Count < k)
        {
            Rise(Count++, similarity, value);
        }
        else if (similarity > _similarity[0])
        {
            Sink(similarity, value);
        }
    }

    private void Rise(int at, float similarity, float value)
    {
        while (at > 0 && _similarity[(at - 1) / 2] > similarity)
        {
            var parent = (at - 1) / 2;
            (_similarity[at], _value[at]) = (_similarity[parent], _value[parent]);
            at = parent;
        }

        (_similarity[at], _value[at]) = (similarity, value);
    }

    private void Sink(float similarity, float value)
    {
        var at = 0;
        while ((2 * at) + 1 < Count)
        {
            var child = (2 * at) + 1;
            if (child + 1 < Count && _similarity[child + 1] < _similarity[child])
            {
                child++;
            }

            if (_similarity[child] >= similarity)
            {
                break;
            }

            (_similarity[at], _value[at]) = (_similarity[child], _value[child]);
            at = child;
        }

        (_similarity[at], _value[at]) = (similarity, value);
    }
}
