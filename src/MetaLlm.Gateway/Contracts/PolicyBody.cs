using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What the tenant's policy has learned.")]
internal sealed record PolicyBody
{
    [JsonPropertyName("object"), Description("Always `metallm.policy`."), Required]
    public string Object { get; init; } = "metallm.policy";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("policy"), Description("The policy.")]
    public required string Policy { get; init; }

    [JsonPropertyName("policy_version"), Description("Version of the policy.")]
    public required int PolicyVersion { get; init; }

    [JsonPropertyName("feature_schema"), Description("Version of the features that it decides by.")]
    public required string FeatureSchema { get; init; }

    [JsonPropertyName("decisions"), Description("Decisions made.")]
    public required long Decisions { get; init; }

    [JsonPropertyName("events_applied"), Description("Events applied.")]
    public required long EventsApplied { get; init; }

    [JsonPropertyName("rewards_applied"), Description("Rewards applied, corrections included.")]
    public required long RewardsApplied { get; init; }

    [JsonPropertyName("rewards_defaulted"), Description("Those of them that stood in for feedback that had not come.")]
    public required long RewardsDefaulted { get; init; }

    [JsonPropertyName("warm_start_rows"), Description("Lines of the warm start that the policy rests on.")]
    public required int WarmStartRows { get; init; }

    [JsonPropertyName("spend_usd"), Description("Settled spend since the beginning, USD, failed attempts included.")]
    public required double SpendUsd { get; init; }

    [JsonPropertyName("wasted_usd"), Description("The part of it that failed attempts have cost, USD.")]
    public required double WastedUsd { get; init; }

    [JsonPropertyName("reserved_usd"), Description("Predicted cost of calls that have not ended, USD.")]
    public required double ReservedUsd { get; init; }

    [JsonPropertyName("bound_usd"), Description("USD that caps set aside for calls that have not ended.")]
    public required double BoundUsd { get; init; }

    [JsonPropertyName("lambda"), Description("Shadow price in force, quality per USD.")]
    public required double Lambda { get; init; }

    [JsonPropertyName("windows"), Description("The hard cap and the budgets of calendar windows, at the time of the last decision or event.")]
    public required IReadOnlyList<WindowBody> Windows { get; init; }

    [JsonPropertyName("cascade"), Description("What the cascade has done; null without one.")]
    public CascadeBody? Cascade { get; init; }

    [JsonPropertyName("quality_floor"), Description("The quality floor; null without one.")]
    public required QualityFloorBody? QualityFloor { get; init; }

    [JsonPropertyName("imputation"), Description("The imputation of missing rewards; null unless it is configured.")]
    public required ImputationBody? Imputation { get; init; }

    [JsonPropertyName("canary"), Description("The canary, where there is one."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CanaryBody? Canary { get; init; }

    [JsonPropertyName("state_hash"), Description("SHA-256 of the learned state, lower-case hex.")]
    public required string StateHash { get; init; }

    [JsonPropertyName("arms"), Description("Every model, in the order of the configuration.")]
    public required IReadOnlyList<PolicyArmBody> Arms { get; init; }
}
