using System.Text.RegularExpressions;

namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>Capitals of countries. To models it is recall of a small vocabulary, as translation is, so that skill counts.</summary>
internal sealed partial class CapitalReader : IQuestionReader
{
    private static readonly Dictionary<string, string> Capitals = new(StringComparer.OrdinalIgnoreCase)
    {
        ["France"] = "Paris", ["Germany"] = "Berlin", ["Italy"] = "Rome", ["Spain"] = "Madrid", ["Portugal"] = "Lisbon", ["Austria"] = "Vienna",
        ["Switzerland"] = "Bern", ["Belgium"] = "Brussels", ["Netherlands"] = "Amsterdam", ["Denmark"] = "Copenhagen", ["Sweden"] = "Stockholm",
        ["Norway"] = "Oslo", ["Finland"] = "Helsinki", ["Iceland"] = "Reykjavik", ["Ireland"] = "Dublin", ["United Kingdom"] = "London", ["England"] = "London",
        ["Poland"] = "Warsaw", ["Czech Republic"] = "Prague", ["Hungary"] = "Budapest", ["Greece"] = "Athens", ["Turkey"] = "Ankara", ["Ukraine"] = "Kyiv",
        ["Romania"] = "Bucharest", ["Bulgaria"] = "Sofia", ["Croatia"] = "Zagreb", ["United States"] = "Washington", ["USA"] = "Washington", ["Canada"] = "Ottawa",
        ["Mexico"] = "Mexico City", ["Brazil"] = "Brasilia", ["Argentina"] = "Buenos Aires", ["Chile"] = "Santiago", ["Peru"] = "Lima", ["Colombia"] = "Bogota",
        ["Egypt"] = "Cairo", ["Kenya"] = "Nairobi", ["Nigeria"] = "Abuja", ["Morocco"] = "Rabat", ["India"] = "New Delhi", ["China"] = "Beijing", ["Japan"] = "Tokyo",
        ["South Korea"] = "Seoul", ["Thailand"] = "Bangkok", ["Vietnam"] = "Hanoi", ["Indonesia"] = "Jakarta", ["Australia"] = "Canberra", ["New Zealand"] = "Wellington",
    };

    public SimTaskType Type => SimTaskType.Translation;

    public IReadOnlyList<string> Examples { get; } = ["What is the capital of France?"];

    public TaskDraft? Read(string question, SeededRandom random)
    {
        var match = Question().Match(question.TrimEnd('?', '.', '!', ' '));
        if (!match.Success || !Capitals.TryGetValue(match.Groups["country"].Value, out var capital))
        {
            return null;
        }

        var others = Capitals.Values.Distinct(StringComparer.Ordinal).Where(other => other != capital).ToArray();
        return TaskDraft.Text(question, capital, random.Pick(others, 3));
    }

    [GeneratedRegex(@"^(?:please )?(?:(?:what|which)(?: city)?(?: is|'s) the capital(?: city)? of|name the capital of|capital of|tell me the capital of) (?:the )?(?<country>[a-z ]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Question();
}
