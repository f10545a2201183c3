using MetaLlm.Core.Conversations;
using MetaLlm.Core.Guarantees;

namespace MetaLlm.Core.Tenancy;

/// <summary>A decision with everything needed to explain it, learn from it, replay it and evaluate another policy on it.</summary>
[GenerateSerializer, Immutable, Alias("metallm.decision")]
public sealed record DecisionRecord
{
    /// <summary>The feature layout of decisions without a context: they were made by price (<see cref="DecisionRequest.Candidates"/>), and nothing is learned from them.</summary>
    public const string NoFeatures = "none";

    /// <summary>What takes a policy's place in decisions that were made by price.</summary>
    public const string ByPrice = "price";

    /// <summary>The tenant.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>Id that the client sees; unique within the tenant. An engine gives it a part that nobody can guess.</summary>
    [Id(1)]
    public required string DecisionId { get; init; }

    /// <summary>Gap-free number within the tenant, from 1.</summary>
    [Id(2)]
    public required long Ordinal { get; init; }

    /// <summary>Sequence of the last event that had been applied when the decision was made.</summary>
    [Id(3)]
    public required long AppliedSequence { get; init; }

    /// <summary>When the decision was made.</summary>
    [Id(4)]
    public required DateTimeOffset At { get; init; }

    /// <summary>Name of the policy.</summary>
    [Id(5)]
    public required string Policy { get; init; }

    /// <summary>Version of the policy's state layout.</summary>
    [Id(6)]
    public required int PolicyVersion { get; init; }

    /// <summary>Identity of the feature layout, embedding model included.</summary>
    [Id(7)]
    public required string FeatureSchema { get; init; }

    /// <summary>The context vector x.</summary>
    [Id(8)]
    public required float[] Context { get; init; }

    /// <summary>The caller's task tag, or null.</summary>
    [Id(9)]
    public required string? Task { get; init; }

    /// <summary>Prompt tokens, estimated.</summary>
    [Id(10)]
    public required double InputTokens { get; init; }

    /// <summary>Every arm as it looked.</summary>
    [Id(11)]
    public required IReadOnlyList<ArmAssessment> Arms { get; init; }

    /// <summary>The chosen arm.</summary>
    [Id(12)]
    public required string ChosenArm { get; init; }

    /// <summary>The best-scored arm without exploration.</summary>
    [Id(13)]
    public required string GreedyArm { get; init; }

    /// <summary>Whether the caller named the arm.</summary>
    [Id(14)]
    public required bool Pinned { get; init; }

    /// <summary>Exact probability with which the chosen arm was chosen; 1 when pinned.</summary>
    [Id(15)]
    public required double Propensity { get; init; }

    /// <summary>The uniform number that drew it, in [0, 1).</summary>
    [Id(16)]
    public required double Draw { get; init; }

    /// <summary>Seed of the tenant's random numbers.</summary>
    [Id(17)]
    public required ulong Seed { get; init; }

    /// <summary>Shadow price in force: quality per USD, before the caller's preference weights.</summary>
    [Id(18)]
    public required double Lambda { get; init; }

    /// <summary>The caller's weights.</summary>
    [Id(19)]
    public required PreferenceWeights Preferences { get; init; }

    /// <summary>Predicted cost of the chosen arm, USD: what pacing counts with until the call is settled.</summary>
    [Id(20)]
    public required double ReservedUsd { get; init; }

    /// <summary>Who makes the call.</summary>
    [Id(21)]
    public DecisionOrigin Origin { get; init; }

    /// <summary>Hash of the end user who asked; 0 when unknown.</summary>
    [Id(22)]
    public ulong User { get; init; }

    /// <summary>How much its rewards count, above 0 to 1: less than 1 for a user who has asked so often today that others would hardly count beside.</summary>
    [Id(23)]
    public double UserWeight { get; init; } = 1;

    /// <summary>Id of the API key that the request came with; null for none.</summary>
    [Id(24)]
    public string? Key { get; init; }

    /// <summary>Its place in its conversation; null where conversations were not followed.</summary>
    [Id(25)]
    public ConversationPlace? Conversation { get; init; }

    /// <summary>What it rests on under the tenant's guarantee; null where that had no say.</summary>
    [Id(26)]
    public GuaranteePlace? Guarantee { get; init; }

    /// <summary>Whether a policy made it. One that was made by price books the call's money and changes nothing else.</summary>
    public bool IsOfPolicy => FeatureSchema != NoFeatures;

    /// <summary>USD that the caps set aside until the call is settled: that of the chosen arm's <see cref="ArmAssessment.BoundUsd"/>. 0 in decisions from before bounds were recorded.</summary>
    public double BoundUsd
    {
        get
        {
            foreach (var arm in Arms)
            {
                if (arm.ArmId == ChosenArm)
                {
                    return arm.BoundUsd;
                }
            }

            return 0;
        }
    }
}
