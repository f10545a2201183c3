using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A conversation of the Responses format.")]
internal sealed record KeptConversationBody
{
    [JsonPropertyName("id"), Description("Its id, which requests name as `conversation`.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("Always `conversation`."), Required]
    public string Object { get; init; } = "conversation";

    [JsonPropertyName("created_at"), Description("When it was begun, seconds since 1970.")]
    public required long CreatedAt { get; init; }

    [JsonPropertyName("metadata"), Description("What its client noted of it.")]
    public required JsonElement Metadata { get; init; }
}
