namespace MetaLlm.Core.Conversations;

/// <summary>What became of a conversation's model at a turn.</summary>
public enum ConversationChoice
{
    /// <summary>The conversation began, or nothing of it was remembered: the policy chose freely.</summary>
    Begun = 0,

    /// <summary>The model of the turn before goes on: no other one's advantage pays for the prompt cache that would be lost.</summary>
    Kept = 1,

    /// <summary>The model of the turn before goes on because something is open (<see cref="ConversationHold"/>).</summary>
    Held = 2,

    /// <summary>Another model took over, whose advantage pays for the switch.</summary>
    Switched = 3,

    /// <summary>The model of the turn before cannot serve, and nothing was open: the policy chose freely among the others.</summary>
    Replaced = 4,

    /// <summary>The model of the turn before cannot serve while something is open: another one had to take over.</summary>
    Unsafe = 5,

    /// <summary>The caller named the model.</summary>
    Pinned = 6,
}
