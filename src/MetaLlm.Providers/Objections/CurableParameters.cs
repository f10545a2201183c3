using System.Collections.Frozen;

namespace MetaLlm.Providers.Objections;

/// <summary>
/// The parameters that may be left out for a model that does not support them, or does not support their value. A closed list: how an answer is drawn, what is
/// told beside it, and what a provider does behind it. What an answer is about and what form it has (messages, tools, response_format, stop, n, logit_bias,
/// modalities) is never left out: another model may take it.
/// </summary>
internal static class CurableParameters
{
    public static readonly FrozenSet<string> All = FrozenSet.Create(
        StringComparer.Ordinal,
        "thinking", "temperature", "top_p", "top_k", "top_a", "min_p", "typical_p", "frequency_penalty", "presence_penalty", "repetition_penalty", "seed",
        "logprobs", "top_logprobs",
        "parallel_tool_calls", "reasoning_effort", "verbosity", "prediction",
        "service_tier", "user", "safety_identifier", "metadata", "store", "prompt_cache_key", "prompt_cache_retention");

    /// <summary>Those of them whose value is one of a few words, of which a model may support some.</summary>
    private static readonly FrozenSet<string> FewValues = FrozenSet.Create(
        StringComparer.Ordinal, "reasoning_effort", "verbosity", "service_tier", "prompt_cache_retention", "parallel_tool_calls", "logprobs", "store");

    /// <summary>The two names of the limit of an answer. It is renamed and never left out, for what a call may cost follows from it.</summary>
    public static readonly IReadOnlyList<string> Limits = ["max_tokens", "max_completion_tokens"];

    public static bool HasFewValues(string name) => FewValues.Contains(name);

    public static string OtherLimit(string name) => name == Limits[0] ? Limits[1] : Limits[0];
}
