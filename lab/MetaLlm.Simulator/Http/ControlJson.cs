using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Simulator.Faults;
using MetaLlm.Simulator.Stats;

namespace MetaLlm.Simulator.Http;

/// <summary>The control surface's JSON: snake case, enum members in kebab case, unknown fields refused.</summary>
internal static class ControlJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
    };

    public static object Describe(SimulatedModel model, bool isDown) => new
    {
        Id = model.Name,
        model.Description,
        Available = !isDown,
        Price = new { Input = model.Price.InputPerMillion, CachedInput = model.Price.CachedInputPerMillion, Output = model.Price.OutputPerMillion },
        TimeToFirstTokenMs = model.TimeToFirstToken.TotalMilliseconds,
        model.TokensPerSecond,
        model.ReplyTokens,
        Abilities = Enum.GetValues<SimTaskType>().ToDictionary(EnumNames.Of, model.AbilityFor),
    };

    public static object Describe(ModelStats stats) => new
    {
        stats.Model,
        stats.Requests,
        stats.Completed,
        stats.PromptTokens,
        stats.CachedTokens,
        stats.CompletionTokens,
        stats.CostUsd,
        Faults = stats.Faults.ToDictionary(pair => EnumNames.Of(pair.Key), pair => pair.Value),
    };

    public static object Describe(FaultRule rule) => new
    {
        rule.Model,
        Kind = EnumNames.Of(rule.Kind),
        rule.Probability,
        rule.Count,
        rule.RetryAfterSeconds,
        DelaySeconds = rule.Delay.TotalSeconds,
    };
}
