namespace MetaLlm.Core.Conversations;

/// <summary>What a request says of the conversation that it is a turn of. It holds hashes, and no text.</summary>
[GenerateSerializer, Immutable, Alias("metallm.conversation-turn")]
public sealed record ConversationTurn
{
    /// <summary>Hash of the name that the client gives the conversation; 0 for none.</summary>
    [Id(0)]
    public ulong Key { get; init; }

    /// <summary>Hash of the id of the response that the request goes on from (<see cref="ConversationHandle.OfResponse"/>); 0 for none.</summary>
    [Id(1)]
    public ulong Previous { get; init; }

    /// <summary>Hash of the messages before the last answer in the request: all that the turn before had asked. 0 where there is no answer.</summary>
    [Id(2)]
    public ulong Prefix { get; init; }

    /// <summary>Hash of all messages of the request; 0 where it is not known.</summary>
    [Id(3)]
    public ulong Whole { get; init; }

    /// <summary>Whether the next turn may name this one's response as its <see cref="Previous"/>.</summary>
    [Id(4)]
    public bool IsStored { get; init; }

    /// <summary>Tokens before the last answer in the request, tools included, estimated, at least 0: what a prompt cache may hold.</summary>
    [Id(5)]
    public double PrefixTokens { get; init; }

    /// <summary>Tokens up to the last mark for caches, estimated, at least 0; 0 without a mark.</summary>
    [Id(6)]
    public double MarkedTokens { get; init; }

    /// <summary>What is open.</summary>
    [Id(7)]
    public ConversationHold Hold { get; init; }
}
