using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Something that was deleted.")]
internal sealed record DeletedBody
{
    [JsonPropertyName("id"), Description("Its id.")]
    public required string Id { get; init; }

    [JsonPropertyName("deleted"), Description("Always true."), Required]
    public bool Deleted { get; init; } = true;
}
