using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A part of a tenant's configuration, with the members that docs/configuration.md lists.")]
internal sealed record DocumentBody
{
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Members { get; set; }
}
