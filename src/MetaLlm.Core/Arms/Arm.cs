namespace MetaLlm.Core.Arms;

/// <summary>One LLM that a policy may choose: its identity, its prices, and what it can serve.</summary>
public sealed record Arm
{
    /// <summary>Name within the tenant; compared ordinally, 1 to 128 characters.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// Id that the arm had before, or null. Where the configuration before has an arm of that id and none of the new one, what was learned and counted goes on
    /// under the new id, and rewards of earlier decisions with it. Otherwise it says nothing, so that it may stay.
    /// </summary>
    public string? RenamedFrom { get; init; }

    /// <summary>Live list prices. Repricing needs no relearning: cost is predicted in tokens.</summary>
    public required TokenPrices Prices { get; init; }

    /// <summary>
    /// The dearest kind of prompt token (sound, or one that is written to a cache), USD per token, at least 0. Caps set aside for the dearest kind; 0 means that none
    /// costs more than a cache write by <see cref="TokenPrices.CacheWriteFactor"/>.
    /// </summary>
    public double MostInputPrice { get; init; }

    /// <summary>The dearest kind of completion token, USD per token, at least 0; 0 means that none costs more than <see cref="TokenPrices.Output"/>.</summary>
    public double MostOutputPrice { get; init; }

    /// <summary>Whether new decisions may choose the arm; feedback on past decisions is learned from either way.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Longest prompt the model takes, in tokens; 0 means unknown, which excludes nothing.</summary>
    public int ContextTokens { get; init; }

    /// <summary>Most completion tokens that the model gives in one answer, reasoning included; 0 means unknown.</summary>
    public int MaxOutputTokens { get; init; }

    /// <summary>What the model can do beyond text, such as <c>tools</c>, <c>vision</c>, <c>json</c>; null means anything.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Expected completion tokens before anything was observed; at least 1.</summary>
    public double PriorOutputTokens { get; init; } = 256;

    /// <summary>Expected seconds to the full answer before anything was observed; at least 0.</summary>
    public double PriorLatencySeconds { get; init; } = 2;

    /// <summary>How its provider caches prompts; null where that is not known, and the share of cached tokens is learned over all calls alike.</summary>
    public PromptCache? PromptCache { get; init; }

    /// <summary>What every call of it has beyond the request; null for nothing.</summary>
    public CallOverhead? Overhead { get; init; }

    /// <summary>What its operator expects of its answers; null for nothing.</summary>
    public ModelCard? Card { get; init; }

    /// <summary>What a call with this usage costs, with what it costs beside its tokens.</summary>
    /// <param name="usage">Tokens of the call.</param>
    /// <returns>USD.</returns>
    public double Cost(in TokenUsage usage) => Overhead is { } overhead ? Prices.Cost(usage) + overhead.Usd : Prices.Cost(usage);

    /// <summary>Prompt tokens to expect of a call.</summary>
    /// <param name="requestTokens">Those of the client's request.</param>
    /// <returns>Those with what the arm adds.</returns>
    public double InputOf(double requestTokens) => Overhead is { } overhead ? requestTokens + overhead.InputTokens : requestTokens;
}
