using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A tenant: the tenant object of a configuration file, without keys. Members that the gateway sets itself are ignored when they are sent.")]
internal sealed record TenantBody
{
    [JsonPropertyName("id"), Description("Identity, unique: letters, digits, `-`, `_` and `.`, 1 to 64.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("Always `metallm.tenant`."), Required]
    public string Object { get; init; } = "metallm.tenant";

    [JsonPropertyName("source"), Description("`directory`, or `file` for one that stands in the configuration file, which alone changes it.")]
    public required string Source { get; init; }

    [JsonPropertyName("revision"), Description("Revision of its last change; `If-Match` takes it. 0 for one of the file.")]
    public required long Revision { get; init; }

    [JsonPropertyName("created_at"), Description("When it was created; null for one of the file.")]
    public required DateTimeOffset? CreatedAt { get; init; }

    [JsonPropertyName("updated_at"), Description("When it was changed last; null for one of the file.")]
    public required DateTimeOffset? UpdatedAt { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Document { get; set; }
}
