using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Something that is wrong with a document.")]
internal sealed record FieldErrorBody
{
    [JsonPropertyName("path"), Description("Where, as a JSON path.")]
    public required string Path { get; init; }

    [JsonPropertyName("message"), Description("The value and what is legal.")]
    public required string Message { get; init; }
}
