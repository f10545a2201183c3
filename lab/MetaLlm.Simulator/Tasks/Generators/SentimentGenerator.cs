namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Level 1 says it outright; then come two clauses, negation, a mixed review with a verdict, and irony.</summary>
internal sealed class SentimentGenerator : ITaskGenerator
{
    private const string Positive = "positive";
    private const string Negative = "negative";
    private const string Neutral = "neutral";

    private static readonly string[] Labels = [Positive, Negative, Neutral];

    private static readonly string[] Questions =
    [
        "Is this review positive, negative or neutral? \"{0}\"", "Classify the sentiment (positive, negative, neutral): \"{0}\"",
        "A customer writes: \"{0}\" Is the sentiment positive, negative or neutral?", "What is the sentiment of this comment: positive, negative or neutral? \"{0}\"",
        "Label the following text as positive, negative or neutral. \"{0}\"",
    ];

    private static readonly string[] Owners = ["my", "our", "this", "the new", "the second"];

    private static readonly string[] When =
    [
        "for two weeks", "every day at work", "on a long trip", "for about a month", "at home", "with the whole family", "all summer", "at weekends",
    ];

    private static readonly (string Sentence, string Label)[][] ByLevel =
    [
        [
            ("I love {0} {1}, I have used it {2}.", Positive), ("{0} {1} is excellent; I have had it {2}.", Positive), ("A wonderful {1}! We have used it {2}.", Positive),
            ("I hate {0} {1}, I have used it {2}.", Negative), ("{0} {1} is terrible; I have had it {2}.", Negative), ("An awful {1}. We have used it {2}.", Negative),
            ("{0} {1} is of average size; I have had it {2}.", Neutral), ("I have used {0} {1} {2}; it comes in grey.", Neutral),
        ],
        [
            ("{0} {1} is sturdy and looks lovely, and I have used it {2} with joy.", Positive), ("Quick delivery, clear manual, and {0} {1} works perfectly {2}.", Positive),
            ("{0} {1} arrived scratched, and after using it {2} the handle came off.", Negative), ("Slow delivery, no manual, and {0} {1} fails constantly {2}.", Negative),
            ("{0} {1} came in a brown box with a cable and a leaflet; it has stood here {2}.", Neutral), ("I bought {0} {1} in town and use it {2}, as planned.", Neutral),
        ],
        [
            ("I could not be happier with {0} {1}, which I have had {2}.", Positive), ("Not bad at all: {0} {1} never let me down, and I use it {2}.", Positive),
            ("I cannot say that {0} {1} was worth it, having tried it {2}.", Negative), ("{0} {1} is not nearly as good as promised; I tried it {2}.", Negative),
            ("{0} {1} is neither good nor bad; I have had it {2}.", Neutral), ("Having used {0} {1} {2}, I have no strong feelings either way.", Neutral),
        ],
        [
            ("The box was crushed and the colour is off, yet {0} {1} has served me so well {2} that I ordered another.", Positive),
            ("Pricey and a bit loud, but after using {0} {1} {2} I would buy it again tomorrow.", Positive),
            ("It looks great and shipping was fast, but after using {0} {1} {2} I sent it back.", Negative),
            ("Friendly seller, pretty design; still, {0} {1} broke when I used it {2} and nobody answers.", Negative),
            ("Some days {0} {1} pleases me, some days it does not; {2} it has come out even.", Neutral),
            ("{0} {1} gained a better switch and lost its good lid; used {2}, it is a draw.", Neutral),
        ],
        [
            ("Oh sure, I only wanted {0} {1} to die on day one. I have stared at it {2}; five stars for the silence.", Negative),
            ("If you enjoy repairing things, {0} {1} will keep you entertained {2}.", Negative),
            ("{0} {1} ruined everything: I can never go back to the old one after using it {2}.", Positive),
            ("I wanted to find a fault with {0} {1}, tried {2}, and have to report complete failure.", Positive),
            ("People told me {0} {1} would change my life. I used it {2}; my life and my opinion are where they were.", Neutral),
            ("My neighbour raves about {0} {1} and my sister curses it; {2} I have sat between them and agree with both by half.", Neutral),
        ],
    ];

    public SimTaskType Type => SimTaskType.Sentiment;

    public TaskDraft Generate(SeededRandom random, int level)
    {
        var (sentence, label) = random.Pick(ByLevel[level - 1]);
        var review = random.Phrase([sentence], random.Pick(Owners), random.Pick(WordPools.Products), random.Pick(When));
        var prompt = random.Phrase(Questions, char.ToUpperInvariant(review[0]) + review[1..]);
        return TaskDraft.Choice(prompt, label, Labels);
    }
}
