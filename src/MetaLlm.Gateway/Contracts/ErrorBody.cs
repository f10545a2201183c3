using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("An error as OpenAI clients know it.")]
internal sealed record ErrorBody
{
    [JsonPropertyName("error"), Description("What is wrong.")]
    public required ErrorDetailBody Error { get; init; }
}
