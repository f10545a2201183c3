using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Feedback;

namespace MetaLlm.Gateway.Contracts;

[Description("More on the tokens of a prompt.")]
internal sealed record UsageDetailsBody
{
    [JsonPropertyName("cached_tokens"), Description("Those that the upstream had cached; at most `prompt_tokens`."), Range(0, FeedbackReader.MostTokens)]
    public double? CachedTokens { get; init; }
}
