using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What was made of the first answer before it left.")]
internal sealed record WeighedAnswerBody
{
    [JsonPropertyName("escalated_to"), Description("The model that took over; null where the first answer left.")]
    public required string? EscalatedTo { get; init; }

    [JsonPropertyName("doubt"), Description("Probability that the first answer is wrong, 0 to 1.")]
    public required double Doubt { get; init; }

    [JsonPropertyName("gain"), Description("Reward that the best other model may add, before its price.")]
    public required double Gain { get; init; }

    [JsonPropertyName("propensity"), Description("Probability of what was chosen, above 0 to 1.")]
    public required double Propensity { get; init; }

    [JsonPropertyName("mean_log_probability"), Description("Mean of the natural log-probabilities of the answer's tokens; null where the upstream does not tell.")]
    public required double? MeanLogProbability { get; init; }

    [JsonPropertyName("completion_tokens"), Description("Tokens of the answer; null where they are not known.")]
    public required double? CompletionTokens { get; init; }

    [JsonPropertyName("refused"), Description("Whether the answer refuses.")]
    public required bool Refused { get; init; }

    [JsonPropertyName("self_report"), Description("How sure the model said it was, 0 to 1; null where it said nothing.")]
    public required double? SelfReport { get; init; }

    [JsonPropertyName("verdict"), Description("What checkers said, 0 (wrong) to 1 (right); null without any.")]
    public required double? Verdict { get; init; }
}
