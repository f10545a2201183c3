namespace MetaLlm.Engine.Journal;

/// <summary>What became of one piece of feedback.</summary>
public enum FeedbackStatus
{
    /// <summary>Recorded; it will be applied exactly once.</summary>
    Accepted = 0,

    /// <summary>The same decision and key were recorded before, or without a key what is in force already; nothing changed.</summary>
    Duplicate = 1,

    /// <summary>The tenant has no such decision; nothing changed.</summary>
    UnknownDecision = 2,

    /// <summary>The same decision and key were recorded before with other content; nothing changed.</summary>
    Conflict = 3,

    /// <summary>The decision's call never gave anybody an answer, so that there is nothing to judge; nothing changed.</summary>
    NeverRan = 4,
}
