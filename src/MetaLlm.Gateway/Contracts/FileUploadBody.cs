using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A file to keep.")]
internal sealed record FileUploadBody
{
    [JsonPropertyName("file"), Description("The file, with its name.")]
    public required string File { get; init; }

    [JsonPropertyName("purpose"), Description("Must be `batch`.")]
    public required string Purpose { get; init; }
}
