using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A conversation that was deleted.")]
internal sealed record DeletedConversationBody
{
    [JsonPropertyName("id"), Description("Its id.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("Always `conversation.deleted`."), Required]
    public string Object { get; init; } = "conversation.deleted";

    [JsonPropertyName("deleted"), Description("Always true."), Required]
    public bool Deleted { get; init; } = true;
}
