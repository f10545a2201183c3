namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>A decision, its settlement and its feedback, all acknowledged.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="DecisionId">The decision.</param>
/// <param name="Arm">The arm that the caller was told.</param>
/// <param name="Reward">The reward that was posted, once or several times under one key.</param>
/// <param name="DecidedBy">The door that the decision came through.</param>
internal sealed record Round(string Tenant, string DecisionId, string Arm, double Reward, string DecidedBy);
