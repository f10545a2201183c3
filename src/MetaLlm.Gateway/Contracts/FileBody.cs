using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A file.")]
internal sealed record FileBody
{
    [JsonPropertyName("id"), Description("Its id.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("Always `file`."), Required]
    public string Object { get; init; } = "file";

    [JsonPropertyName("bytes"), Description("Its size, bytes.")]
    public required long Bytes { get; init; }

    [JsonPropertyName("created_at"), Description("When it came, Unix seconds.")]
    public required long CreatedAt { get; init; }

    [JsonPropertyName("expires_at"), Description("When it goes, Unix seconds.")]
    public required long ExpiresAt { get; init; }

    [JsonPropertyName("filename"), Description("Its name.")]
    public required string Filename { get; init; }

    [JsonPropertyName("purpose"), Description("`batch` for what a batch asks, `batch_output` for what came of one.")]
    public required string Purpose { get; init; }

    [JsonPropertyName("status"), Description("Always `processed`."), Required]
    public string Status { get; init; } = "processed";
}
