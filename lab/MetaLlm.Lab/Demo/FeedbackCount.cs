namespace MetaLlm.Lab.Demo;

/// <summary>What became of the feedback.</summary>
/// <param name="Sent">Items posted, repeated ones included.</param>
/// <param name="Acknowledged">Items the gateway took as new.</param>
/// <param name="Applied">Rewards that the policy has applied.</param>
/// <param name="Duplicates">Items the gateway recognised as repeated.</param>
internal sealed record FeedbackCount(long Sent, long Acknowledged, long Applied, long Duplicates);
