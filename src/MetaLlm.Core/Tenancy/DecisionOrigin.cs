namespace MetaLlm.Core.Tenancy;

/// <summary>Who makes the call that a decision is about, and so who says what it cost. It is kept with the decision and changes nothing of it.</summary>
public enum DecisionOrigin
{
    /// <summary>
    /// Whoever asked for the decision makes the call and may report its outcome. Decisions from before origins were recorded count as such:
    /// their callers may still owe a report, and none of them is under way as a call of a gateway that has been started since.
    /// </summary>
    Route = 0,

    /// <summary>The gateway makes the call and alone settles it.</summary>
    Call = 1,
}
