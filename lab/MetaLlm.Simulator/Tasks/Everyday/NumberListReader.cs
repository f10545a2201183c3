using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>Lists of numbers: sorted, summed up, their largest, smallest and mean, and the next of a regular sequence.</summary>
internal sealed partial class NumberListReader : IQuestionReader
{
    private const int MostNumbers = 50;

    public SimTaskType Type => SimTaskType.Counting;

    public IReadOnlyList<string> Examples { get; } = ["Sort 5, 3, 9, 1", "What is the largest of 12, 7 and 30?", "What is the average of 4, 8 and 12?", "What comes next: 2, 4, 6, 8?"];

    public TaskDraft? Read(string question, SeededRandom random)
    {
        var text = question.ToLowerInvariant().TrimEnd('?', '.', '!', ' ', '…');
        var match = Question().Match(text);
        if (!match.Success || Numbers(match.Groups["list"].Value) is not { Length: >= 2 } numbers)
        {
            return null;
        }

        return match.Groups["ask"].Value switch
        {
            "largest" or "biggest" or "greatest" or "maximum" or "max" => TaskDraft.Number(question, numbers.Max(), random),
            "smallest" or "least" or "lowest" or "minimum" or "min" => TaskDraft.Number(question, numbers.Min(), random),
            "sum" or "total" => TaskDraft.Number(question, numbers.Sum(), random),
            "average" or "mean" => TaskDraft.Number(question, Math.Round(numbers.Average(), 4), random),
            "next" => Next(numbers) is { } next ? TaskDraft.Number(question, next, random) : null,
            _ => Sorted(question, numbers),
        };
    }

    private static TaskDraft? Sorted(string question, decimal[] numbers)
    {
        var sorted = numbers.Order().ToArray();
        decimal[] slip = [.. sorted[..^2], sorted[^1], sorted[^2]];
        return sorted[^1] == sorted[^2] ? null : TaskDraft.List(question, sorted, slip);
    }

    /// <summary>Arithmetic first, then geometric; a longer rule is not guessed.</summary>
    private static decimal? Next(decimal[] numbers)
    {
        if (numbers.Length < 3)
        {
            return null;
        }

        var step = numbers[1] - numbers[0];
        if (numbers.Zip(numbers.Skip(1)).All(pair => pair.Second - pair.First == step))
        {
            return numbers[^1] + step;
        }

        return numbers[0] != 0 && numbers.Zip(numbers.Skip(1)).All(pair => pair.Second * numbers[0] == pair.First * numbers[1])
            ? numbers[^1] * numbers[1] / numbers[0]
            : null;
    }

    private static decimal[]? Numbers(string list)
    {
        var parts = Separator().Split(list).Where(part => part.Length > 0).ToArray();
        var numbers = parts.Select(NumberText.Parse).OfType<decimal>().ToArray();
        return parts.Length <= MostNumbers && numbers.Length == parts.Length ? numbers : null;
    }

    [GeneratedRegex(@"^(?:please )?(?:what is |what's |find |which is |what comes |which (?:number )?comes |give (?:me )?|calculate |compute )?(?:the )?(?<ask>largest|biggest|greatest|maximum|max|smallest|least|lowest|minimum|min|sum|total|average|mean|next|sort|order)(?: number| value)?(?: of| in| among| after| the numbers| these numbers| numbers)*:?\s+(?<list>-?\d[-\d ,.and]*?)(?: in ascending order| from smallest to largest)?$")]
    private static partial Regex Question();

    [GeneratedRegex(@"(?:,\s*and\s+|\s+and\s+|,\s*|\s+)")]
    private static partial Regex Separator();
}
