using System.Text;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>The texts of a document, or of the events of a stream, each joined from its pieces. One reader at a time.</summary>
internal sealed class JoinedTexts
{
    private readonly Dictionary<(int Choice, string Kind, int Index), Joined> _byKey = [];
    private readonly List<Joined> _all = [];

    /// <summary>Characters of all.</summary>
    public long Length { get; private set; }

    public bool IsEmpty => _all.Count == 0;

    public void Add(TextSlot slot)
    {
        if (!_byKey.TryGetValue(slot.Key, out var joined))
        {
            joined = new Joined(slot.Role, slot.Kind);
            _byKey.Add(slot.Key, joined);
            _all.Add(joined);
        }

        joined.Text.Append(slot.Text);
        joined.Places.Add(slot.Replace);
        Length += slot.Text.Length;
    }

    /// <summary>Each text, in the order in which they began.</summary>
    public IReadOnlyList<GuardedText> ToTexts() => [.. _all.Select(one => new GuardedText(one.Role, one.Kind, one.Text.ToString()))];

    /// <summary>Writes other texts where these stand: each into the place of its first piece, which leaves the others empty.</summary>
    /// <param name="texts">As many as there are.</param>
    public void Replace(IReadOnlyList<string> texts)
    {
        for (var i = 0; i < _all.Count; i++)
        {
            for (var place = 0; place < _all[i].Places.Count; place++)
            {
                _all[i].Places[place](place == 0 ? texts[i] : "");
            }
        }
    }

    private sealed record Joined(string Role, string Kind)
    {
        public StringBuilder Text { get; } = new();

        public List<Action<string>> Places { get; } = [];
    }
}
