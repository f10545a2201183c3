namespace MetaLlm.Core.Conversations;

/// <summary>What is open in a conversation, so that its model must not change.</summary>
[Flags]
public enum ConversationHold
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The request brings the result of a tool that the model called in the turn before.</summary>
    ToolResult = 1,

    /// <summary>The request gives back reasoning which is not yet closed by a new question, and which only the model that reasoned can read.</summary>
    Reasoning = 2,
}
