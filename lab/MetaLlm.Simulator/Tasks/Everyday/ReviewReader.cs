using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>Whether a sentence is positive or negative, by the words in it; one that has words of both kinds is left alone.</summary>
internal sealed partial class ReviewReader : IQuestionReader
{
    private static readonly string[] Choices = ["positive", "negative", "neutral"];

    private static readonly string[] Good =
        ["good", "great", "excellent", "love", "loved", "amazing", "wonderful", "fantastic", "perfect", "best", "happy", "delicious", "awesome", "enjoyed", "brilliant"];

    private static readonly string[] Bad =
        ["bad", "terrible", "awful", "hate", "hated", "horrible", "worst", "poor", "broken", "boring", "disappointing", "disappointed", "sad", "useless", "disgusting"];

    public SimTaskType Type => SimTaskType.Sentiment;

    public IReadOnlyList<string> Examples { get; } = ["Is this review positive or negative: 'I loved every minute of it'"];

    public TaskDraft? Read(string question, SeededRandom random)
    {
        var match = Question().Match(question);
        var words = Word().Matches(match.Groups["text"].Value.ToLowerInvariant()).Select(word => word.Value).ToArray();
        var (good, bad) = (words.Any(Good.Contains), words.Any(Bad.Contains));
        if (!match.Success || good == bad || words.Contains("not"))
        {
            return null;
        }

        return TaskDraft.Choice(question, good ? "positive" : "negative", Choices);
    }

    [GeneratedRegex(@"^(?:is (?:this|the following)(?: review| sentence| text| comment)?|(?:classify|what is) the sentiment(?: of)?|sentiment(?: of)?)[^:]*:\s*(?<text>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Question();

    [GeneratedRegex(@"[a-z']+")]
    private static partial Regex Word();
}
