using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("How the gateway is.")]
internal sealed record HealthBody
{
    [JsonPropertyName("status"), Description("`live`, `ready` or `not_ready`."), JsonConverter(typeof(WireWord<HealthState>))]
    public required HealthState Status { get; init; }

    [JsonPropertyName("embedder"), Description("The embedding model, when ready; for those alone who may read `/metrics`."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Embedder { get; init; }

    [JsonPropertyName("reason"), Description("Name of the error, when not ready; for those alone who may read `/metrics`."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
