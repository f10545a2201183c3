using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A change that somebody made.")]
internal sealed record ChangeBody
{
    [JsonPropertyName("revision"), Description("Its number among all changes.")]
    public required long Revision { get; init; }

    [JsonPropertyName("at"), Description("When.")]
    public required DateTimeOffset At { get; init; }

    [JsonPropertyName("actor"), Description("Who: the id of a key that manages, or `configuration` for the one that the configuration names.")]
    public required string Actor { get; init; }

    [JsonPropertyName("action"), Description("`create_tenant`, `replace_tenant`, `delete_tenant`, `create_key`, `revoke_key`, `reset_budget`, `promote_challenger` or `roll_back_challenger`.")]
    public required string Action { get; init; }

    [JsonPropertyName("tenant"), Description("The tenant that it was about; null for a key that manages.")]
    public required string? Tenant { get; init; }

    [JsonPropertyName("key"), Description("Id of the key that it was about; null for none.")]
    public required string? Key { get; init; }

    [JsonPropertyName("before"), Description("What was there; null for nothing.")]
    public required JsonElement Before { get; init; }

    [JsonPropertyName("after"), Description("What is there since; null for nothing.")]
    public required JsonElement After { get; init; }
}
