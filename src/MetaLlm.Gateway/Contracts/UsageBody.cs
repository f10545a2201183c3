using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Feedback;

namespace MetaLlm.Gateway.Contracts;

[Description("Tokens of a call.")]
internal sealed record UsageBody
{
    [JsonPropertyName("prompt_tokens"), Description("Tokens of the prompt."), Range(0, FeedbackReader.MostTokens)]
    public required double PromptTokens { get; init; }

    [JsonPropertyName("completion_tokens"), Description("Tokens of the answer."), Range(0, FeedbackReader.MostTokens)]
    public required double CompletionTokens { get; init; }

    [JsonPropertyName("prompt_tokens_details"), Description("More on the prompt.")]
    public UsageDetailsBody? PromptTokensDetails { get; init; }
}
