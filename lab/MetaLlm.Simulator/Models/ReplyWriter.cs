using System.Text;

namespace MetaLlm.Simulator.Models;

/// <summary>Wraps an answer in as many words as the model is wont to use. The padding holds no number, date or label, so it never reads as an answer.</summary>
internal static class ReplyWriter
{
    private static readonly string[] Openings = ["Let me work this out.", "Sure, here is how I see it.", "Good question.", "Let us go through it step by step.", "I will take it slowly."];

    private static readonly string[] Padding =
    [
        "First I restate what is asked and what is given.", "Then I take the parts in order and keep track of each of them.",
        "I write down the intermediate steps so that nothing gets lost.", "It helps to check the wording again for anything that is easy to miss.",
        "Each step follows from the one before it.", "I compare this with a rough estimate to be safe.",
        "Going over the same steps backwards leads to the same place.", "The remaining part is handled in the same way.",
        "There is a shortcut here, yet the long way is easier to verify.", "Putting the pieces together settles it.",
    ];

    private static readonly string[] Closings = ["The answer is {0}.", "So the final answer is {0}.", "Answer: {0}", "Therefore, the answer is **{0}**."];

    /// <summary>A reply that ends in the answer.</summary>
    public static string Solve(SimulatedModel model, int seed, string promptKey, string answer, double difficulty)
    {
        var random = Wording(model, seed, promptKey);
        return Pad(random, model, random.Phrase(Closings, answer), difficulty);
    }

    /// <summary>A reply to what is in no catalogue: it says so, and takes up the question.</summary>
    public static string Decline(SimulatedModel model, int seed, string promptKey, string prompt)
    {
        var start = TokenCounter.Truncate(prompt.Trim(), 12);
        var closing = $"I am {model.Name}, a simulated model: I can solve the queries of my own catalogue, and yours (\"{start}\") is not among them. Ask me \"What is 17 * 23?\", or see /sim/tasks.";
        return Pad(Wording(model, seed, promptKey), model, closing, difficulty: 0.5);
    }

    private static SeededRandom Wording(SimulatedModel model, int seed, string promptKey) =>
        new(StableHash.Of(seed, "wording", model.Name, promptKey));

    private static string Pad(SeededRandom random, SimulatedModel model, string closing, double difficulty)
    {
        var target = model.ReplyTokens * (0.6 + (0.8 * difficulty)) * (0.8 + (0.4 * random.NextDouble()));
        var text = new StringBuilder();
        var length = TokenCounter.Count(closing);
        for (var sentence = random.Pick(Openings); length + TokenCounter.Count(sentence) <= target; sentence = random.Pick(Padding))
        {
            text.Append(sentence).Append(' ');
            length += TokenCounter.Count(sentence);
        }

        return text.Append(closing).ToString();
    }
}
