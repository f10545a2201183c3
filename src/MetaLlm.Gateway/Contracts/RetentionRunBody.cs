using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What has gone.")]
internal sealed record RetentionRunBody
{
    [JsonPropertyName("object"), Description("Always `metallm.retention_run`."), Required]
    public string Object { get; init; } = "metallm.retention_run";

    [JsonPropertyName("decisions"), Description("Decisions.")]
    public required long Decisions { get; init; }

    [JsonPropertyName("audit_records"), Description("Records of the audit.")]
    public required long AuditRecords { get; init; }

    [JsonPropertyName("requests"), Description("Requests that were kept with their texts, by what each tenant's `requestLog` says.")]
    public required long Requests { get; init; }
}
