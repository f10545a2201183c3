using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("How long things are kept, and what would go now.")]
internal sealed record RetentionBody
{
    [JsonPropertyName("object"), Description("Always `metallm.retention`."), Required]
    public string Object { get; init; } = "metallm.retention";

    [JsonPropertyName("days"), Description("Days after which decisions go; null where they stay.")]
    public required int? Days { get; init; }

    [JsonPropertyName("audit_days"), Description("Days after which records of the audit go; null where they stay.")]
    public required int? AuditDays { get; init; }

    [JsonPropertyName("archives"), Description("Whether decisions are archived before they go.")]
    public required bool Archives { get; init; }

    [JsonPropertyName("data"), Description("Tenants with decisions that are old enough, in the order of their ids.")]
    public required IReadOnlyList<OldDecisionsBody> Data { get; init; }

    [JsonPropertyName("has_more"), Description("Whether there are more.")]
    public required bool HasMore { get; init; }

    [JsonPropertyName("next"), Description("What `after` gets for the next part; null after the last.")]
    public required string? Next { get; init; }
}
