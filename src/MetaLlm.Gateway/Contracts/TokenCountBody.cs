using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("How long a prompt is.")]
internal sealed record TokenCountBody
{
    [JsonPropertyName("input_tokens"), Description("Tokens of system prompt, messages and tools, estimated as routing does.")]
    public required long InputTokens { get; init; }
}
