using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Chat;

namespace MetaLlm.Gateway.Contracts;

[Description("What a request asks of routing. Each member has a header of the same meaning; the member goes before it.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RoutingPreferencesBody
{
    [JsonPropertyName("task"), Description("What kind of task this is."), MinLength(1), MaxLength(RoutingPreferences.LongestTask)]
    public string? Task { get; init; }

    [JsonPropertyName("dial"), Description("Weights for this request; each multiplies that of the tenant.")]
    public PreferencesBody? Preferences { get; init; }

    [JsonPropertyName("max_cost_usd"), Description("Leaves out models that are predicted to cost more, USD."), Range(0, RoutingPreferences.HighestCost, MinimumIsExclusive = true)]
    public double? MaxCostUsd { get; init; }

    [JsonPropertyName("allow"), Description("Considers these models only."), MinLength(1)]
    public IReadOnlyList<string>? Allow { get; init; }

    [JsonPropertyName("session"), Description("Name of the conversation that this is a turn of; without it, conversations are known by their messages."), MinLength(1), MaxLength(RoutingPreferences.LongestSession)]
    public string? Session { get; init; }

    [JsonPropertyName("expected"), Description("The reference answer, for judges; no model that answers sees it. It has no header."), MinLength(1), MaxLength(RoutingPreferences.LongestExpected)]
    public string? Expected { get; init; }
}
