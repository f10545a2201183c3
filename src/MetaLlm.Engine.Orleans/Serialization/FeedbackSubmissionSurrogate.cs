using MetaLlm.Engine.Journal;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="FeedbackSubmission"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.feedback-submission")]
internal struct FeedbackSubmissionSurrogate
{
    [Id(0)]
    public string DecisionId;

    [Id(1)]
    public double Reward;

    [Id(2)]
    public string? IdempotencyKey;

    [Id(3)]
    public string? Label;

    [Id(4)]
    public string? Comment;

    /// <summary>Null where an older build, which knew no weights, has written it: 1.</summary>
    [Id(5)]
    public double? Weight;

    [Id(6)]
    public bool IsDefault;
}

/// <summary>Turns <see cref="FeedbackSubmission"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class FeedbackSubmissionConverter : IConverter<FeedbackSubmission, FeedbackSubmissionSurrogate>
{
    /// <inheritdoc/>
    public FeedbackSubmission ConvertFromSurrogate(in FeedbackSubmissionSurrogate surrogate) => new()
    {
        DecisionId = surrogate.DecisionId,
        Reward = surrogate.Reward,
        IdempotencyKey = surrogate.IdempotencyKey,
        Label = surrogate.Label,
        Comment = surrogate.Comment,
        Weight = surrogate.Weight ?? 1,
        IsDefault = surrogate.IsDefault,
    };

    /// <inheritdoc/>
    public FeedbackSubmissionSurrogate ConvertToSurrogate(in FeedbackSubmission value) => new()
    {
        DecisionId = value.DecisionId,
        Reward = value.Reward,
        IdempotencyKey = value.IdempotencyKey,
        Label = value.Label,
        Comment = value.Comment,
        Weight = value.Weight,
        IsDefault = value.IsDefault,
    };
}

/// <summary>Passes <see cref="FeedbackSubmission"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class FeedbackSubmissionCopier : ShallowCopier<FeedbackSubmission>;
