using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("How a challenger is promoted.")]
internal sealed record PromotionBody
{
    [JsonPropertyName("force"), Description("Whether it is promoted though its gate is shut; false without it.")]
    public bool Force { get; init; }
}
