using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Sessions;

/// <summary>
/// A world of simulated sessions: models with their prices, and how sessions go. Prices and rules of caches are those that providers publish. How well models do is invented in the worlds
/// with a name, which were changed while the rule was being made and so do not test it; in <see cref="RecordedWorld"/> it was recorded.
/// </summary>
internal sealed record SessionWorld
{
    /// <summary>The worlds' names.</summary>
    public static readonly IReadOnlyList<string> Names = ["agents", "chats"];

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The models.</summary>
    public required IReadOnlyList<SessionModel> Models { get; init; }

    /// <summary>Where they come from.</summary>
    public required ISessionQuestions Source { get; init; }

    /// <summary>Questions that a user asks in a session, from and to.</summary>
    public required (int Least, int Most) Questions { get; init; }

    /// <summary>Probability that an answer calls a tool, whose result is the next step.</summary>
    public required double ToolShare { get; init; }

    /// <summary>Tokens of instructions and tools, the same in every session.</summary>
    public required double InstructionTokens { get; init; }

    /// <summary>Mean tokens of a question.</summary>
    public required double QuestionTokens { get; init; }

    /// <summary>Mean tokens of a tool's result.</summary>
    public double ResultTokens { get; init; } = 1200;

    /// <summary>Mean tokens of an answer.</summary>
    public double AnswerTokens { get; init; } = 520;

    /// <summary>Mean seconds that a tool takes.</summary>
    public double ToolSeconds { get; init; } = 4;

    /// <summary>Median seconds that a user takes.</summary>
    public double UserSeconds { get; init; } = 45;

    /// <summary>Mean seconds from the beginning of a session to that of the next.</summary>
    public double SecondsBetween { get; init; } = 25;

    /// <summary>Probability that a cache which should hold a prompt does: providers promise nothing.</summary>
    public double CacheReliability { get; init; } = 0.95;

    /// <summary>A world by its name.</summary>
    public static SessionWorld Of(string name) => name == "agents" ? Agents() : Chats();

    /// <summary>
    /// Long sessions with tools and long prompts. Prices and rules of November 2025: reads at a tenth, Anthropic's writes at 1.25, five minutes. Instructions and tools of 19,000 tokens are what
    /// was captured of a coding agent; lengths of results and answers, and how much caches hold, are the means of 357,161 steps of coding agents (TraceLab, arXiv 2606.30560).
    /// </summary>
    private static SessionWorld Agents()
    {
        SessionModel[] models =
        [
            new("claude-sonnet-4.5", TokenPrices.PerMillion(3, 15, 0.3), new PromptCache { NeedsMarks = true, WritePrice = 3.75e-6 }, [0.90, 0.92, 0.94, 0.94]),
            new("gpt-5", TokenPrices.PerMillion(1.25, 10, 0.125), new PromptCache(), [0.90, 0.86, 0.94, 0.93]),
            new("claude-haiku-4.5", TokenPrices.PerMillion(1, 5, 0.1), new PromptCache { NeedsMarks = true, WritePrice = 1.25e-6, MinTokens = 4096 }, [0.72, 0.78, 0.93, 0.93]),
            new("gpt-5-mini", TokenPrices.PerMillion(0.25, 2, 0.025), new PromptCache(), [0.65, 0.62, 0.92, 0.92]),
        ];
        return new SessionWorld
        {
            Name = "agents",
            Models = models,
            Source = new InventedQuestions(models, 0.85, 0.5),
            Questions = (12, 12),
            ToolShare = 0.8,
            InstructionTokens = 19_000,
            QuestionTokens = 150,
        };
    }

    /// <summary>Short chats without tools, whose prompts hardly reach what caches keep, at half the price: little to be had.</summary>
    private static SessionWorld Chats()
    {
        SessionModel[] models =
        [
            new("gpt-4o", TokenPrices.PerMillion(2.5, 10, 1.25), new PromptCache(), [0.88, 0.86, 0.93, 0.93]),
            new("gpt-4o-mini", TokenPrices.PerMillion(0.15, 0.6, 0.075), new PromptCache(), [0.66, 0.60, 0.91, 0.92]),
            new("o4-mini", TokenPrices.PerMillion(1.1, 4.4, 0.275), new PromptCache(), [0.87, 0.89, 0.91, 0.86]),
        ];
        return new SessionWorld
        {
            Name = "chats",
            Models = models,
            Source = new InventedQuestions(models, 0.85, 0.5),
            Questions = (1, 4),
            ToolShare = 0,
            InstructionTokens = 300,
            QuestionTokens = 80,
            AnswerTokens = 250,
        };
    }
}
