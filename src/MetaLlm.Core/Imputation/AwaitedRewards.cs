using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Imputation;

/// <summary>
/// The decisions of the last two feedback windows, in order, or every 2^k-th of them: a busy tenant is sampled evenly in time instead of being known for minutes only.
/// </summary>
internal sealed class AwaitedRewards
{
    /// <summary>Most decisions that are held.</summary>
    public const int Capacity = 4096;

    private const long WidestStride = 1L << 40;

    private readonly AwaitedReward[] _slots = new AwaitedReward[Capacity];
    private int _start;
    private long _stride = 1;

    /// <summary>How many are held.</summary>
    public int Count { get; private set; }

    /// <summary>Holds a decision that follows all others, unless it is thinned out.</summary>
    /// <param name="added">The decision.</param>
    /// <param name="keep">Ticks for which it is to be held at least.</param>
    public void Add(in AwaitedReward added, long keep)
    {
        if (added.Ordinal % _stride != 0)
        {
            return;
        }

        if (Count == Capacity)
        {
            MakeRoom(added.At - _slots[_start].At, keep);
            if (added.Ordinal % _stride != 0)
            {
                return;
            }
        }

        _slots[Position(Count++)] = added;
    }

    /// <summary>Where a decision is held; -1 when it is not.</summary>
    public int Find(long ordinal)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = _slots[Position(middle)].Ordinal;
            if (found == ordinal)
            {
                return Position(middle);
            }

            (low, high) = found < ordinal ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>What is held at a position that <see cref="Find"/> gave.</summary>
    public ref AwaitedReward At(int position) => ref _slots[position];

    /// <summary>Ordinal of the last one made at a time or before, 0 when none is held.</summary>
    public long LastUntil(long ticks)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if (_slots[Position(i)].At <= ticks)
            {
                return _slots[Position(i)].Ordinal;
            }
        }

        return 0;
    }

    public void Write(StateWriter writer)
    {
        writer.Section("awaited rewards");
        writer.Long(_stride);
        writer.Int(Count);
        for (var i = 0; i < Count; i++)
        {
            ref var slot = ref _slots[Position(i)];
            writer.Long(slot.Ordinal);
            writer.Long(slot.At);
            writer.Double(slot.Quality);
            writer.Double(slot.Tokens);
            writer.Double(slot.Latency);
            writer.Bool(slot.Completed);
            writer.Double(slot.Reward);
            writer.Double(slot.Weight);
            writer.Int(slot.Epoch);
        }
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("awaited rewards");
        _stride = reader.Long();
        Count = reader.Int();
        _start = 0;
        if (_stride is < 1 or > WidestStride || Count is < 0 or > Capacity)
        {
            throw new InvalidDataException($"Learned state is damaged: {Count} awaited rewards, one of {_stride}; 0 to {Capacity}, one of 1 to {WidestStride} are legal.");
        }

        for (var i = 0; i < Count; i++)
        {
            _slots[i] = new AwaitedReward
            {
                Ordinal = reader.Long(),
                At = reader.Long(),
                Quality = reader.Double(),
                Tokens = reader.Double(),
                Latency = reader.Double(),
                Completed = reader.Bool(),
                Reward = reader.Double(),
                Weight = reader.Double(),
                Epoch = reader.Int(),
            };
        }
    }

    private void MakeRoom(long oldest, long keep)
    {
        if (oldest < keep && _stride < WidestStride)
        {
            _stride *= 2;
            Thin();
        }
        else if (oldest > 4 * keep && _stride > 1)
        {
            _stride /= 2;
        }

        if (Count == Capacity)
        {
            _start = Position(1);
            Count--;
        }
    }

    private void Thin()
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_slots[Position(i)].Ordinal % _stride == 0)
            {
                _slots[Position(kept++)] = _slots[Position(i)];
            }
        }

        Count = kept;
    }

    private int Position(int index) => (_start + index) % Capacity;
}
