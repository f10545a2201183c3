using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A text of an answer.")]
internal sealed record LoggedTextBody
{
    [JsonPropertyName("role"), Description("Whose it is, such as `assistant`.")]
    public required string Role { get; init; }

    [JsonPropertyName("kind"), Description("What it is: `content`, `reasoning`, `refusal` or `arguments` of a call of a tool.")]
    public required string Kind { get; init; }

    [JsonPropertyName("text"), Description("The text, without what was blotted out.")]
    public required string Text { get; init; }
}
