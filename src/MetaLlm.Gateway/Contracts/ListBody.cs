using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A list.")]
internal record ListBody<T>
{
    [JsonPropertyName("object"), Description("Always `list`."), Required]
    public string Object { get; init; } = "list";

    [JsonPropertyName("data"), Description("The items, in order.")]
    public required IReadOnlyList<T> Data { get; init; }
}
