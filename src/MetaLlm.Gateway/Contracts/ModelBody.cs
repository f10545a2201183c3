using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A model as OpenAI lists it.")]
internal sealed record ModelBody
{
    [JsonPropertyName("id"), Description("What a request names in `model`.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("Always `model`."), Required]
    public string Object { get; init; } = "model";

    [JsonPropertyName("created"), Description("Always 0."), Required]
    public int Created { get; init; }

    [JsonPropertyName("owned_by"), Description("Its upstream.")]
    public required string OwnedBy { get; init; }

    [JsonPropertyName("metallm"), Description("Prices and abilities; `auto` has none."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelDetailsBody? Metallm { get; init; }
}
