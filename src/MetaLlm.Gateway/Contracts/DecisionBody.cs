using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A decision: why this model, and what became of it.")]
internal sealed record DecisionBody
{
    [JsonPropertyName("object"), Description("Always `metallm.decision`."), Required]
    public string Object { get; init; } = "metallm.decision";

    [JsonPropertyName("decision_id"), Description("The decision.")]
    public required string DecisionId { get; init; }

    [JsonPropertyName("ordinal"), Description("Its number among those of the tenant, from 1.")]
    public required long Ordinal { get; init; }

    [JsonPropertyName("model"), Description("The model that was chosen.")]
    public required string Model { get; init; }

    [JsonPropertyName("chosen_arm"), Description("The same.")]
    public required string ChosenArm { get; init; }

    [JsonPropertyName("served_arm"), Description("The model that served the call; another one than was chosen when that failed.")]
    public required string ServedArm { get; init; }

    [JsonPropertyName("created_at"), Description("When it was made.")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("policy"), Description("The policy that decided.")]
    public required string Policy { get; init; }

    [JsonPropertyName("policy_version"), Description("Version of the policy.")]
    public required int PolicyVersion { get; init; }

    [JsonPropertyName("feature_schema"), Description("Version of the features that it decided by.")]
    public required string FeatureSchema { get; init; }

    [JsonPropertyName("task"), Description("The kind of task that the request named; null for none.")]
    public required string? Task { get; init; }

    [JsonPropertyName("input_tokens"), Description("Tokens of the prompt, estimated.")]
    public required double InputTokens { get; init; }

    [JsonPropertyName("greedy_arm"), Description("The best model without exploration.")]
    public required string GreedyArm { get; init; }

    [JsonPropertyName("pinned"), Description("Whether the request named the model.")]
    public required bool Pinned { get; init; }

    [JsonPropertyName("propensity"), Description("Exact probability with which the model was chosen, 0 to 1.")]
    public required double Propensity { get; init; }

    [JsonPropertyName("lambda"), Description("Shadow price in force, quality per USD.")]
    public required double Lambda { get; init; }

    [JsonPropertyName("dial"), Description("The weights that the request asked for.")]
    public required PreferenceBody Preferences { get; init; }

    [JsonPropertyName("reserved_usd"), Description("Predicted cost of the chosen model's call, USD.")]
    public required double ReservedUsd { get; init; }

    [JsonPropertyName("bound_usd"), Description("USD that caps set aside for the call until it ends, attempts that failed included.")]
    public required double BoundUsd { get; init; }

    [JsonPropertyName("arms"), Description("Every model as it looked.")]
    public required IReadOnlyList<AssessmentBody> Arms { get; init; }

    [JsonPropertyName("conversation"), Description("Its place in its conversation; null where conversations are not followed.")]
    public required ConversationBody? Conversation { get; init; }

    [JsonPropertyName("guarantee"), Description("What it rests on under the tenant's guarantee; null where that had no say.")]
    public GuaranteePlaceBody? Guarantee { get; init; }

    [JsonPropertyName("cascade"), Description("What was made of the first answer before it left; null where nobody weighed it.")]
    public WeighedAnswerBody? Cascade { get; init; }

    [JsonPropertyName("settlement"), Description("How the call ended; null until it has.")]
    public required SettlementBody? Settlement { get; init; }

    [JsonPropertyName("attempts"), Description("Every attempt at a model, in order; the one that ended the call comes last. Empty until the call has ended.")]
    public required IReadOnlyList<AttemptBody> Attempts { get; init; }

    [JsonPropertyName("reward"), Description("The reward in force; null without one.")]
    public required double? Reward { get; init; }

    [JsonPropertyName("reward_weight"), Description("How much the reward counts.")]
    public required double RewardWeight { get; init; }

    [JsonPropertyName("reward_defaulted"), Description("Whether the reward stands in for feedback that did not come.")]
    public required bool RewardDefaulted { get; init; }

    [JsonPropertyName("reward_source"), Description("The judges that the reward in force comes from, as `judge:quality@1`; null where it is feedback, a default, or none.")]
    public string? RewardSource { get; init; }

    [JsonPropertyName("feedback_count"), Description("How often feedback was recorded for it.")]
    public required int FeedbackCount { get; init; }
}
