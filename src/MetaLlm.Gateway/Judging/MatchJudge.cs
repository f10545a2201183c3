using System.Text.RegularExpressions;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Judging;

/// <summary>Judges that look at the answer alone: comparison with a reference, and regular expressions.</summary>
internal static partial class MatchJudge
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    /// <summary>Compares an answer with its reference: case and white space do not matter.</summary>
    /// <param name="judge">The judge.</param>
    /// <param name="expected">The request's reference; null for that of the judge.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>Null without a reference.</returns>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long on the answer.</exception>
    public static Opinion? Exact(JudgeSettings judge, string? expected, string answer)
    {
        if ((expected ?? judge.Expected) is not { } reference)
        {
            return null;
        }

        var given = answer;
        if (judge.Pattern is { } pattern)
        {
            var part = FirstGroup(Compile(pattern, expected), answer);
            if (!part.Success)
            {
                return new Opinion(0);
            }

            given = part.Value;
        }

        return new Opinion(Fold(given) == Fold(reference) ? 1 : 0);
    }

    /// <summary>Looks for a pattern.</summary>
    /// <returns>Null where the pattern needs a reference that the request does not have.</returns>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long on the answer.</exception>
    public static Opinion? Regex(JudgeSettings judge, string? expected, string answer) =>
        expected is null && judge.Pattern!.Contains(Placeholder, StringComparison.Ordinal) ? null : new Opinion(Compile(judge.Pattern!, expected).IsMatch(answer) ? 1 : 0);

    /// <summary>The regular expression of a pattern.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Regex Compile(string pattern, string? expected) =>
        new(pattern.Replace(Placeholder, System.Text.RegularExpressions.Regex.Escape(expected ?? ""), StringComparison.Ordinal), RegexOptions.CultureInvariant, Longest);

    /// <summary>Says what is wrong with a pattern.</summary>
    /// <param name="member">The member that holds it.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="expected">A reference, where requests have one; else null.</param>
    /// <param name="group">What its first group is, with an example; null for a pattern that needs none.</param>
    /// <param name="errors">Receives it.</param>
    public static void Check(string member, string pattern, string? expected, string? group, SettingsErrors errors)
    {
        try
        {
            if (Compile(pattern, expected).GetGroupNumbers().Length < 2 && group is not null)
            {
                errors.Add(member, $"has no group; its first group is {group}.");
            }
        }
        catch (ArgumentException e)
        {
            errors.Add(member, $"is '{pattern}', which is no regular expression: {e.Message}");
        }
    }

    /// <summary>What the first group of a pattern finds. Groups may have numbers of their own, as in <c>(?&lt;5&gt;x)</c>.</summary>
    public static Group FirstGroup(Regex pattern, string text) => pattern.Match(text).Groups[pattern.GetGroupNumbers()[1]];

    private const string Placeholder = "{expected}";

    /// <summary>A text as it is compared: without what case and white space make of it.</summary>
    public static string Fold(string text) => Spaces().Replace(text.Trim(), " ").ToUpperInvariant();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
