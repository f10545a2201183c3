using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="FeedbackReceipt"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.feedback-receipt")]
internal struct FeedbackReceiptSurrogate
{
    [Id(0)]
    public string DecisionId;

    [Id(1)]
    public int Status;

    [Id(2)]
    public long? Sequence;

    [Id(3)]
    public RewardedEvent? Recorded;
}

/// <summary>Turns <see cref="FeedbackReceipt"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class FeedbackReceiptConverter : IConverter<FeedbackReceipt, FeedbackReceiptSurrogate>
{
    /// <inheritdoc/>
    public FeedbackReceipt ConvertFromSurrogate(in FeedbackReceiptSurrogate surrogate) => new(surrogate.DecisionId, (FeedbackStatus)surrogate.Status, surrogate.Sequence) { Recorded = surrogate.Recorded };

    /// <inheritdoc/>
    public FeedbackReceiptSurrogate ConvertToSurrogate(in FeedbackReceipt value) => new()
    {
        DecisionId = value.DecisionId,
        Status = (int)value.Status,
        Sequence = value.Sequence,
        Recorded = value.Recorded,
    };
}

/// <summary>Passes <see cref="FeedbackReceipt"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class FeedbackReceiptCopier : ShallowCopier<FeedbackReceipt>;
