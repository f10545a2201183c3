using System.Text;
using MetaLlm.Engine.Routing;

namespace MetaLlm.Gateway.Chat;

/// <summary>
/// What a conversation is about: what the user said last, after what he said first, which states the task, and what came just before, as far as there is room. "Yes, go on" alone says nothing.
/// </summary>
internal sealed class RecentQuestions
{
    // Embedding models read the beginning of a text alone: all must fit, and the newest comes last.
    private const double MostTokens = 112;
    private const double MostOfFirst = 48;
    private const int MostBefore = 3;

    private readonly List<string> _before = new(MostBefore + 1);
    private string? _first;
    private string? _last;

    /// <summary>Takes in what the user said next.</summary>
    public void Add(string text)
    {
        if (_last is not null)
        {
            if (_first is null)
            {
                _first = _last;
            }
            else
            {
                _before.Add(_last);
                if (_before.Count > MostBefore)
                {
                    _before.RemoveAt(0);
                }
            }
        }

        _last = text;
    }

    /// <summary>All of it as one text; of a request with one question, that question as it is. Null where no user spoke.</summary>
    public string? ToText()
    {
        if (_first is null || _last is null)
        {
            return _last;
        }

        var room = MostTokens - TokenEstimate.FromText(_last);
        var first = Head(_first, Math.Min(MostOfFirst, room));
        room -= TokenEstimate.FromText(first);
        var from = _before.Count;
        while (from > 0 && TokenEstimate.FromText(_before[from - 1]) is var tokens && tokens <= room)
        {
            room -= tokens;
            from--;
        }

        var text = new StringBuilder(first);
        foreach (var one in _before.Skip(from).Append(_last))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(one);
        }

        return text.ToString();
    }

    private static string Head(string text, double tokens)
    {
        var length = text.Length;
        while (length > 0 && TokenEstimate.FromText(text.AsSpan(0, length)) is var counted && counted > tokens)
        {
            length = Math.Min(length - 1, (int)(length * Math.Max(0, tokens) / counted));
        }

        return WholeCharacters.Of(text, length);
    }
}
