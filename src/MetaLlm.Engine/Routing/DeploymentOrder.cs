using MetaLlm.Core.Numerics;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>
/// In which order the deployments of an arm are called: by weighted rendezvous hashing. A key keeps its order while the deployments stay, so that the upstream's cache of prompts
/// is found again, and loses only what a deployment that goes had. Over many keys each deployment comes first as often as its weight says.
/// </summary>
internal static class DeploymentOrder
{
    /// <summary>The order for a key.</summary>
    /// <param name="deployments">The deployments.</param>
    /// <param name="key">The key, such as the hash of a conversation.</param>
    public static ArmDeployment[] Of(IReadOnlyList<ArmDeployment> deployments, ulong key)
    {
        var order = deployments.ToArray();
        var ranks = new (bool IsSpare, double Rank)[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            // An exponential time whose rate is the weight: the first of several is each with the share of its weight.
            var draw = -Math.Log(1 - CounterRandom.Uniform(key, TextHash.Of(order[i].Name)));
            ranks[i] = (order[i].Weight <= 0, order[i].Weight > 0 ? draw / order[i].Weight : draw);
        }

        Array.Sort(ranks, order);
        return order;
    }
}
