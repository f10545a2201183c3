using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A file that was deleted.")]
internal sealed record DeletedFileBody
{
    [JsonPropertyName("id"), Description("Its id.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("Always `file`."), Required]
    public string Object { get; init; } = "file";

    [JsonPropertyName("deleted"), Description("Always true."), Required]
    public bool Deleted { get; init; } = true;
}
