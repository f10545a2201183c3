using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What was used.")]
internal sealed record UsageReportBody
{
    [JsonPropertyName("object"), Description("Always `metallm.usage`."), Required]
    public string Object { get; init; } = "metallm.usage";

    [JsonPropertyName("tenant"), Description("The tenant; null for all.")]
    public required string? Tenant { get; init; }

    [JsonPropertyName("from"), Description("The earliest time of a decision.")]
    public required DateTimeOffset From { get; init; }

    [JsonPropertyName("to"), Description("The time before which decisions were made.")]
    public required DateTimeOffset To { get; init; }

    [JsonPropertyName("by"), Description("What a row stands for: `day`, `model`, `task`, `key` or `tenant`.")]
    public required string By { get; init; }

    [JsonPropertyName("data"), Description("The rows, in the order of their groups.")]
    public required IReadOnlyList<UsageRowBody> Data { get; init; }
}
