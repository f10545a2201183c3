namespace MetaLlm.Extensions.AI.Rewards;

/// <summary>A tenant that feedback is sent for.</summary>
/// <param name="Id">The tenant.</param>
internal sealed record FeedbackTenant(string Id);
