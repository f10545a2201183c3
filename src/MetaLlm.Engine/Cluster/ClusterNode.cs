namespace MetaLlm.Engine.Cluster;

/// <summary>A node that holds tenants.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Address and port that the others reach it at.</param>
/// <param name="Status">How the cluster sees it: <c>Active</c> serves, <c>Joining</c> will, <c>ShuttingDown</c> and <c>Stopping</c> hand over, <c>Dead</c> is gone.</param>
/// <param name="Version">Release that it runs; null where it has not said.</param>
/// <param name="StartedAt">When it started; null where that is not known.</param>
/// <param name="Activations">What it holds in memory, by kind of grain, the most numerous first; empty where it was not asked.</param>
public sealed record ClusterNode(string Name, string Address, string Status, string? Version, DateTimeOffset? StartedAt, IReadOnlyList<GrainCount> Activations);
