namespace MetaLlm.Gateway.Contracts;

/// <summary>What became of one piece of feedback, as clients are told.</summary>
internal enum ReceiptStatus
{
    Accepted = 0,
    Duplicate = 1,
    UnknownDecision = 2,
    OutcomeNotReportable = 3,
    IdempotencyConflict = 4,
    NeverRan = 5,
}
