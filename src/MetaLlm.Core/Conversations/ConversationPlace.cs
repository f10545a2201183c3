namespace MetaLlm.Core.Conversations;

/// <summary>A decision's place in its conversation: which turn it is, and why its model was kept or changed.</summary>
[GenerateSerializer, Immutable, Alias("metallm.conversation-place")]
public sealed record ConversationPlace
{
    /// <summary>The turn as the request told it.</summary>
    [Id(0)]
    public required ConversationTurn Turn { get; init; }

    /// <summary>Number of the turn within the conversation, from 1.</summary>
    [Id(1)]
    public required int Number { get; init; }

    /// <summary>Ordinal of the decision of the turn before; 0 where the conversation begins.</summary>
    [Id(2)]
    public long PreviousOrdinal { get; init; }

    /// <summary>The model of the turn before; null where the conversation begins.</summary>
    [Id(3)]
    public string? PreviousArm { get; init; }

    /// <summary>What became of the model.</summary>
    [Id(4)]
    public ConversationChoice Choice { get; init; }

    /// <summary>The model that would be best if the conversation's prompt lay in every model's cache.</summary>
    [Id(5)]
    public string? Preferred { get; init; }

    /// <summary>Turns that a switch was judged on, this one included, at least 1.</summary>
    [Id(6)]
    public double LastingTurns { get; init; } = 1;

    /// <summary>Whether other models have served turns of the conversation before: reasoning that comes back in it may be theirs.</summary>
    [Id(7)]
    public bool IsMixed { get; init; }

    /// <summary>Whether the choice was free, so that the policy's probabilities hold: not where the conversation kept, changed or held its model.</summary>
    public bool IsFree => Choice is ConversationChoice.Begun or ConversationChoice.Replaced or ConversationChoice.Unsafe;
}
