using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("One of several deployments of a model.")]
internal sealed record DeploymentBody
{
    [JsonPropertyName("name"), Description("Its name.")]
    public required string Name { get; init; }

    [JsonPropertyName("upstream"), Description("The upstream.")]
    public required string Upstream { get; init; }

    [JsonPropertyName("model"), Description("The upstream's name of the model.")]
    public required string Model { get; init; }

    [JsonPropertyName("weight"), Description("Its share of the calls beside the others; 0 for a spare.")]
    public required double Weight { get; init; }

    [JsonPropertyName("circuit"), Description("State of its circuit breaker."), JsonConverter(typeof(WireWord<CircuitWord>))]
    public required CircuitWord Circuit { get; init; }

    [JsonPropertyName("held_out_seconds"), Description("For how many seconds yet it is left out; 0 when it is not.")]
    public required double HeldOutSeconds { get; init; }
}
