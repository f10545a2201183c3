using System.Text;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>Collects what a span says of an answer. Made for calls alone of which somebody wants all data. One reader at a time.</summary>
internal sealed class AnswerTrace
{
    private const int MostReasons = 128;
    private readonly List<string> _finishReasons = [];

    /// <summary>What the upstream itself calls the answer; null where it is not known.</summary>
    public AnswerOrigin? Origin { get; private set; }

    /// <summary>Why each choice ended, in the order in which they did.</summary>
    public string[] FinishReasons => [.. _finishReasons];

    public void Saw(in ChatPart part)
    {
        Origin = part.Origin ?? Origin;

        // Within a text of JSON a quotation mark has a backslash before it, so that none of a model's words is taken for the member.
        var rest = part.Bytes.Span;
        while (_finishReasons.Count < MostReasons && rest.IndexOf("\"finish_reason\""u8) is var at and >= 0)
        {
            rest = rest[(at + "\"finish_reason\"".Length)..].TrimStart(" \t\r\n:"u8);
            if (rest.StartsWith("\""u8) && rest[1..].IndexOf((byte)'"') is var length and > 0 and <= 64)
            {
                _finishReasons.Add(Encoding.UTF8.GetString(rest.Slice(1, length)));
            }
        }
    }
}
