using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A file of the archive.")]
internal sealed record ArchiveFileBody
{
    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("day"), Description("The day of its decisions, UTC.")]
    public required string Day { get; init; }

    [JsonPropertyName("file"), Description("Its name within the tenant's and the day's directory.")]
    public required string File { get; init; }

    [JsonPropertyName("bytes"), Description("Its length.")]
    public required long Bytes { get; init; }
}
