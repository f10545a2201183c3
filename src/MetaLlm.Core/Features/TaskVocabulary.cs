using System.Text;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Features;

/// <summary>
/// Gives each task tag a slot of the one-hot block: first come, first served, while slots are free. Later tags share slots by hash until they come again and again: then they take
/// over the slot of a tag that does not.
/// </summary>
/// <remarks>
/// Nothing is counted before a tag finds no slot free. From then on every tag that owns a slot is counted, and of the others the most frequent
/// <see cref="Candidates"/>, as Misra and Gries do it: a new one takes a free place, or takes one off the count of each. So tags that come once, however many, push nobody out.
/// All counts are halved every <see cref="Period"/> requests with a tag. What the slot has taught stays with it, as when two tags share it.
/// </remarks>
internal sealed class TaskVocabulary
{
    /// <summary>Slots, and with them the length of the block.</summary>
    public const int Slots = 24;

    /// <summary>Tags without a slot that are counted.</summary>
    public const int Candidates = 48;

    /// <summary>Requests after which counts are halved.</summary>
    public const int Period = 1024;

    /// <summary>Least count of a tag that takes a slot over.</summary>
    public const int Recurrent = 16;

    // A tag that comes a quarter as often as the newcomer, or more, keeps its slot.
    private const int Ratio = 4;

    private readonly List<string> _tags = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly int[] _counts = new int[Slots];

    // Sorted, so that equal states are written alike.
    private readonly SortedDictionary<string, int> _candidates = new(StringComparer.Ordinal);
    private int _counted;

    /// <summary>Tags that own a slot, in slot order.</summary>
    public IReadOnlyList<string> Tags => _tags;

    /// <summary>Whether a tag has found no slot free, so that tags are counted.</summary>
    public bool IsCounting { get; private set; }

    /// <summary>The slot a tag has, or would be given if it were added now.</summary>
    public int SlotOf(string tag) =>
        _slots.TryGetValue(tag, out var slot) ? slot
        : _tags.Count < Slots ? _tags.Count
        : (int)(Hash(tag) % Slots);

    /// <summary>Gives a tag a slot if it has none and one is free, and counts nothing.</summary>
    /// <returns>The slot that the tag owns; null where none was free.</returns>
    public int? Reserve(string tag)
    {
        if (!_slots.ContainsKey(tag) && _tags.Count < Slots)
        {
            Add(tag);
        }

        return _slots.TryGetValue(tag, out var slot) ? slot : null;
    }

    /// <summary>Takes in a tag: gives it a slot if it has none and one is free, or if it recurs and the tag of another one does not.</summary>
    public void Add(string tag)
    {
        if (_slots.TryGetValue(tag, out var slot))
        {
            if (IsCounting)
            {
                _counts[slot]++;
                Age();
            }

            return;
        }

        if (_tags.Count < Slots)
        {
            _slots.Add(tag, _tags.Count);
            _tags.Add(tag);
            return;
        }

        IsCounting = true;
        Count(tag);
        Age();
    }

    /// <summary>Writes the counts; there must be some.</summary>
    public void WriteCounts(StateWriter writer)
    {
        writer.Int(_counted);
        foreach (var count in _counts)
        {
            writer.Int(count);
        }

        writer.Int(_candidates.Count);
        foreach (var (tag, count) in _candidates)
        {
            writer.Text(tag);
            writer.Int(count);
        }
    }

    /// <summary>Reads what <see cref="WriteCounts"/> wrote, after every slot was given.</summary>
    /// <exception cref="InvalidDataException">The bytes do not fit.</exception>
    public void ReadCounts(ref StateReader reader)
    {
        IsCounting = true;
        _counted = reader.Int();
        for (var slot = 0; slot < Slots; slot++)
        {
            _counts[slot] = reader.Int();
        }

        var candidates = reader.Int();
        if (candidates is < 0 or > Candidates)
        {
            throw new InvalidDataException($"Learned state is damaged: {candidates} task tags without a slot found, 0 to {Candidates} expected.");
        }

        for (var i = 0; i < candidates; i++)
        {
            _candidates[reader.Text()] = reader.Int();
        }
    }

    private void Count(string tag)
    {
        if (_candidates.TryGetValue(tag, out var count))
        {
            _candidates[tag] = ++count;
            TakeOver(tag, count);
        }
        else if (_candidates.Count < Candidates)
        {
            _candidates.Add(tag, 1);
        }
        else
        {
            Lower(others => others - 1);
        }
    }

    private void TakeOver(string tag, int count)
    {
        var slot = _counts.AsSpan().IndexOf(_counts.Min());
        if (count < Recurrent || count < Ratio * _counts[slot])
        {
            return;
        }

        _slots.Remove(_tags[slot]);
        _slots.Add(tag, slot);
        (_tags[slot], _counts[slot]) = (tag, count);
        _candidates.Remove(tag);
    }

    private void Age()
    {
        if (++_counted < Period)
        {
            return;
        }

        _counted = 0;
        for (var slot = 0; slot < Slots; slot++)
        {
            _counts[slot] /= 2;
        }

        Lower(count => count / 2);
    }

    private void Lower(Func<int, int> lower)
    {
        foreach (var (tag, count) in _candidates.ToList())
        {
            if (lower(count) is > 0 and var left)
            {
                _candidates[tag] = left;
            }
            else
            {
                _candidates.Remove(tag);
            }
        }
    }

    private static uint Hash(string tag)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(tag))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return hash;
    }
}
