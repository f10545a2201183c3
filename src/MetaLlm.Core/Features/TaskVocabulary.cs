using System.Text;

namespace MetaLlm.Core.Features;

/// <summary>Gives each task tag a slot of the one-hot block: first come, first served; later tags share slots by hash.</summary>
internal sealed class TaskVocabulary
{
    /// <summary>Slots, and with them the length of the block.</summary>
    public const int Slots = 24;

    private readonly List<string> _tags = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);

    /// <summary>Tags that own a slot, in slot order.</summary>
    public IReadOnlyList<string> Tags => _tags;

    /// <summary>The slot a tag has, or would be given if it were added now.</summary>
    public int SlotOf(string tag) =>
        _slots.TryGetValue(tag, out var slot) ? slot
        : _tags.Count < Slots ? _tags.Count
        : (int)(Hash(tag) % Slots);

    /// <summary>Gives a tag its slot if it has none and one is free.</summary>
    public void Add(string tag)
    {
        if (_tags.Count < Slots && _slots.TryAdd(tag, _tags.Count))
        {
            _tags.Add(tag);
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
