using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Contracts;

[Description("How the gateway is.")]
internal sealed record HealthBody
{
    [JsonPropertyName("status"), Description("`live`, `ready` or `not_ready`."), JsonConverter(typeof(WireWord<HealthState>))]
    public required HealthState Status { get; init; }

    [JsonPropertyName("embedder"), Description("The embedding model, when ready; for those alone who may read `/metrics`."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Embedder { get; init; }

    [JsonPropertyName("configuration"), Description("Where the configuration that was read last is not in force: `needs_restart` for some members, `refused` (all of it, or for some tenants) or `failed`; the log says why. For those alone who may read `/metrics`."), JsonConverter(typeof(WireWord<ReloadOutcome>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReloadOutcome? Configuration { get; init; }

    [JsonPropertyName("reason"), Description("Name of the error, when not ready; for those alone who may read `/metrics`."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
