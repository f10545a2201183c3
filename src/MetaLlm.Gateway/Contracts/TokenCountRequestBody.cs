using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Chat;

namespace MetaLlm.Gateway.Contracts;

[Description("A request whose length is asked for: that of a message, without the need for a limit.")]
internal sealed record TokenCountRequestBody
{
    [JsonPropertyName("model"), Description("`auto`, or the id of a model."), MinLength(1), MaxLength(ChatRequestReader.LongestModel)]
    public required string Model { get; init; }

    [JsonPropertyName("messages"), Description("The conversation."), MinLength(1)]
    public required IReadOnlyList<JsonElement> Messages { get; init; }

    [JsonPropertyName("system"), Description("The system prompt, a text or a list of blocks of text.")]
    public JsonElement? System { get; init; }

    [JsonPropertyName("tools"), Description("Tools of your own.")]
    public IReadOnlyList<JsonElement>? Tools { get; init; }
}
