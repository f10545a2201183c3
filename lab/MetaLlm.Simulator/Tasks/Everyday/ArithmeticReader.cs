using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>Sums in signs or words, per cents, squares and square roots.</summary>
internal sealed partial class ArithmeticReader : IQuestionReader
{
    private static readonly (string Word, string Sign)[] Words =
    [
        ("multiplied by", "*"), ("divided by", "/"), ("to the power of", "^"), ("plus", "+"), ("minus", "-"), ("times", "*"), ("over", "/"), ("squared", "^2"), ("cubed", "^3"),
        ("×", "*"), ("·", "*"), ("÷", "/"), ("−", "-"), ("–", "-"),
    ];

    public SimTaskType Type => SimTaskType.Arithmetic;

    public IReadOnlyList<string> Examples { get; } = ["What is 17 * 23?", "What is 17 + 25?", "What is 15% of 80?", "What is the square root of 144?"];

    public TaskDraft? Read(string question, SeededRandom random)
    {
        var text = Lead().Replace(question.ToLowerInvariant(), "").TrimEnd('?', '.', '!', '=', ' ');
        if (Percent().Match(text) is { Success: true } percent)
        {
            text = $"({percent.Groups["share"].Value}) / 100 * ({percent.Groups["whole"].Value})";
        }
        else if (Root().Match(text) is { Success: true } root)
        {
            return NumberText.Parse(root.Groups["number"].Value) is { } square && square >= 0 ? Answer(question, (decimal)Math.Sqrt((double)square), random) : null;
        }

        foreach (var (word, sign) in Words)
        {
            text = text.Replace(word, sign, StringComparison.Ordinal);
        }

        text = Cross().Replace(text, "*");
        return HasOperator().IsMatch(text) && ArithmeticExpression.Evaluate(text) is { } value ? Answer(question, value, random) : null;
    }

    private static TaskDraft Answer(string question, decimal value, SeededRandom random) =>
        TaskDraft.Number(question, Math.Round(value, 4, MidpointRounding.AwayFromZero), random);

    [GeneratedRegex(@"^(?:please |can you |could you |tell me |hi,? |hello,? )*(?:what is|what's|whats|how much is|calculate|compute|evaluate|solve|work out|find|add up)?:?\s*(?:the (?:value|result|sum|product) of )?")]
    private static partial Regex Lead();

    [GeneratedRegex(@"^(?<share>[\d.,]+)\s*(?:%|percent|per cent) of (?<whole>[\d.,]+)$")]
    private static partial Regex Percent();

    [GeneratedRegex(@"^(?:the )?(?:square root|sqrt)(?: of |\s*\(?)(?<number>[\d.,]+)\)?$")]
    private static partial Regex Root();

    [GeneratedRegex(@"(?<=[\d)])\s*x\s*(?=[\d(])")]
    private static partial Regex Cross();

    [GeneratedRegex(@"[\d)]\s*[-+*/^]")]
    private static partial Regex HasOperator();
}
