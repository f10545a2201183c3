using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A message.")]
internal sealed record ChatMessageBody
{
    [JsonPropertyName("role"), Description("Who speaks."), JsonConverter(typeof(WireWord<ChatRole>))]
    public required ChatRole Role { get; init; }

    [JsonPropertyName("content"), Description("A text, or a list of parts.")]
    public JsonElement? Content { get; init; }
}
