using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What is known of one model.")]
internal sealed record PolicyArmBody
{
    [JsonPropertyName("id"), Description("The model.")]
    public required string Id { get; init; }

    [JsonPropertyName("enabled"), Description("Whether it may be chosen.")]
    public required bool Enabled { get; init; }

    [JsonPropertyName("quiz_rows"), Description("Lines of all its quizzes.")]
    public required int QuizRows { get; init; }

    [JsonPropertyName("pulls"), Description("How often it was chosen.")]
    public required long Pulls { get; init; }

    [JsonPropertyName("rewards"), Description("How many of its decisions have a reward.")]
    public required long Rewards { get; init; }

    [JsonPropertyName("mean_reward"), Description("Mean of those rewards; null without any.")]
    public required double? MeanReward { get; init; }

    [JsonPropertyName("mean_cost_usd"), Description("Mean cost of a call, USD; null without any.")]
    public required double? MeanCostUsd { get; init; }

    [JsonPropertyName("mean_latency_seconds"), Description("Mean latency of completed calls, seconds; null without any.")]
    public required double? MeanLatencySeconds { get; init; }

    [JsonPropertyName("spend_usd"), Description("Sum of the cost of its calls and of failed attempts at it, USD.")]
    public required double SpendUsd { get; init; }

    [JsonPropertyName("wasted_usd"), Description("The part of it that failed attempts have cost, USD.")]
    public required double WastedUsd { get; init; }

    [JsonPropertyName("failure_rate"), Description("Share of attempts that are expected to fail, by the last few hundred decisions; 0 while none has failed.")]
    public required double FailureRate { get; init; }

    [JsonPropertyName("failures"), Description("Attempts that gave the client no answer, by kind.")]
    public required FailuresBody Failures { get; init; }

    [JsonPropertyName("circuit"), Description("State of its circuit breaker: `closed` lets calls pass, `open` lets none, `half_open` lets one through as a trial."), JsonConverter(typeof(WireWord<CircuitWord>))]
    public required CircuitWord Circuit { get; init; }

    [JsonPropertyName("held_out_seconds"), Description("For how many seconds yet it is left out because it keeps failing; 0 when it is not.")]
    public required double HeldOutSeconds { get; init; }

    [JsonPropertyName("deployments"), Description("Its deployments, where it has several."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DeploymentBody>? Deployments { get; init; }
}
