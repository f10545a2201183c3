using System.Net;

namespace MetaLlm.Chaos.Cluster;

/// <summary>Where one member of the cluster runs.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Within">A command that becomes the member's program on that machine; empty where all share this one.</param>
internal sealed record Machine(IPAddress Address, IReadOnlyList<string> Within);
