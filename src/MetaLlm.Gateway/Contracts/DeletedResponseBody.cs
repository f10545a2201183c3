using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A response that was deleted.")]
internal sealed record DeletedResponseBody
{
    [JsonPropertyName("id"), Description("Its id.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("Always `response`."), Required]
    public string Object { get; init; } = "response";

    [JsonPropertyName("deleted"), Description("Always true."), Required]
    public bool Deleted { get; init; } = true;
}
