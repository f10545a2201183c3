using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Sessions;

/// <summary>What providers publish of a family of recorded models: how much a prompt may hold, and whether prompts are cached.</summary>
/// <param name="Prefix">How the family's names begin.</param>
/// <param name="WindowTokens">Tokens that a prompt may have.</param>
/// <param name="ReadShare">Price of a token out of the cache, as a share of the price of others; 1 without a cache.</param>
/// <param name="MinTokens">Tokens that a beginning must have to be kept.</param>
/// <param name="WriteShare">Price of a token that is put into the cache, as a share of the price of others; 1 where it costs no more.</param>
/// <param name="NeedsMarks">Whether only what is marked is kept.</param>
/// <param name="Minutes">How long prompts are kept after their last use.</param>
internal sealed record PublishedModel(string Prefix, int WindowTokens, double ReadShare = 1, int MinTokens = 0, double WriteShare = 1, bool NeedsMarks = false, double Minutes = 5)
{
    // Longest prefixes win. As published when the models were offered: OpenAI's caching began with the 4o of August 2024; Gemini 1.5 has none that works by itself; DeepSeek keeps prompts for
    // hours; Google publishes no time, five minutes are taken; hosts of open models, Mistral, AI21 and Cohere list no price for cached tokens.
    private static readonly PublishedModel[] All =
    [
        new("gpt-4o", 128_000, 0.5, 1024),
        new("gpt-4o-2024-05-13", 128_000),
        new("gpt-3.5-turbo", 16_385),
        new("claude-", 200_000, 0.1, 1024, 1.25, true),
        new("claude-3-haiku", 200_000, 0.1, 2048, 1.25, true),
        new("claude-3-5-haiku", 200_000, 0.1, 2048, 1.25, true),
        new("gemini-1.5", 1_000_000),
        new("google/gemini-2.5-flash", 1_048_576, 0.1, 1024),
        new("google/gemini-2.5-pro", 1_048_576, 0.1, 4096),
        new("deepseek-", 128_000, 0.1, 64, 1, false, 60),
        new("mistral-large-2", 128_000),
        new("mistralai/mistral-large-2512", 262_144),
        new("llama-3-", 8_192),
        new("llama-3.1", 128_000),
        new("meta-llama/llama-3.1", 128_000),
        new("qwen2-72b", 131_072),
        new("qwen1.5", 32_768),
        new("gemma-2", 8_192),
        new("phi-3.5-mini", 128_000),
        new("phi-3-mini-4k", 4_096),
        new("jamba-1.5", 256_000),
        new("command-r", 128_000),
        new("mixtral-8x7b", 32_768),
        new("mathstral", 32_768),
        new("mistral-7b", 32_768),
    ];

    /// <summary>Finds a model's family.</summary>
    /// <param name="model">Its name in a data set.</param>
    /// <returns>Null where nothing is known.</returns>
    public static PublishedModel? Find(string model) =>
        All.Where(family => model.StartsWith(family.Prefix, StringComparison.Ordinal)).MaxBy(family => family.Prefix.Length);

    /// <summary>The model in a world of sessions.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="usdPerMillion">Its list prices.</param>
    /// <param name="success">Mean score by topic.</param>
    public SessionModel ToModel(string id, (double Input, double Output) usdPerMillion, double[] success) => new(
        id,
        TokenPrices.PerMillion(usdPerMillion.Input, usdPerMillion.Output, usdPerMillion.Input * ReadShare),
        ReadShare < 1 ? new PromptCache { TimeToLive = TimeSpan.FromMinutes(Minutes), MinTokens = MinTokens, NeedsMarks = NeedsMarks, WritePrice = WriteShare > 1 ? usdPerMillion.Input * WriteShare / 1e6 : 0 } : null,
        success);
}
