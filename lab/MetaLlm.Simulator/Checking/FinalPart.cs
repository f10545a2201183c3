using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Checking;

/// <summary>The part of a reply that holds its answer.</summary>
/// <param name="Text">The text, without Markdown emphasis.</param>
/// <param name="Announced">Whether it follows an announcement ("the answer is"), so that its first candidate counts rather than its last.</param>
internal readonly partial record struct FinalPart(string Text, bool Announced)
{
    public static FinalPart Of(string reply)
    {
        var text = Emphasis().Replace(reply.Normalize(), string.Empty).Replace('\u2212', '-').Trim();
        if (Boxed().Matches(text) is [.., var boxed])
        {
            return new FinalPart(boxed.Groups[1].Value, Announced: true);
        }

        if (Announcement().Matches(text) is not [.., var last])
        {
            return new FinalPart(text, Announced: false);
        }

        var after = text[(last.Index + last.Length)..].TrimStart(' ', ':', '\n', '\r', '\t');
        after = NotThisButThat().Replace(after, string.Empty);
        var line = after.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0 ? after[..end] : after;
        return line.Length == 0 ? new FinalPart(text, Announced: false) : new FinalPart(AfterLastEquals(line), Announced: true);
    }

    /// <summary>"The answer is 6 * 7 = 42" answers 42.</summary>
    private static string AfterLastEquals(string line)
    {
        var equals = line.LastIndexOf('=');
        return equals >= 0 && equals < line.Length - 1 ? line[(equals + 1)..].Trim() : line.Trim();
    }

    [GeneratedRegex(@"\*\*|__|`{1,3}(?:\w+\n)?|\$(?=\S)")]
    private static partial Regex Emphasis();

    [GeneratedRegex(@"\\boxed\{([^{}]*)\}")]
    private static partial Regex Boxed();

    [GeneratedRegex(@"\b(?:answer|result|output|total|sentiment|translation)\s*(?:is|:|=|would be|comes to)|####|\btherefore,?|\bit prints:?|\bit is\b(?=\s+\S+\.?\s*$)", RegexOptions.IgnoreCase)]
    private static partial Regex Announcement();

    [GeneratedRegex(@"^not\s+[^,.;]+?,?\s+but\s+", RegexOptions.IgnoreCase)]
    private static partial Regex NotThisButThat();
}
