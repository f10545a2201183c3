using System.Text.Json;
using System.Text.RegularExpressions;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Judging;

namespace MetaLlm.Gateway.Guarantees;

/// <summary>Compares answers without asking anybody.</summary>
internal static class AnswerEquality
{
    /// <summary>Whether two answers differ.</summary>
    /// <param name="equality">What makes them the same.</param>
    /// <param name="one">One answer.</param>
    /// <param name="other">The other.</param>
    /// <returns>Null where a model has to say.</returns>
    public static bool? Differ(EqualitySettings equality, AnswerWords one, AnswerWords other)
    {
        if (one.Calls.Count != other.Calls.Count || one.Calls.Zip(other.Calls).Any(pair => pair.First.Name != pair.Second.Name || !AreSameJson(pair.First.Arguments, pair.Second.Arguments)))
        {
            return true;
        }

        // What a model says before it calls a tool is for nobody.
        if (one.Calls.Count > 0 || one.Text == other.Text)
        {
            return false;
        }

        return equality.Kind switch
        {
            EqualityKind.Json => equality.Checker is { } schema && schema.Admits(one.Text) != schema.Admits(other.Text) || !AreSameJson(one.Text, other.Text),
            EqualityKind.Model => null,
            _ => MatchJudge.Fold(Part(equality, one.Text)) != MatchJudge.Fold(Part(equality, other.Text)),
        };
    }

    private static string Part(EqualitySettings equality, string text)
    {
        if (equality.Pattern is not { } pattern)
        {
            return text;
        }

        try
        {
            return MatchJudge.FirstGroup(MatchJudge.Compile(pattern, expected: null), text) is { Success: true } part ? part.Value : text;
        }
        catch (RegexMatchTimeoutException)
        {
            return text;
        }
    }

    private static bool AreSameJson(string one, string other)
    {
        if (Parse(one) is not { } first || Parse(other) is not { } second)
        {
            return MatchJudge.Fold(one) == MatchJudge.Fold(other);
        }

        return JsonElement.DeepEquals(first, second);
    }

    // Models like to put JSON between fences.
    private static JsonElement? Parse(string text)
    {
        var json = text.AsSpan().Trim();
        if (json.StartsWith("```") && json.IndexOf('\n') is var begin and > 0 && json.EndsWith("```"))
        {
            json = json[begin..^3];
        }

        try
        {
            using var document = JsonDocument.Parse(json.ToString());
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
