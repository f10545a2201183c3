namespace MetaLlm.Chaos.Cluster;

/// <summary>How a host of the cluster is started.</summary>
/// <param name="Program">The executable of the build to run.</param>
/// <param name="ConfigFile">Its configuration.</param>
/// <param name="Environment">What its environment holds besides.</param>
internal sealed record HostPlan(string Program, string ConfigFile, IReadOnlyDictionary<string, string> Environment);
