using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Http;

/// <summary>What a simulated judge replies: it reads question and answers off the tags that they stand between.</summary>
internal static partial class JudgeReply
{
    /// <summary>A reply.</summary>
    /// <param name="world">Knows the catalogue, and the seed of errors.</param>
    /// <param name="judge">Who judges.</param>
    /// <param name="prompt">The last user message.</param>
    public static string To(SimulatorState world, SimulatedJudge judge, string prompt)
    {
        var parts = Parts().Matches(prompt).ToDictionary(part => part.Groups["name"].Value, part => part.Groups["text"].Value, StringComparer.Ordinal);
        if (!parts.TryGetValue("question", out var question) || !world.Catalog.TryFind(question, out var task))
        {
            return "I can grade answers to the queries of my own catalogue alone.";
        }

        if (parts.TryGetValue("answer", out var answer))
        {
            return IsGood(world, judge, task, answer) ? """{"score": 1}""" : """{"score": 0}""";
        }

        if (parts.TryGetValue("first", out var first) && parts.TryGetValue("second", out var second))
        {
            var (one, two) = (IsGood(world, judge, task, first), IsGood(world, judge, task, second));
            return one == two ? """{"better": "tie"}""" : one ? """{"better": "first"}""" : """{"better": "second"}""";
        }

        return "There is no answer to grade.";
    }

    private static bool IsGood(SimulatorState world, SimulatedJudge judge, SimTask task, string answer)
    {
        var key = PromptText.Normalize(task.Prompt);
        var right = AnswerChecker.IsCorrect(task, answer);
        var good = StableHash.Uniform(world.Options.Seed, "judge", judge.Name, key, answer) < judge.Accuracy ? right : !right;
        return good || StableHash.Uniform(world.Options.Seed, "kind judge", judge.Name, key, answer) < judge.Kindness;
    }

    // The id is not known before, and the same on both sides.
    [GeneratedRegex("""<(?<name>question|answer|first|second) id="(?<id>[^"]+)">\n(?<text>.*?)\n</\k<name> id="\k<id>">""", RegexOptions.Singleline)]
    private static partial Regex Parts();
}
