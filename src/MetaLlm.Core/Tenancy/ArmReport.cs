using MetaLlm.Core.Bandits;

namespace MetaLlm.Core.Tenancy;

/// <summary>What is known of one arm.</summary>
/// <param name="ArmId">The arm.</param>
/// <param name="Enabled">Whether it may be chosen.</param>
/// <param name="Statistics">What was observed.</param>
public sealed record ArmReport(string ArmId, bool Enabled, ArmStatistics Statistics);
